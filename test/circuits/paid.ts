/** The ground of disclosure tests: one real payment, its receipt, and what the payer keeps of both. */
import { toHex } from '#circuits/bytes.ts';
import type { Purse } from '#circuits/message/certificate.ts';
import type { Verified } from '#circuits/message/chain.ts';
import { identify, type Signed, sign } from '#circuits/message/cose.ts';
import type { Claim } from '#circuits/message/payment.ts';
import { type Statement, settled, statement as statementShape } from '#circuits/message/sync.ts';
import { discloseAmount, disclosePayee, type Holder } from '#circuits/proof/disclosure.ts';
import { acknowledge } from '#circuits/proof/payee.ts';
import { pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { openWorld, request } from './world.ts';

export const amount = 1_234;

export function openPaid(suite: Suite, seed: string) {
  const world = openWorld({ suite, seed });
  const { economy, entropy } = world;
  const { trust, intermediary } = economy;
  const payer: Holder = { intermediary, purse: world.payer.certificate };
  const payee: Holder = { intermediary, purse: world.till.certificate };
  const payeeId = (world.till.certificate as Verified<Purse>).id;

  /** Ask, pay, verify, acknowledge: the messages of a real tap. */
  function sell(price: number, from = world.payer) {
    const asked = request(world, price);
    const paid = pay(from, asked, entropy);
    const { claim } = verifyPayment(world.payee, asked, paid.payment);
    const receipt = acknowledge(world.till, claim, 0, entropy);
    return { claim, receipt, salt: asked.value.salt, request: asked, payer: paid.payer };
  }

  /** The payer's bank says what became of claims. */
  function stateOf(
    claims: readonly Signed<Claim>[],
    change: Partial<Statement> = {},
    key = economy.intermediarySecret,
  ) {
    const value: Statement = {
      suite: suite.id,
      purse: identify(suite, payer.purse),
      answers: entropy(32),
      epoch: 101,
      policy: 1,
      frozen: false,
      settled: claims.map(claim => ({ claim: identify(suite, claim), state: settled.booked })),
      next: null,
      ...change,
    };
    return sign(suite, statementShape, value, { secret: key, noise: entropy(32) });
  }

  const sale = sell(amount);
  const second = sell(77, sale.payer);
  return {
    suite,
    world,
    trust,
    payer,
    payee,
    payeeId,
    sale,
    second,
    sell,
    stateOf,
    amountPart: discloseAmount(trust, payer, sale.claim, null),
    settledPart: discloseAmount(trust, payer, sale.claim, stateOf([sale.claim])),
    payeePart: disclosePayee(trust, payee, sale.receipt),
  };
}

/** Whether the bytes stand in the others, at any offset. */
export function holdsBytes(whole: Uint8Array, part: Uint8Array): boolean {
  return toHex(whole).includes(toHex(part));
}
