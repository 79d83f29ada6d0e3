/** `monitor`: a board's console, line by line, with positions of errors as lines of TypeScript.
 *
 * 1. Every line is printed once and whole, however it arrives. (test/host/flash.monitor.test.ts)
 */
import type { Event, Events } from '../cli/event.ts';
import { Failure } from '../cli/failure.ts';
import { type Link, LinkLost } from './link.ts';

export interface Watch {
  open(): Promise<Link>;
  /** Adds to a line where it comes from. */
  readonly read: (line: string) => string;
  /** Until the link ends, unless given. */
  readonly forMs?: number;
}

/** What moves the cursor says nothing in a log. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminals are told by control characters
const control = /\x1b\[[0-9;]*[A-Za-z]|[\x00-\x08\x0b-\x1f]/g;

/** A prompt has no line end: it is shown when nothing follows it for this long. */
const quietMs = 250;

const lineEvent = (line: string): Event => ({ text: line, data: { line } });

async function* watch({ open, read, forMs }: Watch): Events {
  const link = await open();
  const decoder = new TextDecoder('latin1');
  let rest = '';
  let reason: string | undefined;
  let wake: () => void = () => undefined;
  link.onData(bytes => {
    rest += decoder.decode(bytes);
    wake();
  });
  link.onClose(why => {
    reason = why;
    wake();
  });
  const endMs = forMs === undefined ? Number.POSITIVE_INFINITY : Date.now() + forMs;
  try {
    while (reason === undefined && Date.now() < endMs) {
      const before = rest;
      await new Promise<void>(resolve => {
        const timer = setTimeout(resolve, Math.max(0, Math.min(quietMs, endMs - Date.now())));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      const lines = rest.split(/\r?\n/);
      // Quiet: what has no end is not going to have one.
      rest = rest === before ? '' : lines.pop()!;
      for (const line of lines.map(each => read(each.replace(control, '')))) {
        if (line) yield lineEvent(line);
      }
    }
    if (reason !== undefined) throw new LinkLost(reason);
  } finally {
    await link.close();
  }
}

export async function* monitor(task: Watch): Events {
  try {
    yield* watch(task);
  } catch (error) {
    if (error instanceof LinkLost) throw new Failure('device', error.message, 'mite devices');
    throw error;
  }
}
