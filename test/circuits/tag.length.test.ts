import { expect, test } from 'vitest';
import { namingPoints, namingSecrets } from '#circuits/proof/naming.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { payeeTag } from '#circuits/proof/tag.ts';

test('a payee tag takes an id of 32 bytes and a salt of 16, so that no byte moves between them', () => {
  const tag = (id: number, salt: number) => payeeTag(suite1, new Uint8Array(id), new Uint8Array(salt));
  expect(tag(32, 16)).toHaveLength(32);
  for (const [id, salt] of [
    [31, 17],
    [33, 15],
    [32, 15],
    [32, 17],
    [31, 16],
    [33, 16],
  ] as const)
    expect(() => tag(id, salt)).toThrow('32 bytes');
});

test('a purse has a naming point for each of 16 slots', () => {
  expect(namingPoints(suite1, namingSecrets(suite1, new Uint8Array(32)))).toHaveLength(16);
});
