/** Every order of every event, for small windows and messages: both ends, the frames between them, losses and timeouts. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import {
  type Channel,
  type Delivery,
  type DeliveryEvent,
  openDelivery,
  step,
} from '#circuits/link/delivery.ts';
import { channel } from './network.ts';

const sent = [[Uint8Array.of(1, 2), Uint8Array.of(3)], [Uint8Array.of(9)]] as const;

/** One moment: both ends, what each received, and the frames on their way. Frames of one direction are a set: order is lost. */
interface Moment {
  readonly ends: readonly [Delivery, Delivery];
  readonly received: readonly [string, string];
  readonly flying: readonly string[];
}

interface Limits {
  /** Frames on their way at once; more are lost, which is a loss like any other. */
  readonly flyingMax: number;
  readonly isDuplicating: boolean;
  /** The listener may lose its memory: what no end may do and still promise anything. */
  readonly isForgetting?: boolean;
}

/** A key of the moment. What cannot differ is left out; chunks are told by their bytes. */
function keyOf({ ends, received, flying }: Moment): string {
  const parts = ends.map(end => {
    const { channel: _, chunks, queue, ...rest } = end;
    const bytes: number[] = [];
    for (let chunk = chunks; chunk; chunk = chunk.before) bytes.push(...chunk.bytes);
    return JSON.stringify([rest, bytes, queue.length]);
  });
  return `${parts.join('|')}|${received.join(';')}|${flying.join()}`;
}

function act(
  moment: Moment,
  at: 0 | 1,
  event: DeliveryEvent,
  rest: { flying: readonly string[]; limits: Limits },
): Moment {
  const turn = step(moment.ends[at], event);
  const flying = new Set(rest.flying);
  const received: [string, string] = [...moment.received];
  for (const effect of turn.effects) {
    if (effect.type === 'transmit' && flying.size < rest.limits.flyingMax)
      flying.add(`${1 - at}${toHex(effect.bytes)}`);
    if (effect.type === 'deliver') received[at] += `${toHex(effect.message)}.`;
  }
  const ends: [Delivery, Delivery] = [...moment.ends];
  // Retries are not counted: whatever was lost before, it may be tried again.
  ends[at] = { ...turn.state, retries: 0 };
  return { ends, received, flying: [...flying].sort() };
}

function* nextMoments(moment: Moment, limits: Limits): Generator<Moment> {
  for (const frame of moment.flying) {
    const at = frame[0] === '0' ? 0 : 1;
    const others = moment.flying.filter(other => other !== frame);
    const bytes = Uint8Array.from(frame.slice(1).match(/../g)!, hex => parseInt(hex, 16));
    yield { ...moment, flying: others };
    yield act(moment, at, { type: 'frame', bytes }, { flying: others, limits });
    if (limits.isDuplicating)
      yield act(moment, at, { type: 'frame', bytes }, { flying: moment.flying, limits });
  }
  if (limits.isForgetting)
    yield { ...moment, ends: [moment.ends[0], openDelivery(moment.ends[1].channel, null)] };
  for (const at of [0, 1] as const)
    yield act(moment, at, { type: 'timeout' }, { flying: moment.flying, limits });
}

function start(channels: readonly [Channel, Channel], limits: Limits): Moment {
  const ends: [Delivery, Delivery] = [openDelivery(channels[0], 5), openDelivery(channels[1], null)];
  let moment: Moment = { ends, received: ['', ''], flying: [] };
  for (const at of [0, 1] as const)
    for (const message of sent[at])
      moment = act(moment, at, { type: 'send', message }, { flying: moment.flying, limits });
  return moment;
}

const wanted = [1, 0].map(from => sent[from]!.map(message => `${toHex(message)}.`).join(''));

interface Explored {
  readonly moments: number;
  readonly finished: number;
  readonly wrong: readonly string[];
  readonly stuck: readonly string[];
}

/** Visits every moment. Wrong: something else than a beginning of what was sent came out. Stuck: no way leads to the end. */
function explore(channels: readonly [Channel, Channel], limits: Limits): Explored {
  const first = start(channels, limits);
  const known = new Map<string, Moment>([[keyOf(first), first]]);
  const ways = new Map<string, string[]>();
  const wrong: string[] = [];
  const done: string[] = [];
  for (const [key, moment] of known) {
    if (moment.received.some((text, at) => !wanted[at]!.startsWith(text))) {
      wrong.push(key);
      continue;
    }
    if (moment.received.every((text, at) => text === wanted[at])) done.push(key);
    for (const next of nextMoments(moment, limits)) {
      const nextKey = keyOf(next);
      if (!known.has(nextKey)) known.set(nextKey, next);
      const back = ways.get(nextKey) ?? [];
      back.push(key);
      ways.set(nextKey, back);
    }
  }
  const finished = done.length;
  const reaching = new Set(done);
  for (const key of reaching) for (const before of ways.get(key) ?? []) reaching.add(before);
  const stuck = [...known.keys()].filter(key => !reaching.has(key));
  return { moments: known.size, finished, wrong, stuck };
}

const isNightly = process.env.MITE_NIGHTLY === '1';
const small = (windowFrames: number): Channel => ({
  ...channel,
  payloadBytes: 1,
  windowFrames,
  retriesMax: 1,
});

describe('whatever the radio does with each frame, in every order', () => {
  test.each([
    ['stop and wait', 1, 1, { flyingMax: 3, isDuplicating: true }],
    ['windows of two and one', 2, 1, { flyingMax: isNightly ? 4 : 3, isDuplicating: true }],
    ['windows of two', 2, 2, { flyingMax: isNightly ? 4 : 3, isDuplicating: true }],
  ])(
    '%s: nothing comes out twice, late or changed, and from every state a way leads on',
    (_, one, two, limits) => {
      const found = explore([small(one), small(two)], limits);
      console.log(`${found.moments} moments, ${found.finished} finished`);
      expect(found.wrong.slice(0, 1)).toEqual([]);
      expect(found.stuck.slice(0, 1)).toEqual([]);
      expect(found.finished).toBeGreaterThan(0);
      expect(found.moments).toBeGreaterThan(1_000);
    },
  );

  test('the exploration is able to find a wrong end: a listener that forgets delivers twice', () => {
    const limits = { flyingMax: 2, isDuplicating: true, isForgetting: true };
    const found = explore([small(1), small(1)], limits);
    expect(found.wrong.length).toBeGreaterThan(0);
  });
});
