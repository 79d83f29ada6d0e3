import { describe, expect, test } from 'vitest';
import { Pn532 } from '#host/emulator/i2c.pn532.ts';
import { type Answer, Reader, serveType2, Tag, type2Memory } from '#host/emulator/nfc.ts';
import { World } from '#host/emulator/world.ts';
import { Worker } from './emulator.actor.ts';

const uid = Uint8Array.of(0x5f, 1, 2, 3, 4, 5, 6);

function place() {
  const world = new World();
  const worker = new Worker('tag');
  const tag = new Tag(world, worker, { replyUs: 4_833, eventBytes: 61 });
  const reader = new Reader(world);
  reader.lay(tag);
  return { world, worker, tag, reader };
}

function ask({ world, reader }: ReturnType<typeof place>, frame: Uint8Array): Answer | undefined {
  let answer: Answer | undefined;
  reader.exchange(frame, given => {
    answer = given;
  });
  world.run({ ms: 50 });
  return answer;
}

describe('a tag that JavaScript answers for', () => {
  test.each([
    [4_000, true],
    [5_000, false],
  ])('after %i us of work is heard: %s', (us, isHeard) => {
    const made = place();
    let sent: boolean | undefined;
    made.tag.start({
      uid,
      onField: () => {},
      onFrame: frame => {
        made.worker.spend(us);
        sent = made.tag.send(frame);
      },
    });
    const answer = ask(made, Uint8Array.of(1, 2, 3));
    expect(answer).toEqual(isHeard ? Uint8Array.of(1, 2, 3) : undefined);
    expect(sent).toBe(isHeard);
  });

  test('sees the field, and only the beginning of a long frame', () => {
    const made = place();
    const seen: unknown[] = [];
    made.tag.start({
      uid,
      onField: isOn => seen.push(isOn),
      onFrame: frame => {
        seen.push(frame.length);
        made.tag.send(10);
      },
    });
    expect(ask(made, new Uint8Array(100))).toBe(10);
    made.reader.lay(undefined);
    made.world.run();
    expect(seen).toEqual([true, 61, false]);
  });
});

test('the firmware reads out its message by itself', () => {
  const made = place();
  const memory = type2Memory(uid, new TextEncoder().encode('a message of more than sixteen bytes'));
  made.tag.start({ uid, onField: () => {}, serve: frame => serveType2(memory, frame) });
  const read = (block: number) => [...(ask(made, Uint8Array.of(0x30, block)) as Uint8Array)];
  const bytes = Uint8Array.from([...read(0), ...read(4), ...read(8), ...read(12)]);
  expect([...bytes.subarray(0, 3)]).toEqual([0x5f, 1, 2]);
  expect(bytes[3]).toBe(0x88 ^ 0x5f ^ 1 ^ 2);
  expect(bytes[16]).toBe(3);
  expect(new TextDecoder().decode(bytes.subarray(18, 18 + bytes[17]!))).toBe(
    'a message of more than sixteen bytes',
  );
  expect(ask(made, Uint8Array.of(0xa2, 4, 1, 2, 3, 4))).toBeUndefined();
});

const frame = (...data: number[]) => {
  const sum = data.reduce((a, b) => a + b, 0xd4);
  const length = data.length + 1;
  return Uint8Array.of(0, 0, 0xff, length, -length & 0xff, 0xd4, ...data, -sum & 0xff, 0);
};

describe('a PN532', () => {
  function open() {
    const made = place();
    const host = new Worker('host');
    const reader = new Reader(made.world, host);
    const part = new Pn532({ reader });
    const poll = (length: number) => {
      for (let i = 0; i < 400; i++) {
        const bytes = part.read(length);
        if (bytes[0]) return [...bytes.subarray(1)];
        host.spend(1_000);
      }
      return undefined;
    };
    const run = (...data: number[]) => {
      part.write(frame(...data));
      expect(poll(7)).toEqual([0, 0, 0xff, 0, 0xff, 0]);
      const answer = poll(80);
      return answer?.slice(5, 5 + answer[3]!);
    };
    return { ...made, reader, part, run, poll };
  }

  test('tells its version, and does not acknowledge what is broken', () => {
    const { run, part, poll } = open();
    expect(run(0x02)).toEqual([0xd5, 0x03, 0x32, 1, 6, 7]);
    const broken = frame(0x02);
    broken[7]! ^= 1;
    part.write(broken);
    expect(poll(7)).toBeUndefined();
  });

  test('finds a tag and carries frames to it, when it was set up', () => {
    const { run, reader, tag, worker } = open();
    tag.start({
      uid,
      onField: () => {},
      onFrame: given => {
        worker.spend(2_000);
        tag.send(Uint8Array.from(given, byte => byte + 1));
      },
    });
    reader.lay(tag);
    expect(run(0x4a, 1, 0)).toEqual([0xd5, 0x4b, 0]);
    expect(run(0x14, 1)).toEqual([0xd5, 0x15]);
    expect(run(0x40, 1, 5)).toEqual([0xd5, 0x41, 0x27]);
    expect(run(0x4a, 1, 0)).toEqual([0xd5, 0x4b, 1, 1, 0, 0x44, 0, 7, ...uid]);
    expect(run(0x40, 1, 5, 6)).toEqual([0xd5, 0x41, 0, 6, 7]);
    tag.start(undefined);
    expect(run(0x40, 1, 5, 6)).toEqual([0xd5, 0x41, 1]);
  });
});
