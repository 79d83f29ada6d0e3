/** What the wallet says to the service, and what it does with the answer. */
import { isUnsettled, type Purse } from './book.ts';
import { commit, nextTick, record, say, type Turn } from './turn.ts';

/** The same report until it is acknowledged: the service answers the same bytes with the same statement. */
export function report(turn: Turn): void {
  const { book } = turn.wallet;
  if (!book.reported && isUnsettled(book)) {
    const { sent, taken, refused } = book;
    const reported = {
      sequence: book.sequence + 1,
      sent: sent.length,
      taken: taken.length,
      refused: refused.length,
    };
    record(turn, { type: 'reported', reported });
  }
  const { reported } = turn.wallet.book;
  if (reported) turn.effects.push({ type: 'sendReport', reported });
}

export function takeStatement(turn: Turn, sequence: number, isFrozen: boolean): void {
  const { book } = turn.wallet;
  if (book.reported?.sequence === sequence) record(turn, { type: 'settled', sequence });
  if (!isFrozen || book.isFrozen) return;
  const tick = nextTick(turn.wallet);
  if (tick !== null) commit(turn, { type: 'frozen', tick });
}

/** Ends the purse: only when nothing is left to report, or from a stale image, which opens nothing. */
export function close(turn: Turn, nonce: Uint8Array): void {
  const { wallet } = turn;
  const { book, desk, isStale } = wallet;
  if (!book.purse) return;
  if (book.isClosed) {
    turn.effects.push({ type: 'sendClose' });
    return;
  }
  if (!isStale && isUnsettled(book)) {
    say(turn, 'unreported');
    return;
  }
  const tick = isStale ? book.tick : nextTick(wallet, true);
  if (tick === null) {
    say(turn, 'counter');
    return;
  }
  const parts = desk.close({ book, nonce, isStale });
  if (isStale) record(turn, { type: 'closed', tick, parts });
  else commit(turn, { type: 'closed', tick, parts });
  turn.effects.push({ type: 'sendClose' });
}

/** The next purse begins when the one before is closed, or at all where there was none. */
export function openPurse(turn: Turn, purse: Purse): void {
  const { book } = turn.wallet;
  if (book.purse && !book.isClosed) say(turn, 'closed');
  else {
    record(turn, { type: 'opened', purse });
    turn.effects.push({ type: 'prove' });
  }
}

/** The clock moves forward; `adopt` has checked by how much. */
export function takeBeacon(turn: Turn, generation: number, epoch: number): void {
  const { book } = turn.wallet;
  if (generation > book.generation || (generation === book.generation && epoch > book.epoch))
    record(turn, { type: 'clock', generation, epoch });
}
