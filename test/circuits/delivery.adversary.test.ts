/** Reliable delivery over thousands of seeded bad radios. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import type { Channel } from '#circuits/link/delivery.ts';
import { type Dice, dice } from './dice.ts';
import { channel, Network, type Weather } from './network.ts';
import { seedOf } from './sample.ts';

const calm: Weather = { drop: 0, duplicate: 0, reorder: 0, flip: 0, ageMax: 200 };
const hex = (messages: readonly Uint8Array[]) => messages.map(toHex);

interface Outcome {
  readonly sent: readonly (readonly Uint8Array[])[];
  readonly network: Network;
  readonly isWhole: boolean;
}

/** Both ends send some messages, one after another or at once, over this weather. */
function talk(channels: readonly [Channel, Channel], weather: Weather, roll: Dice, reconnects = 0): Outcome {
  const network = new Network(channels, weather, roll);
  const sent = [0, 1].map(() =>
    Array.from({ length: roll.between(1, 4) }, () => roll.bytes(roll.between(0, 250))),
  );
  const left = sent.map(messages => [...messages]);
  let reconnectsLeft = reconnects;
  for (let steps = 0; steps < 20_000; steps++) {
    const at = roll.between(0, 1);
    const message = roll.percent(10) ? left[at]!.shift() : undefined;
    if (message) network.act(at, { type: 'send', message });
    else if (reconnectsLeft > 0 && roll.percent(1)) {
      reconnectsLeft -= 1;
      network.reconnect();
    } else if (!network.happen() && left.flat().length === 0) break;
  }
  const isWhole = sent.every(
    (messages, at) => hex(messages).join() === hex(network.ends[1 - at]!.received).join(),
  );
  return { sent, network, isWhole };
}

/** What arrived is a beginning of what was sent: nothing twice, out of order, or changed. */
function expectOrder({ sent, network }: Outcome): void {
  for (const [at, messages] of sent.entries()) {
    const received = hex(network.ends[1 - at]!.received);
    expect(received).toEqual(hex(messages).slice(0, received.length));
  }
}

const weathers: Record<string, Weather> = {
  calm,
  lossy: { ...calm, drop: 20 },
  'duplicating and reordering': { ...calm, duplicate: 30, reorder: 60 },
  noisy: { ...calm, flip: 15 },
  'all at once': { drop: 15, duplicate: 20, reorder: 40, flip: 10, ageMax: 200 },
};

describe.each(Object.entries(weathers))('%s', (name, weather) => {
  test('every message of both ends arrives once, whole and in order', () => {
    const seed = seedOf(`delivery ${name}`, 'adversary');
    for (let run = 0; run < 400; run++) {
      const roll = dice(`${seed} ${name} ${run}`);
      const some = () => ({ ...channel, windowFrames: roll.between(1, 8), payloadBytes: 15 });
      const outcome = talk([some(), some()], weather, roll);
      expectOrder(outcome);
      expect(outcome.isWhole, `run ${run}`).toBe(true);
      for (const end of outcome.network.ends) {
        expect(end.wasCut).toBe(false);
        expect(end.isTimerRunning).toBe(false);
      }
    }
  });
});

test('a message goes on where it was when the radio comes back', () => {
  const seed = seedOf('delivery resume', 'resume');
  for (let run = 0; run < 300; run++) {
    const roll = dice(`${seed} ${run}`);
    const outcome = talk([channel, channel], { ...calm, drop: 10 }, roll, 5);
    expectOrder(outcome);
    expect(outcome.isWhole, `run ${run}`).toBe(true);
  }
});

test('on a radio that dies, the sender is told, and what arrived is still in order', () => {
  const seed = seedOf('delivery cut', 'cut');
  let cuts = 0;
  for (let run = 0; run < 400; run++) {
    const roll = dice(`${seed} ${run}`);
    const fragile = { ...channel, retriesMax: 3 };
    const outcome = talk([fragile, fragile], { ...calm, drop: 55, duplicate: 10 }, roll);
    expectOrder(outcome);
    const { ends } = outcome.network;
    for (const [at, messages] of outcome.sent.entries())
      if (ends[1 - at]!.received.length < messages.length) {
        // Either this end was told, or it still waits for a listener that never heard the opener, who was told.
        expect(ends[at]!.wasCut || ends[1 - at]!.wasCut, `run ${run}`).toBe(true);
        cuts += 1;
      }
  }
  expect(cuts).toBeGreaterThan(50);
});

test('sequences wrap around many times over', () => {
  const roll = dice(seedOf('delivery wrap', 'wrap'));
  const thin = { ...channel, payloadBytes: 1, windowFrames: 8 };
  const network = new Network([thin, thin], { ...calm, drop: 10, duplicate: 10, reorder: 20 }, roll);
  const messages = Array.from({ length: 8 }, () => roll.bytes(200));
  for (const message of messages) network.act(0, { type: 'send', message });
  while (network.happen());
  expect(hex(network.ends[1].received)).toEqual(hex(messages));
});

describe('the harness is able to fail', () => {
  test('without a checksum, flipped bits arrive', () => {
    const blind = { ...channel, scan: { ...channel.scan, crc16: () => 0 } };
    const wrong = Array.from({ length: 100 }, (_, run) => {
      const outcome = talk([blind, blind], { ...calm, flip: 15 }, dice(`blind ${run}`));
      return !outcome.isWhole;
    });
    expect(wrong).toContain(true);
  });
});
