/** What an eavesdropper has of a tap: the lengths of three sizes, and nothing that comes again. */
import { describe, expect, test } from 'vitest';
import { concat, toHex } from '#circuits/bytes.ts';
import { parseFrame } from '#circuits/link/frame.ts';
import { scan } from '#circuits/link/scan.ts';
import { acknowledge } from '#circuits/proof/payee.ts';
import { pay } from '#circuits/proof/payer.ts';
import { Air } from './air.ts';
import { dice } from './dice.ts';
import { openWorld, request, type World } from './world.ts';

const payloadBytes = 45;
const world = openWorld();

/** One real tap: request, payment, receipt. The same payer, payee and certificates each time. */
function tapOnce(seed: string, at: World = world): Air {
  const roll = dice(seed);
  const air = new Air({ payloadBytes, dropPercent: 0, secrets: [roll.bytes(32), roll.bytes(32)] }, roll);
  const asked = request(at, 5, { session: air.hashes[1]! });
  const paid = pay(at.payer, asked, at.entropy);
  air.send(1, asked.bytes);
  air.rest();
  air.send(0, paid.payment);
  air.rest();
  air.send(1, acknowledge(at.till, paid.claim, 0, at.entropy).bytes);
  air.rest();
  expect(air.received[0].map(toHex)[0]).toBe(toHex(asked.bytes));
  expect(air.received[1].map(toHex)).toEqual([toHex(paid.payment)]);
  return air;
}

/** Sealed blocks and handshake messages, put together again from the frames as anyone can. */
function blocksOf(air: Air): Uint8Array[] {
  const blocks: Uint8Array[] = [];
  const parts: Uint8Array[] = [];
  for (const bytes of air.heard) {
    const frame = parseFrame(scan, bytes, payloadBytes)!;
    if (frame.payload.length === 0) continue;
    parts.push(frame.payload);
    if (frame.last) blocks.push(concat(...parts.splice(0)));
  }
  return blocks;
}

function stringsOf(blocks: readonly Uint8Array[]): Set<string> {
  const strings = new Set<string>();
  for (const block of blocks) {
    const hex = toHex(block);
    for (let at = 0; at + 16 <= hex.length; at += 2) strings.add(hex.slice(at, at + 16));
  }
  return strings;
}

function sharedStrings(one: Air, other: Air): string[] {
  const known = stringsOf([...blocksOf(one), ...one.heard]);
  return [...stringsOf([...blocksOf(other), ...other.heard])].filter(string => known.has(string));
}

describe('[E7 core] two taps of the same purses', () => {
  const [one, other] = [tapOnce('first'), tapOnce('second')];

  test('share no string of 8 bytes', () => {
    expect(sharedStrings(one, other)).toEqual([]);
  });

  test('show the handshake and then the three sizes alone, the same for both', () => {
    const sizes = [one, other].map(air => blocksOf(air).map(block => block.length));
    expect(sizes[0]).toEqual(sizes[1]);
    expect(sizes[0]!.slice(0, 2)).toEqual([32, 48]);
    for (const size of sizes[0]!.slice(2)) expect([256, 896, 1_536]).toContain(size);
    expect(sizes[0]!.length).toBeGreaterThanOrEqual(5);
  });

  test('the comparison is able to fail: with the same ephemeral keys the handshakes are the same', () => {
    expect(sharedStrings(one, tapOnce('first')).length).toBeGreaterThan(0);
  });

  test('and without the session the certificate would come again', () => {
    const plain = () => pay(world.payer, request(world, 5), world.entropy).payment;
    const known = stringsOf([plain()]);
    expect([...stringsOf([plain()])].some(string => known.has(string))).toBe(true);
  });
});
