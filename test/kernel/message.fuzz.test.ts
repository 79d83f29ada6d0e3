/** Fuzzed messages never make the kernel read or write outside message, certificate, table and scratch: a native build under AddressSanitizer. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { concat } from '#circuits/bytes.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { sign } from '#circuits/message/cose.ts';
import { encodeList, listSalt } from '#circuits/message/list.ts';
import { encode, parse } from '#circuits/message/message.ts';
import { payment as paymentShape } from '#circuits/message/payment.ts';
import { beacon as beaconShape } from '#circuits/message/sync.ts';
import { pay, redeliver } from '#circuits/proof/payer.ts';
import { hash, suite1 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import { samples } from '../circuits/sample.message.ts';
import { seedOf } from '../circuits/sample.ts';
import { openWorld, request, type World } from '../circuits/world.ts';

const compiler = 'gcc';
const source = fileURLToPath(new URL('./native/fuzz.c', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'kernel-fuzz-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

function compile(name: string, extra: readonly string[] = []): string | undefined {
  const program = join(work, name);
  const sanitizers = ['-fsanitize=address,undefined', '-fno-sanitize-recover=all', '-fno-omit-frame-pointer'];
  const flags = ['-std=gnu11', '-O1', '-g', '-w', '-fno-builtin', ...sanitizers, ...extra];
  const { status, stderr } = spawnSync(compiler, [...flags, source, '-o', program], { encoding: 'utf8' });
  if (status !== 0) console.log(stderr?.slice(0, 2_000));
  return status === 0 ? program : undefined;
}

const program = process.env.MITE_REAL === 'required' || process.env.CI ? compile('fuzz') : undefined;
const required = process.env.MITE_REAL === 'required';

type Word = number | { fixed: Uint8Array } | { zeros: number } | { mutated: Uint8Array };
interface Case {
  readonly operation: number;
  readonly scratchBytes: number;
  readonly words: readonly Word[];
}

const words = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer);

function encodeWord(word: Word): Uint8Array {
  if (typeof word === 'number') return words(0, word);
  if ('zeros' in word) return words(2, word.zeros);
  if ('fixed' in word) return concat(words(1, word.fixed.length), word.fixed);
  return concat(words(3, word.mutated.length), word.mutated, words(0, 0));
}

/** A mutated piece fills two words of the block: its address and its length. */
function encodeCase({ operation, scratchBytes, words: list }: Case): Uint8Array {
  const count = list.reduce(
    (sum: number, word) => sum + (typeof word === 'object' && 'mutated' in word ? 2 : 1),
    0,
  );
  return concat(words(operation, scratchBytes, count), ...list.map(encodeWord));
}

const pair = (bytes: Uint8Array): Word[] => [{ fixed: bytes }, bytes.length];

/** A beacon that lists forty others. */
function beaconOf({ economy, entropy }: World) {
  const { dayKey, daySecret } = economy;
  const header = { issuer: dayKey.id, generation: 0, epoch: 101, time: 7, shard: 1 };
  const ids = Array.from({ length: 40 }, () => entropy(32));
  const list = encodeList(suite1, listSalt(header), ids);
  const value = { ...header, suite: 1, policy: 0, auditors: dayKey.id, list };
  return sign(suite1, beaconShape, value, { secret: daySecret, noise: entropy(32) });
}

const wide = { bits: 32, classes: [{ budget: 10_000, caps: [1_000, 2_000, 3_000, 4_000] }] };
const forms = [
  {},
  { terms: { named: true } },
  { terms: wide },
  { terms: { oneShow: true }, grant: { oneShow: 2 } },
];

/** What a payee is shown: by different forms of purses, with and without a list, a request and a known certificate. */
function paymentCases(): Case[] {
  return forms.flatMap((setting, i) => {
    const world = openWorld({ ...setting, seed: `fuzz ${i}` });
    const { payee } = world;
    const asked = request(world, 1_500);
    const paid = pay(world.payer, asked, world.entropy);
    const beacon = beaconOf(world);
    const shape = { teeth: 0, bits: world.tier.value.bits, parties: 1 };
    const table = makeTable({ hash, suite: 1 }, shape);
    const bare = { ...parse(paymentShape, paid.payment), certificate: null };
    const shown = [paid.payment, redeliver(paid.payment, asked), encode(paymentShape, bare)];
    return shown.map(payment => ({
      operation: operations.paymentVerify,
      scratchBytes: 13 * 1_024,
      words: [
        { mutated: payment },
        { mutated: asked.bytes },
        ...pair(payee.intermediary.bytes),
        { fixed: payee.intermediary.id },
        { mutated: payee.tier.bytes },
        { fixed: payee.tier.id },
        { fixed: payee.purse.id },
        { fixed: payee.purse.value.key },
        payee.epoch,
        { mutated: beacon.bytes },
        0,
        { mutated: world.payer.certificate.bytes },
        { fixed: table },
        packShape(shape),
        { zeros: 32 },
        ...new Array<number>(9).fill(0),
      ],
    }));
  });
}

/** Every kind that the kernel opens. */
function messageCases(): Case[] {
  const known = samples(suite1, 'fuzz').filter(({ signed }) => signed);
  return known.map(({ shape, signed, key }) => ({
    operation: operations.messageOpen,
    scratchBytes: 256,
    words: [shape.kind, { mutated: signed!.bytes }, { fixed: key! }, { zeros: 32 }, { zeros: 192 }, 0, 0],
  }));
}

const seed = seedOf('kernel fuzz', String(Date.now() % 1_000_000));

function run(name: string, cases: readonly Case[], ...parameters: string[]): string {
  const path = join(work, name);
  writeFileSync(path, concat(words(cases.length), ...cases.map(encodeCase)));
  const { status, stdout, stderr } = spawnSync(program!, [path, ...parameters], { encoding: 'utf8' });
  console.log(`${name} ${parameters.join(' ')}: ${stdout.trim()}`);
  if (status !== 0) throw new Error(`${name}: ${status} ${stderr.slice(0, 3_000)}`);
  return stdout;
}

test.skipIf(!program && !required)('messages of every kind: nothing outside them is touched', () => {
  if (!program) throw new Error('gcc with AddressSanitizer is missing');
  run('messages', messageCases(), '200000', seed, 'deep');
});

test.skipIf(!program && !required)(
  'payments: nothing outside them is touched, however their check is sliced',
  () => {
    const cases = paymentCases();
    run('payments', cases, '400', seed);
    const deep = run('payments', cases, '20000', seed, 'deep');
    // What is behind signatures and digests is reached too.
    for (const code of [0, 6, 15, 16, 17, 18, 24]) expect(deep).toMatch(new RegExp(`\\b${code}:`));
  },
  300_000,
);

test.skipIf(!program && !required)('the control, one byte beside a piece, is caught', () => {
  expect(() => run('control', messageCases(), '1', seed, 'control')).toThrow(/use-after-poison/);
});
