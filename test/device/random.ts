/** Random programs in the dialect, by a seed: statements that nest, and print what they compute. */

/** Functions and values that the programs use; `p` prints. */
const head = `var i=9,a=1,b=2,c="x",l=[1,2],o={k:5};
function f(n){return n>0?f(n-1)+1:0} function g(v){return function(){return v}}
class K { constructor(v){this.v=v} get(){return this.v} }
function p(){ var r=[]; for (var q=0;q<arguments.length;q++) { var z=arguments[q]; r.push(typeof z=="function"?"fn":JSON.stringify(z)); } print(r.join()); }
`;

const atoms = [
  ...['0', '1', '2', '-1', '255', '65535', '2147483647', '4294967295', '1.5', '"s"', '"12"', '""', 'NaN'],
  ...['null', 'undefined', 'true', '[1,2]', 'a', 'b', 'c', 'i', 'l.length', 'o.k', 'l[0]', 'f(2)', 'g(1)'],
  ...['this.q', '(x=>x+a)(1)', 'new K(2).v', 'new K(1).get()'],
];
const operators = '+ - * / % & | ^ << >> >>> < > <= >= == != === !== && || ??'.split(' ');
const functions = [
  'Math.floor',
  'Math.abs',
  'Math.round',
  'Math.max',
  'parseInt',
  'Number',
  'String',
  'typeof',
];

export class RandomProgram {
  readonly #draw: () => number;
  #names = 0;

  /** `draw` gives numbers from 0 to below 1. */
  constructor(draw: () => number) {
    this.#draw = draw;
  }

  #pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.#draw() * items.length)]!;
  }

  #expression(depth: number): string {
    if (depth <= 0 || this.#draw() < 0.3) return this.#pick(atoms);
    const next = () => this.#expression(depth - 1);
    return this.#pick([
      () => `(${next()} ${this.#pick(operators)} ${next()})`,
      () => `(${next()} ${this.#pick(operators)} ${next()})`,
      () => `(${next()}?${next()}:${next()})`,
      () => `${this.#pick(functions)}(${next()})`,
      () => `!${next()}`,
      () => `[${next()},${next()}].join()`,
      () => `l.map(function(v){return v+${next()}}).length`,
      () => `(function(p){return p+${next()}})(${next()})`,
    ])();
  }

  #simple(name: number): string {
    const value = this.#expression(2);
    return this.#pick([
      () => `${this.#pick(['a', 'b', 'c'])}=${value};`,
      () => `${this.#pick(['a', 'b', 'c'])}+=${value};`,
      () => `l.push(${value});`,
      () => `o.k=${value};`,
      () => `p(${name},${value});`,
      () => `let t${name}=${value}; p(${name},t${name});`,
      () => `delete o.k; l.pop(); a++;`,
    ])();
  }

  #block(depth: number): string {
    const count = 1 + Math.floor(this.#draw() * 3);
    return `{${Array.from({ length: count }, () => this.#statement(depth)).join('\n')}}`;
  }

  #statement(depth: number): string {
    const name = this.#names++;
    if (depth <= 0) return this.#simple(name);
    const block = () => this.#block(depth - 1);
    const inner = () => this.#statement(depth - 1);
    const value = () => this.#expression(2);
    return this.#pick([
      () => this.#simple(name),
      () => this.#simple(name),
      () => `if (${value()}) ${block()} else ${block()}`,
      () => `for (let i=0;i<3;i++) ${block()}`,
      () => `for (const v of [1,2]) {p(${name},v);${inner()}}`,
      () => `for (var k in {x:1,y:2}) {p(${name},k);${inner()}}`,
      () => `try ${block()} catch(e) {p(${name},"c",e&&e.message||e);${inner()}} finally {p(${name},"f");}`,
      () =>
        `switch(${value()}) {case 1: ${inner()} break; case "s": ${inner()} case 2: ${inner()} default: ${inner()} }`,
      () => `(function(){${inner()} if (${value()}) return p(${name},"r"); ${inner()} p(${name},"e");})();`,
      () =>
        `var w${name}=0; while (w${name}++<2) {${inner()} if (w${name}==1) continue; p(${name},w${name});}`,
      () => `throw ${value()};`,
      () =>
        `{ class Q extends K { get() { return super.get()+${this.#expression(0)}; } } p(${name},new Q(${value()}).get()); }`,
    ])();
  }

  /** Statements that go on after what one of them throws. */
  make(statements: number): string {
    const lines = Array.from(
      { length: statements },
      () => `try{${this.#statement(3)}}catch(e){p("top",e&&e.message||e)}`,
    );
    return head + lines.join('\n');
  }
}
