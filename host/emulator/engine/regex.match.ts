/** The matcher: characters, sets, * and +, groups without repetition, and | between whole patterns. */
import type { Engine } from './engine.ts';

const GROUPS_MAX = 9;

interface Match {
  index: number;
  end: number;
  groups: { start: number; end: number }[];
}

interface Info {
  engine: Engine;
  pattern: string;
  text: string;
  start: number;
  ignoreCase: boolean;
  groups: { start: number; end: number }[];
}

interface Search {
  engine: Engine;
  pattern: string;
  text: string;
  from: number;
  ignoreCase: boolean;
}

export function matchAnywhere({ from, ...search }: Search): Match | undefined {
  for (let start = from; start === from || start < search.text.length; start++) {
    const found = matchHere({ ...search, start, groups: [] }, 0, start);
    if (found) return found;
  }
  return undefined;
}

function matchHere(info: Info, regex: number, at: number): Match | undefined {
  const { pattern, text } = info;
  const char = pattern[regex];
  if (char === undefined || char === '|') return { index: info.start, end: at, groups: info.groups };
  switch (char) {
    case '^':
      return at === 0 ? matchHere(info, regex + 1, at) : undefined;
    case '$':
      return at >= text.length ? matchHere(info, regex + 1, at) : matchAlternative(info, regex + 1);
    case '(': {
      const groups = [...info.groups, { start: at, end: at }].slice(0, GROUPS_MAX);
      return matchHere({ ...info, groups }, regex + 1, at);
    }
    case ')': {
      const groups = info.groups.map(group => ({ ...group }));
      const last = groups.at(-1);
      if (last) last.end = at;
      return matchHere({ ...info, groups }, regex + 1, at);
    }
  }
  return matchRepeated(info, regex, at);
}

function matchRepeated(info: Info, regex: number, at: number): Match | undefined {
  const { pattern, text } = info;
  const first = matchCharacter(info, regex, at);
  const operator = pattern[regex + first.length];
  if (operator !== '*' && operator !== '+') {
    if (at < text.length && first.matched) return matchHere(info, regex + first.length, at + 1);
    return matchAlternative(info, regex + first.length);
  }
  const after = regex + first.length + 1;
  if (!first.matched && operator === '+') return matchAlternative(info, after);
  let last = matchHere(info, after, at);
  let { matched } = first;
  for (let here = at; here < text.length && matched; ) {
    here++;
    matched = matchCharacter(info, regex, here).matched;
    last = matchHere(info, after, here) ?? last;
  }
  return last;
}

function matchAlternative(info: Info, from: number): Match | undefined {
  const { pattern } = info;
  let at = from;
  for (; at < pattern.length && pattern[at] !== '|'; at++) {
    if (pattern[at] === '\\' && ++at >= pattern.length) return undefined;
  }
  return pattern[at] === '|' ? matchHere(info, at + 1, info.start) : undefined;
}

interface One {
  matched: boolean;
  /** Characters of the pattern that were used. */
  length: number;
}

function matchCharacter(info: Info, regex: number, at: number): One {
  const { pattern, text, engine } = info;
  const code = at < text.length ? text.charCodeAt(at) : 0;
  if (pattern[regex] === '.') return { matched: true, length: 1 };
  if (pattern[regex] !== '[') return matchOne(info, regex, code, false);
  let length = 1;
  const isInverted = pattern[regex + 1] === '^';
  if (isInverted) length++;
  let any = false;
  while (regex + length < pattern.length && pattern[regex + length] !== ']') {
    const one =
      pattern[regex + length] === '.'
        ? { matched: code === 46, length: 1 }
        : matchOne(info, regex + length, code, true);
    any ||= one.matched;
    length += one.length;
  }
  if (pattern[regex + length] !== ']') engine.raise('Error', 'Unfinished character set in RegEx');
  return { matched: any !== isInverted, length: length + 1 };
}

const CONTROLS: Record<string, number> = { f: 12, b: 8, n: 10, r: 13, t: 9, v: 11, 0: 0 };
const CLASSES: Record<string, RegExp> = { d: /[0-9]/, s: /[\t-\r ]/, w: /[0-9A-Za-z_$]/ };

function matchOne(info: Info, regex: number, code: number, inSet: boolean): One {
  const { pattern, engine } = info;
  let wanted = pattern.charCodeAt(regex);
  let length = 1;
  if (pattern[regex] === '\\') {
    length = 2;
    const mark = pattern[regex + 1] ?? '';
    wanted = pattern.charCodeAt(regex + 1);
    const set = CLASSES[mark.toLowerCase()];
    if (set)
      return { matched: set.test(String.fromCharCode(code)) === (mark === mark.toLowerCase()), length };
    if (mark >= '1' && mark <= '9') engine.raise('Error', 'Backreferences not supported');
    if (CONTROLS[mark] !== undefined) wanted = CONTROLS[mark]!;
    else if (mark === 'x' && pattern[regex + 3] !== undefined) {
      wanted = Number.parseInt(pattern.slice(regex + 2, regex + 4), 16);
      length = 4;
    }
  }
  if (inSet && pattern[regex + length] === '-' && pattern[regex + length + 1] !== ']') {
    const high = readBound(pattern, regex + length + 1);
    const here = info.ignoreCase ? lower(code) : code;
    const from = info.ignoreCase ? lower(wanted) : wanted;
    const to = info.ignoreCase ? lower(high.code) : high.code;
    return { matched: here >= from && here <= to && from < to, length: length + 1 + high.length };
  }
  const matched = info.ignoreCase ? lower(code) === lower(wanted) : code === wanted;
  return { matched, length };
}

function readBound(pattern: string, at: number): { code: number; length: number } {
  if (pattern[at] !== '\\') return { code: pattern.charCodeAt(at), length: 1 };
  const mark = pattern[at + 1] ?? '';
  if (mark === 'x') return { code: Number.parseInt(pattern.slice(at + 2, at + 4), 16), length: 4 };
  return { code: CONTROLS[mark] ?? pattern.charCodeAt(at + 1), length: 2 };
}

function lower(code: number): number {
  return code >= 65 && code <= 90 ? code + 32 : code;
}
