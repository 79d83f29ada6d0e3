import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { miteBeside } from './run.beside.ts';
import { elsewhere } from './run.ts';
import { lay } from './table.ts';

describe('the command on an emulated board', () => {
  test('[G3 core] flash: the plan changes nothing, the run leaves the built image, read back equal', async () => {
    const { board, address, end } = await lay('nrf52840dk');
    const words = ['flash', '--board', 'nrf52840dk', '--port', address, '--json'];
    const plan = await miteBeside(...words, '--plan');
    expect({ code: plan.code, err: plan.err }).toEqual({ code: 0, err: '' });
    expect(plan.events().filter(event => 'plan' in event).length).toBeGreaterThan(3);
    expect(board.flash.words()).toBe(0);
    const run = await miteBeside(...words);
    expect({ code: run.code, err: run.err }).toEqual({ code: 0, err: '' });
    expect(run.events().at(-1)).toEqual({ done: true });
    expect(run.events()).toContainEqual(expect.objectContaining({ verified: true }));
    expect(Buffer.from(board.flash.read(0xec000, 4096)).includes('.boot')).toBe(true);
    await end();
  });

  test('flash and monitor: a program of another project is flashed, and what it prints is heard', async () => {
    const { address, end } = await lay('nrf52840dk');
    mkdirSync(join(elsewhere, 'device'), { recursive: true });
    const program = "setInterval(() => print('tick'), 300);\nprint('ready');\nexport {};\n";
    writeFileSync(join(elsewhere, 'device/ticks.ts'), program);
    const words = ['--board', 'nrf52840dk', '--port', address, '--entry', 'device/ticks.ts'];
    const flashed = await miteBeside('flash', ...words);
    expect({ code: flashed.code, err: flashed.err }).toEqual({ code: 0, err: '' });
    expect(flashed.out).toContain('  ready\n');
    const { code, out } = await miteBeside('monitor', '--port', address, '--seconds', '2');
    expect(code).toBe(0);
    expect(out).toMatch(/^tick\n(>?\n?tick\n)+/);
    await end();
  });
});
