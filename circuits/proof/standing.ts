/** Not revoked, in zero knowledge: the committed identity lies strictly between two revoked neighbours.
 *
 * Shown: id - left - 1 and right - 1 - id both lie in [0, 2^32). It leaks the gap: about log2 of the list's length in bits.
 */
import { concat } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Signed } from '../message/cose.ts';
import { identify } from '../message/cose.ts';
import { version } from '../message/message.ts';
import type { Gap } from '../message/sync.ts';
import { label } from './label.ts';
import { commitmentBlindings, type IdleStatement, type PurseView, statementRandomness } from './purse.ts';
import { proveRange } from './range.prove.ts';
import { rangeParameters } from './range.ts';
import { verifyRange } from './range.verify.ts';
import { mod } from './scalar.ts';

const bits = 32;

function standingStatement(view: PurseView, gap: Signed<Gap>): IdleStatement {
  const { suite, certificate } = view;
  const { group } = suite;
  const revocation = certificate.value.revocation;
  if (!revocation) throw new Fault('revoked', 'the certificate holds no committed identity');
  const identity = group.decode(revocation);
  const above = group.multiScalar([mod(BigInt(-gap.value.left - 1))], [suite.valueBase]);
  const below = group.multiScalar([mod(BigInt(gap.value.right - 1))], [suite.valueBase]);
  const commitments = [group.add(identity, above), group.add(below, group.negate(identity))];
  const head = Uint8Array.of(version, suite.id);
  const context = concat(label.standing, head, certificate.id, identify(suite, gap));
  return { parameters: rangeParameters(suite, bits, 2), statement: { commitments, context } };
}

/** Made while idle, once for each new list. A listed identity cannot make it. */
export function proveStanding(
  view: PurseView,
  secrets: { readonly seed: Uint8Array; readonly identity: number },
  gap: Signed<Gap>,
): Uint8Array {
  const standing = standingStatement(view, gap);
  const blinding = commitmentBlindings(view.suite, secrets.seed)[2];
  return proveRange(standing.parameters, standing.statement, {
    values: [BigInt(secrets.identity - gap.value.left - 1), BigInt(gap.value.right - 1 - secrets.identity)],
    blindings: [blinding, mod(-blinding)],
    randomness: statementRandomness(view.suite, secrets.seed, standing),
  });
}

/** The gap's own signature and epoch are the caller's to check. */
export function verifyStanding(view: PurseView, gap: Signed<Gap>, proof: Uint8Array): void {
  const standing = standingStatement(view, gap);
  verifyRange(standing.parameters, standing.statement, proof);
}
