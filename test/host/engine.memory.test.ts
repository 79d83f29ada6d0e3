/** RAM of the engine in the firmware's variables: what single values cost, and that freed memory is never in use. */
import { describe, expect, test } from 'vitest';
import { createEngine } from '#host/emulator/engine/engine.ts';

/** Built-in prototypes that a program touches become variables: touched first, so that a snippet's own cost remains. */
const touch = 'var b=new Uint8Array(1);[].push(1);"a".length;Math;(function(){}).call();';

function costOf(source: string, inFlash = false): number {
  const engine = createEngine({ variables: { total: 2950, bytes: 13 } });
  engine.run(touch);
  const before = engine.memory().usage;
  expect(engine.run(source, { inFlash }).kind).toBe('value');
  return engine.memory().usage - before;
}

/** Measured with process.memory() on the interpreter's own code, variables of 13 bytes; names included. */
const measured: [number, string][] = [
  [1, 'var x=5'],
  [2, 'var x=1.5'],
  [2, 'var x="abc"'],
  [3, 'var x="0123456789abcdef"'],
  [9, 'var x="0123456789abcdef".repeat(4)'],
  [2, 'var x=[]'],
  [12, 'var x=[1,2,3,4,5,6,7,8,9,10]'],
  [22, 'var x=[];for(x.push();x.length<10;)x.push(100000+x.length)'],
  [4, 'var x={a:1,b:2}'],
  [6, 'var x={a:"x",b:"y"}'],
  [7, 'var x=new Uint8Array(32)'],
  [12, 'var x=new Uint8Array(100)'],
  [81, 'var x=new Uint8Array(1000)'],
  [7, 'var x=(function(){var n=0;return function(){return n}})()'],
];

describe('variables', () => {
  test.each(measured)('%i variables: %s', (variables, source) => {
    expect(costOf(source)).toBe(variables);
  });

  test('a function in flash costs the same whatever its length', () => {
    const long = `function f(a,b,c){${'a=b+c;'.repeat(200)}}`;
    expect(costOf(long, true)).toBe(costOf('function f(a,b,c){a=b}', true));
    expect(costOf(long, false)).toBeGreaterThan(100);
  });

  test('what cannot be reached costs nothing', () => {
    expect(costOf('var x=[1,2,3];x=undefined;(function(){var y=new Uint8Array(500)})()')).toBe(1);
  });
});

/** Memory by the first gap that fits; knows what is taken, and refuses what is not. */
class Gaps {
  readonly #taken = new Map<number, number>();
  readonly #bytes: Uint8Array;
  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes);
  }

  allocate(bytes: number): { memory: Uint8Array; address: number } | undefined {
    let at = 0;
    for (const [from, length] of [...this.#taken].sort((a, b) => a[0] - b[0])) {
      if (from - at >= bytes) break;
      at = from + length;
    }
    if (at + bytes > this.#bytes.length) return undefined;
    this.#taken.set(at, bytes);
    return { memory: this.#bytes.subarray(at, at + bytes), address: 0x1000 + at };
  }

  release(address: number): void {
    if (!this.#taken.delete(address - 0x1000)) throw new Error(`${address} was not taken`);
  }
}

describe('flat memory', () => {
  test('arrays that the program keeps hold their bytes while others come and go', () => {
    const seed = Number(process.env.MITE_SEED ?? 7);
    console.log(`seed ${seed}`);
    const lines: string[] = [];
    const engine = createEngine({
      variables: { total: 2000, bytes: 13 },
      flat: new Gaps(8000),
      print: text => lines.push(text),
    });
    engine.run(`
      var kept=[], state=${seed}, wrong=0;
      function draw(n){ state=(state*1103515245+12345)&0x7fffffff; return (state>>8)%n }
      function fresh(n,v){ var u=new Uint8Array(n); for (var i=0;i<n;i++) if (u[i]) wrong++; return u.fill(v) }
      function check(r){ for (var i=0;i<r.u.length;i++) if (r.u[i]!=r.v) { wrong++; break; } }
      for (var round=0;round<400;round++) {
        var v=1+draw(250);
        if (kept.length<6) kept.push({v:v,u:fresh(20+draw(700),v)});
        else { kept.forEach(check); kept.splice(draw(6),1); }
        fresh(20+draw(500),9); [fresh(30,1),fresh(40,2)].forEach(function(u,i){ if (u[0]!=i+1) wrong++ });
      }
      print(wrong, round);`);
    expect(lines.join('')).toBe('0 400\n');
  });

  test('an array past the free variables stops the program', () => {
    const lines: string[] = [];
    const engine = createEngine({ variables: { total: 500, bytes: 13 }, print: text => lines.push(text) });
    const outcome = engine.run(
      'try { var u=new Uint8Array(8000); print("made"); } finally { print("finally"); }',
    );
    expect(outcome).toMatchObject({ kind: 'stopped', reason: 'memory' });
    expect(lines.join('')).not.toMatch(/made|finally/);
  });
});
