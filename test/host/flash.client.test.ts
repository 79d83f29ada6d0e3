import { describe, expect, test } from 'vitest';
import { BoardClient, Thrown } from '#host/flash/client.ts';
import { type Link, LinkLost } from '#host/flash/link.ts';
import { encodePacket, PacketReader } from '#host/flash/packet.ts';

const latin1 = (text: string) => Uint8Array.from(text, letter => letter.charCodeAt(0));
const [ack, nak] = [Uint8Array.of(6), Uint8Array.of(21)];

interface Script {
  readonly link: Link;
  /** Packets that came whole, as text. */
  readonly packets: string[];
  readonly lengths: number[];
}

/** The far end of a wire that says these things, one after each packet. */
function script(...answers: (readonly Uint8Array[])[]): Script {
  const reader = new PacketReader();
  const packets: string[] = [];
  const lengths: number[] = [];
  let say: (bytes: Uint8Array) => void = () => undefined;
  const link: Link = {
    name: 'script',
    chunkBytes: 64,
    write: async bytes => {
      lengths.push(bytes.length);
      for (const piece of reader.push(bytes)) {
        if (piece.is !== 'packet') continue;
        packets.push(Buffer.from(piece.data).toString('latin1'));
        for (const part of answers.shift() ?? []) say(part);
      }
    },
    onData: listener => {
      say = listener;
    },
    onClose: () => undefined,
    close: async () => undefined,
  };
  return { link, packets, lengths };
}

const response = (text: string) => encodePacket('response', latin1(text));

describe('the client of a console', () => {
  test('answers with the value, whatever is printed before, between and after it', async () => {
    const { link } = script([
      latin1('noise 1\r\n'),
      ack,
      latin1('noise 2'),
      response('[1,true]'),
      latin1('>'),
    ]);
    const client = new BoardClient(link);
    expect(await client.evaluate('x')).toEqual([1, true]);
    expect(client.takePrinted()).toBe('noise 1\r\nnoise 2>');
    expect(client.takePrinted()).toBe('');
  });

  test('answers undefined with undefined', async () => {
    const { link } = script([ack, response('undefined')]);
    expect(await new BoardClient(link).evaluate('x')).toBeUndefined();
  });

  test('throws what the board threw, once', async () => {
    const { link, packets } = script([nak, latin1('Uncaught Error: worn\r\n    at :1:1\r\n>')]);
    await expect(new BoardClient(link).evaluate('x')).rejects.toEqual(new Thrown('Error: worn'));
    expect(packets).toHaveLength(1);
  });

  test('sends a packet again that the board did not take, and one that it took never', async () => {
    const { link, packets } = script([nak], [nak], [ack, response('7')]);
    expect(await new BoardClient(link).evaluate('x + y')).toBe(7);
    expect(packets).toEqual(['x + y', 'x + y', 'x + y']);
    const silent = script([ack]);
    await expect(new BoardClient(silent.link).evaluate('x + y', 100)).rejects.toThrow(LinkLost);
    expect(silent.packets).toHaveLength(1);
  });

  test('gives up after three refusals', async () => {
    const { link, packets } = script([nak], [nak], [nak]);
    await expect(new BoardClient(link).evaluate('x')).rejects.toThrow(Thrown);
    expect(packets).toHaveLength(3);
  });

  test('takes silence for a lost link', async () => {
    await expect(new BoardClient(script().link).evaluate('x', 50)).rejects.toThrow('no answer in 50 ms');
  });

  test('never sends a length that a board takes for Ctrl-C, or the interpreter for its end', async () => {
    for (const length of [3, 4, 259, 260]) {
      const { link, packets } = script([ack, response('1')]);
      await new BoardClient(link).evaluate('x'.repeat(length));
      expect([3, 4]).not.toContain(packets[0]!.length & 0xff);
      expect(packets[0]!.trimEnd()).toHaveLength(length);
    }
  });

  test('waits while the board says pause', async () => {
    let say: (bytes: Uint8Array) => void = () => undefined;
    let written = 0;
    const { link } = script([ack, response('1')]);
    const slow: Link = {
      ...link,
      write: async bytes => {
        if (written === 0) say(Uint8Array.of(19));
        written += bytes.length;
        await link.write(bytes);
      },
      onData: listener => {
        say = listener;
        link.onData(listener);
      },
    };
    const done = new BoardClient(slow).evaluate('y'.repeat(400));
    await new Promise(resolve => setTimeout(resolve, 50));
    expect(written).toBe(128);
    say(Uint8Array.of(17));
    expect(await done).toBe(1);
  });

  test('sends a file in packets of the size that the link bears', async () => {
    const { link, packets } = script([ack], [ack], [nak], [ack], [ack]);
    await new BoardClient(link).sendFile('a"b', new Uint8Array(130).fill(65));
    expect(JSON.parse(packets[0]!)).toEqual({ fn: 'a"b', s: 130 });
    expect(packets.slice(1).map(data => data.length)).toEqual([64, 64, 64, 2]);
  });

  test('reads a file in parts that its link bears, and a missing one as undefined', async () => {
    const file = Buffer.from(Array.from({ length: 100 }, (_, at) => at));
    const part = (from: number, to: number) =>
      response(JSON.stringify(file.subarray(from, to).toString('base64')));
    const { link } = script(
      [ack, response('100')],
      [ack, part(0, 48)],
      [ack, part(48, 96)],
      [ack, part(96, 100)],
    );
    expect(await new BoardClient(link).receiveFile('log')).toEqual(new Uint8Array(file));
    expect(await new BoardClient(script([ack, response('-1')]).link).receiveFile('log')).toBeUndefined();
  });

  test('raises an event', async () => {
    const { link, packets } = script([ack]);
    await new BoardClient(link).event({ tap: 1 });
    expect(JSON.parse(packets[0]!)).toEqual({ tap: 1 });
  });
});
