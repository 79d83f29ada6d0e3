import { randomInt } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { openChance } from '#host/emulator/chance.ts';
import { runOnBoard } from './emulated.ts';
import { forAll, openInterpreters, runProgram } from './interpreter.ts';
import { RandomProgram } from './random.ts';

const interpreters = await openInterpreters(process.env.ESPRUINO);
const seed = process.env.MITE_SEED ?? String(randomInt(1_000_000_000));
const programs = 60;
const statements = 8;

describe.skipIf(interpreters.length === 0)('the interpreter', () => {
  test('it agrees with the emulator on random programs', { timeout: 300_000 }, async () => {
    console.log(`MITE_SEED=${seed}`);
    for (const { path, firmware } of interpreters) {
      let lines = 0;
      const numbers = Array.from({ length: programs }, (_, i) => i);
      await forAll(numbers, async number => {
        const chance = openChance(`${seed} ${number}`);
        const program = new RandomProgram(() => chance.word() / 2 ** 32).make(statements);
        const printed = await runProgram(path, program);
        lines += printed.split('\n').length;
        expect
          .soft(runOnBoard(firmware.build, program), `${firmware.build} strings:\n${program}`)
          .toBe(printed);
      });
      // Programs that say nothing would agree too.
      expect(lines).toBeGreaterThan(programs * statements);
    }
  });
});
