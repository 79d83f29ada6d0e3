/** Functions: made as text with a scope, compiled when first called. */
import { collect } from './compile.names.ts';
import { compileStatements } from './compile.statement.ts';
import { declareName, type Place } from './compile.ts';
import type { Engine } from './engine.ts';
import { parseProgram, parseReturn } from './parse.statement.ts';
import { type CompiledFunction, type Evaluate, type Execute, type FunctionCode, Shape } from './scope.ts';
import type { Definition, Statement } from './tree.ts';
import { FunctionValue, NativeValue } from './value.ts';

/** One code object per place in the source, one function value per evaluation. */
export function makeFunction(place: Place, definition: Definition): Evaluate {
  const { engine } = place;
  const code: FunctionCode = {
    ...definition,
    inFlash: engine.isSourceInFlash,
    shapeOuter: place.shape,
    compiled: undefined,
  };
  const cost = 3 + definition.parameters.length;
  const suspects = definition.isArrow
    ? definition.parameters.filter(name => isBuiltinFunction(engine, name))
    : [];
  return frame => {
    for (const name of suspects) {
      if (!engine.global.slots.has(name)) engine.raise('SyntaxError', 'Got => expected EOF');
    }
    const value = new FunctionValue(code, frame.scope);
    if (definition.isArrow && definition.usesThis) value.bound = frame.self;
    engine.charge(cost);
    return value;
  };
}

/** An arrow's parameter is looked up before the arrow is seen; what is found must be a variable. */
function isBuiltinFunction(engine: Engine, name: string): boolean {
  return engine.builtins.get(name) instanceof NativeValue && !engine.isObjectName(name);
}

/** `function f() {}`: filed where it stands, not hoisted; a function of that name is changed in place. */
export function declareFunction(place: Place, definition: Definition): Execute {
  const { engine } = place;
  const name = definition.name!;
  const make = makeFunction(place, { ...definition, name: undefined });
  return declareCallable(place, name, make, engine);
}

export function declareCallable(place: Place, name: string, make: Evaluate, engine: Engine): Execute {
  const write = declareName(place, name, 'var');
  const target = place.base;
  const index = target?.add(name);
  return frame => {
    const value = make(frame) as FunctionValue;
    const present = target ? frame.base?.values[index!] : engine.global.slots.get(name);
    if (present instanceof FunctionValue && value instanceof FunctionValue)
      engine.replaceFunction(present, value);
    else write(frame, value);
    return 0;
  };
}

export function compileFunction(engine: Engine, code: FunctionCode): CompiledFunction {
  const shape = new Shape(code.shapeOuter, true);
  const parameterIndexes = code.parameters.map(name => shape.add(name));
  const nameIndex = code.name === undefined ? -1 : shape.add(code.name);
  const isUnicode = engine.isUnicode;
  const statements: Statement[] = code.isReturn
    ? parseReturn(code.source, isUnicode)
    : parseProgram(code.source, isUnicode);
  collect(statements, shape);
  const place: Place = {
    ...{ engine, shape, base: shape, inBlock: false, inLoop: false, inSwitch: false, isProgram: false },
    ...{ inFunction: true, stackBytes: 0 },
  };
  const compiled: CompiledFunction = {
    shape,
    body: compileStatements(place, statements),
    argumentsIndex: shape.index.get('arguments') ?? -1,
    nameIndex,
    parameterIndexes,
  };
  code.compiled = compiled;
  return compiled;
}
