import { expect, test } from 'vitest';
import { ascii, toHex } from '#circuits/bytes.ts';
import { reduceScalar } from '#circuits/proof/scalar.ts';
import { hash } from '#circuits/proof/suite.noble.ts';
import { Transcript } from '#circuits/proof/transcript.ts';

const open = () => new Transcript(hash, 'test protocol');

/** The challenge after some appends. */
function after(...appends: readonly (readonly [string, Uint8Array])[]): string {
  const transcript = open();
  for (const [label, message] of appends) transcript.append(label, message);
  return toHex(transcript.challengeBytes('challenge', 32));
}

test("the simple transcript of merlin's own tests gives its published challenge", () => {
  expect(after(['some label', ascii('some data')])).toBe(
    'd5a21972d0d5fe320c0d263fac7fffb8145aa640af6e9bca177c03c7efcf0615',
  );
});

test("the long transcript of merlin's own tests, 32 times over several blocks, gives its published challenge", () => {
  const transcript = open();
  transcript.append('step1', ascii('some data'));
  const big = new Uint8Array(1024).fill(99);
  let last = new Uint8Array(0);
  for (let i = 0; i < 32; i++) {
    last = Uint8Array.from(transcript.challengeBytes('challenge', 32));
    transcript.append('bigdata', big);
    transcript.append('challengedata', last);
  }
  expect(toHex(last)).toBe('a8c933f54fae76e3f9bea93648c1308e7dfa2152dd51674ff3ca438351cf003c');
});

test('labels, messages and their borders each change the challenge', () => {
  const all = [
    after(),
    after(['a', ascii('bc')]),
    after(['ab', ascii('c')]),
    after(['', ascii('abc')]),
    after(['a', ascii('b')], ['a', ascii('c')]),
    after(['a', ascii('c')], ['a', ascii('b')]),
    after(['a', ascii('bc')], ['a', ascii('')]),
    toHex(new Transcript(hash, 'test protocol 2').challengeBytes('challenge', 32)),
    toHex(open().challengeBytes('other', 32)),
    toHex(open().challengeBytes('challenge', 33)).slice(0, 64),
  ];
  expect(new Set(all).size).toBe(all.length);
});

test('a message of any length around a block ends in another challenge, and so does one changed byte of it', () => {
  const seen = new Set<string>();
  for (let length = 120; length <= 340; length++) {
    const message = new Uint8Array(length);
    seen.add(after(['m', message]));
    message[length - 1] = 1;
    seen.add(after(['m', message]));
  }
  expect(seen.size).toBe(2 * 221);
});

test('an integer is appended as eight little-endian bytes, above 32 bits too', () => {
  const [integers, bytes] = [open(), open()];
  for (const value of [0, 1, 255, 256, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1]) {
    integers.appendInteger('n', value);
    const encoded = new Uint8Array(8);
    new DataView(encoded.buffer).setBigUint64(0, BigInt(value), true);
    bytes.append('n', encoded);
  }
  expect(integers.challengeBytes('c', 32)).toEqual(bytes.challengeBytes('c', 32));
});

test('a challenge is 64 bytes reduced, and a second one differs from the first', () => {
  const [a, b] = [open(), open()];
  const first = a.challenge('x');
  expect(first).toBe(reduceScalar(b.challengeBytes('x', 64)));
  expect(a.challenge('x')).not.toBe(first);
});
