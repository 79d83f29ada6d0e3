import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { announceEmulated, emulatedConsoles } from '#host/flash/emulated.ts';
import { mite } from './run.ts';

const listed = (port: number) => emulatedConsoles().filter(each => each.port === port);

describe('devices', () => {
  test('lists emulated boards while they run, and the ports to reach them', () => {
    const end = announceEmulated('puckjs', 65_001);
    try {
      expect(listed(65_001)).toEqual([{ board: 'puckjs', port: 65_001, pid: process.pid }]);
      const { code, events } = mite('devices', '--json');
      expect(code).toBe(0);
      expect(events()).toContainEqual({
        port: 'tcp://127.0.0.1:65001',
        kind: 'emulated',
        title: 'emulated puckjs',
      });
    } finally {
      end();
    }
    expect(listed(65_001)).toEqual([]);
  });

  test('does not list one whose process is gone', () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    const end = announceEmulated('puckjs', 65_002, pid);
    expect(listed(65_002)).toEqual([]);
    end();
  });

  test('says that it found nothing only where that is so, and what gives a board', () => {
    const heard = () => mite('devices', '--json').events();
    const [ports, none] = ['port', 'found'].map(key => heard().filter(event => key in event));
    expect(none).toHaveLength(ports!.length ? 0 : 1);
    const end = announceEmulated('puckjs', 65_003);
    expect(heard().filter(event => 'found' in event)).toEqual([]);
    end();
  });

  test('does not stumble over a note that is half written', () => {
    const end = announceEmulated('puckjs', 65_003);
    try {
      const folder = join(tmpdir(), `mite-emulated-${userInfo().username}`);
      writeFileSync(join(folder, '65004.json'), '{"board":"puckjs","po');
      expect(listed(65_003)).toHaveLength(1);
      rmSync(join(folder, '65004.json'));
    } finally {
      end();
    }
  });

  test('says what it could not look for and what would mend it, and lists the rest', () => {
    const { code, events } = mite('devices', '--ble', '--json');
    expect(code).toBe(0);
    const missing = events().filter(event => 'missing' in event);
    for (const event of missing)
      expect(event).toMatchObject({ reason: expect.any(String), next: expect.any(String) });
    // A machine may have a radio; where noble is not installed it is named.
    if (missing.some(event => event.missing === 'BLE'))
      expect(missing.find(event => event.missing === 'BLE')!.next).toMatch(/npm|Bluetooth/);
  });
});
