/** setTimeout and its kin. */
import { addGlobals } from './builtin.ts';
import { toFloat, toInteger } from './convert.ts';
import type { Engine } from './engine.ts';

export function installTimers(engine: Engine): void {
  const clear = (args: unknown[]): undefined => {
    engine.timers.clear(args.length === 0 ? undefined : toInteger(engine, args[0]));
    return undefined;
  };
  addGlobals(engine, {
    setTimeout: (_self, [callee, delay, ...args]) =>
      engine.timers.start(callee, toFloat(engine, delay), args, false),
    setInterval: (_self, [callee, delay, ...args]) =>
      engine.timers.start(callee, toFloat(engine, delay), args, true),
    clearTimeout: (_self, args) => clear(args),
    clearInterval: (_self, args) => clear(args),
    changeInterval: (_self, [id, delay]) => {
      const known = engine.timers.change(toInteger(engine, id), toFloat(engine, delay));
      return known ? undefined : engine.raise('Error', 'Unknown Interval');
    },
    getTime: () => (engine.options.nowMs?.() ?? 0) / 1000,
  });
}
