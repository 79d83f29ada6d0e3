import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openSerial } from '#host/flash/link.serial.ts';
import { LinkLost } from '#host/flash/link.ts';
import { loadPeer } from '#host/flash/peer.ts';
import { serveConsole } from '#host/flash/serve.tcp.ts';
import { mite } from './run.ts';
import { hasTerminals, plug } from './terminals.ts';

/** A far end that answers with what it gets. */
async function withEcho(act: (near: string, unplug: () => void) => Promise<void>) {
  let say: (bytes: Uint8Array) => void = () => undefined;
  const served = await serveConsole({
    write: bytes => say(bytes),
    onData: listener => {
      say = listener;
      return () => undefined;
    },
  });
  const { near, unplug } = await plug(served.port);
  try {
    await act(near, unplug);
  } finally {
    unplug();
    await served.close();
  }
}

describe.skipIf(!hasTerminals)('a link over a serial port', () => {
  test('carries all 256 values both ways, as they are', () =>
    withEcho(async near => {
      const link = await openSerial(near, 115_200);
      const heard: number[] = [];
      link.onData(bytes => heard.push(...bytes));
      const bytes = Uint8Array.from({ length: 2048 }, (_, at) => at);
      await link.write(bytes);
      for (let tries = 0; heard.length < bytes.length && tries < 100; tries++) await wait(20);
      expect(Uint8Array.from(heard)).toEqual(bytes);
      await link.close();
      await expect(link.write(bytes)).rejects.toThrow(LinkLost);
    }));

  test('is lost, and says so, when it writes after its cable was pulled', () =>
    withEcho(async (near, unplug) => {
      const link = await openSerial(near, 115_200);
      await link.write(Uint8Array.of(1));
      unplug();
      await wait(100);
      await expect(link.write(Uint8Array.of(2))).rejects.toThrow(LinkLost);
      await link.close();
    }));

  test('sends less in a packet where it is slow', () =>
    withEcho(async near => {
      const link = await openSerial(near, 9600);
      expect(link.chunkBytes).toBe(512);
      await link.close();
    }));
});

test('a serial port that is not there ends the command with code 3', () => {
  const { code, err } = mite('monitor', '--port', '/dev/no-such-port');
  expect({ code, err }).toEqual({ code: 3, err: expect.stringContaining('next: mite devices') });
});

test('a package that is not there is named with the command that installs it', async () => {
  await expect(loadPeer('serialport-that-is-not-there', 'this needs it')).rejects.toMatchObject({
    exit: 'refused',
    message: 'this needs it',
    next: 'npm i serialport-that-is-not-there',
  });
});
