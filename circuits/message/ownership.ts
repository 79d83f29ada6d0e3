/** Ownership of a device: a chain of hops from its maker, each signed by the former owner and accepted by the new one.
 *
 * A hop is numbered and issued under the hop before it, so that there is one chain; two hops of one number are
 * settled by the service's log.
 *
 * 1. An owner's word counts while it is the last of the chain. (test/circuits/chain.ownership.test.ts)
 */
import { equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Acceptance, Factory, Hop, Intermediary } from './certificate.ts';
import {
  certified,
  checkBeginning,
  checkIssuer,
  checkKey,
  type Issuer,
  type Trust,
  type Verified,
} from './chain.ts';
import { type Signed, verify } from './cose.ts';

/** One hop: the former owner signed the certificate, the new one the acceptance. */
export interface Transfer {
  readonly hop: Signed<Hop>;
  readonly acceptance: Signed<Acceptance>;
}

/** Who owns a device now. Sequence 0 is its maker. */
export interface Ownership {
  readonly key: Uint8Array;
  readonly sequence: number;
}

/** The first hop is issued under the maker's certificate, each later one under the hop before it. */
export function verifyOwnership(
  trust: Trust,
  device: { readonly maker: Verified<Intermediary>; readonly factory: Verified<Factory> },
  transfers: readonly Transfer[],
): Ownership {
  if (!equal(device.factory.value.issuer, device.maker.id)) throw new Fault('chain', 'made by another maker');
  let owner: Issuer = device.maker;
  let sequence = 0;
  for (const { hop, acceptance } of transfers) {
    sequence += 1;
    if (!equal(hop.value.device, device.factory.id)) throw new Fault('chain', 'a hop of another device');
    if (hop.value.sequence !== sequence)
      throw new Fault('chain', `a hop is not the ${sequence}. of its chain`);
    checkBeginning(owner.value, hop.value);
    checkIssuer(trust, owner, hop);
    checkKey(trust.suite, hop.value.key);
    owner = certified(trust.suite, hop);
    if (!equal(acceptance.value.hop, owner.id)) throw new Fault('chain', 'accepts another hop');
    verify(trust.suite, hop.value.key, acceptance);
  }
  return { key: owner.value.key, sequence };
}
