/** The book: the whole durable state of one purse, folded from the entries of its journal.
 *
 * Nothing changes a book but an entry, so what a boot reads is what ran before the power failed.
 *
 * 1. A book is its entries, folded. (test/device/wallet.model.test.ts)
 */
import { type Usage, unused } from '#circuits/policy/limits.ts';

/** Bytes in a string, one a character: what the interpreter compares at once. */
export type Id = string;

/** What certificate and tier say of the own purse; it does not change while the purse lives. */
export interface Purse {
  readonly id: Id;
  readonly from: number;
  readonly until: number;
  /** M. */
  readonly budget: number;
  /** Caps of the slots of its class. */
  readonly caps: readonly number[];
  /** Rcap; 0 without respend. */
  readonly respendMax: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly payeeClasses: readonly number[];
  /** Per payment, where no fitting revocation list is held. */
  readonly unlisted: number;
  readonly holding: number;
  /** Steps of theta, falling. */
  readonly steps: readonly number[];
  readonly gap: number;
}

export interface Sale {
  readonly number: number;
  readonly price: number;
  readonly units: number;
  readonly amount: number;
  readonly state: 'open' | 'paid' | 'cancelled' | 'expired';
  /** Of a paid sale: the claim that paid it. */
  readonly claim: Id;
  /** The claim on it that was refused last: replayed after a sync, it must not tick the counter again. */
  readonly refused: Id;
}

/** A claim that this purse signed, until the service has settled it. */
export interface Sent {
  readonly id: Id;
  readonly ordinal: number;
  readonly slots: number;
  readonly amount: number;
  readonly payee: Id;
  /** The payee's number for the sale. */
  readonly number: number;
  readonly state: 'pending' | 'receipted' | 'refused';
}

/** A claim that this purse booked, until the service has settled it. */
export interface Taken {
  readonly id: Id;
  readonly purse: Id;
  readonly slots: number;
  readonly amount: number;
  readonly number: number;
}

/** A claim that this purse will never book. */
export interface Refused {
  readonly id: Id;
  readonly purse: Id;
  readonly slots: number;
  readonly number: number;
}

/** A report under way: how many of each list it holds. Those are the oldest. */
export interface Reported {
  readonly sequence: number;
  readonly sent: number;
  readonly taken: number;
  readonly refused: number;
}

export type Entry =
  | { readonly type: 'opened'; readonly purse: Purse }
  | { readonly type: 'sale'; readonly number: number; readonly price: number; readonly units: number }
  | { readonly type: 'ended'; readonly number: number; readonly state: 'cancelled' | 'expired' }
  /** The one atomic record of a payment. `parts`: signed claim, signed request, position after it. */
  | {
      readonly type: 'paid';
      readonly tick: number;
      readonly sent: Sent;
      readonly usage: Usage;
      readonly parts: readonly Uint8Array[];
    }
  | { readonly type: 'answered'; readonly id: Id; readonly state: 'receipted' }
  /** The payee's refusal goes with it: the service gives the money back for it. */
  | {
      readonly type: 'answered';
      readonly id: Id;
      readonly state: 'refused';
      readonly parts: readonly Uint8Array[];
    }
  | { readonly type: 'taken'; readonly taken: Taken; readonly parts: readonly Uint8Array[] }
  | {
      readonly type: 'refused';
      readonly tick: number;
      readonly refused: Refused;
      readonly parts: readonly Uint8Array[];
    }
  /** Two claims of one purse with a common slot: guilt, kept for the service. */
  | { readonly type: 'evidence'; readonly purse: Id; readonly parts: readonly Uint8Array[] }
  | { readonly type: 'reported'; readonly reported: Reported }
  | { readonly type: 'settled'; readonly sequence: number }
  | { readonly type: 'frozen'; readonly tick: number }
  | { readonly type: 'closed'; readonly tick: number; readonly parts: readonly Uint8Array[] }
  | { readonly type: 'clock'; readonly generation: number; readonly epoch: number };

export interface Book {
  readonly purse: Purse | null;
  /** The counter's value once the newest ticking entry is complete. */
  readonly tick: number;
  readonly isFrozen: boolean;
  readonly isClosed: boolean;
  readonly ordinal: number;
  readonly slots: number;
  /** T. */
  readonly spent: number;
  readonly received: number;
  readonly usage: Usage;
  readonly sent: readonly Sent[];
  readonly taken: readonly Taken[];
  readonly refused: readonly Refused[];
  readonly sales: readonly Sale[];
  readonly nextNumber: number;
  readonly sequence: number;
  readonly reported: Reported | null;
  readonly accused: readonly Id[];
  readonly generation: number;
  readonly epoch: number;
}

export const blank: Book = {
  purse: null,
  tick: 0,
  isFrozen: false,
  isClosed: false,
  ordinal: 0,
  slots: 0,
  spent: 0,
  received: 0,
  usage: unused,
  sent: [],
  taken: [],
  refused: [],
  sales: [],
  nextNumber: 1,
  sequence: 0,
  reported: null,
  accused: [],
  generation: 0,
  epoch: 0,
};

/** What is held: budget and what came in, less what went out. */
export function balanceOf({ purse, received, spent }: Book): number {
  return purse ? purse.budget + received - spent : 0;
}

/** What the purse can still prove and may spend. What was received counts where the tier lets it be spent again, up to
 * the holding limit: the excess of late payments stays frozen until a sync. */
export function spendableOf(book: Book): number {
  const { purse, received, spent } = book;
  if (!purse) return 0;
  const again = Math.min(received, purse.respendMax);
  return Math.min(purse.budget + again - spent, purse.holding);
}

export function openUnits(book: Book): number {
  let units = 0;
  for (const sale of book.sales) if (sale.state === 'open') units += sale.amount;
  return units;
}

/** Whether the journal still holds something that the service has not acknowledged. */
export function isUnsettled({ sent, taken, refused }: Book): boolean {
  return sent.length + taken.length + refused.length > 0;
}
