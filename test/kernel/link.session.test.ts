/** Links on the kernel: it shakes hands, seals, pads and frames as circuits/link does, and refuses what that refuses. */
import { describe, expect, test } from 'vitest';
import { concat, toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { cipher } from '#circuits/link/cipher.noble.ts';
import { encodeFrame, parseFrame } from '#circuits/link/frame.ts';
import { Joiner, pad } from '#circuits/link/pad.ts';
import { scan } from '#circuits/link/scan.ts';
import { acceptSession, finishSession, openSession, Session } from '#circuits/link/session.ts';
import { label } from '#circuits/proof/label.ts';
import { dice } from '../circuits/dice.ts';
import { seedOf } from '../circuits/sample.ts';
import { codeOf } from './till.ts';
import { kernel } from './wasm.ts';

const rolls = dice(seedOf('kernel link', 'kernel link'));
const prologue = concat(label.link, Uint8Array.of(1));
const sessionBytes = 104;
const sealedMax = 1_536;

interface Agreed {
  readonly code: number;
  readonly answer: Uint8Array;
  readonly session: Uint8Array;
}

function agree(secret: Uint8Array, opening: Uint8Array, answer?: Uint8Array): Agreed {
  return kernel.scope(() => {
    const [session, room] = [kernel.allocate(sessionBytes), kernel.put(answer ?? new Uint8Array(48))];
    const block = [
      session,
      kernel.put(secret),
      kernel.put(opening),
      opening.length,
      room,
      answer?.length ?? 48,
    ];
    const code = kernel.call(operations.sessionAgree, [...block, Number(answer !== undefined)]);
    return { code, answer: kernel.read(room, 48), session: kernel.read(session, sessionBytes).slice() };
  });
}

/** Sealed blocks of a message. The session counts on. */
function seal(session: Uint8Array, message: Uint8Array): { code: number; blocks: Uint8Array[] } {
  const blocks: Uint8Array[] = [];
  return kernel.scope(() => {
    const [state, text, out] = [kernel.put(session), kernel.put(message), kernel.allocate(sealedMax)];
    for (let offset = 0; ; ) {
      const { code, block } = kernel.ask(operations.blockSeal, [state, text, message.length, offset, out, 0]);
      session.set(kernel.read(state, sessionBytes));
      if (code !== 0) return { code, blocks };
      blocks.push(kernel.read(out, block[5]!).slice());
      offset = block[3]!;
      if (offset === message.length) return { code: 0, blocks };
    }
  });
}

/** What a board joins: the message, or nothing while more follows. */
class Ear {
  readonly #session: Uint8Array;
  readonly #room: Uint8Array;
  #length = 0;

  constructor(session: Uint8Array, bytesMax: number) {
    this.#session = session;
    this.#room = new Uint8Array(bytesMax);
  }

  take(sealed: Uint8Array): { code: number; message?: Uint8Array } {
    return kernel.scope(() => {
      const [state, room] = [kernel.put(this.#session), kernel.put(this.#room)];
      const input = [state, room, this.#room.length, this.#length, kernel.put(sealed), sealed.length, 0];
      const { code, block } = kernel.ask(operations.blockOpen, input);
      this.#session.set(kernel.read(state, sessionBytes));
      if (code !== 0) return { code };
      this.#room.set(kernel.read(room, this.#room.length));
      this.#length = block[3]!;
      if (block[6]) return { code };
      const message = this.#room.slice(0, this.#length);
      this.#length = 0;
      return { code, message };
    });
  }
}

function pair() {
  const secrets = [rolls.bytes(32), rolls.bytes(32)] as const;
  const opening = openSession(cipher, prologue, secrets[0]);
  const accepted = acceptSession(cipher, prologue, secrets[1], opening.message);
  return { secrets, opening, accepted, opener: finishSession(opening, accepted.message) };
}

describe('a handshake', () => {
  test('is that of the core, on both sides', () => {
    for (let i = 0; i < 20; i++) {
      const { secrets, opening, accepted, opener } = pair();
      const acceptor = agree(secrets[1], opening.message);
      expect(acceptor.code).toBe(0);
      expect(toHex(acceptor.answer)).toBe(toHex(accepted.message));
      const own = agree(secrets[0], opening.message, accepted.message);
      expect(own.code).toBe(0);
      for (const { session } of [acceptor, own])
        expect(toHex(session.slice(0, 32))).toBe(toHex(accepted.session.hash));
      expect(toHex(own.session.slice(32, 64))).toBe(toHex(acceptor.session.slice(64, 96)));
      const text = rolls.bytes(60);
      const [sealed] = seal(own.session, text).blocks;
      expect(accepted.session.open(sealed!)).toEqual(pad(text)[0]);
      const [back] = seal(acceptor.session, text).blocks;
      expect(opener.open(back!)).toEqual(pad(text)[0]);
    }
  });

  test('with another length, a changed byte or a key of low order is refused, and leaves no session', () => {
    const { secrets, opening, accepted } = pair();
    const refused: Agreed[] = [
      agree(secrets[1], opening.message.slice(1)),
      agree(secrets[0], opening.message, accepted.message.slice(0, 47)),
      agree(secrets[1], new Uint8Array(32)),
      agree(secrets[0], opening.message, concat(new Uint8Array(32), accepted.message.slice(32))),
    ];
    for (let at = 0; at < 48; at += 3) {
      const changed = accepted.message.slice();
      changed[at]! ^= 1;
      refused.push(agree(secrets[0], opening.message, changed));
    }
    for (const { code, session } of refused) {
      expect(code).toBe(faults.session.code);
      expect(session.slice(32, 96)).toEqual(new Uint8Array(64));
      expect(seal(session, new Uint8Array(3)).code).toBe(faults.session.code);
    }
  });
});

describe('blocks', () => {
  const open = () => {
    const { secrets, opening, accepted, opener } = pair();
    const board = agree(secrets[1], opening.message).session;
    return { board, opener, host: accepted.session };
  };

  test('of every length at which the padding changes are those of the core, and join to the message', () => {
    const { board, opener, host } = open();
    const ear = new Ear(board, 5_000);
    const joiner = new Joiner(scan, 5_000);
    for (const length of [
      0, 1, 237, 238, 239, 877, 878, 879, 1_517, 1_518, 1_519, 1_757, 3_036, 3_037, 5_000,
    ]) {
      const message = rolls.bytes(length);
      const { code, blocks } = seal(board, message);
      expect(code).toBe(0);
      expect(blocks.map(toHex)).toEqual(pad(message).map(block => toHex(host.seal(block))));
      const joined = blocks.map(block => joiner.take(opener.open(block))).at(-1);
      expect(toHex(joined!)).toBe(toHex(message));
      const heard = pad(message).map(block => ear.take(opener.seal(block)));
      expect(heard.slice(0, -1).every(each => each.code === 0 && !each.message)).toBe(true);
      expect(toHex(heard.at(-1)!.message!)).toBe(toHex(message));
    }
  });

  test('with any other padding are refused as by the core', () => {
    const shapes: (() => Uint8Array)[] = [
      () => new Uint8Array(0),
      () => new Uint8Array(1),
      () => new Uint8Array(239),
      () => new Uint8Array(880),
      () => Uint8Array.of(0, 1, ...new Uint8Array(237), 1),
      () => Uint8Array.of(0x80, 5, ...new Uint8Array(238)),
      () => Uint8Array.of(0, 239, ...new Uint8Array(238)),
      () => Uint8Array.of(0x7f, 255, ...new Uint8Array(1_518)),
      () => Uint8Array.of(0x85, 0xee, ...new Uint8Array(1_518)),
      () => Uint8Array.of(0, 9, ...new Uint8Array(238)),
    ];
    const seen = new Set<number>();
    for (const make of shapes)
      for (const limit of [5_000, 1_000]) {
        const { board, opener } = open();
        const block = make();
        const expected = codeOf(() => new Joiner(scan, limit).take(block));
        expect(new Ear(board, limit).take(opener.seal(block)).code).toBe(expected);
        seen.add(expected);
      }
    expect(seen).toEqual(new Set([0, faults.encoding.code, faults.size.code]));
  });

  test('a full block is followed by something', () => {
    const { board, opener } = open();
    const full = pad(new Uint8Array(2_000))[0]!;
    const [ear, joiner] = [new Ear(board, 5_000), new Joiner(scan, 5_000)];
    expect(ear.take(opener.seal(full))).toEqual({ code: 0 });
    joiner.take(full);
    const empty = pad(new Uint8Array(0))[0]!;
    const expected = codeOf(() => joiner.take(empty));
    expect(expected).toBe(faults.encoding.code);
    expect(ear.take(opener.seal(empty)).code).toBe(expected);
  });

  test('a replayed, reordered, changed, reflected or short block ends the session for both directions', () => {
    const cases: ((sealed: Uint8Array[], own: Uint8Array) => Uint8Array[])[] = [
      ([a]) => [a!, a!],
      ([a, b]) => [b!, a!],
      ([a]) => [a!.map((byte, i) => (i === 100 ? byte ^ 1 : byte))],
      ([a]) => [a!.map((byte, i) => (i === 255 ? byte ^ 128 : byte))],
      (_, own) => [own],
      ([a]) => [a!.slice(0, 15)],
      () => [new Uint8Array(0)],
    ];
    for (const make of cases) {
      const { board, opener } = open();
      const ear = new Ear(board, 500);
      const own = seal(board, new Uint8Array(5)).blocks[0]!;
      const sealed = [1, 2].map(byte => opener.seal(pad(Uint8Array.of(byte))[0]!));
      expect(make(sealed, own).map(block => ear.take(block).code)).toContain(faults.session.code);
      expect(seal(board, new Uint8Array(5)).code).toBe(faults.session.code);
      expect(ear.take(opener.seal(pad(new Uint8Array(1))[0]!)).code).toBe(faults.session.code);
      expect(board.slice(32, 96)).toEqual(new Uint8Array(64));
    }
  });

  /** The code of one call, and what it left where the sealed block would stand. */
  function sealAt(session: Uint8Array, message: Uint8Array, offset: number) {
    return kernel.scope(() => {
      const [state, out] = [kernel.put(session), kernel.allocate(sealedMax)];
      const block = [state, kernel.put(message), message.length, offset, out, 0];
      const { code } = kernel.ask(operations.blockSeal, block);
      return { code, isEmpty: kernel.read(out, sealedMax).every(byte => byte === 0) };
    });
  }

  test('are never written in clear: a session that is over leaves nothing where they would stand', () => {
    const { board } = open();
    const message = rolls.bytes(700);
    expect(sealAt(board, message, 0)).toEqual({ code: 0, isEmpty: false });
    new DataView(board.buffer).setUint32(96, 65_535, true);
    expect(sealAt(board, message, 0)).toEqual({ code: faults.session.code, isEmpty: true });
  });

  test('hold nothing from behind their message, whatever offset is said', () => {
    const { board } = open();
    expect(sealAt(board, rolls.bytes(10), 10).code).toBe(0);
    for (const offset of [11, 2 ** 31, 2 ** 32 - 1])
      expect(sealAt(board, rolls.bytes(10), offset)).toEqual({ code: faults.session.code, isEmpty: true });
  });

  test('are not joined beyond the room of their message, whatever offset is said', () => {
    for (const joined of [0, 100, 101, 2 ** 32 - 1]) {
      const { board, opener } = open();
      const [sealed] = pad(new Uint8Array(20).fill(7)).map(block => opener.seal(block));
      kernel.scope(() => {
        const room = kernel.allocate(400);
        const block = [kernel.put(board), room + 100, 100, joined, kernel.put(sealed!), sealed!.length, 0];
        expect(kernel.ask(operations.blockOpen, block).code).toBe(joined ? faults.size.code : 0);
        if (joined) expect(kernel.read(room, 400).every(byte => byte === 0)).toBe(true);
      });
    }
  });

  test('the count of blocks ends before a nonce comes back', () => {
    const { board } = open();
    const view = new DataView(board.buffer);
    view.setUint32(96, 65_534, true);
    expect(seal(board, new Uint8Array(1)).code).toBe(0);
    expect(seal(board, new Uint8Array(1)).code).toBe(faults.session.code);
    expect(Session).toBeDefined();
  });
});

describe('frames', () => {
  const payloadMax = 60;

  function write(flags: number, sequence: number, acknowledgement: number, payload: Uint8Array): Uint8Array {
    return kernel.scope(() => {
      const out = kernel.allocate(payload.length + 5);
      const block = [out, 0, flags, sequence, acknowledgement, kernel.put(payload), payload.length];
      const { code, block: after } = kernel.ask(operations.frameWrite, block);
      expect(code).toBe(0);
      return kernel.read(out, after[1]!).slice();
    });
  }

  function read(bytes: Uint8Array) {
    return kernel.scope(() => {
      const at = kernel.put(bytes);
      const { code, block } = kernel.ask(operations.frameRead, [at, bytes.length, 0, 0, 0, 0, payloadMax]);
      if (code !== 0) return { code };
      const [, , flags, sequence, acknowledgement, start, length] = block;
      return { code, flags, sequence, acknowledgement, payload: kernel.read(start!, length!).slice() };
    });
  }

  const flagsOf = (frame: NonNullable<ReturnType<typeof parseFrame>>) =>
    (frame.number << 4) |
    (Number(frame.opening) << 3) |
    (Number(frame.gap) << 2) |
    (Number(frame.ask) << 1) |
    Number(frame.last);

  function agreed(bytes: Uint8Array): boolean {
    const frame = parseFrame(scan, bytes, payloadMax);
    const own = read(bytes);
    expect(own.code).toBe(frame ? 0 : faults.encoding.code);
    if (!frame) return false;
    const { sequence, acknowledgement, payload } = frame;
    expect(own).toEqual({
      code: 0,
      flags: flagsOf(frame),
      sequence,
      acknowledgement,
      payload: payload.slice(),
    });
    return true;
  }

  test('are written and read as the core writes and reads them, and noise is none', () => {
    let taken = 0;
    for (let i = 0; i < 3_000; i++) {
      const payload = rolls.bytes(rolls.between(0, payloadMax));
      const [flags, sequence, acknowledgement] = [rolls.between(0, 255), rolls.between(0, 255), i & 255];
      const bytes = write(flags, sequence, acknowledgement, payload);
      const frame = {
        number: flags >> 4,
        opening: (flags & 8) > 0,
        gap: (flags & 4) > 0,
        ask: (flags & 2) > 0,
        last: (flags & 1) > 0,
      };
      expect(toHex(bytes)).toBe(toHex(encodeFrame(scan, { ...frame, sequence, acknowledgement, payload })));
      taken += Number(agreed(bytes));
      const changed = bytes.slice();
      changed[rolls.between(0, bytes.length - 1)]! ^= 1 << rolls.between(0, 7);
      agreed(changed);
      agreed(rolls.bytes(rolls.between(0, 8)));
    }
    expect(taken).toBeGreaterThan(2_900);
    for (const sequence of [0, 1])
      for (const flags of [0, 1, 2, 16]) agreed(write(flags, sequence, 7, new Uint8Array(0)));
    agreed(write(1, 0, 0, new Uint8Array(payloadMax)));
    agreed(write(1, 0, 0, new Uint8Array(payloadMax + 1)));
  });
});
