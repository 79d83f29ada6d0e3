import { expect, test } from 'vitest';
import { costsOf } from '#host/build/memory.ts';
import { createBoard } from '#host/emulator/entry.ts';
import { bootedOf, builds, readRecording } from './golden.ts';
import { withoutNoise } from './interpreter.ts';
import { linuxBoard } from './linux.board.ts';
import { buildPrograms } from './programs.ts';

const bootMs = 10_000;

test.each(builds)(
  '%s strings: the image boots in the emulator as on the interpreter, in as many variables',
  async build => {
    const board = linuxBoard(build);
    const recording = readRecording(build);
    for (const { name, digest, image } of await buildPrograms(board)) {
      const [empty, booted] = [createBoard({ board }), createBoard({ image })];
      for (const each of [empty, booted]) each.powerOn();
      const { usage } = booted.memory();
      booted.world.run({ ms: bootMs });
      const recorded = bootedOf(recording, name, digest);
      const lines = withoutNoise(booted.output).split('\n');
      expect(lines.filter(Boolean).join('\n')).toBe(recorded.printed);
      // Its two large arrays would hide the rest.
      const { buffer } = costsOf(board.memory.variableBytes);
      const arrays = buffer(board.kernel!.scratchBytes) + buffer(image.board.layout.storage.kernelBytes);
      const [predicted, measured] = [usage - empty.memory().usage, recorded.variables].map(
        all => all - arrays,
      );
      console.log(`${name}, ${build} strings: ${predicted} variables predicted, ${measured} measured`);
      expect(Math.abs(predicted! - measured!)).toBeLessThanOrEqual(0.05 * measured!);
    }
  },
);
