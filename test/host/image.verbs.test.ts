import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { repository } from '../outcomes.ts';
import { inside, miteIn } from './run.ts';

const project = mkdtempSync(join(tmpdir(), 'mite-project-'));
afterAll(() => rmSync(project, { recursive: true, force: true }));
mkdirSync(join(project, 'device'));

/** A program of a project outside of the repository. */
function program(name: string, source: string): string {
  writeFileSync(join(project, 'device', name), source);
  return `device/${name}`;
}

const mite = inside(project);
/** A process of its own takes a second: one is enough to show that it is the same. */
const process = miteIn(project);

describe('mite boards', () => {
  test('lists all nine, and what of each nobody has seen', async () => {
    const events = (await mite('boards', '--json')).events();
    expect(events.map(({ board }) => board)).toEqual(Object.keys(boards));
    for (const event of events) expect(event.unverified).toEqual(boards[event.board as 'puckjs'].unverified);
  });
});

describe('mite build', () => {
  test('[G1 core] [G3 core] prints bytes and RAM of each part beside its budget, and writes what flashing puts on the board', async () => {
    const { code, events } = process('build', '--board', 'nrf52840dk', '--out', 'out', '--json');
    expect(code).toBe(0);
    const [event, ...more] = events();
    expect(more).toEqual([]);
    expect(event).toMatchObject({ board: 'nrf52840dk', profile: 'tables', firmware: '2v25' });
    const bytes = readFileSync(join(project, 'out/nrf52840dk.storage.bin'));
    expect(bytes.length).toBe(event!.storageBytes);
  });

  test('into a folder that cannot be is refused as a wrong command line', async () => {
    writeFileSync(join(project, 'taken'), '');
    const { code, err } = await mite('build', '--board', 'esp32c3', '--out', 'taken/out');
    expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining('next: mite build --out') });
  });

  test.each(Object.keys(boards))(
    'prints bytes and RAM of %s beside its budgets, built or not',
    async name => {
      const [event] = (await mite('build', '--board', name, '--json')).events();
      const lines = event!.budget as { part: string; used: number; most: number }[];
      expect(lines.map(({ part }) => part)).toEqual([
        'kernel',
        'points',
        'boot and bundle',
        'certificates and manifest',
        'functions',
        'RAM after boot',
      ]);
      expect(event!.built).toBe(lines.every(({ used, most }) => used <= most));
      expect(lines.at(-1)!.used).toBeGreaterThan(100);
    },
  );

  test.each(Object.keys(boards))(
    'builds %s without its kernel, and the journal stays where it was',
    async name => {
      const { code, events } = await mite('build', '--board', name, '--no-kernel', '--json');
      expect(code).toBe(0);
      const [event] = events();
      expect(event).toMatchObject({ board: name, built: true, profile: 'hash', tier: '' });
      const [kernel] = event!.budget as { used: number }[];
      expect(kernel!.used).toBe(0);
    },
  );

  test('fails with code 6, naming the part and its excess, when a program is too large', async () => {
    const entry = program('large.ts', `print('${'x'.repeat(33_000)}');`);
    const { code, err } = await mite('build', '--board', 'nrf52840dk', '--entry', entry);
    expect(code).toBe(6);
    expect(err).toMatch(/boot and bundle: 33,\d{3} bytes, \d+ more than its 32,768/);
    expect(err).toContain('next: mite size --board nrf52840dk\n');
  });

  test('builds the other boards of a configuration before it fails for one', async () => {
    writeFileSync(join(project, 'device/wide.ts'), `print('${'x'.repeat(33_000)}');`);
    const config = {
      lot: 'one',
      service: 'http://localhost',
      radios: [],
      boards: { nrf52840dk: { role: 'till', entry: 'device/wide.ts' }, esp32s3: { role: 'till' } },
    };
    writeFileSync(join(project, 'flash.config.ts'), `export default ${JSON.stringify(config)};`);
    const { code, events } = await mite('build', '--json');
    rmSync(join(project, 'flash.config.ts'));
    expect(code).toBe(6);
    const [above, built, failed] = events();
    expect(above).toMatchObject({ board: 'nrf52840dk', built: false });
    expect(built).toMatchObject({ board: 'esp32s3', built: true, role: 'till' });
    expect(failed!.error).toContain('nrf52840dk: boot and bundle');
  });

  test('fails with code 6 and the line when a program uses what the interpreter lacks', async () => {
    const entry = program('lacking.ts', 'const a = 1;\nprint(String(new Map([[a, a]])));\n');
    const { code, err } = await mite('build', '--board', 'esp32', '--entry', entry);
    expect(code).toBe(6);
    expect(err).toContain('device/lacking.ts:2:');
  });

  test.each([
    { args: ['build', '--board', 'pukjs'], next: 'mite build --board puckjs' },
    { args: ['size', '--board', 'esp23'], next: 'mite size --board esp32' },
    { args: ['decode', '.bootcde:1:1'], next: 'mite decode --board puckjs' },
    {
      args: ['decode', '.bootcde:1:1', '--board', 'xiaoble', '--image', 'absent'],
      next: 'mite build --board xiaoble --out absent',
    },
  ])('$args fails with code 2 and says what to type next', async ({ args, next }) => {
    const { code, err } = await mite(...args);
    expect(code).toBe(2);
    expect(err).toContain(`next: ${next}\n`);
  });
});

describe('mite size', () => {
  test.each(Object.values(boards).filter(({ kernel }) => kernel))(
    '$name: says how large the kernel is, whatever its configuration leaves out',
    async ({ name }) => {
      const [event] = (await mite('size', '--board', name, '--json')).events();
      const [kernel] = event!.budget as { used: number }[];
      expect(kernel!.used).toBeGreaterThan(10_000);
    },
  );

  test('prints each module, also of a program above its budget', async () => {
    const entry = program('large.ts', `print('${'x'.repeat(33_000)}');`);
    const { code, events } = await mite('size', '--board', 'nrf52840dk', '--entry', entry, '--json');
    expect(code).toBe(0);
    expect(events().filter(({ module }) => module === 'device/large.ts')).toHaveLength(1);
    expect(events().filter(({ above }) => above)).toEqual([
      { board: 'nrf52840dk', above: 'boot and bundle' },
    ]);
  });
});

describe('mite decode', () => {
  const text = "'self-test FAILED'";
  const source = readFileSync(join(repository, 'device/main.ts'), 'utf8').split('\n');
  const line = source.findIndex(each => each.includes(text)) + 1;

  test('leads a position of the shipped bundle to its line of TypeScript', async () => {
    expect((await mite('build', '--board', 'esp32', '--out', 'esp')).code).toBe(0);
    const storage = readFileSync(join(project, 'esp/esp32.storage.bin'), 'latin1');
    // Name and size come before the code, which is one line.
    const start = storage.indexOf('.bootcde') + 28;
    const column = storage.indexOf('"self-test FAILED"') - start + 1;
    const position = `.bootcde:1:${column}`;
    for (const image of [[], ['--image', 'esp']]) {
      const { out } = await mite('decode', `    at f (${position})`, '--board', 'esp32', ...image);
      expect(out).toContain(`    at f (${position})  device/main.ts:${line}:`);
    }
  });

  test('leaves a line alone that names no code of the image', async () => {
    expect((await mite('decode', 'at line 3', '--board', 'esp32')).out).toBe('at line 3\n');
  });
});
