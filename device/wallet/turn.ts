/** A step of the wallet under way: what happens to it, what it makes the board do, and in which order.
 *
 * A shell carries out effects one by one, in their order, and stops at a power cut. So: record, then tick, then send.
 *
 * 1. Whatever effect the power fails at, the next boot goes on without loss. (test/device/wallet.model.test.ts)
 */
import type { FaultName } from '#circuits/fault.ts';
import type { OwnerLimits } from '#circuits/policy/limits.ts';
import type { Book, Entry, Id, Purse, Reported } from './book.ts';
import { fold } from './fold.ts';

/** A request that the kernel has verified: payee, price, session; and what the shell knows around it. */
export interface Asked {
  readonly id: Id;
  readonly payee: Id;
  /** Null: a challenge, which asks for redelivery alone. */
  readonly number: number | null;
  readonly amount: number;
  readonly payeeClass: number | null;
  /** True where the owner named this payee. */
  readonly isListed: boolean;
  /** One side has a network: the claim is settled at once. */
  readonly isOnline: boolean;
  /** A person is there, or has pressed the button for this amount. */
  readonly isPresent: boolean;
  /** It came in this session and is younger than its ttl. */
  readonly isFresh: boolean;
}

/** A claim as its fields say, before any proof is checked; of a request of this purse. */
export interface Shown {
  readonly id: Id;
  readonly purse: Id;
  readonly slots: number;
  readonly amount: number;
  readonly number: number;
  /** True where the payer brought the request back from an earlier session. */
  readonly isLate: boolean;
  /** The signed claim, to be kept. */
  readonly bytes: Uint8Array;
}

export type Event =
  | { readonly type: 'open'; readonly purse: Purse }
  | { readonly type: 'sell'; readonly price: number; readonly units: number }
  | { readonly type: 'end'; readonly number: number; readonly state: 'cancelled' | 'expired' }
  | { readonly type: 'asked'; readonly asked: Asked }
  | { readonly type: 'shown'; readonly shown: Shown }
  /** The kernel's answer to a `verify` effect. */
  | { readonly type: 'verified'; readonly shown: Shown; readonly fault: FaultName | null }
  | { readonly type: 'receipt'; readonly id: Id }
  | { readonly type: 'refusal'; readonly id: Id; readonly bytes: Uint8Array }
  | { readonly type: 'report' }
  | { readonly type: 'statement'; readonly sequence: number; readonly isFrozen: boolean }
  | { readonly type: 'close'; readonly nonce: Uint8Array }
  | { readonly type: 'beacon'; readonly generation: number; readonly epoch: number };

export type Effect =
  | { readonly type: 'record'; readonly entry: Entry }
  | { readonly type: 'tick'; readonly to: number }
  /** From the journal: claim, the payee's request, and the proof whose hash the claim holds. */
  | { readonly type: 'sendPayment'; readonly id: Id }
  | { readonly type: 'sendReceipt'; readonly id: Id; readonly amount: number }
  | { readonly type: 'sendRefusal'; readonly id: Id }
  | { readonly type: 'sendReport'; readonly reported: Reported }
  | { readonly type: 'sendClose' }
  /** Unsigned: it moves nothing. */
  | { readonly type: 'sayFault'; readonly fault: FaultName }
  | { readonly type: 'verify'; readonly shown: Shown }
  /** Amount and mode before consent. */
  | { readonly type: 'askPerson'; readonly amount: number; readonly isOnline: boolean }
  /** The next idle proof, in the background. */
  | { readonly type: 'prove' };

/** What the kernel signs for the wallet. The position that it goes on from stays with it and the journal. */
export interface Desk {
  claim(answer: {
    readonly asked: Asked;
    readonly ordinal: number;
    readonly slots: number;
    readonly theta: number;
  }): { readonly id: Id; readonly parts: readonly Uint8Array[] };
  refusal(id: Id): Uint8Array;
  close(closing: {
    readonly book: Book;
    readonly nonce: Uint8Array;
    readonly isStale: boolean;
  }): readonly Uint8Array[];
}

/** What the owner and the board set. */
export interface Settings {
  readonly limits: OwnerLimits;
  /** Above this amount a person must be there. */
  readonly presenceUnits: number;
  /** Room of the journal: claims out with their requests, claims in, refusals. */
  readonly sentMax: number;
  readonly takenMax: number;
  readonly refusedMax: number;
  readonly salesMax: number;
  /** Last value of the counter that may be used. */
  readonly tickMax: number;
}

export interface Wallet {
  readonly book: Book;
  /** The journal is older than the counter: pays and credits no more, see protocol section 6 of SPEC. */
  readonly isStale: boolean;
  readonly settings: Settings;
  readonly desk: Desk;
}

export interface Turn {
  wallet: Wallet;
  readonly effects: Effect[];
}

export function record(turn: Turn, entry: Entry): void {
  turn.effects.push({ type: 'record', entry });
  turn.wallet = { ...turn.wallet, book: fold(turn.wallet.book, entry) };
}

/** What decreases value: the record, and the counter that says that there was one. Only then may a byte leave. */
export function commit(turn: Turn, entry: Entry & { readonly tick: number }): void {
  record(turn, entry);
  turn.effects.push({ type: 'tick', to: entry.tick });
}

export function say(turn: Turn, fault: FaultName): void {
  turn.effects.push({ type: 'sayFault', fault });
}

/** The tick of the next entry that decreases value. The last one is kept for the Close. */
export function nextTick({ book, settings }: Wallet, isClose = false): number | null {
  const tick = book.tick + 1;
  return tick <= settings.tickMax - (isClose ? 0 : 1) ? tick : null;
}
