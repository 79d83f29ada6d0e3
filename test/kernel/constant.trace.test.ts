import { describe, expect, test } from 'vitest';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { commit } from '#circuits/proof/commitment.ts';
import { encodeScalar, reduceScalar } from '#circuits/proof/scalar.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { compile } from '#host/build/compile.ts';
import { makeTable } from '#host/build/tables.ts';
import { messageCalls, paymentSample } from '#host/cli/bench.message.ts';
import { type CoreKernel, openCoreKernel } from '#host/emulator/kernel.core.ts';
import { entropyOf, seedOf } from '../circuits/sample.ts';
import { assembleThumb } from './assemble.ts';
import { type BoardBuild, boardBuilds, processorOf } from './board.ts';
import { traces } from './constant.ts';
import { canEmulate } from './machine.ts';

const entropy = entropyOf(seedOf('constant.trace', 'constant'));
const hard = [new Uint8Array(32), new Uint8Array(32).fill(255), Uint8Array.of(1, ...new Uint8Array(31))];
/** Secrets of extreme weight, and random ones. */
const secrets = () => [...hard, entropy(32)];
const scalars = () => secrets().map(bytes => encodeScalar(reduceScalar(bytes)));

const same = (values: readonly unknown[]) => new Set(values.map(each => JSON.stringify(each))).size === 1;

const compiled = new Map<BoardBuild, ReturnType<typeof compile>>();
function compiledOnce(build: BoardBuild): ReturnType<typeof compile> {
  const known = compiled.get(build) ?? compile(build, 'closed');
  compiled.set(build, known);
  return known;
}

/** Paths of the same call for different secrets, on one board. */
function calls(
  setUp: (kernel: CoreKernel) => (secret: Uint8Array) => void,
  each = secrets(),
  publicNames: readonly string[] = [],
  build: BoardBuild = 'thumb.full',
) {
  const { bytes: code, symbols } = compiledOnce(build);
  const publicFunctions = publicNames.map(name => symbols.find(symbol => symbol.name === name)!.address);
  const kernel = openCoreKernel({ processor: processorOf(build), code, budget: 4, publicFunctions });
  const run = setUp(kernel);
  return each.map(secret => {
    kernel.takeCost();
    kernel.scope(() => run(secret));
    return kernel.takeCost().path;
  });
}

const table = (kernel: CoreKernel, teeth: number): [number, number] => {
  const shape = { teeth, bits: 32, parties: 1 };
  return [kernel.put(makeTable({ hash: suite1.hash, suite: 1 }, shape)), packShape(shape)];
};

describe.skipIf(!canEmulate)('the harness', () => {
  const leaks = {
    branch: 'ldrb r1, [r0]; lsrs r1, r1, #1; bcc 1f; nop; 1: bx lr',
    'early end of a loop': '1: ldrb r1, [r0], #1; cmp r1, #0; bne 1b; bx lr',
  };

  test.each(Object.entries(leaks))('sees a %s that a secret decides', (_, lines) => {
    const code = assembleThumb(lines);
    const found = traces(code, 0, [[Uint8Array.of(1, 2, 3, 0)], [Uint8Array.of(2, 0, 3, 0)]]);
    expect(same(found.map(({ path }) => path))).toBe(false);
  });

  test('sees an address that a secret decides', () => {
    const code = assembleThumb('ldrb r1, [r0]; ldrb r1, [r0, r1]; bx lr');
    const found = traces(code, 0, [[new Uint8Array(8).fill(1)], [new Uint8Array(8).fill(2)]]);
    expect(same(found.map(({ path }) => path))).toBe(true);
    expect(same(found.map(({ accesses }) => accesses))).toBe(false);
  });

  test('sees nothing where there is nothing', () => {
    const code = assembleThumb('ldrb r1, [r0]; eor r1, r1, r1, ror #3; strb r1, [r0]; bx lr');
    const found = traces(code, 0, [[new Uint8Array(8).fill(1)], [new Uint8Array(8).fill(2)]]);
    expect(same(found)).toBe(true);
  });

  test('sees that verification, which is public, takes a path of its own for each signature', () => {
    const found = calls(kernel => secret => {
      const message = kernel.put(new Uint8Array(8));
      const key = kernel.put(suite1.signature.publicKey(secret));
      const signature = kernel.put(suite1.signature.sign(secret, new Uint8Array(8), new Uint8Array(32)));
      kernel.call(operations.verify, [key, message, 8, signature]);
    });
    expect(same(found)).toBe(false);
  });
});

const profiles = [
  ['thumb.small', 0],
  ['thumb.full', 0],
  ['thumb.full', 5],
  ['rv32', 0],
] as const;

