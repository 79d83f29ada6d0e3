/** Both ends whole: messages of 1 to 5,000 bytes over radios that lose frames. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { Link } from '#circuits/link/link.ts';
import { Air, linkOptions } from './air.ts';
import { dice } from './dice.ts';
import { seedOf } from './sample.ts';

const lengths = [1, 237, 238, 239, 350, 878, 879, 1_517, 1_518, 1_519, 3_036, 3_037, 5_000];

describe.each([15, 45, 56, 123])('with %i bytes of payload a frame', payloadBytes => {
  test.each([0, 12])(
    'messages arrive whole and in order, both ways, where %i in a hundred are lost',
    dropPercent => {
      const roll = dice(seedOf(`link ${payloadBytes}`, 'lossy'));
      const air = new Air({ payloadBytes, dropPercent, secrets: [roll.bytes(32), roll.bytes(32)] }, roll);
      expect(air.hashes[0]).toHaveLength(32);
      expect(air.hashes[0]).toEqual(air.hashes[1]);
      const sent: [string[], string[]] = [[], []];
      for (const length of [...lengths, ...Array.from({ length: 8 }, () => roll.between(1, 5_000))])
        for (const at of [0, 1]) {
          const message = roll.bytes(length);
          sent[at]!.push(toHex(message));
          air.send(at, message);
          if (roll.percent(50)) air.rest();
        }
      air.rest();
      expect(air.received[1].map(toHex)).toEqual(sent[0]);
      expect(air.received[0].map(toHex)).toEqual(sent[1]);
    },
  );
});

test('a message beyond what an end takes is refused, not kept', () => {
  const roll = dice('long');
  const air = new Air({ payloadBytes: 123, dropPercent: 0, secrets: [roll.bytes(32), roll.bytes(32)] }, roll);
  expect(() => {
    air.send(0, new Uint8Array(8_193));
    air.rest();
  }).toThrow('size');
});

test('nothing is sent before the session is open', () => {
  const link = new Link(linkOptions(123, dice('early').bytes(32)), 1);
  expect(() => link.send(new Uint8Array(1))).toThrow('before the session');
  link.open();
  expect(() => link.send(new Uint8Array(1))).toThrow('before the session');
});
