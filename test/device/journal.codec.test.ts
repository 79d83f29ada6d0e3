/** Every kind of entry, there and back. */
import { expect, test } from 'vitest';
import { encodeEntry, parseEntry, partsAt } from '#device/journal/codec.ts';
import { openEntries } from './journal.entries.ts';

test('[C3 core] an entry comes back as it went, and its first part lies at the same offset always', () => {
  const entries = openEntries('journal codec');
  const seen = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const entry = entries.any();
    seen.add(entry.type === 'answered' ? `answered ${entry.state}` : entry.type);
    const bytes = encodeEntry(entry);
    expect(parseEntry(bytes)).toEqual(entry);
    if (!('parts' in entry) || !entry.parts.length) continue;
    const [part] = entry.parts;
    expect(bytes.subarray(partsAt, partsAt + part!.length)).toEqual(part);
  }
  expect(seen.size).toBe(14);
});
