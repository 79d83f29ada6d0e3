/** What neither catch nor finally sees: stack overflow, out of memory, Ctrl-C, and the host's own exceptions. */
import { describe, expect, test } from 'vitest';
import { createEngine, type Engine } from '#host/emulator/engine/engine.ts';
import type { EngineOptions } from '#host/emulator/engine/options.ts';

function open(options: EngineOptions = {}): { engine: Engine; printed: () => string } {
  let text = '';
  const engine = createEngine({
    ...options,
    print: part => {
      text += part;
    },
  });
  return { engine, printed: () => text };
}

const guarded = (body: string) =>
  `try { ${body} } catch (e) { print("caught"); } finally { print("finally"); } print("after");`;

describe('a stop', () => {
  test.each([
    ['stack', 'function f(){return f()} f();', { stackBytes: 7672 }],
    ['memory', 'var a=[]; for(;;) a.push("a long text in it");', { variables: { total: 2000, bytes: 13 } }],
  ] as const)('%s: skips catch and finally, later events run', (reason, body, options) => {
    const { engine, printed } = open(options);
    expect(engine.run(guarded(body))).toMatchObject({ kind: 'stopped', reason });
    engine.run('a=0;print("next")');
    expect(printed()).not.toMatch(/^(caught|finally|after)$/m);
    expect(printed()).toMatch(/next\n$/);
  });

  test('interrupt: an endless loop ends at its next statement', () => {
    const { engine, printed } = open({ statementsPerTick: 1000, tick: () => engine.interrupt() });
    expect(engine.run(guarded('for(;;) var x=1;'))).toMatchObject({ kind: 'stopped', reason: 'interrupt' });
    expect(printed()).toBe('Execution Interrupted during event processing.\n');
  });

  test('an exception of the host passes through a program unseen, and the engine lives on', () => {
    class PowerCut extends Error {}
    let isOn = true;
    const { engine, printed } = open({
      statementsPerTick: 10,
      tick: () => {
        if (isOn) throw new PowerCut();
      },
    });
    expect(() => engine.run(guarded('for(;;) { try { var x=1; } catch(e) {} finally { x=2; } }'))).toThrow(
      PowerCut,
    );
    isOn = false;
    engine.run('print("on")');
    expect(printed()).toBe('on\n');
  });

  test('an ordinary error is caught where a stop is not', () => {
    const { engine, printed } = open();
    engine.run(guarded('null.x'));
    expect(printed()).toBe('caught\nfinally\nafter\n');
  });
});

/** Bytes a level, as measured on the interpreter's own code for Cortex-M4. */
const levels: [number, string][] = [
  [320, 'function f(n){return n?f(n-1):0}'],
  [410, 'function f(n){if(n){var r=f(n-1);return r}}'],
  [440, 'function f(n){try{if(n){var r=f(n-1);return r}}catch(e){}}'],
  [608, 'function f(n){switch(n){case 0:return 0;default:return 0+(f(n-1))}}'],
  [696, 'function f(n){for(var i=0;i<1;i++){if(n){if(1){f(n-1)}}}}'],
];

describe('C stack', () => {
  test.each(levels)('%i bytes a level: %s', (bytes, source) => {
    const highest = (depth: number) => {
      const { engine } = open();
      engine.run(`${source} f(${depth})`);
      return engine.stackHighBytes;
    };
    expect(highest(9) - highest(1)).toBe(8 * bytes);
  });
});
