/** The ground of disclosure tests: one real payment, its receipt, and what the payer keeps of both. */
import { toHex } from '#circuits/bytes.ts';
import type { Trust } from '#circuits/message/chain.ts';
import { identify, type Signed, sign } from '#circuits/message/cose.ts';
import type { Claim, Receipt, Request } from '#circuits/message/payment.ts';
import { type Statement, settled, statement as statementShape } from '#circuits/message/sync.ts';
import { discloseAmount, disclosePayee, type Holder } from '#circuits/proof/disclosure.ts';
import { acknowledge } from '#circuits/proof/payee.ts';
import { type Payer, pay } from '#circuits/proof/payer.ts';
import { verifyPayment } from '#circuits/proof/payment.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { openWorld, request, type World } from './world.ts';

export const amount = 1_234;

interface Sale {
  readonly claim: Signed<Claim>;
  readonly receipt: Signed<Receipt>;
  readonly request: Signed<Request>;
  readonly salt: Uint8Array;
  readonly payer: Payer;
}

/** Ask, pay, verify, acknowledge: the messages of a real tap. */
export function sell(world: World, price: number, from: Payer): Sale {
  const asked = request(world, price);
  const paid = pay(from, asked, world.entropy);
  const { claim } = verifyPayment(world.payee, asked, paid.payment);
  const receipt = acknowledge(world.till, claim, 0, world.entropy);
  return { claim, receipt, request: asked, salt: asked.value.salt, payer: paid.payer };
}

export class PaidTwice {
  readonly world: World;
  readonly trust: Trust;
  readonly payer: Holder;
  readonly payee: Holder;
  readonly payeeId: Uint8Array;
  readonly sale: Sale;
  readonly second: Sale;

  constructor(suite: Suite, seed: string) {
    this.world = openWorld({ suite, seed });
    const { trust, intermediary } = this.world.economy;
    this.trust = trust;
    this.payer = { intermediary, purse: this.world.payer.certificate };
    this.payee = { intermediary, purse: this.world.till.certificate };
    this.payeeId = identify(suite, this.payee.purse);
    this.sale = sell(this.world, amount, this.world.payer);
    this.second = sell(this.world, 77, this.sale.payer);
  }

  /** The payer's bank says what became of claims. */
  stateOf(claims: readonly Signed<Claim>[], change: Partial<Statement> = {}, key?: Uint8Array) {
    const { economy, entropy } = this.world;
    const { suite } = this.trust;
    const value: Statement = {
      suite: suite.id,
      purse: identify(suite, this.payer.purse),
      answers: entropy(32),
      epoch: 101,
      policy: 1,
      frozen: false,
      settled: claims.map(claim => ({ claim: identify(suite, claim), state: settled.booked })),
      next: null,
      ...change,
    };
    const signer = { secret: key ?? economy.intermediarySecret, noise: entropy(32) };
    return sign(suite, statementShape, value, signer);
  }

  parts() {
    const { trust, payer, sale } = this;
    return {
      amountPart: discloseAmount(trust, payer, sale.claim, null),
      settledPart: discloseAmount(trust, payer, sale.claim, this.stateOf([sale.claim])),
      payeePart: disclosePayee(trust, this.payee, sale.receipt),
    };
  }
}

/** Whether the bytes stand in the others, at any offset. */
export function holdsBytes(whole: Uint8Array, part: Uint8Array): boolean {
  return toHex(whole).includes(toHex(part));
}
