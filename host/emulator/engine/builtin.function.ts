/** Function and what every function has. */
import { addClass, addInstance, Computed } from './builtin.ts';
import { toText } from './convert.ts';
import type { Engine } from './engine.ts';
import type { FunctionCode } from './scope.ts';
import { ArrayValue, FunctionValue, NativeValue, UNDECLARED, type Value, ViewValue } from './value.ts';

export function installFunctions(engine: Engine): void {
  addClass(engine, 'Function', (_self, args) => makeFromText(engine, args));
  addInstance(engine, 'Function', {
    call: (self, [bound, ...args]) => engine.call(self, bound, args),
    apply: (self, [bound, list]) => {
      if (list === undefined || list === null) return engine.call(self, bound, []);
      if (!(list instanceof ArrayValue) && !(list instanceof ViewValue)) {
        return engine.raise(
          'Error',
          `Second argument to Function.apply must be iterable, got ${engine.className(list)}`,
        );
      }
      return engine.call(self, bound, [...engine.valuesOf(list)]);
    },
    bind: (self, [bound, ...args]) => bind(self, bound, args),
    replaceWith: (self, [source]) => {
      if (!(self instanceof FunctionValue) || !(source instanceof FunctionValue)) {
        return engine.raise('TypeError', 'Argument should be a function');
      }
      engine.replaceFunction(self, source);
      return undefined;
    },
    length: new Computed(self => (self instanceof FunctionValue ? self.code.parameters.length : 0)),
  });
}

function makeFromText(engine: Engine, args: Value[]): Value {
  const source = args.length > 0 ? toText(engine, args.at(-1)) : '';
  const code: FunctionCode = {
    ...{
      source,
      parameters: args.slice(0, -1).map(arg => toText(engine, arg)),
      name: undefined,
      isArrow: false,
    },
    ...{ isReturn: false, usesThis: true, line: 1, inFlash: false, shapeOuter: null, compiled: undefined },
  };
  engine.charge(3 + code.parameters.length);
  return new FunctionValue(code, null);
}

function bind(self: Value, bound: Value, args: Value[]): Value {
  if (self instanceof FunctionValue) {
    const copy = new FunctionValue(self.code, self.scope);
    copy.bound = self.bound === UNDECLARED ? bound : self.bound;
    copy.boundArguments = [...(self.boundArguments ?? []), ...args];
    return copy;
  }
  if (!(self instanceof NativeValue)) return self;
  const copy = new NativeValue(self.name, self.body);
  copy.bound = self.bound === UNDECLARED ? bound : self.bound;
  copy.boundArguments = [...(self.boundArguments ?? []), ...args];
  return copy;
}
