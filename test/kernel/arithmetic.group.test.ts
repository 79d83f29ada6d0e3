/** Group, encoding and sums of the kernel, as the host runs it, against the reference library. */
import { expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import type { Group, Point } from '#circuits/proof/port.ts';
import { order, reduceScalar } from '#circuits/proof/scalar.ts';
import { suite1 as reference } from '#circuits/proof/suite.noble.ts';
import { suite1 } from '#host/suite.ts';
import { dice } from '../circuits/dice.ts';
import { faultOf } from '../circuits/refusal.ts';
import { seedOf } from '../circuits/sample.ts';

const ours = suite1.group;
const theirs = reference.group;
const rolls = dice(seedOf('kernel group', 'kernel group'));
const often = process.env.MITE_NIGHTLY ? 10 : 1;

const edgeScalars = [0n, 1n, 2n, 7n, 8n, (1n << 252n) - 1n, 1n << 252n, order / 2n, order - 2n, order - 1n];
const nextScalar = () => (rolls.percent(15) ? rolls.pick(edgeScalars) : reduceScalar(rolls.bytes(64)));

/** The same element in both groups. */
interface Twins {
  readonly our: Point;
  readonly their: Point;
}

const both = (make: (group: Group) => Point): Twins => ({ our: make(ours), their: make(theirs) });
const isSame = ({ our, their }: Twins) => toHex(ours.encode(our)) === toHex(theirs.encode(their));

function timed(name: string, count: number, work: (index: number) => void): void {
  const start = performance.now();
  for (let i = 0; i < count; i++) work(i);
  console.log(`${name}: ${count} cases, ${Math.round(performance.now() - start)} ms`);
}

test('3,000 times the one-way map, encoding, decoding, addition and equality are those of the library', () => {
  let last = both(group => group.base);
  timed('map and codec', 3_000 * often, () => {
    const uniform = rolls.bytes(64);
    const point = both(group => group.fromUniform(uniform));
    const bytes = theirs.encode(point.their);
    expect(toHex(ours.encode(point.our))).toBe(toHex(bytes));
    const sum = both(group => group.add(group.decode(bytes), group === ours ? last.our : last.their));
    expect(isSame(sum)).toBe(true);
    expect(ours.equals(sum.our, last.our)).toBe(false);
    expect(ours.equals(ours.add(sum.our, ours.negate(last.our)), point.our)).toBe(true);
    last = sum;
  });
});

test('3,000 strings of 32 bytes are decoded, or refused, as by the library', () => {
  let accepted = 0;
  timed('strings', 3_000 * often, () => {
    const bytes = rolls.percent(50) ? rolls.bytes(32) : theirs.encode(theirs.fromUniform(rolls.bytes(64)));
    if (rolls.percent(50)) bytes[31]! &= 0x7f;
    if (rolls.percent(30)) bytes[rolls.between(0, 31)]! ^= 1 << rolls.between(0, 7);
    const verdicts = [ours, theirs].map(group => faultOf(() => group.decode(bytes)));
    expect(verdicts[0], toHex(bytes)).toBe(verdicts[1]);
    if (verdicts[0] === 'none') accepted++;
  });
  expect(accepted).toBeGreaterThan(500);
});

test('3,000 products with a secret scalar are those of the library', () => {
  let point = both(group => group.base);
  timed('products', 3_000 * often, () => {
    const scalar = nextScalar();
    const product = both(group => group.multiply(group === ours ? point.our : point.their, scalar));
    if (!isSame(product)) throw new Error(`differs for ${scalar} times ${toHex(theirs.encode(point.their))}`);
    if (scalar > 2n) point = product;
  });
});

test('200 sums of 1 to 120 products are those of the library, and one changed scalar changes them', () => {
  const points = Array.from({ length: 120 }, () => {
    const uniform = rolls.bytes(64);
    return both(group => group.fromUniform(uniform));
  });
  points.push(both(group => group.identity));
  timed('sums', 200 * often, () => {
    const terms = Array.from({ length: rolls.between(1, 120) }, () => rolls.pick(points));
    const scalars = terms.map(nextScalar);
    const sum = {
      our: ours.multiScalar(
        scalars,
        terms.map(term => term.our),
      ),
      their: theirs.multiScalar(
        scalars,
        terms.map(term => term.their),
      ),
    };
    expect(isSame(sum)).toBe(true);
    const added = ours.add(sum.our, ours.base);
    expect(ours.equals(added, sum.our)).toBe(false);
  });
});
