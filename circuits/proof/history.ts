/** How claims follow from one another: C_T = C_Tprev + v*H + delta*G, ids, ordinals and slots. */
import { equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { identify, type Signed } from '../message/cose.ts';
import type { Claim } from '../message/payment.ts';
import type { Suite } from './port.ts';
import type { Position } from './purse.ts';
import { mod, parseScalar } from './scalar.ts';

/** The commitment to everything spent, this claim included. */
function commitmentAfter(suite: Suite, claim: Claim): Uint8Array {
  const { group } = suite;
  const delta = parseScalar(claim.delta);
  const spent = group.multiScalar([BigInt(claim.amount), delta], [suite.valueBase, group.base]);
  return group.encode(group.add(group.decode(claim.before), spent));
}

/** The position after a claim that was made from this one. */
export function advance(suite: Suite, position: Position, claim: Signed<Claim>): Position {
  const { value } = claim;
  return {
    ordinal: position.ordinal + 1,
    slots: (position.slots | value.slots) >>> 0,
    spent: position.spent + value.amount,
    blinding: mod(position.blinding + parseScalar(value.delta)),
    before: commitmentAfter(suite, value),
    previous: identify(suite, claim),
  };
}

/** True where the second claim says what the first one, of the ordinal before it, leaves behind. */
export function follows(suite: Suite, first: Signed<Claim>, second: Signed<Claim>): boolean {
  return (
    equal(second.value.previous, identify(suite, first)) &&
    equal(second.value.before, commitmentAfter(suite, first.value))
  );
}

/** What a lone claim must say of its place: the first begins at the identity, every other at a point of its own. */
export function checkPlace(claim: Claim, ordinalsMax: number): void {
  const fromIdentity = claim.before.every(byte => byte === 0);
  const fromNothing = claim.previous.every(byte => byte === 0);
  if (claim.ordinal >= ordinalsMax) throw new Fault('history', `ordinal ${claim.ordinal} of ${ordinalsMax}`);
  if (fromIdentity !== (claim.ordinal === 0) || fromNothing !== (claim.ordinal === 0))
    throw new Fault('history', 'only the first claim begins at nothing');
}
