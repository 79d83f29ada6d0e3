/** The payer's rules: what it offers again, when it pays, and with which slots. */
import type { FaultName } from '#circuits/fault.ts';
import { forbids, strangerSlotsMax, usageAfter } from '#circuits/policy/limits.ts';
import { chooseSlots, thetaFor } from '#circuits/policy/slots.ts';
import { type Id, type Sent, spendableOf } from './book.ts';
import { type Asked, commit, nextTick, record, say, type Turn, type Wallet } from './turn.ts';

/** How a payment can be made, or why not. */
type Plan = { readonly slots: number; readonly theta: number; readonly tick: number } | FaultName;

function countBits(bitmap: number): number {
  let bits = 0;
  for (let rest = bitmap; rest !== 0; rest &= rest - 1) bits += 1;
  return bits;
}

/** Why this purse pays nobody, whoever asks. */
function unable({ book, isStale }: Wallet): FaultName | null {
  if (isStale) return 'stale';
  if (!book.purse || book.isClosed || book.isFrozen) return 'closed';
  return book.epoch > book.purse.until ? 'expired' : null;
}

/** Slots that this stranger holds already, in claims that the service has not settled. */
function heldBy(sent: readonly Sent[], payee: Id): number {
  let slots = 0;
  for (const each of sent) if (each.payee === payee) slots |= each.slots;
  return slots;
}

function checkStranger(wallet: Wallet, asked: Asked, slots: number): boolean {
  const { purse, sent } = wallet.book;
  if (asked.isListed || asked.isPresent) return true;
  return countBits(slots | heldBy(sent, asked.payee)) <= strangerSlotsMax(purse!.caps.length);
}

function plan(wallet: Wallet, asked: Asked): Plan {
  const { book, settings } = wallet;
  const reason = unable(wallet);
  if (reason) return reason;
  const purse = book.purse!;
  const intent = { ...asked, online: asked.isOnline, epoch: book.epoch };
  const forbidden = forbids(purse, settings.limits, book.usage, intent);
  if (forbidden) return forbidden;
  const rest = spendableOf(book);
  if (asked.amount > rest) return 'funds';
  if (book.sent.length >= settings.sentMax) return 'full';
  const slots = chooseSlots(purse.caps, book.slots, asked.amount);
  if (slots === 0) return 'slots';
  if (!checkStranger(wallet, asked, slots)) return 'condition';
  const tick = nextTick(wallet);
  return tick === null ? 'counter' : { slots, theta: thetaFor(purse.steps, rest, asked.amount), tick };
}

/** Offers again what this payee has not acknowledged: it does so before it takes a new request. */
function offerPendings(turn: Turn, payee: Id): void {
  for (const { id, payee: to, state } of turn.wallet.book.sent)
    if (to === payee && state === 'pending') turn.effects.push({ type: 'sendPayment', id });
}

const isPaid = ({ book }: Wallet, { payee, number }: Asked) =>
  book.sent.some(sent => sent.payee === payee && sent.number === number && sent.state !== 'refused');

function pay(turn: Turn, asked: Asked, { slots, theta, tick }: Exclude<Plan, FaultName>): void {
  const { book, desk, settings } = turn.wallet;
  const { ordinal } = book;
  const { id, parts } = desk.claim({ asked, ordinal, slots, theta });
  const { amount, payee } = asked;
  const usage = usageAfter(settings.limits, book.usage, {
    ...asked,
    online: asked.isOnline,
    epoch: book.epoch,
  });
  const sent: Sent = { id, ordinal, slots, amount, payee, number: asked.number!, state: 'pending' };
  commit(turn, { type: 'paid', tick, sent, usage, parts });
  turn.effects.push({ type: 'sendPayment', id }, { type: 'prove' });
}

export function takeRequest(turn: Turn, asked: Asked): void {
  offerPendings(turn, asked.payee);
  if (asked.number === null || isPaid(turn.wallet, asked)) return;
  if (!asked.isFresh) {
    say(turn, 'request');
    return;
  }
  const planned = plan(turn.wallet, asked);
  if (typeof planned === 'string') say(turn, planned);
  else if (asked.amount > turn.wallet.settings.presenceUnits && !asked.isPresent)
    turn.effects.push({ type: 'askPerson', amount: asked.amount, isOnline: asked.isOnline });
  else pay(turn, asked, planned);
}

export function takeReceipt(turn: Turn, id: Id): void {
  const sent = turn.wallet.book.sent.find(each => each.id === id);
  if (sent?.state === 'pending') record(turn, { type: 'answered', id, state: 'receipted' });
}

/** The money comes back at the service alone, which is shown the refusal. */
export function takeRefusal(turn: Turn, id: Id, bytes: Uint8Array): void {
  const sent = turn.wallet.book.sent.find(each => each.id === id);
  if (sent?.state === 'pending') record(turn, { type: 'answered', id, state: 'refused', parts: [bytes] });
}
