/** What a statement beside a claim must say: that its own purse has this claim booked, whatever else it settles. */
import { expect, test } from 'vitest';
import { identify, sign } from '#circuits/message/cose.ts';
import { encode } from '#circuits/message/message.ts';
import { type Claim, claim as claimShape } from '#circuits/message/payment.ts';
import {
  disclosure as disclosureShape,
  type Statement,
  settled,
  statement as statementShape,
} from '#circuits/message/sync.ts';
import { discloseAmount, verifyAmount } from '#circuits/proof/disclosure.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { suite1 as suite } from '#circuits/proof/suite.noble.ts';
import { faultOf } from './refusal.ts';
import { openWorld } from './world.ts';

const { payer, till, economy, entropy } = openWorld({ seed: 'statement' });
const { trust, intermediary, intermediarySecret } = economy;
const id = new Uint8Array(32);
const value: Claim = {
  ...{
    suite: 1,
    certificate: payer.certificate.id,
    ordinal: 0,
    slots: 1,
    amount: 100,
    payee: id,
    request: id,
  },
  ...{ previous: id, before: id, delta: encodeScalar(5n), theta: 500, proof: id },
};
const claim = sign(suite, claimShape, value, { secret: purseSecret(suite, payer.seed), noise: entropy(32) });
const own = { claim: identify(suite, claim), state: settled.booked as number };
const other = { claim: id, state: settled.booked as number };

function outcome(change: Partial<Statement>, disclose = false): string {
  const full: Statement = {
    ...{ suite: 1, purse: payer.certificate.id, answers: id, epoch: 1, policy: 1, frozen: false },
    ...{ settled: [own], next: null },
    ...change,
  };
  const statement = sign(suite, statementShape, full, { secret: intermediarySecret, noise: entropy(32) });
  const holder = { intermediary, purse: payer.certificate };
  if (disclose) return faultOf(() => discloseAmount(trust, holder, claim, statement));
  const bytes = encode(disclosureShape, {
    ...{ suite: 1, part: 0, intermediary: intermediary.bytes, purse: payer.certificate.bytes },
    ...{ signed: claim.bytes, statement: statement.bytes },
  });
  return faultOf(() => verifyAmount(trust, bytes));
}

test.each<[string, Partial<Statement>, string]>([
  ['books the claim', {}, 'none'],
  ['books it after another', { settled: [other, own] }, 'none'],
  ['books it before another', { settled: [own, other] }, 'none'],
  ['books another', { settled: [other] }, 'disclosure'],
  ['books none', { settled: [] }, 'disclosure'],
  ['leaves it waiting', { settled: [{ ...own, state: settled.waiting }] }, 'disclosure'],
  ['is of another purse', { purse: till.certificate.id }, 'disclosure'],
])('a statement that %s', (_, change, fault) => {
  expect(outcome(change)).toBe(fault);
});

test('a payer itself shows no other claim and no next purse', () => {
  expect(outcome({}, true)).toBe('none');
  expect(outcome({ settled: [own, other] }, true)).toBe('disclosure');
  const next = { certificate: till.certificate.bytes, budget: 5 };
  expect(outcome({ next }, true)).toBe('disclosure');
});
