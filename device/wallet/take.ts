/** The payee's rules: what it asks for, what it books, once, and what it refuses for ever. */
import type { FaultName } from '#circuits/fault.ts';
import { type Book, balanceOf, openUnits, type Sale, type Taken } from './book.ts';
import { commit, nextTick, record, type Shown, say, type Turn, type Wallet } from './turn.ts';

/** Why this purse takes nothing, and refuses nothing either. */
function unable({ book, isStale }: Wallet): FaultName | null {
  if (isStale) return 'stale';
  return !book.purse || book.isClosed ? 'closed' : null;
}

export function sell(turn: Turn, price: number, units: number): void {
  const { wallet } = turn;
  const { book, settings } = wallet;
  const reason = unable(wallet) ?? (book.isFrozen ? 'closed' : null);
  const amount = price * units;
  if (reason) say(turn, reason);
  else if (amount < 1 || amount > 0xffff_ffff) say(turn, 'amount');
  else if (balanceOf(book) + openUnits(book) + amount > book.purse!.holding) say(turn, 'holding');
  else if (!hasRoom(book, wallet.settings.takenMax) || openSales(book) >= settings.salesMax)
    say(turn, 'full');
  else record(turn, { type: 'sale', number: book.nextNumber, price, units });
}

const openSales = ({ sales }: Book) => sales.filter(({ state }) => state === 'open').length;

/** An open sale keeps room for the claim that pays it. */
const hasRoom = (book: Book, takenMax: number) => book.taken.length + openSales(book) < takenMax;

export function endSale(turn: Turn, number: number, state: 'cancelled' | 'expired'): void {
  const sale = turn.wallet.book.sales.find(each => each.number === number);
  if (sale?.state === 'open') record(turn, { type: 'ended', number, state });
}

const overlaps = (taken: Taken, shown: Shown) =>
  taken.purse === shown.purse && (taken.slots & shown.slots) !== 0;

/** True where the claim, or another one in its slot, was here before. */
function answerKnown(turn: Turn, shown: Shown): boolean {
  const { book } = turn.wallet;
  const { id } = shown;
  const paid = book.sales.some(sale => sale.claim === id);
  if (paid || book.taken.some(taken => taken.id === id)) {
    turn.effects.push({ type: 'sendReceipt', id, amount: shown.amount });
    return true;
  }
  if (book.sales.some(sale => sale.refused === id) || book.refused.some(refused => refused.id === id)) {
    turn.effects.push({ type: 'sendRefusal', id });
    return true;
  }
  return false;
}

/** Another claim in a slot that this purse has been paid from: kept, once a purse, and neither booked nor refused. */
function keepEvidence(turn: Turn, shown: Shown): boolean {
  const { book } = turn.wallet;
  if (!book.taken.some(taken => overlaps(taken, shown))) return false;
  if (!book.accused.includes(shown.purse))
    record(turn, { type: 'evidence', purse: shown.purse, parts: [shown.bytes] });
  say(turn, 'evidence');
  return true;
}

/** A refusal is final, joins the seen set, and ticks: a restored flash must not forget it. */
function refuse(turn: Turn, shown: Shown): void {
  const { book, desk, settings } = turn.wallet;
  const tick = nextTick(turn.wallet);
  if (tick === null || book.refused.length >= settings.refusedMax) {
    say(turn, 'full');
    return;
  }
  const { id, purse, slots, number } = shown;
  commit(turn, { type: 'refused', tick, refused: { id, purse, slots, number }, parts: [desk.refusal(id)] });
  turn.effects.push({ type: 'sendRefusal', id });
}

/** What is to be done with a claim that was never here, or nothing where that is done. */
function saleFor(turn: Turn, shown: Shown): Sale | null {
  const { wallet } = turn;
  const reason = unable(wallet);
  const sale = wallet.book.sales.find(({ number }) => number === shown.number);
  if (reason) say(turn, reason);
  // Below the floor nothing is known: a signed refusal could contradict a receipt.
  else if (!sale) say(turn, 'service');
  else if (sale.state === 'paid' || sale.state === 'cancelled') refuse(turn, shown);
  else return sale;
  return null;
}

/** True where the claim was never here, answers a sale that takes it, and finds room. Whatever else is to be said is said. */
function isBookable(turn: Turn, shown: Shown): boolean {
  if (answerKnown(turn, shown) || keepEvidence(turn, shown) || !saleFor(turn, shown)) return false;
  const { book, settings } = turn.wallet;
  if (book.taken.length < settings.takenMax) return true;
  say(turn, 'full');
  return false;
}

/** The cheap look before any proof is checked. */
export function takePayment(turn: Turn, shown: Shown): void {
  if (isBookable(turn, shown)) turn.effects.push({ type: 'verify', shown });
}

/** The kernel has checked it. What happened meanwhile counts: all is asked once more. */
export function takeVerified(turn: Turn, shown: Shown, fault: FaultName | null): void {
  if (fault) {
    say(turn, fault);
    return;
  }
  if (!isBookable(turn, shown)) return;
  const { id, purse, slots, amount, number } = shown;
  record(turn, { type: 'taken', taken: { id, purse, slots, amount, number }, parts: [shown.bytes] });
  turn.effects.push({ type: 'sendReceipt', id, amount });
}
