import { expect, test } from 'vitest';
import { rangeParameters } from '#circuits/proof/range.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';

test('proofs have 8, 16, 32 or 64 bits in 1, 2, 4 or 8 lanes, and no other shape', () => {
  const shapes: string[] = [];
  for (let bits = 0; bits <= 130; bits++)
    for (let lanes = 0; lanes <= 17; lanes++)
      try {
        rangeParameters(suite1, bits, lanes);
        shapes.push(`${lanes}x${bits}`);
      } catch {
        // No such shape.
      }
  const allowed = [8, 16, 32, 64].flatMap(bits => [1, 2, 4, 8].map(lanes => `${lanes}x${bits}`));
  expect(shapes).toEqual(allowed);
});
