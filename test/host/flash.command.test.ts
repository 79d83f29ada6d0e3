import { describe, expect, test } from 'vitest';
import { exits } from '#host/cli/failure.ts';
import { miteBeside } from './run.beside.ts';
import { lay } from './table.ts';

describe('the command on an emulated board', () => {
  test('flash: the plan changes nothing, the run leaves the built image, read back equal', async () => {
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

  test('flash: another board is refused with its name', async () => {
    const { board, address, end } = await lay('microbit2');
    const { code, err } = await miteBeside('flash', '--board', 'nrf52840dk', '--port', address);
    expect(code).toBe(exits.wrong.code);
    expect(err).toContain('next: mite flash --board microbit2');
    expect(board.flash.operations()).toBe(0);
    await end();
  });

  test('monitor prints what the board says, with the line of an error of its image', async () => {
    const { board, address, end } = await lay('nrf52840dk');
    const listening = miteBeside('monitor', '--board', 'nrf52840dk', '--port', address, '--seconds', '3');
    const say = setInterval(() => board.run('print("tick");(function(){throw new Error("bad")})()'), 200);
    const { code, out } = await listening;
    clearInterval(say);
    expect(code).toBe(0);
    expect(out).toContain('tick\n');
    expect(out).toContain('Uncaught Error: bad');
    await end();
  });
});
