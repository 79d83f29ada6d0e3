/** What no peer can make an end do: keep too much, take late frames, or mix two links. */
import { describe, expect, test } from 'vitest';
import {
  type Delivery,
  type DeliveryEffect,
  type DeliveryEvent,
  openDelivery,
  step,
} from '#circuits/link/delivery.ts';
import { encodeFrame, type Frame, parseFrame } from '#circuits/link/frame.ts';
import { scan } from '#circuits/link/scan.ts';
import { channel } from './network.ts';

const thin = { ...channel, payloadBytes: 1 };

function run(
  state: Delivery,
  ...events: readonly DeliveryEvent[]
): { state: Delivery; effects: DeliveryEffect[] } {
  const effects: DeliveryEffect[] = [];
  let current = state;
  for (const event of events) {
    const turn = step(current, event);
    current = turn.state;
    effects.push(...turn.effects);
  }
  return { state: current, effects };
}

const ofType = <T extends DeliveryEffect['type']>(effects: readonly DeliveryEffect[], type: T) =>
  effects.filter((effect): effect is Extract<DeliveryEffect, { type: T }> => effect.type === type);
const framesOf = (effects: readonly DeliveryEffect[]) =>
  ofType(effects, 'transmit').map(({ bytes }) => bytes);
const arrive = (bytes: Uint8Array): DeliveryEvent => ({ type: 'frame', bytes });
const send = (...bytes: number[]): DeliveryEvent => ({ type: 'send', message: Uint8Array.from(bytes) });

function frame(more: Partial<Frame>): Uint8Array {
  return encodeFrame(scan, {
    number: 5,
    opening: true,
    gap: false,
    ask: false,
    last: false,
    sequence: 0,
    acknowledgement: 0,
    payload: Uint8Array.of(7),
    ...more,
  });
}

describe('size', () => {
  test('a message of the limit is delivered, the byte after it cuts the link before it is kept', () => {
    const small = { ...thin, messageBytesMax: 3 };
    const three = [0, 1, 2].map(sequence => arrive(frame({ sequence, last: sequence === 2 })));
    expect(ofType(run(openDelivery(small, null), ...three).effects, 'deliver')).toHaveLength(1);
    const four = [0, 1, 2, 3].map(sequence => arrive(frame({ sequence, last: sequence === 3 })));
    const { state, effects } = run(openDelivery(small, null), ...four);
    expect(ofType(effects, 'deliver')).toHaveLength(0);
    expect(ofType(effects, 'cut').map(({ fault }) => fault.fault)).toEqual(['cut']);
    expect(state.chunks).toBeNull();
    expect(run(state, arrive(frame({ sequence: 4 })), send(1), { type: 'timeout' }).effects).toEqual([]);
  });

  test('what is kept of a message is counted anew for the next one', () => {
    const small = { ...thin, messageBytesMax: 1 };
    const many = Array.from({ length: 20 }, (_, sequence) => arrive(frame({ sequence, last: true })));
    expect(ofType(run(openDelivery(small, null), ...many).effects, 'deliver')).toHaveLength(20);
  });

  test('frames beyond the expected one are not kept, however many come', () => {
    const strangers = Array.from({ length: 255 }, (_, i) => arrive(frame({ sequence: i + 1, last: true })));
    const { state, effects } = run(openDelivery(thin, null), ...strangers);
    expect(state.chunks).toBeNull();
    expect(ofType(effects, 'deliver')).toHaveLength(0);
    // One gap is told once, not 127 times.
    expect(framesOf(effects)).toHaveLength(1);
  });
});

describe('late frames', () => {
  /** A listener that has taken so many frames, and the frames. */
  function taken(count: number): { state: Delivery; frames: Uint8Array[] } {
    const frames = Array.from({ length: count }, (_, i) => frame({ sequence: i & 255, last: true }));
    return { state: run(openDelivery(thin, null), ...frames.map(arrive)).state, frames };
  }

  test('no frame of up to 255 before is taken again; the one 256 before would be', () => {
    const { state, frames } = taken(300);
    for (let age = 1; age <= 300; age++) {
      const { effects } = run(state, arrive(frames[300 - age]!));
      expect(ofType(effects, 'deliver').length, `${age}`).toBe(age === 256 ? 1 : 0);
    }
  });

  test('no acknowledgement of up to 247 before moves a full window of 8; the one 248 before would', () => {
    const wide = { ...thin, windowFrames: 8 };
    let state = openDelivery(wide, 5);
    const answer = (acknowledgement: number) =>
      arrive(frame({ opening: false, payload: new Uint8Array(0), acknowledgement: acknowledgement & 255 }));
    for (let i = 0; i < 300; i++) state = run(state, send(1), answer(i + 1)).state;
    state = run(state, send(...new Array<number>(8).fill(2))).state;
    expect(state.next - state.base).toBe(8);
    for (let age = 0; age < 256; age++) {
      const moved =
        run(state, answer(300 - age)).state.base !== state.base ||
        run(state, answer(300 - age)).state.queue.length === 0;
      expect(moved, `${age}`).toBe(age >= 248);
    }
  });
});

