/** Programs reach nothing of the host, engines share nothing, and the same program does the same twice. */
import { describe, expect, test } from 'vitest';
import { createEngine } from '#host/emulator/engine/engine.ts';

function run(source: string): { text: string; statements: number } {
  let text = '';
  const engine = createEngine({
    print: part => {
      text += part;
    },
  });
  engine.run(source);
  engine.idle();
  return { text, statements: engine.statements };
}

/** Paths by which programs escape from interpreters that lend the host's objects. */
const escapes = [
  'typeof Buffer',
  'typeof setImmediate',
  'typeof globalThis.Deno',
  'typeof require.cache',
  'typeof process.exit',
  'typeof process.mainModule',
  'typeof process.binding',
  'typeof structuredClone',
  'typeof WebAssembly',
  'typeof SharedArrayBuffer',
  'typeof Symbol',
  'typeof Proxy',
  'typeof Reflect',
  'typeof Map',
  'typeof fetch',
  'typeof Array.from',
  'typeof [].constructor.from',
  'typeof "".constructor.raw',
  'typeof (5).constructor.EPSILON',
  'typeof (function(){}).constructor("return this")().Buffer',
  'typeof new Function("return this")().process.env',
  'typeof Object.getPrototypeOf({}).__lookupGetter__',
  'typeof print.constructor("return typeof Buffer")().constructor.raw',
  'typeof Math.floor.constructor("return this")().Intl',
  'typeof new Error("x").constructor.captureStackTrace',
  'typeof Object.getPrototypeOf([]).flat',
];

describe('isolation', () => {
  test.each(escapes)('%s is undefined', source => {
    expect(run(`print(${source})`).text).toBe('undefined\n');
  });

  test('the harness would see a leak', () => {
    expect(run('print(typeof Math.floor)').text).toBe('function\n');
  });

  test('what one engine changes another does not see', () => {
    const first = createEngine();
    first.run(
      'Array.prototype.mine=1; Object.prototype.yours=2; Math.ours=3; String.fromCharCode=4; theirs=5;',
    );
    const { text } = run('print([].mine, ({}).yours, Math.ours, typeof String.fromCharCode, typeof theirs)');
    expect(text).toBe('undefined undefined undefined function undefined\n');
  });

  test('the same program prints and counts the same', () => {
    const program = `
      function fib(n){return n<2?n:fib(n-1)+fib(n-2)} print(fib(12));
      var o={}; for (var i=0;i<50;i++) o["k"+(i*7%50)]=i; print(JSON.stringify(o));
      var a=[]; for (i=0;i<60;i++) a.push(i*37%61); print(a.sort().join());
      Promise.resolve(1).then(function(v){print("then",v)}); setTimeout(function(){print("timer")},0);`;
    expect(run(program)).toEqual(run(program));
    expect(run(program).text).toContain('then 1');
  });
});
