import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { presets } from '#circuits/policy/presets.ts';
import { exits } from '#host/cli/failure.ts';
import { nearest } from '#host/cli/nearest.ts';
import { verbs } from '#host/cli/verbs.ts';
import { mite } from './run.ts';

describe('the command line', () => {
  test('names every verb and every exit code in its help', () => {
    const { code, out } = mite('--help');
    expect(code).toBe(0);
    for (const { name, summary } of verbs) expect(out).toMatch(new RegExp(`  ${name} .*${summary}`));
    for (const exit of Object.values(exits)) expect(out).toContain(`  ${exit.code}  ${exit.meaning}`);
  });

  test.each(verbs)('explains $name and each of its options', ({ name, options }) => {
    const { code, out } = mite(name, '--help');
    expect(code).toBe(0);
    for (const option of options) expect(out).toContain(`--${option.name}`);
  });

  test.each([
    { args: ['strat'], next: 'mite start' },
    { args: ['evidnece', 'file'], next: 'mite evidence' },
    { args: ['quxquux'], next: 'mite --help' },
    { args: ['tiers', '--fast'], next: 'mite tiers --help' },
    { args: ['tiers', 'all'], next: 'mite tiers --help' },
    { args: ['bench'], next: 'mite bench proofs' },
    { args: ['bench', 'prooofs'], next: 'mite bench proofs' },
    { args: ['evidence', 'case.cbor'], next: 'mite evidence case.cbor --root FILE' },
    { args: ['evidence', 'absent', '--root', 'absent'], next: 'mite evidence --help' },
  ])('refuses $args with code 2 and says what to type next', ({ args, next }) => {
    const { code, out, err } = mite(...args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain(`next: ${next}\n`);
  });

  test('tells an error as one event with --json', () => {
    const [event, ...more] = mite('tires', '--json').events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ exit: 'usage', code: 2, next: 'mite tiers' });
  });

  test('suggests nothing for a word that is near to none', () => {
    expect(nearest('quxquux', ['start', 'bench'])).toBeUndefined();
    expect(nearest('comp', ['start', 'completions'])).toBe('completions');
  });
});

describe('start', () => {
  test('tells the story to its end, in which the double-spender is caught', () => {
    const { code, err, events } = mite('start', '--once', '--json');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(events().at(-1)).toMatchObject({ holds: true });
  });
});

describe('tiers', () => {
  test('prints both exposure numbers for each class of each preset tier', () => {
    const events = mite('tiers', '--json').events();
    for (const [name, { classes }] of Object.entries(presets)) {
      const ofTier = events.filter(event => event.tier === name && 'class' in event);
      expect(ofTier).toHaveLength(classes.length);
      for (const event of ofTier)
        expect(event).toMatchObject({
          withoutReuseUnits: expect.any(Number),
          reusePerPayeeAndReportUnits: expect.any(Number),
        });
    }
  });
});

describe('bench proofs', () => {
  test('prints every line with a value, and a target with its verdict', () => {
    const { code, events } = mite('bench', 'proofs', '--quick', '--json');
    expect(code).toBe(0);
    const lines = events();
    const names = lines.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const shape of ['1x16', '1x32', '2x16', '2x32'])
      expect(names).toEqual(expect.arrayContaining([`range prove ${shape}`, `range verify ${shape}`]));
    expect(names).toEqual(
      expect.arrayContaining([
        'scalar multiplication',
        'range verify 1x16, marginal in 64',
        'sign',
        'verify',
        'threshold sign, 3 of 5, all parts',
        'escrow verify',
        'payment verify 1x16',
        'payment verify 1x16 / bare multi-scalar multiplications in it',
        'payment decode',
        'payment encode',
        'session handshake, both ends',
      ]),
    );
    for (const line of lines) expect(line).toMatchObject({ bench: 'proofs', value: expect.any(Number) });
    for (const line of lines.slice(1))
      expect(line).toMatchObject({
        ratio: expect.any(Number),
        target: expect.any(Number),
        ok: expect.any(Boolean),
      });
  });
});

describe('completions', () => {
  test.each(['bash', 'zsh', 'fish'])('for %s hold every verb and option', shell => {
    const { out } = mite('completions', shell);
    for (const { name, options, positionals } of verbs)
      for (const word of [name, ...options.map(option => option.name), ...(positionals.known ?? [])])
        expect(out).toContain(word);
  });

  test('complete a verb and its words in a real bash', () => {
    const ask = (...words: string[]) => {
      const line = `COMP_WORDS=(mite ${words.join(' ')}); COMP_CWORD=${words.length}; _mite; echo "\${COMPREPLY[*]}"`;
      const { stdout } = spawnSync('bash', ['-c', `${mite('completions', 'bash').out}\n${line}`], {
        encoding: 'utf8',
      });
      return stdout.trim();
    };
    expect(ask('ev')).toBe('evidence');
    expect(ask('bench', 'p')).toBe('proofs');
    expect(ask('evidence', '--r')).toBe('--root');
  });
});