describe('links', () => {
  test('an end that was not opened hears nothing but an opening, and then keeps its number', () => {
    const idle = openDelivery(thin, null);
    expect(run(idle, arrive(frame({ opening: false, last: true })))).toEqual({ state: idle, effects: [] });
    const open = run(idle, arrive(frame({ last: true }))).state;
    expect(open.number).toBe(5);
    const other = run(open, arrive(frame({ number: 6, opening: false, sequence: 1, last: true })));
    expect(other.effects).toEqual([]);
    expect(other.state).toEqual(open);
  });

  test('an opening with another number cuts the link: the other end has begun anew', () => {
    const open = run(openDelivery(thin, null), arrive(frame({ last: true }))).state;
    const { state, effects } = run(open, arrive(frame({ number: 6 })));
    expect(state.isCut).toBe(true);
    expect(ofType(effects, 'cut')).toHaveLength(1);
  });

  test('an opener ignores openings, its own reflected ones too', () => {
    const { state, effects } = run(openDelivery(thin, 5), send(1, 2));
    for (const bytes of framesOf(effects)) expect(run(state, arrive(bytes)).state).toEqual(state);
  });

  test('an opener says so until it hears an answer, and a listener waits with what it has to say', () => {
    const opened = run(openDelivery(thin, 21), send(1));
    const opening = framesOf(opened.effects)[0]!;
    expect(parseFrame(scan, opening, 1)).toMatchObject({ number: 5, opening: true, ask: true, last: true });
    const silent = run(openDelivery(thin, null), send(9));
    expect(silent.effects).toEqual([]);
    const answered = run(silent.state, arrive(opening));
    expect(framesOf(answered.effects).map(bytes => parseFrame(scan, bytes, 1)!.opening)).toEqual([
      false,
      false,
    ]);
    const heard = run(opened.state, ...framesOf(answered.effects).map(arrive), send(3));
    expect(parseFrame(scan, framesOf(heard.effects).at(-1)!, 1)).toMatchObject({ opening: false });
  });

  test('a window beyond 8 frames, or a frame without room, is a mistake of the caller', () => {
    expect(() => openDelivery({ ...thin, windowFrames: 9 }, 0)).toThrow('window');
    expect(() => openDelivery({ ...thin, windowFrames: 0 }, 0)).toThrow('window');
    expect(() => openDelivery({ ...thin, payloadBytes: 0 }, 0)).toThrow('room');
  });
});

describe('time', () => {
  test('after so many timeouts without an answer the link is cut, and any progress begins the count anew', () => {
    const patient = { ...thin, retriesMax: 2 };
    const begun = run(openDelivery(patient, 5), send(1, 2, 3, 4, 5)).state;
    const timeout: DeliveryEvent = { type: 'timeout' };
    expect(run(begun, timeout, timeout).state.isCut).toBe(false);
    expect(run(begun, timeout, timeout, timeout).state.isCut).toBe(true);
    const progress = arrive(frame({ opening: false, payload: new Uint8Array(0), acknowledgement: 1 }));
    expect(run(begun, timeout, timeout, progress, timeout, timeout).state.isCut).toBe(false);
    expect(run(begun, timeout, timeout, { type: 'resume' }, timeout, timeout).state.isCut).toBe(false);
  });

  test('a gap is answered once for each frame, at once and without a timeout', () => {
    const { state, effects } = run(openDelivery(thin, 5), send(1, 2, 3, 4));
    const gap = arrive(frame({ opening: false, gap: true, payload: new Uint8Array(0), acknowledgement: 0 }));
    const answer = run(state, gap);
    expect(framesOf(answer.effects)).toHaveLength(framesOf(effects).length);
    expect(framesOf(run(answer.state, gap).effects)).toHaveLength(0);
  });

  test('a gap that is told while nothing is under way does not use up the answer to a later one', () => {
    const gap = arrive(frame({ opening: false, gap: true, payload: new Uint8Array(0), acknowledgement: 0 }));
    const begun = run(openDelivery(thin, 5), gap, send(1, 2));
    expect(framesOf(run(begun.state, gap).effects)).toHaveLength(2);
  });

  test('an end answers what asks, and each new gap once; all else it takes in silence', () => {
    let state = openDelivery(thin, null);
    const script: readonly (readonly [number, boolean, readonly boolean[]])[] = [
      // Sequence, whether it asks, and the gap flags of the answers.
      [0, false, []],
      [1, true, [false]],
      [0, false, []],
      [1, true, [false]],
      [3, false, [true]],
      [4, false, []],
      [5, true, [true]],
      [2, false, []],
      [3, false, []],
      [5, false, [true]],
    ];
    for (const [i, [sequence, ask, gaps]] of script.entries()) {
      const turn = run(state, arrive(frame({ sequence, ask })));
      state = turn.state;
      expect(
        framesOf(turn.effects).map(bytes => parseFrame(scan, bytes, 1)!.gap),
        `step ${i}`,
      ).toEqual(gaps);
    }
    expect(state.expected).toBe(4);
  });

  test('a timeout with nothing under way changes nothing', () => {
    const idle = openDelivery(thin, 5);
    expect(run(idle, { type: 'timeout' })).toEqual({ state: idle, effects: [] });
  });
});
