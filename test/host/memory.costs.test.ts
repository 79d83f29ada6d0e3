import { describe, expect, test } from 'vitest';
import { costsOf } from '#host/build/memory.ts';

describe('what values cost in JsVars', () => {
  // Measured on the interpreter's code with 13-byte JsVars, each with the name of its variable.
  const small = costsOf(13);
  const named = (variables: number) => small.name(1) + variables;

  test('of 13 bytes is what was measured', () => {
    expect(small.holds(5, 'text')).toBe(true);
    expect(named(small.string(8))).toBe(2);
    expect(named(small.number)).toBe(2);
    expect(named(small.string(16))).toBe(3);
    expect(named(small.string(64))).toBe(9);
    expect(named(small.head)).toBe(2);
    expect(named(small.head) + 10 * small.index()).toBe(12);
    expect(named(small.head) + 10 * (small.index() + small.number)).toBe(22);
    expect(named(small.buffer(100))).toBe(12);
    expect(named(small.buffer(1000))).toBe(81);
  });

  test.each([
    { variableBytes: 12, first: 8, more: 8, held: 1023 },
    { variableBytes: 13, first: 8, more: 9, held: 2047 },
    { variableBytes: 14, first: 9, more: 10, held: 8191 },
    { variableBytes: 16, first: 10, more: 11, held: 32_767 },
    { variableBytes: 27, first: 20, more: 21, held: 2 ** 31 - 1 },
  ] as const)('of $variableBytes bytes holds $first characters, then $more in each', each => {
    const costs = costsOf(each.variableBytes);
    expect([costs.stringChars, costs.extensionChars]).toEqual([each.first, each.more]);
    expect(costs.string(each.first)).toBe(1);
    expect(costs.string(each.first + 1)).toBe(2);
    expect(costs.string(each.first + each.more + 1)).toBe(3);
    expect([costs.holds(each.held, 'text'), costs.holds(each.held + 1, 'text')]).toEqual([true, false]);
    expect([costs.holds(-each.held - 1, 'index'), costs.holds(-each.held - 2, 'index')]).toEqual([
      true,
      false,
    ]);
  });

  test('a truth is held by an index, not by a name; a fraction by neither', () => {
    expect([small.holds(true, 'index'), small.holds(true, 'text')]).toEqual([true, false]);
    expect([small.holds(0.5, 'index'), small.holds(0.5, 'text')]).toEqual([false, false]);
  });

  test('a buffer is flat from 18 bytes on with 13-byte JsVars, from 20 with 14, from 42 on a 64-bit host', () => {
    expect([costsOf(13).flatBytes, costsOf(14).flatBytes, costsOf(27).flatBytes]).toEqual([18, 20, 42]);
  });
});
