/** Date on the board's clock, in UTC: text that is no date gives time 0. */
import { addClass, addInstance, addStatic, type Members } from './builtin.ts';
import { isText, textOf, toFloat, toInteger } from './convert.ts';
import type { Engine } from './engine.ts';
import { ObjectValue, type Value } from './value.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** About 1.25 million years. */
const MS_MAX = 3.93840543168e16;
const FIELDS = ['FullYear', 'Month', 'Date', 'Hours', 'Minutes', 'Seconds', 'Milliseconds'] as const;

export function installDates(engine: Engine): void {
  const nowMs = (): number => engine.options.nowMs?.() ?? 0;
  const make = (ms: number): ObjectValue => {
    if (!(ms >= -MS_MAX && ms < MS_MAX) && !Number.isNaN(ms)) engine.raise('Error', 'Date out of bounds');
    const date = new ObjectValue('Date');
    date.proto = engine.instancePrototype('Date');
    date.slots.set('ms', ms);
    engine.charge(4);
    return date;
  };
  addClass(engine, 'Date', (_self, args) => make(timeOf(engine, args, nowMs)));
  addStatic(engine, 'Date', {
    now: nowMs,
    parse: (_self, [text]) => (isText(text) ? parseDate(textOf(text)) : 0),
  });
  installFields(engine);
  installTexts(engine);
}

function msOf(self: Value): number {
  const ms = self instanceof ObjectValue ? self.slots.get('ms') : 0;
  return typeof ms === 'number' ? ms : 0;
}

/** The host's calendar, used for arithmetic in UTC only. */
function calendar(self: Value): Date {
  return new Date(Math.floor(msOf(self)));
}

function timeOf(engine: Engine, args: Value[], nowMs: () => number): number {
  const [first] = args;
  if (args.length === 0) return nowMs();
  if (args.length === 1) {
    if (typeof first === 'number' || typeof first === 'boolean') return toFloat(engine, first);
    if (isText(first)) return parseDate(textOf(first));
    engine.raise(
      'TypeError',
      `Variables of type ${engine.className(first)} are not supported in date constructor`,
    );
  }
  const [year, month, day, hour, minute, second, ms] = Array.from({ length: 7 }, (_, i) =>
    toInteger(engine, args[i]),
  );
  const date = new Date(0);
  date.setUTCFullYear(year!, month!, day!);
  date.setUTCHours(hour!, minute!, second!, ms!);
  return date.getTime();
}

function installFields(engine: Engine): void {
  const members: Members = {
    getTime: msOf,
    setTime: (self, [ms]) => setMs(self, toFloat(engine, ms)),
    valueOf: (self: Value) => msOf(self),
    getTimezoneOffset: () => 0,
    getIsDST: () => 0,
    getDay: self => calendar(self).getUTCDay(),
    getUTCDay: self => calendar(self).getUTCDay(),
  };
  for (const field of FIELDS) {
    const get = (self: Value): number => calendar(self)[`getUTC${field}`]();
    members[`get${field}`] = get;
    members[`getUTC${field}`] = get;
    members[`set${field}`] = (self, args) => {
      const date = calendar(self);
      const values = args.filter(arg => typeof arg === 'number').map(arg => toInteger(engine, arg));
      (date[`setUTC${field}`] as (...values: number[]) => number).apply(date, values);
      return setMs(self, date.getTime());
    };
  }
  addInstance(engine, 'Date', members);
}

function setMs(self: Value, ms: number): number {
  if (self instanceof ObjectValue) self.slots.set('ms', ms);
  return ms;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

function installTexts(engine: Engine): void {
  const clock = (date: Date): string =>
    `${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  const iso = (self: Value, zone: string): string => {
    const date = calendar(self);
    const ms = String(date.getUTCMilliseconds()).padStart(3, '0');
    const day = `${date.getUTCFullYear()}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`;
    return `${day}T${clock(date)}.${ms}${zone}`;
  };
  addInstance(engine, 'Date', {
    toString: (self: Value) => {
      const date = calendar(self);
      const day = `${DAYS[date.getUTCDay()]} ${MONTHS[date.getUTCMonth()]} ${date.getUTCDate()}`;
      return `${day} ${date.getUTCFullYear()} ${clock(date)} GMT+0000`;
    },
    toUTCString: self => {
      const date = calendar(self);
      const day = `${DAYS[date.getUTCDay()]}, ${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
      return `${day} ${date.getUTCFullYear()} ${clock(date)} GMT`;
    },
    toISOString: self => iso(self, 'Z'),
    toJSON: self => iso(self, 'Z'),
    toLocalISOString: self => iso(self, '+0000'),
  });
}

function parseDate(text: string): number {
  const clock = /T?(\d+):(\d+)(?::(\d+(?:\.\d*)?))?\s*(?:GMT|Z)?\s*([-+])?(\d\d)?:?(\d\d)?/.exec(text);
  const iso = /^\s*(\d+)-(\d+)-(\d+)/.exec(text);
  const named = /^\s*([A-Z][a-z][a-z])\s+(\d+)\s*,\s*(\d+)/.exec(text);
  const dated = /^\s*[A-Z][a-z][a-z]\s*,\s*(\d+)\s+([A-Z][a-z][a-z])\s+(\d+)/.exec(text);
  let day = 0;
  if (iso) day = Date.UTC(Number(iso[1]), Number(iso[2]) - 1, Number(iso[3]));
  else if (named && MONTHS.includes(named[1]!)) {
    day = Date.UTC(Number(named[3]), MONTHS.indexOf(named[1]!), Number(named[2]));
  } else if (dated && MONTHS.includes(dated[2]!)) {
    day = Date.UTC(Number(dated[3]), MONTHS.indexOf(dated[2]!), Number(dated[1]));
  } else return 0;
  if (!clock || (iso && !/T\d/.test(text))) return day;
  const [, hour, minute, second, sign, zoneHour, zoneMinute] = clock;
  const zone = sign ? (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0)) * (sign === '+' ? 1 : -1) : 0;
  return day + (Number(hour) * 60 + Number(minute) - zone) * 60000 + Math.floor(Number(second ?? 0) * 1000);
}
