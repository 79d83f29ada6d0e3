/** RegExp, and the escaping of addresses. */
import { addClass, addGlobals, addInstance } from './builtin.ts';
import { isText, textOf, toText } from './convert.ts';
import type { Engine } from './engine.ts';
import { newRegex } from './regex.ts';

export function installRegex(engine: Engine): void {
  addClass(engine, 'RegExp', (_self, [source, flags]) => {
    if (!isText(source)) {
      return engine.raise('TypeError', `Expecting String as first argument, got ${engine.className(source)}`);
    }
    return newRegex(engine, textOf(source), flags === undefined ? '' : toText(engine, flags));
  });
  addInstance(engine, 'RegExp', {
    exec: (self, [text]) => engine.regexOf(self)?.exec(engine, toText(engine, text)) ?? null,
    test: (self, [text]) => (engine.regexOf(self)?.exec(engine, toText(engine, text)) ?? null) !== null,
  });
  addGlobals(engine, {
    encodeURIComponent: (_self, [text]) => encode(toText(engine, text)),
    decodeURIComponent: (_self, [text]) =>
      toText(engine, text).replace(/%([0-9a-fA-F]{2})/g, (_all, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
  });
}

/** Bytes from 0x80 on come out wrong: their sign is kept in the arithmetic on nibbles. */
function encode(text: string): string {
  let encoded = '';
  for (const char of text) {
    if (/[A-Za-z0-9\-_.!~*'()]/.test(char)) encoded += char;
    else {
      const byte = (char.charCodeAt(0) << 24) >> 24;
      encoded += `%${nibble(byte >> 4)}${nibble(byte & 15)}`;
    }
  }
  return encoded;
}

function nibble(value: number): string {
  return String.fromCharCode((value > 9 ? 55 : 48) + value);
}
