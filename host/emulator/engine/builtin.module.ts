/** require and Modules: built in, then cached, then a Storage file of that name. */
import { addGlobals, addLibrary } from './builtin.ts';
import { isText, textOf, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { Scope, Shape } from './scope.ts';
import { FunctionValue, ObjectValue, type Value } from './value.ts';

export function installModules(engine: Engine): void {
  const cache = new ObjectValue();
  engine.heap.roots.push(() => (cache.slots.size > 0 ? [cache] : []));
  const find = (name: string): Value => {
    if (cache.slots.has(name)) return cache.slots.get(name);
    const builtin = engine.options.module?.(name, engine);
    if (builtin !== undefined) {
      cache.slots.set(name, builtin);
      return builtin;
    }
    const stored = engine.options.moduleSource?.(name);
    if (!stored) return engine.raise('Error', `Module ${engine.quote(name)} not found`);
    const exports = evaluateModule(engine, stored.source, stored.inFlash);
    cache.slots.set(name, exports);
    return exports;
  };
  addGlobals(engine, { require: (_self, [name]) => find(toText(engine, name)) });
  addLibrary(engine, 'Modules', {
    getCached: () => engine.newArray([...cache.slots.keys()]),
    removeCached: (_self, [name]) => {
      if (name === undefined) return void cache.slots.clear();
      const text = toText(engine, name);
      if (!cache.slots.delete(text)) engine.raise('Error', `Module ${engine.quote(text)} not found`);
      return undefined;
    },
    removeAllCached: () => void cache.slots.clear(),
    addCached: (_self, [name, source]) => {
      cache.slots.set(toText(engine, name), evaluateModule(engine, sourceOf(engine, source), false));
      return undefined;
    },
  });
}

function sourceOf(engine: Engine, value: Value): string {
  if (value instanceof FunctionValue) return value.code.source;
  if (isText(value)) return textOf(value);
  return engine.raise('Error', 'Module contents should be a string or a function');
}

function evaluateModule(engine: Engine, source: string, inFlash: boolean): Value {
  const shape = new Shape(null, false);
  for (const name of ['exports', 'module']) shape.add(name);
  const scope = new Scope(shape, null);
  const exports = engine.newObject();
  const module = engine.newObject();
  module.slots.set('exports', exports);
  scope.values[0] = exports;
  scope.values[1] = module;
  const held = engine.hold(scope);
  engine.runModule(source, scope, exports, inFlash);
  engine.release(held);
  const replaced = module.slots.get('exports');
  return scope.values[0] === exports ? replaced : scope.values[0];
}
