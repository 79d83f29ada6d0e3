/** The chain of independent generators: SHAKE256("GeneratorsChain" | 'G' or 'H' | u32le party), 64 bytes a point.
 *
 * 1. The first n points of each party are those of dalek and Tari. (test/circuits/range.thirdparty.test.ts)
 */
import { concat } from '../bytes.ts';
import { generatorChain } from './label.ts';
import type { Group, Hash, Point } from './port.ts';

export interface Generators {
  readonly G: readonly Point[];
  readonly H: readonly Point[];
}

const caches = new WeakMap<Group, Map<string, Generators>>();

function chain(
  suite: { group: Group; hash: Hash },
  letter: 'G' | 'H',
  party: number,
  count: number,
): Point[] {
  const seed = concat(generatorChain, Uint8Array.of(letter.charCodeAt(0), party, 0, 0, 0));
  const stream = suite.hash.shake256(seed, 64 * count);
  return Array.from({ length: count }, (_, i) =>
    suite.group.fromUniform(stream.subarray(64 * i, 64 * i + 64)),
  );
}

/** The generators of `lanes` parties with `bits` each, in one row. Always the same objects for the same group. */
export function rangeGenerators(
  suite: { group: Group; hash: Hash },
  bits: number,
  lanes: number,
): Generators {
  const cache = caches.get(suite.group) ?? new Map<string, Generators>();
  caches.set(suite.group, cache);
  const known = cache.get(`${bits}x${lanes}`);
  if (known) return known;
  const row: { G: Point[]; H: Point[] } = { G: [], H: [] };
  for (let party = 0; party < lanes; party++) {
    row.G.push(...chain(suite, 'G', party, bits));
    row.H.push(...chain(suite, 'H', party, bits));
  }
  cache.set(`${bits}x${lanes}`, row);
  return row;
}
