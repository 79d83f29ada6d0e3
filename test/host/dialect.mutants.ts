/** A mutant for each row of the dialect's table: what an author could write, and what only a tool could leave. */
import type { Construct, dialect } from '#host/build/dialect.ts';
import type { typedDialect } from '#host/build/dialect.types.ts';

type Table = typeof dialect;

export type Authored = { [Key in Construct]: Table[Key]['from'] extends 'author' ? Key : never }[Construct];
export type Left = Exclude<Construct, Authored>;

const long = 'a'.repeat(70);

/** Statements in one line, put into a function of a device. */
export const authored: Readonly<Record<Authored, readonly string[]>> = {
  async: [
    'const f = async () => 1; f();',
    'async function g() {} g();',
    'print({ async m() {} });',
    "print({ async ['m']() {} });",
  ],
  await: ['(async () => { await 1; })();'],
  generator: ['function* g() { yield 1; } g();'],
  label: ['outer: for (;;) { for (;;) break outer; }'],
  exponent: ['print(again ** 2);', 'let n = 2; n **= 2; print(n);', 'print(Math.pow(2, again));'],
  regex: ["print(/a+/.test('a'));"],
  bigint: ['print(12n);'],
  number: ['print(0.3);', 'print(1e-7);', 'print(1e20);', 'print(12345678901234567890);'],
  text: ["print('\\u20ac');"],
  tag: ['const t = (parts) => parts[0]; print(t`a`);'],
  spread: ['print(new Uint8Array(...again));', 'print(again?.f(...again));'],
  chain: ['delete again?.x;'],
  delete: ['delete print(again).x;'],
  private: ['class P { #x = 1; m() { return this.#x; } } print(new P().m());'],
  staticblock: ['class S { static { print(1); } } print(S);'],
  newtarget: ['print(new.target);', 'print(import.meta);'],
  import: ['import(again);'],
  debugger: ['debugger;'],
  extends: ['class L extends Array {} print(new L());', 'class M extends print(again) {} print(new M());'],
  super: [
    'class A { get v() { return 1; } } class B extends A { m() { return super.v; } } print(new B().m());',
  ],
  member: [
    'print({ get default() { return 1; } });',
    "class C { get 'a-b'() { return 1; } } print(new C());",
    'class D { static get v() { return 1; } } print(D);',
    'class E1 { 7() { return 1; } } print(new E1());',
  ],
  name: [`const ${long} = [again]; print(${long}, ${long});`],
  newnew: ['print(new new print()());'],
  division: ['let n = 4; print(n++ / 2, n);'],
  inhead: ["for (let n = ('a' in again) ? 1 : 2; n < 3; n++) print(n);"],
  global: ['print(new Map());', 'print(Symbol(1));', 'queueMicrotask(print);', "eval('1');"],
  static: ['print(Number.isInteger(1));', 'print(Array.from(again));', 'print(Object.freeze(again));'],
  method: ['print([1].at(0));', "print('a'.codePointAt(0));"],
  length: ['const l = [1]; l.length = 0; print(l);', 'const l = [1]; l.length--; print(l);'],
  instance: ['try { print(1); } catch (e) { print(e instanceof Error); }'],
  json: ["print(JSON.parse('1', (k, v) => v));", 'print(JSON.stringify(again, print));'],
  proto: ['print(again.__proto__);', 'print({ __proto__: again });'],
  hidden: ["print({ '\\xffcod': 1 });", "print(again['\\xffsco']);"],
  arguments: ['const g = () => arguments.length; print(g(), g(1));'],
  default: ['switch (again) { case 1: print(1); default: print(2); case 3: print(3); }'],
  share: ['switch (again) { case 1: let s = 1; print(s, s); case 2: s = 2; print(s); default: print(4); }'],
  loop: ['for (let i = 0; i < 3; i++) { i += 1; setTimeout(() => print(i), 1); }'],
  early: ['if (again) { setTimeout(() => print(late), 1); const late = [1]; print(late); }'],
};

/** The same for what only types can tell. */
export const typed: Readonly<Record<keyof typeof typedDialect, readonly string[]>> = {
  copy: ['print(new Uint8Array(2).slice());', 'print(new Uint16Array(2).filter(() => true));'],
  same: ['const u = new Uint8Array(2), v = u; print(u === v, u, v);'],
  walk: ['for (const [i, v] of [1].entries()) print(i, v);', 'print(new Uint8Array(2).keys());'],
  lacks: [
    'print(report.name);',
    'print([1, 1].lastIndexOf(1));',
    'print(new ArrayBuffer(2).slice(1));',
    "print('a'.search('b'));",
  ],
  limit: ["print('a,b'.split(',', 1));"],
};

/** Whole programs of lowered code. */
export const left: Readonly<Record<Left, readonly string[]>> = {
  syntax: [
    'let {c}=b;',
    'let [c]=b;',
    'function g(a=1){}',
    'function g(...a){}',
    'a={[b]:1};',
    'a??=1;',
    'print(`a${b}`);',
    'class A{m(){}}',
    'var c=class{};',
    'a=`\\${b}`;',
    'with(a)b;',
  ],
  parameter: ['f=(load)=>load;', 'f=(A0,b)=>A0;'],
  word: ['let of=1;', 'function g(of){}'],
  this: ['function g(){return [1].map(v=>this.k)}'],
  hoist: ['{function g(){}}', 'g();function g(){}'],
};
