import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { emulate } from '#host/cli/emulate.ts';
import { repository } from '../outcomes.ts';
import { elsewhere, mite } from './run.ts';

const command = resolve(repository, 'host/cli/mite.mjs');
const script = join(elsewhere, 'app.js');
writeFileSync(
  script,
  'print("one"); setInterval(function() { print("tick " + Math.round(getTime())); }, 1000);',
);

describe('mite emulate', () => {
  test('boots the self-test image of a board and prints its console and its costs', () => {
    const { code, events } = mite('emulate', '--seconds', '2', '--json');
    expect(code).toBe(0);
    const all = events();
    expect(all.map(({ line }) => line)).toContain('self-test passed');
    expect(all.at(-1)).toMatchObject({ board: 'emulated', state: 'running', model: true });
  });

  test('runs a plain program as fast as it goes, with the times of the board', () => {
    const began = Date.now();
    const { events } = mite('emulate', '--board', 'puckjs', '--script', script, '--seconds', '60', '--json');
    const lines = events().filter(({ line }) => line) as { line: string; ms: number }[];
    expect(lines.map(({ line }) => line)).toEqual([
      'one',
      ...Array.from({ length: 59 }, (_, i) => `tick ${i + 1}`),
    ]);
    expect(lines.at(-1)!.ms).toBeGreaterThan(58_000);
    expect(Date.now() - began).toBeLessThan(30_000);
  });

  test.each([
    [{ board: 'puckj' }, 'mite emulate --board puckjs'],
    [{ script: 'absent.js' }, 'mite emulate --help'],
    [{ kernel: 'arm' }, 'mite emulate --kernel thumb'],
    [{ script, seconds: 'x' }, 'mite emulate --seconds 10'],
    [{ script, port: '70000' }, 'mite emulate --port 0'],
  ])('refuses %j and says what to type', async (options, next) => {
    await expect(emulate(options).next()).rejects.toMatchObject({ exit: 'usage', next });
  });

  test('a crash of the board is a failure of the command', async () => {
    const crash = join(elsewhere, 'crash.js');
    writeFileSync(crash, 'E.nativeCall(0x1001, "int()")();');
    const run = async () => {
      for await (const _ of emulate({ board: 'puckjs', script: crash }));
    };
    await expect(run()).rejects.toMatchObject({ exit: 'verify' });
  });

  test('behind a port its console answers who connects', async () => {
    const child = spawn(process.execPath, [command, 'emulate', '--script', script, '--port', '0', '--json'], {
      cwd: elsewhere,
    });
    try {
      const port = await new Promise<number>(found => {
        let text = '';
        child.stdout.on('data', chunk => {
          text += chunk;
          const match = /"port":(\d+)/.exec(text);
          if (match) found(Number(match[1]));
        });
      });
      const socket = connect(port, '127.0.0.1');
      const answer = await new Promise<string>(heard => {
        let text = '';
        socket.on('data', chunk => {
          text += chunk;
          if (text.includes('=42')) heard(text);
        });
        socket.write('6*7\n');
      });
      expect(answer).toContain('6*7\r\n=42\r\n');
      let shown = '';
      child.stdout.on('data', chunk => {
        shown += chunk;
      });
      // A packet is answered to who sent it, and is no line of the console.
      await new Promise<void>(heard => {
        socket.on('data', chunk => String(chunk).includes('4321') && heard());
        socket.write('\x10\x01\x20\x064321+0\n');
      });
      await new Promise(later => setTimeout(later, 200));
      expect(shown).not.toContain('4321');
      socket.destroy();
    } finally {
      child.kill();
    }
  });
});

test('mite repl gives what the board answers to lines of a file', () => {
  const { status, stdout } = spawnSync(
    process.execPath,
    [command, 'repl', '--board', 'puckjs', '--script', script],
    {
      cwd: elsewhere,
      input: 'process.env.BOARD\n[1,2].map(function(x) { return x*2; })\n',
      encoding: 'utf8',
    },
  );
  expect(status).toBe(0);
  expect(stdout).toContain('="PUCKJS"');
  expect(stdout).toContain('=[ 2, 4 ]');
});