describe.skipIf(!canEmulate)('the same path for every secret', () => {
  test('in the field and among scalars, with the same addresses', () => {
    const { bytes, symbols } = compile('thumb.full', 'open');
    const functions = [
      ...['fe_multiply', 'fe_square', 'fe_add', 'fe_subtract', 'fe_encode', 'fe_invert', 'sc_multiply'],
      ...['sc_add', 'sc_subtract', 'sc_montgomery'],
    ];
    for (const name of functions) {
      const offset = symbols.find(each => each.name === name)!.address;
      const found = traces(
        bytes,
        offset,
        scalars().map(scalar => [new Uint8Array(32), scalar, scalar]),
      );
      expect([name, same(found)]).toEqual([name, true]);
    }
  });

  test.each(profiles)('for a public key, on %s with %i teeth', (build, teeth) => {
    const found = calls(
      kernel => {
        const base = table(kernel, teeth);
        return secret => kernel.call(operations.key, [kernel.put(secret), kernel.allocate(32), ...base]);
      },
      secrets(),
      [],
      build,
    );
    expect(same(found)).toBe(true);
  });

  test.each(boardBuilds)('for a signature on %s, whose own verification alone is public', build => {
    const found = calls(
      kernel => secret => {
        const block = [kernel.put(secret), kernel.put(entropy(32)), kernel.put(new Uint8Array(40)), 40];
        expect(kernel.call(operations.sign, [...block, kernel.allocate(64), 0, 0, 0])).toBe(0);
      },
      secrets(),
      ['signature_sum'],
      build,
    );
    expect(same(found)).toBe(true);
  });

  test.each(boardBuilds)('for X25519 on %s, of the base and of another key', build => {
    for (const point of [undefined, new Uint8Array(32).fill(9, 0, 1)]) {
      const found = calls(
        kernel => secret => {
          const block = [kernel.allocate(32), kernel.put(secret), point ? kernel.put(point) : 0];
          expect(kernel.call(operations.x25519, block)).toBe(0);
        },
        secrets(),
        [],
        build,
      );
      expect(same(found)).toBe(true);
    }
  });

  test.each(boardBuilds)('for a handshake on %s, and a block that is sealed and opened', build => {
    const found = calls(
      kernel => secret => {
        const [session, sealed] = [kernel.allocate(104), kernel.allocate(1_536)];
        const opening = [kernel.put(new Uint8Array(32).fill(9, 0, 1)), 32];
        const agreed = [session, kernel.put(secret), ...opening, kernel.allocate(48), 48, 0];
        expect(kernel.call(operations.sessionAgree, agreed)).toBe(0);
        const message = [kernel.put(secret), 32, 0];
        expect(kernel.call(operations.blockSeal, [session, ...message, sealed, 0])).toBe(0);
        // The other end's key is that of this one's own block.
        kernel.write(session + 64, kernel.read(session + 32, 32));
        const room = [kernel.allocate(40), 40, 0];
        expect(kernel.call(operations.blockOpen, [session, ...room, sealed, 256, 0])).toBe(0);
      },
      secrets(),
      [],
      build,
    );
    expect(same(found)).toBe(true);
  });

  test('for a secret times a point', () => {
    const found = calls(kernel => {
      const bytes = kernel.ask(operations.pointBytes, [0, 0, 0]).block[0]!;
      const point = kernel.allocate(bytes);
      kernel.call(operations.pointMap, [point, kernel.put(new Uint8Array(64).fill(5))]);
      return secret => {
        const block = [kernel.allocate(bytes), point, kernel.put(secret), 0, 0];
        expect(kernel.call(operations.pointMultiply, block)).toBe(0);
      };
    }, scalars());
    expect(same(found)).toBe(true);
  });

  test.each([
    ['claim', 'thumb.full', 5],
    ['claim', 'thumb.small', 0],
    ['idle proof 1x16', 'thumb.full', 5],
    ['idle proof 1x16', 'thumb.small', 0],
    ['claim', 'rv32', 5],
  ] as const)('for a whole %s on %s, whatever the seed and the blinding', (name, build, teeth) => {
    const sample = paymentSample();
    const call = messageCalls(sample).find(each => each.name === name)!;
    const found = calls(
      kernel => {
        const base = table(kernel, teeth);
        return secret => {
          const block = call.block(kernel, base);
          // Seed and blinding, where operation.h has them. The public key is not of this seed: it is made.
          kernel.write(block[0]!, secret);
          kernel.write(block[name === 'claim' ? 17 : 9]!, encodeScalar(reduceScalar(secret)));
          if (name === 'claim') block[5] = 0;
          expect(kernel.call(call.operation, block, kernel.allocate(13_312))).toBe(0);
        };
      },
      [new Uint8Array(32), new Uint8Array(32).fill(255), entropy(32)],
      // Challenges, the own signature, and delta: it stands in the claim in clear.
      ['sc_invert', 'signature_sum', 'ge_multiply_two'],
      build,
    );
    expect(same(found)).toBe(true);
  });

  test.each(profiles)(
    'for a range proof of 8 bits in all its slices, on %s with %i teeth',
    (build, teeth) => {
      const found = calls(
        kernel => {
          const base = table(kernel, teeth);
          const commitment = kernel.put(suite1.group.encode(commit(suite1, 5n, 7n)));
          return secret => {
            const statement = [1, 8, 1, 0, 0, commitment, ...base];
            const sizes = kernel.ask(operations.rangeScratch, [...statement, 0, 0, 0]).block;
            const value = kernel.put(Uint8Array.of(secret[0]!, 0, 0, 0));
            const blinding = kernel.put(encodeScalar(reduceScalar(secret)));
            const key = kernel.put(secret);
            const block = [...statement, value, blinding, key, 0, 0, kernel.allocate(sizes[10]!)];
            expect(kernel.call(operations.rangeProve, block, kernel.allocate(sizes[8]!))).toBe(0);
          };
        },
        [new Uint8Array(32), new Uint8Array(32).fill(255), entropy(32)],
        // Challenges are inverted, which everybody knows.
        ['sc_invert'],
        build,
      );
      expect(same(found)).toBe(true);
    },
  );
});
