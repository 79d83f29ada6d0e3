import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { boards } from '#boards/all.ts';
import { defineFlash, type FlashConfig } from '#host/config/define.ts';
import { choiceOf, readConfig } from '#host/config/read.ts';
import { repository } from '../outcomes.ts';

const work = mkdtempSync(join(tmpdir(), 'mite-config-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

const sound: FlashConfig = defineFlash({
  lot: 'one',
  service: 'https://example.org',
  radios: ['ble', 'nfc'],
  boards: { puckjs: { role: 'both', tier: 'pocket', entry: 'device/app.ts' }, esp32: { role: 'till' } },
});

let count = 0;
/** Reads a configuration from a folder of its own. */
function read(text: string) {
  const folder = mkdtempSync(join(work, `${count++}-`));
  writeFileSync(join(folder, 'flash.config.ts'), text);
  return readConfig(folder);
}
const readData = (config: unknown) => read(`export default ${JSON.stringify(config)};`);
const readBoards = (own: unknown) => readData({ ...sound, boards: own });

describe('flash.config.ts', () => {
  test('is read where the command runs, and says what each board is', async () => {
    const found = await readData(sound);
    expect(found.config).toEqual(sound);
    expect(choiceOf(found, 'puckjs')).toEqual(sound.boards.puckjs);
  });

  test('of the package is taken where there is none, and it builds every board', async () => {
    const { config } = await readConfig(join(work, 'absent'));
    expect(Object.keys(config.boards).sort()).toEqual(Object.keys(boards).sort());
  });

  test('that does not name a board lets it test itself', async () => {
    expect(choiceOf(await readData(sound), 'xiaoble')).toEqual({ role: 'test' });
  });

  test.each([
    { what: 'an unknown board', config: { pukjs: { role: 'both' } }, says: 'perhaps puckjs' },
    { what: 'an unknown role', config: { puckjs: { role: 'bank' } }, says: 'role is one of' },
    { what: 'an unknown tier', config: { puckjs: { role: 'both', tier: 'gold' } }, says: 'pocket' },
    {
      what: 'a tier with more slots than the journal keeps',
      config: { puckjs: { role: 'both', tier: 'standard' } },
      says: '8 slots, its journal keeps 4',
    },
    {
      what: 'a tier on a board without native code',
      config: { esp32: { role: 'both', tier: 'pocket' } },
      says: 'no native code',
    },
    {
      what: 'a tier without the kernel that it needs',
      config: { puckjs: { role: 'both', tier: 'pocket', kernel: false } },
      says: 'no native code',
    },
    { what: 'NFC where there is none', config: { esp32: { role: 'both', radios: ['nfc'] } }, says: 'no NFC' },
    {
      what: 'Wi-Fi where there is none',
      config: { puckjs: { role: 'till', radios: ['wifi'] } },
      says: 'Wi-Fi',
    },
  ])('with $what is refused, and says so', async ({ config, says }) => {
    await expect(readBoards(config)).rejects.toThrow(says);
  });

  test.each([
    { what: 'no lot', change: { lot: '' }, says: 'lot' },
    { what: 'no address of a service', change: { service: 'here' }, says: 'service' },
    { what: 'an unknown radio', change: { radios: ['lora'] }, says: 'radios' },
  ])('with $what is refused, and says so', async ({ change, says }) => {
    await expect(readData({ ...sound, ...change })).rejects.toThrow(says);
  });

  test('that holds more than data is refused', async () => {
    await expect(read('export default { lot: () => 1 };')).rejects.toThrow('no data');
    await expect(read('export const lot = 1;')).rejects.toThrow('no data');
  });

  test('of another project takes defineFlash from the package', async () => {
    mkdirSync(join(work, 'node_modules'));
    symlinkSync(repository, join(work, 'node_modules/mite'));
    const text = `import { defineFlash } from 'mite/config'; export default defineFlash(${JSON.stringify(sound)});`;
    expect((await read(text)).config).toEqual(sound);
  });

  test('that cannot be read is refused with its line', async () => {
    await expect(read('export default {\n  lot: 1;\n};')).rejects.toThrow('flash.config.ts:2:');
  });
});
