import { describe, expect, test } from 'vitest';
import { openTcp } from '#host/flash/link.tcp.ts';
import { LinkLost } from '#host/flash/link.ts';
import { openerOf } from '#host/flash/port.ts';
import { type Console, type Served, serveConsole } from '#host/flash/serve.tcp.ts';
import { mite } from './run.ts';

/** Answers each write with the same bytes. */
function echo(): Console & { say(bytes: Uint8Array): void } {
  const listeners = new Set<(bytes: Uint8Array) => void>();
  const say = (bytes: Uint8Array) => {
    for (const listener of listeners) listener(bytes);
  };
  return {
    say,
    write: say,
    onData: listener => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

async function withServed(act: (served: Served, console: ReturnType<typeof echo>) => Promise<void>) {
  const console = echo();
  const served = await serveConsole(console);
  await act(served, console).finally(() => served.close());
}

const heard = (link: Awaited<ReturnType<typeof openTcp>>, length: number) =>
  new Promise<Uint8Array>(resolve => {
    let all = new Uint8Array();
    link.onData(bytes => {
      all = Uint8Array.of(...all, ...bytes);
      if (all.length >= length) resolve(all);
    });
  });

describe('a link over TCP', () => {
  test('carries all 256 values both ways, as they are', () =>
    withServed(async ({ port }) => {
      const link = await openTcp('127.0.0.1', port);
      const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
      const back = heard(link, 256);
      await link.write(bytes);
      expect(await back).toEqual(bytes);
      await link.close();
      await expect(link.write(bytes)).rejects.toThrow(LinkLost);
    }));

  test('tells when the other end is gone, and refuses to write then', () =>
    withServed(async served => {
      const link = await openTcp('127.0.0.1', served.port);
      const closed = new Promise<string>(resolve => link.onClose(resolve));
      await link.write(Uint8Array.of(1));
      served.drop();
      expect(await closed).toBe('the connection was closed');
      await expect(link.write(Uint8Array.of(1))).rejects.toThrow(LinkLost);
    }));

  test('hears nothing of what was printed before it came', () =>
    withServed(async ({ port }, console) => {
      console.say(Uint8Array.of(1));
      const link = await openTcp('127.0.0.1', port);
      const first = heard(link, 1);
      await link.write(Uint8Array.of(2));
      expect(await first).toEqual(Uint8Array.of(2));
      await link.close();
    }));

  test('to a port where nobody listens is lost at once', async () => {
    let port = 0;
    await withServed(async served => {
      port = served.port;
    });
    await expect(openTcp('127.0.0.1', port)).rejects.toThrow(LinkLost);
    const { code, err } = mite('monitor', '--port', `tcp://127.0.0.1:${port}`);
    expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('next: mite devices') });
  });
});

describe('a port', () => {
  test.each(['tcp://127.0.0.1', 'tcp://:1', 'tcp://127.0.0.1:65536', 'udp://127.0.0.1:1', 'ble://', ''])(
    '"%s" is refused',
    port => {
      expect(() => openerOf(port, 9600)).toThrow('is no port');
    },
  );

  test('that is no port ends the command with code 2, one that is not there with 3', () => {
    expect(mite('monitor', '--port', 'udp://x').code).toBe(2);
    expect(mite('monitor').code).toBe(3);
  });
});
