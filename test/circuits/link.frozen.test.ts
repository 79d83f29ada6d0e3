/** A whole link, frozen: both ends made the bytes of test/vectors/link.json once, and make them for ever. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fromHex, toHex } from '#circuits/bytes.ts';
import { cipher } from '#circuits/link/cipher.noble.ts';
import { Link, type LinkEffect } from '#circuits/link/link.ts';
import { linkOptions } from './air.ts';

interface Frozen {
  readonly payloadBytes: number;
  readonly number: number;
  readonly secrets: readonly [string, string];
  readonly hash: string;
  /** Messages in turn, from the opener first, and the SHA-256 of all frames that each caused. */
  readonly messages: readonly { readonly text: string; readonly frames: number; readonly digest: string }[];
  readonly handshake: readonly string[];
}

const frozen: Frozen[] = JSON.parse(readFileSync(new URL('../vectors/link.json', import.meta.url), 'utf8'));

/** Carries frames between two ends until both are quiet. Returns the frames, and what else happened. */
function settle(links: readonly Link[], at: number, effects: readonly LinkEffect[]) {
  const frames: Uint8Array[] = [];
  const events: LinkEffect[] = [];
  const work = effects.map(effect => ({ at, effect }));
  for (const { at: from, effect } of work) {
    if (effect.type !== 'transmit') {
      events.push(effect);
      continue;
    }
    frames.push(effect.bytes);
    const caused = links[1 - from]!.step({ type: 'frame', bytes: effect.bytes });
    work.push(...caused.map(next => ({ at: 1 - from, effect: next })));
  }
  return { frames, events };
}

function run({
  payloadBytes,
  number,
  secrets,
  messages,
}: Frozen): Omit<Frozen, 'payloadBytes' | 'number' | 'secrets'> {
  const [one, two] = secrets.map(secret => linkOptions(payloadBytes, fromHex(secret)));
  const links = [new Link(one!, number), new Link(two!, null)];
  const opened = settle(links, 0, links[0]!.open());
  const hash = opened.events.find(event => event.type === 'open')!.hash;
  const made = messages.map(({ text }, i) => {
    const { frames, events } = settle(links, i % 2, links[i % 2]!.send(fromHex(text)));
    const arrived = events.find(event => event.type === 'message')!.message;
    expect(toHex(arrived)).toBe(text);
    const all = frames.flatMap(frame => [...frame]);
    return { text, frames: frames.length, digest: toHex(cipher.sha256(Uint8Array.from(all))) };
  });
  return { hash: toHex(hash), messages: made, handshake: opened.frames.map(toHex) };
}

describe.each(frozen)('with $payloadBytes bytes of payload', vector => {
  test('handshake, hash and the frames of every message are those that were frozen', () => {
    const { payloadBytes, number, secrets, ...expected } = vector;
    expect(run(vector)).toEqual(expected);
  });
});
