/** String. */
import { addClass, addInstance, addStatic, Computed } from './builtin.ts';
import { isText, toInteger, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { TextValue, type Value } from './value.ts';

export function installStrings(engine: Engine): void {
  addClass(engine, 'String', (_self, args) =>
    args.length === 0 ? '' : isText(args[0]) ? args[0] : toText(engine, args[0]),
  );
  addStatic(engine, 'String', {
    fromCharCode: (_self, args) =>
      engine.newText(args.map(arg => String.fromCharCode(toInteger(engine, arg) & 0xff)).join('')),
  });
  installReading(engine);
  installCutting(engine);
  installChanging(engine);
}

function self(engine: Engine, value: Value): string {
  return toText(engine, value);
}

function limit(engine: Engine, value: Value, otherwise: number): number {
  return value === undefined ? otherwise : toInteger(engine, value);
}

function isAt(text: string, part: string, at: number): boolean {
  return at + part.length <= text.length && text.startsWith(part, at);
}

function installReading(engine: Engine): void {
  const index = (text: string, [wanted, from]: Value[], isLast: boolean): number => {
    const part = toText(engine, wanted);
    if (isLast) return text.lastIndexOf(part, limit(engine, from, text.length));
    const start = Math.max(0, limit(engine, from, 0));
    return text === '' || start > text.length ? -1 : text.indexOf(part, start);
  };
  addInstance(engine, 'String', {
    length: new Computed(text => {
      const characters = self(engine, text);
      return text instanceof TextValue && text.isUnicode ? [...characters].length : characters.length;
    }),
    charAt: (text, [at]) => self(engine, text)[toInteger(engine, at)] ?? '',
    charCodeAt: (text, [at]) => {
      const code = self(engine, text).charCodeAt(toInteger(engine, at));
      return code;
    },
    indexOf: (text, args) => index(self(engine, text), args, false),
    lastIndexOf: (text, args) => index(self(engine, text), args, true),
    includes: (text, args) => index(self(engine, text), args, false) >= 0,
    startsWith: (text, [part, at]) => {
      const start = limit(engine, at, 0);
      return start >= 0 && isAt(self(engine, text), toText(engine, part), start);
    },
    endsWith: (text, [part, end]) => {
      const whole = self(engine, text);
      const wanted = toText(engine, part);
      const start = limit(engine, end, whole.length) - wanted.length;
      return start >= 0 && isAt(whole, wanted, start);
    },
  });
}

function installCutting(engine: Engine): void {
  addInstance(engine, 'String', {
    substr: (text, [from, count]) => {
      const whole = self(engine, text);
      let start = limit(engine, from, 0);
      if (start < 0) start = Math.max(0, start + whole.length);
      const length = Math.max(0, limit(engine, count, whole.length));
      return engine.newText(whole.slice(start, start + length));
    },
    substring: (text, [from, to]) => {
      const whole = self(engine, text);
      return engine.newText(whole.substring(limit(engine, from, 0), limit(engine, to, whole.length)));
    },
    slice: (text, [from, to]) => {
      const whole = self(engine, text);
      return engine.newText(whole.slice(limit(engine, from, 0), limit(engine, to, whole.length)));
    },
    split: (text, [separator]) => split(engine, self(engine, text), separator),
    trim: text => engine.newText(self(engine, text).replace(/^[\t-\r ]+|[\t-\r ]+$/g, '')),
  });
}

function split(engine: Engine, text: string, separator: Value): Value {
  if (separator === undefined) return engine.newArray([text]);
  const regex = engine.regexOf(separator);
  if (regex) return engine.newArray(regex.split(engine, text));
  const part = toText(engine, separator);
  // A separator longer than the text by two leaves nothing at all, as the firmware counts.
  if (part.length > text.length + 1) return engine.newArray([]);
  return engine.newArray(text.split(part));
}

function installChanging(engine: Engine): void {
  const pad = (text: string, [length, fill]: Value[], isStart: boolean): string => {
    const padding = fill === undefined ? ' ' : toText(engine, fill);
    const size = toInteger(engine, length);
    return engine.newText(isStart ? text.padStart(size, padding) : text.padEnd(size, padding));
  };
  addInstance(engine, 'String', {
    concat: (text, args) =>
      engine.newText(
        self(engine, text) +
          args
            .filter(arg => arg !== undefined)
            .map(arg => toText(engine, arg))
            .join(''),
      ),
    repeat: (text, [count]) => {
      const times = toInteger(engine, count);
      if (times < 0) return engine.raise('Error', 'Invalid count value');
      return engine.newText(self(engine, text).repeat(times));
    },
    padStart: (text, args) => pad(self(engine, text), args, true),
    padEnd: (text, args) => pad(self(engine, text), args, false),
    toUpperCase: text => engine.newText(self(engine, text).replace(/[a-z]+/g, part => part.toUpperCase())),
    toLowerCase: text => engine.newText(self(engine, text).replace(/[A-Z]+/g, part => part.toLowerCase())),
    removeAccents: text => self(engine, text),
    replace: (text, [wanted, by]) => replace(engine, self(engine, text), { wanted, by, all: false }),
    replaceAll: (text, [wanted, by]) => replace(engine, self(engine, text), { wanted, by, all: true }),
    match: (text, [pattern]) => {
      if (pattern === undefined) return undefined;
      const regex = engine.regexOf(pattern) ?? engine.regexOf(engine.newRegex(toText(engine, pattern), ''));
      return regex!.match(engine, self(engine, text));
    },
  });
}

interface Replacement {
  wanted: Value;
  by: Value;
  all: boolean;
}

function replace(engine: Engine, text: string, { wanted, by, all }: Replacement): string {
  const regex = engine.regexOf(wanted);
  if (regex) return engine.newText(regex.replace(engine, text, by, all));
  const part = toText(engine, wanted);
  let result = '';
  let from = 0;
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, from)) {
    const value = toText(engine, by);
    result += text.slice(from, at) + value;
    from = at + part.length;
    if (!all || part === '') break;
  }
  return engine.newText(result + text.slice(from));
}
