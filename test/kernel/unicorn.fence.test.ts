import { describe, expect, test } from 'vitest';
import { Core } from '#host/emulator/core.ts';
import { assembleThumb } from './assemble.ts';
import { canEmulate } from './machine.ts';

describe.skipIf(!canEmulate)('an emulated board', () => {
  const open = (lines: string) => new Core({ processor: 'thumb', code: assembleThumb(`${lines}; bx lr`) });

  test('takes an access to the first and the last byte of a piece of memory', () => {
    const core = open('ldrb r1, [r0]; strb r1, [r0, #5]; ldrb r0, [r0, #63]');
    const piece = new Uint8Array(64).fill(3);
    for (const fence of ['after', 'before'] as const) {
      const address = core.place(piece, { fence });
      expect(core.call(0, address).result).toBe(3);
      expect(core.read(address, 6)[5]).toBe(3);
    }
  });

  test('ends a call at a read or a write beside a piece', () => {
    const behind = open('ldrb r0, [r0, #64]');
    expect(() => behind.call(0, behind.place(new Uint8Array(64)))).toThrow(/at offset 0x0/);
    const before = open('nop; ldrb r0, [r0, #-1]');
    expect(() => before.call(0, before.place(new Uint8Array(64), { fence: 'before' }))).toThrow(/at offset/);
    const write = open('strb r1, [r0, #64]');
    expect(() => write.call(0, write.place(new Uint8Array(64)))).toThrow(/at offset 0x0/);
  });

  test('ends a call that writes flash, a piece that may only be read, or beyond the stack', () => {
    const core = open('strb r1, [r0]');
    expect(() => core.call(0, core.code)).toThrow(/at offset/);
    expect(() => core.call(0, core.place(new Uint8Array(4), { writable: false }))).toThrow(/at offset/);
    expect(() => open('sub.w sp, sp, #8192; push {r0}').call(0)).toThrow(/at offset/);
  });

  test('ends a call into nowhere', () => {
    expect(() => open('movs r0, #1; bx r0').call(0)).toThrow();
  });
});
