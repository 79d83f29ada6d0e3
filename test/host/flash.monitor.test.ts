import { describe, expect, test } from 'vitest';
import { encodeMap } from '#host/build/sourcemap.ts';
import { openTcp } from '#host/flash/link.tcp.ts';
import { monitor } from '#host/flash/monitor.ts';
import { serveConsole } from '#host/flash/serve.tcp.ts';
import { traceReader } from '#host/flash/trace.ts';

/** As the interpreter prints an error of code that it read from Storage. */
const printed = [
  '\r\x1b[JUncaught Error: bad',
  '    at a (mite:1:3)',
  '',
  '  ^',
  '    at mite:2:1',
  '    at other:1:1',
  'at mite:1:3 said by a program',
  '>',
].join('\r\n');

// Line 1 column 3 of the code is line 7 column 2 of the source; line 2 is line 9.
const map = encodeMap(
  ['device/main.ts'],
  [
    [{ column: 2, source: 0, sourceLine: 6, sourceColumn: 1 }],
    [{ column: 0, source: 0, sourceLine: 8, sourceColumn: 0 }],
  ],
);

async function watched(cuts: readonly number[]): Promise<string[]> {
  let say: (bytes: Uint8Array) => void = () => undefined;
  const served = await serveConsole({
    write: () => undefined,
    onData: listener => {
      say = listener;
      return () => undefined;
    },
  });
  const lines: string[] = [];
  const bytes = new Uint8Array(Buffer.from(printed, 'latin1'));
  const open = async () => {
    const link = await openTcp('127.0.0.1', served.port);
    setTimeout(() => {
      for (const [at, cut] of cuts.entries()) say(bytes.subarray(cut, cuts[at + 1] ?? bytes.length));
    }, 20);
    return link;
  };
  for await (const { text } of monitor({ open, read: traceReader({ mite: map }), forMs: 700 }))
    lines.push(text);
  await served.close();
  return lines;
}

describe('the monitor', () => {
  test('prints every line once, errors of the image with their line of source', async () => {
    const expected = [
      'Uncaught Error: bad',
      '    at a (mite:1:3)  device/main.ts:7:2',
      '  ^',
      '    at mite:2:1  device/main.ts:9:1',
      '    at other:1:1',
      'at mite:1:3 said by a program',
      '>',
    ];
    expect(await watched([0])).toEqual(expected);
    expect(await watched(Array.from(printed, (_, at) => at))).toEqual(expected);
  });
});
