/** Reliable delivery in order, over a link that drops, duplicates, reorders and delays frames. One step for both ends.
 *
 * Go-back-N: a window of up to 8 frames, cumulative acknowledgements, and a receiver that takes only the frame that it
 * expects. Stop-and-wait would cost a round trip for each 15 to 123 bytes; selective repeat would cost a board buffers for
 * frames out of order, and radios that lose a frame seldom reorder. A window of 1 is stop-and-wait, which NFC needs.
 * Acknowledgements are asked for, at the end of a window or message, and one gap is told at once. One message is in
 * flight in each direction.
 *
 * A board pays about 40 statements a frame beside the checksum: 5 to 10 ms at 64 MHz. It holds one message being sent
 * and at most `messageBytesMax` of one being received, counted before a chunk is kept.
 *
 * Assumed: no frame arrives after 247 later ones of its direction. Sequences have 8 bits; across a reconnection the
 * link number keeps late frames out.
 *
 * 1. Each message arrives once and in order, or the sender is told of a cut. (test/circuits/delivery.adversary.test.ts)
 * 2. The same, for every order of every event, in small. (test/circuits/delivery.exhaustive.test.ts)
 * 3. No peer makes an end keep more than its limit. (test/circuits/delivery.limits.test.ts)
 * 4. Frames of another link, and late ones within the bound, change nothing. (test/circuits/delivery.limits.test.ts)
 */
import { Fault } from '../fault.ts';
import { encodeFrame, type Frame, holdsData, parseFrame } from './frame.ts';
import type { Scan } from './port.ts';

export interface Channel {
  readonly scan: Scan;
  readonly payloadBytes: number;
  /** 1 to 8; the two ends need not agree. */
  readonly windowFrames: number;
  readonly messageBytesMax: number;
  /** Timeouts in a row without progress before the link is cut. */
  readonly retriesMax: number;
}

/** Chunks of a message, the latest first: kept without copying those before. */
interface Chunk {
  readonly bytes: Uint8Array;
  readonly before: Chunk | null;
}

export interface Delivery {
  readonly channel: Channel;
  readonly opener: boolean;
  /** Nothing before the opener was heard. */
  readonly number: number | null;
  readonly heard: boolean;
  readonly isCut: boolean;
  /** Messages to send; the first is in flight. */
  readonly queue: readonly Uint8Array[];
  /** Sequence of the first frame of the message in flight. */
  readonly first: number;
  /** Frames of the message in flight: acknowledged, and sent. */
  readonly base: number;
  readonly next: number;
  /** The base for which a gap was answered: once each. */
  readonly answered: number;
  readonly retries: number;
  readonly expected: number;
  /** True while a gap before the expected frame was told. */
  readonly told: boolean;
  readonly chunks: Chunk | null;
  readonly chunkBytes: number;
}

export type DeliveryEvent =
  | { readonly type: 'send'; readonly message: Uint8Array }
  | { readonly type: 'frame'; readonly bytes: Uint8Array }
  | { readonly type: 'timeout' }
  /** The radio is back, and both ends kept their state. */
  | { readonly type: 'resume' };

export type DeliveryEffect =
  | { readonly type: 'transmit'; readonly bytes: Uint8Array }
  | { readonly type: 'deliver'; readonly message: Uint8Array }
  /** Starts the timer anew, or stops it: everything that was sent has arrived. */
  | { readonly type: 'timer'; readonly running: boolean }
  | { readonly type: 'cut'; readonly fault: Fault };

type Draft = { -readonly [K in keyof Delivery]: Delivery[K] };

/** A step under way: the state after it, and what to do, in order. */
interface Turn {
  readonly after: Draft;
  readonly effects: DeliveryEffect[];
}

const windowFramesMax = 8;

/** An end of a link. The opener gives it a number that differs from the one before; the other end learns it. */
export function openDelivery(channel: Channel, number: number | null): Delivery {
  if (channel.windowFrames < 1 || channel.windowFrames > windowFramesMax)
    throw new Error(`a window of 1 to ${windowFramesMax} frames`);
  if (channel.payloadBytes < 1) throw new Error('a frame without room for payload');
  return {
    channel,
    opener: number !== null,
    number: number === null ? null : number & 15,
    heard: false,
    isCut: false,
    queue: [],
    first: 0,
    base: 0,
    next: 0,
    answered: -1,
    retries: 0,
    expected: 0,
    told: false,
    chunks: null,
    chunkBytes: 0,
  };
}

function transmit({ after, effects }: Turn, frame: Partial<Frame>): void {
  const bytes = encodeFrame(after.channel.scan, {
    number: after.number!,
    opening: after.opener && !after.heard,
    gap: false,
    ask: false,
    last: false,
    sequence: 0,
    acknowledgement: after.expected,
    payload: new Uint8Array(0),
    ...frame,
  });
  effects.push({ type: 'transmit', bytes });
}

function cut({ after, effects }: Turn, why: string): void {
  after.isCut = true;
  after.queue = [];
  after.chunks = null;
  effects.push({ type: 'timer', running: false }, { type: 'cut', fault: new Fault('cut', why) });
}

