/** What one broken device can take, at most: the numbers that each tier publishes for each of its classes.
 *
 * Before recourse: its claims convict it, and its owner's wallet is known to the issuer. A broken payer states any T it
 * likes, so theta and the range proof bound nothing here: the caps do, because every payee checks them. Money that it
 * received and spends again counts as its own.
 *
 * 1. No attacker takes more, and one takes exactly that where every cap lies between minimum and maximum.
 *    (test/circuits/exposure.bound.test.ts)
 */
import { capOf, type Tier } from './tier.ts';

interface Exposure {
  /** p x (caps - class): no slot twice, all budgets stay in. */
  readonly withoutReuseUnits: number;
  /** p x caps: no slot twice, but each Close lied that nothing was spent and took its budget back. */
  readonly afterClosesUnits: number;
  /** p x caps for each payee, and again for each Report that it had acknowledged, until revocation reaches it. */
  readonly reusePerPayeeAndReportUnits: number;
  /** p x K: payments within one life of a purse, by an honest device too. */
  readonly paymentsPerLifeMax: number;
  readonly lifeEpochs: number;
}

export function exposureOf(tier: Tier, classIndex: number): Exposure {
  const { budget, caps } = tier.classes[classIndex]!;
  const capUnits = capOf(tier, classIndex, 2 ** caps.length - 1);
  const allUnits = tier.pursesMax * capUnits;
  return {
    withoutReuseUnits: tier.pursesMax * Math.max(0, capUnits - budget),
    afterClosesUnits: allUnits,
    reusePerPayeeAndReportUnits: allUnits,
    paymentsPerLifeMax: tier.pursesMax * caps.length,
    lifeEpochs: tier.life,
  };
}
