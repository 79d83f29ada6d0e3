/** print, console, trace of values; timers; eval; modules. */
import { installModules } from './builtin.module.ts';
import { installTimers } from './builtin.timer.ts';
import { addClass, addGlobals, addLibrary } from './builtin.ts';
import { isText, textOf, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { CONSOLE_FORM, printValue } from './print.ts';
import type { NativeBody, Value } from './value.ts';

/** One line, as print gives it: texts bare, everything else in the console's form. */
function lineOf(engine: Engine, args: Value[]): string {
  return args.map(arg => (isText(arg) ? textOf(arg) : printValue(engine, arg, CONSOLE_FORM))).join(' ');
}

export function installConsole(engine: Engine): void {
  const print: NativeBody = (_self, args) => {
    engine.options.print?.(`${lineOf(engine, args)}\n`);
    return undefined;
  };
  addGlobals(engine, { print, eval: (_self, [source]) => evaluate(engine, source) });
  addLibrary(engine, 'console', { log: print, debug: print, info: print, warn: print, error: print });
  addGlobals(engine, { trace: () => void engine.options.print?.('') });
  installTimers(engine);
  installModules(engine);
  addClass(engine, 'Boolean', (_self, [value]) => engine.isTrue(value));
}

/** eval under another name works on globals. */
function evaluate(engine: Engine, source: Value): Value {
  if (!isText(source)) return source;
  return engine.runNested(toText(engine, source));
}