/** An empty message takes one frame, as any other takes at least one. */
function frameCount({ queue, channel }: Draft): number {
  return Math.max(1, Math.ceil(queue[0]!.length / channel.payloadBytes));
}

/** Sends what the window has room for, from `next` on, and waits anew for an answer. */
function fillWindow(turn: Turn): void {
  const { after } = turn;
  const { windowFrames, payloadBytes } = after.channel;
  if (after.number === null || after.queue.length === 0) return;
  const count = frameCount(after);
  const end = Math.min(after.base + windowFrames, count);
  turn.effects.push({ type: 'timer', running: true });
  for (; after.next < end; after.next += 1) {
    const offset = after.next * payloadBytes;
    transmit(turn, {
      ask: after.next === end - 1,
      last: after.next === count - 1,
      sequence: (after.first + after.next) & 255,
      payload: after.queue[0]!.subarray(offset, offset + payloadBytes),
    });
  }
}

function resend(turn: Turn): void {
  turn.after.next = turn.after.base;
  fillWindow(turn);
}

function finishMessage(turn: Turn): void {
  const { after } = turn;
  after.first = (after.first + after.base) & 255;
  after.queue = after.queue.slice(1);
  after.base = 0;
  after.next = 0;
  turn.effects.push({ type: 'timer', running: false });
}

function takeAcknowledgement(turn: Turn, { acknowledgement, gap }: Frame): void {
  const { after } = turn;
  if (after.next === after.base) return;
  const arrived = (acknowledgement - after.first - after.base) & 255;
  // More than is under way: an old acknowledgement that comes late.
  if (arrived > after.next - after.base) return;
  if (arrived > 0) {
    after.base += arrived;
    after.answered = -1;
    after.retries = 0;
    if (after.base === frameCount(after)) finishMessage(turn);
    fillWindow(turn);
  } else if (gap && after.answered !== after.base) {
    after.answered = after.base;
    resend(turn);
  }
}

function joinChunks({ chunks, chunkBytes }: Draft): Uint8Array {
  const message = new Uint8Array(chunkBytes);
  let end = chunkBytes;
  for (let chunk = chunks; chunk; chunk = chunk.before) {
    end -= chunk.bytes.length;
    message.set(chunk.bytes, end);
  }
  return message;
}

function takeExpected(turn: Turn, { payload, last, ask }: Frame): void {
  const { after } = turn;
  after.chunkBytes += payload.length;
  if (after.chunkBytes > after.channel.messageBytesMax) {
    cut(turn, 'a message beyond the limit');
    return;
  }
  // A copy: the radio's buffer is used again.
  after.chunks = { bytes: payload.slice(), before: after.chunks };
  after.expected = (after.expected + 1) & 255;
  after.told = false;
  const message = last ? joinChunks(after) : null;
  if (message) {
    after.chunks = null;
    after.chunkBytes = 0;
  }
  if (ask) transmit(turn, {});
  if (message) turn.effects.push({ type: 'deliver', message });
}

function takeData(turn: Turn, frame: Frame): void {
  const { after } = turn;
  const ahead = (frame.sequence - after.expected) & 255;
  const gap = ahead > 0 && ahead < 128;
  if (ahead === 0) takeExpected(turn, frame);
  else if (frame.ask || (gap && !after.told)) transmit(turn, { gap });
  after.told = after.told || gap;
}

function takeFrame(turn: Turn, bytes: Uint8Array): void {
  const { after } = turn;
  const frame = parseFrame(after.channel.scan, bytes, after.channel.payloadBytes);
  // An opener hears no opener: that is its own frame, or another's.
  if (!frame || (after.opener && frame.opening)) return;
  if (after.number === null) {
    if (!frame.opening) return;
    after.number = frame.number;
    fillWindow(turn);
  } else if (frame.number !== after.number) {
    if (frame.opening) cut(turn, 'the other end opened another link');
    return;
  }
  after.heard = true;
  takeAcknowledgement(turn, frame);
  if (holdsData(frame)) takeData(turn, frame);
}

function retry(turn: Turn): void {
  const { after } = turn;
  if (after.next === after.base) return;
  after.retries += 1;
  if (after.retries > after.channel.retriesMax) cut(turn, 'no answer');
  else resend(turn);
}

/** What an event makes of a link: the state after it, and the effects that its shell carries out in order. */
export function step(
  state: Delivery,
  event: DeliveryEvent,
): { readonly state: Delivery; readonly effects: readonly DeliveryEffect[] } {
  if (state.isCut) return { state, effects: [] };
  const turn: Turn = { after: { ...state }, effects: [] };
  switch (event.type) {
    case 'send':
      turn.after.queue = [...state.queue, event.message];
      if (state.queue.length === 0) fillWindow(turn);
      break;
    case 'frame':
      takeFrame(turn, event.bytes);
      break;
    case 'timeout':
      retry(turn);
      break;
    default:
      turn.after.retries = 0;
      resend(turn);
  }
  return { state: turn.after, effects: turn.effects };
}
