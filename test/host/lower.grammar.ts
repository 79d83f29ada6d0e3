/** Random programs in the language of device authors: they end, print, and read nothing before it is there. */

export type Dice = (below: number) => number;

/** Mulberry32. */
export function openDice(seed: number): Dice {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** Names that code at some place may use. Functions do not call themselves. */
interface Known {
  readonly numbers: readonly string[];
  /** Numbers that may be written. */
  readonly open: readonly string[];
  readonly lists: readonly string[];
  readonly records: readonly string[];
  readonly functions: readonly string[];
}

const nothing: Known = { numbers: [], open: [], lists: [], records: [], functions: [] };
const statementsMax = 4;
const depthMax = 3;
const expressionDepthMax = 2;

class Grammar {
  readonly #roll: Dice;
  #names = 0;

  constructor(roll: Dice) {
    this.#roll = roll;
  }

  #pick<T>(choices: readonly T[]): T {
    return choices[this.#roll(choices.length)]!;
  }

  /** Some names are used again, in inner scopes: they hide the outer ones. */
  #name(stem: string): string {
    return `${stem}${this.#names++}`;
  }

  #number(known: Known, depth = 0): string {
    const { numbers, lists, records } = known;
    const leaves = [
      () => String(this.#roll(20)),
      ...(numbers.length ? [() => this.#pick(numbers), () => this.#pick(numbers)] : []),
      ...(lists.length ? [() => `${this.#pick(lists)}[${this.#roll(3)}]`] : []),
      ...(records.length ? [() => `${this.#pick(records)}.${this.#pick(['a', 'b'])}`] : []),
    ];
    if (depth >= expressionDepthMax || this.#roll(2)) return this.#pick(leaves)();
    const inner = () => this.#number(known, depth + 1);
    const more = [
      () => `(${inner()} ${this.#pick(['+', '-', '*', '&', '|', '^'])} ${inner()}) % 997`,
      () => `(${inner()} > ${inner()} ? ${inner()} : ${inner()})`,
      () => `Math.max(${inner()}, ...[${inner()}, ${inner()}])`,
      () => `\`\${${inner()}}-\${${inner()}}\`.length`,
      () => `(({ a, b = ${inner()} }) => a + b)({ a: ${inner()} })`,
      () => `((first, ...rest) => first + rest.length)(${inner()}, ${inner()})`,
      ...(records.length
        ? [
            () => `(${this.#pick(records)}?.c ?? ${inner()})`,
            () => `({ ...${this.#pick(records)}, a: ${inner()} }).a`,
          ]
        : []),
      ...(lists.length
        ? [() => `[...${this.#pick(lists)}, ${inner()}].map(v => v + ${inner()})[${this.#roll(4)}]`]
        : []),
    ];
    return this.#pick([...leaves, ...more])();
  }

  block(known: Known, depth: number): string {
    const lines: string[] = [];
    let now = known;
    // Functions see what is there before their block, and are called before their text.
    const early = depth < depthMax ? this.#roll(2) : 0;
    const hoisted = Array.from({ length: early }, () => this.#name('f'));
    now = { ...now, functions: [...now.functions, ...hoisted] };
    for (let i = 0; i <= this.#roll(statementsMax); i++) {
      const [line, next] = this.#statement(now, depth);
      lines.push(line);
      now = next;
    }
    for (const name of hoisted) lines.push(this.#function(name, known, depth));
    return lines.join('\n');
  }

  #function(name: string, known: Known, depth: number): string {
    const [x, y] = [this.#name('x'), this.#name('y')];
    const inside = { ...known, numbers: [...known.numbers, x, y], open: [x] };
    const body = this.block(inside, depth + 1);
    return `function ${name}(${x}, ${y} = ${this.#number({ ...known, numbers: [...known.numbers, x] })}) {\n${body}\nreturn ${this.#number(inside)}; }`;
  }

  #statement(known: Known, depth: number): [string, Known] {
    const plain = [this.#declare, this.#declare, this.#unpack, this.#write, this.#print, this.#call];
    const nested = [
      this.#branch,
      this.#loop,
      this.#each,
      this.#choose,
      this.#attempt,
      this.#family,
      this.#scope,
    ];
    return this.#pick(depth < depthMax ? [...plain, ...nested] : plain).call(this, known, depth);
  }

  #declare(known: Known): [string, Known] {
    const value = () => this.#number(known);
    const kind = this.#roll(4);
    if (kind === 0) {
      const list = this.#name('l');
      return [
        `const ${list} = [${value()}, ${value()}, ${value()}];`,
        { ...known, lists: [...known.lists, list] },
      ];
    }
    if (kind === 1) {
      const record = this.#name('r');
      return [
        `const ${record} = { a: ${value()}, ['b']: ${value()} };`,
        { ...known, records: [...known.records, record] },
      ];
    }
    const name = this.#name('n');
    const text = `${kind === 2 ? 'let' : 'const'} ${name} = ${value()};`;
    return [
      text,
      { ...known, numbers: [...known.numbers, name], open: kind === 2 ? [...known.open, name] : known.open },
    ];
  }

  #unpack(known: Known): [string, Known] {
    const [a, b] = [this.#name('n'), this.#name('n')];
    const value = () => this.#number(known);
    const text = this.#pick([
      () => `const [${a}, , ${b} = ${value()}] = [${value()}, 0${this.#roll(2) ? `, ${value()}` : ''}];`,
      () => `const { a: ${a}, d: { e: ${b} } = { e: ${value()} } } = { a: ${value()} };`,
      () => `let [${a}, ...[${b}]] = [${value()}, ${value()}]; [${a}, ${b}] = [${b}, ${a}];`,
    ])();
    return [text, { ...known, numbers: [...known.numbers, a, b] }];
  }

  #write(known: Known): [string, Known] {
    const { open, records } = known;
    const choices = [
      ...(open.length
        ? [
            () => `${this.#pick(open)} = ${this.#number(known)};`,
            () =>
              `${this.#pick(open)} ${this.#pick(['+=', '-=', '^=', '||=', '??='])} ${this.#number(known)};`,
            () => `${this.#pick(open)}++;`,
          ]
        : []),
      ...(records.length
        ? [() => `${this.#pick(records)}.${this.#pick(['a', 'c'])} ??= ${this.#number(known)};`]
        : []),
    ];
    return choices.length ? [this.#pick(choices)(), known] : this.#print(known);
  }

  #print(known: Known): [string, Known] {
    return [`print(${this.#number(known)}, ${this.#number(known)});`, known];
  }

  #call(known: Known): [string, Known] {
    if (!known.functions.length) return this.#print(known);
    const name = this.#name('n');
    const values = [this.#number(known), ...(this.#roll(2) ? [this.#number(known)] : [])].join(', ');
    // A limit on calls: functions call each other.
    const text = `const ${name} = left-- > 0 ? ${this.#pick(known.functions)}(${values}) : 0;`;
    return [text, { ...known, numbers: [...known.numbers, name] }];
  }

  #branch(known: Known, depth: number): [string, Known] {
    const [yes, no] = [this.block(known, depth + 1), this.block(known, depth + 1)];
    return [`if (${this.#number(known)} > ${this.#number(known)}) {\n${yes}\n} else {\n${no}\n}`, known];
  }

  #scope(known: Known, depth: number): [string, Known] {
    const [hidden] = known.numbers;
    const inner = this.block(known, depth + 1);
    return [`{ ${hidden ? `const hidden = ${hidden}; print(hidden);` : ''}\n${inner}\n}`, known];
  }

  /** Closures see their own round. */
  #loop(known: Known, depth: number): [string, Known] {
    const [i, fs] = [this.#name('i'), this.#name('fs')];
    const inside = { ...known, numbers: [...known.numbers, i] };
    const body = this.block(inside, depth + 1);
    const skip = this.#pick(['', `if (${i} === 1) continue;`, `if (${i} === 2) break;`]);
    const text = `const ${fs} = []; for (let ${i} = 0; ${i} < 3; ${i}++) {\n${skip}\n${body}\n${fs}.push(() => ${this.#number(inside)}); }\nprint(${fs}.map(f => f()).join());`;
    return [text, known];
  }

  #each(known: Known, depth: number): [string, Known] {
    const [k, v] = [this.#name('n'), this.#name('n')];
    const inside = { ...known, numbers: [...known.numbers, k, v] };
    const value = () => this.#number(known);
    const body = this.block(inside, depth + 1);
    return [
      `for (const [${k}, { v: ${v} = ${value()} }] of [[${value()}, {}], [1, { v: ${value()} }]]) {\n${body}\n}`,
      known,
    ];
  }

  #choose(known: Known, depth: number): [string, Known] {
    const cases = [0, 1, 2].map(each => `case ${each}:\n${this.block(known, depth + 1)}\nbreak;`);
    cases.splice(this.#roll(4), 0, `default:\n${this.block(known, depth + 1)}\nbreak;`);
    return [`switch (${this.#number(known)} % 4) {\n${cases.join('\n')}\n}`, known];
  }

  #attempt(known: Known, depth: number): [string, Known] {
    const name = this.#name('n');
    const inside = { ...known, numbers: [...known.numbers, name] };
    const [body, after] = [this.block(known, depth + 1), this.block(inside, depth + 1)];
    return [
      `try {\n${body}\nif (${this.#number(known)} > 5) throw { code: ${this.#number(known)} };\n} catch ({ code: ${name} }) {\n${after}\n} finally { print('f'); }`,
      known,
    ];
  }

  #family(known: Known): [string, Known] {
    const [A, B, C, n] = ['A', 'B', 'C', 'n'].map(each => this.#name(each));
    const value = () => this.#number(known);
    const text = [
      `class ${A} { k = ${value()}; list = []; constructor(v = ${value()}) { this.v = v; } m(x) { return [x].map(w => w + this.v + this.k)[0]; } }`,
      `class ${B} extends ${A} { j = this.v; m(x) { this.list.push(x); return super.m(x) + this.list.length; } }`,
      `class ${C} extends ${B} { constructor(...all) { super(...all); this.k += all.length; } m(x) { return super.m(x) * 2 + this.j; } }`,
      `const ${n} = new ${C}(${value()}).m(${value()}) + new ${B}().m(${value()});`,
    ];
    return [text.join('\n'), { ...known, numbers: [...known.numbers, n!] }];
  }
}

export function randomProgram(roll: Dice): string {
  return `let left = 40;\n${new Grammar(roll).block(nothing, 0)}\nprint('end');\n`;
}
