/** Escapes in string literals. */
const LETTERS: Record<string, string> = { n: '\n', b: '\b', f: '\f', r: '\r', t: '\t', v: '\v' };

/** Bad hex digits raise an error in the firmware but the string goes on; the caller sees `fault`. */
export function readEscape(source: string, at: number, isUnicode: boolean) {
  const char = source[at] ?? '';
  const letter = LETTERS[char];
  if (letter !== undefined) return { text: letter, end: at + 1, isUnicode: false };
  if (char === 'x' || char === 'u') return readHex(source, at, isUnicode && char === 'u');
  const octal = /^[0-7]{1,3}/.exec(source.slice(at, at + 3));
  if (octal) {
    const code = Number.parseInt(octal[0], 8) & 0xff;
    return { text: String.fromCharCode(code), end: at + octal[0].length, isUnicode: false };
  }
  return { text: char, end: at + 1, isUnicode: false };
}

function readHex(source: string, at: number, isUnicode: boolean) {
  const digits = source[at] === 'u' ? /^[0-9a-fA-F]{0,4}/ : /^[0-9a-fA-F]{0,2}/;
  const match = digits.exec(source.slice(at + 1, at + 5))![0];
  const code = match === '' ? 0 : Number.parseInt(match, 16);
  const end = at + 1 + match.length;
  if (!isUnicode || code < 0x80) return { text: String.fromCharCode(code & 0xff), end, isUnicode: false };
  const low = /^\\u([dD][c-fC-F][0-9a-fA-F]{2})/.exec(source.slice(end, end + 6));
  if (code >= 0xd800 && code < 0xdc00 && low) {
    const point = 0x10000 + ((code & 0x3ff) << 10) + (Number.parseInt(low[1]!, 16) & 0x3ff);
    return { text: utf8(point), end: end + 6, isUnicode: true };
  }
  return { text: utf8(code), end, isUnicode: true };
}

function utf8(point: number): string {
  return Buffer.from(String.fromCodePoint(point), 'utf8').toString('latin1');
}
