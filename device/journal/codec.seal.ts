/** A book in a seal: what its entries have left behind. The lists of claims and refusals are the entries that still live.
 *
 * seal = ... | live numbers: sent, taken, refused, evidence, close, from which on (4 each) | states of sent claims |
 * numbers, flags, purse, limits used | report under way | sales | accused purses
 *
 * 1. Seal and live entries give the same book. (test/device/journal.ledger.test.ts)
 */
import { type Book, blank, type Sale, type Sent } from '../wallet/book.ts';
import { putPurse, putUsage, takePurse, takeUsage } from './codec.purse.ts';
import { newSeal, sealAt } from './journal.ts';
import {
  type Fields,
  openFields,
  putByte,
  putLong,
  putText,
  putWord,
  takeByte,
  takeLong,
  takeText,
  takeWord,
} from './record.ts';

/** The numbers of the oldest live entry of each kind; 0 where none lives. */
export interface Alive {
  readonly sent: number;
  readonly taken: number;
  readonly refused: number;
  readonly evidence: number;
  readonly close: number;
}

const saleStates = ['open', 'paid', 'cancelled', 'expired'] as const;
const sentStates = ['pending', 'receipted', 'refused'] as const;

function putSale(fields: Fields, sale: Sale): void {
  putWord(fields, sale.number);
  putLong(fields, sale.price);
  putLong(fields, sale.units);
  putByte(fields, saleStates.indexOf(sale.state));
  putText(fields, sale.claim);
  putText(fields, sale.refused);
}

function takeSale(fields: Fields): Sale {
  const number = takeWord(fields);
  const price = takeLong(fields);
  const units = takeLong(fields);
  const state = saleStates[takeByte(fields)]!;
  const claim = takeText(fields);
  return { number, price, units, amount: price * units, state, claim, refused: takeText(fields) };
}

function putSums(fields: Fields, book: Book): void {
  putWord(fields, book.tick);
  putWord(fields, book.ordinal);
  putWord(fields, book.slots);
  putLong(fields, book.spent);
  putLong(fields, book.received);
  putWord(fields, book.nextNumber);
  putWord(fields, book.sequence);
  putWord(fields, book.generation);
  putWord(fields, book.epoch);
  putUsage(fields, book.usage);
  putByte(
    fields,
    (book.isFrozen ? 1 : 0) + (book.isClosed ? 2 : 0) + (book.purse ? 4 : 0) + (book.reported ? 8 : 0),
  );
  if (book.purse) putPurse(fields, book.purse);
  if (!book.reported) return;
  putWord(fields, book.reported.sequence);
  putWord(fields, book.reported.sent);
  putWord(fields, book.reported.taken);
  putWord(fields, book.reported.refused);
}

function takeSums(fields: Fields): Book {
  const tick = takeWord(fields);
  const ordinal = takeWord(fields);
  const slots = takeWord(fields);
  const spent = takeLong(fields);
  const received = takeLong(fields);
  const nextNumber = takeWord(fields);
  const sequence = takeWord(fields);
  const generation = takeWord(fields);
  const epoch = takeWord(fields);
  const usage = takeUsage(fields);
  const flags = takeByte(fields);
  const purse = flags & 4 ? takePurse(fields) : null;
  const reported = flags & 8 ? takeReported(fields) : null;
  const state = { isFrozen: (flags & 1) !== 0, isClosed: (flags & 2) !== 0, purse, reported, usage };
  const sums = { tick, ordinal, slots, spent, received, nextNumber, sequence, generation, epoch };
  return { ...blank, ...state, ...sums };
}

function takeReported(fields: Fields): NonNullable<Book['reported']> {
  const sequence = takeWord(fields);
  const sent = takeWord(fields);
  const taken = takeWord(fields);
  return { sequence, sent, taken, refused: takeWord(fields) };
}

function putBook(fields: Fields, book: Book, alive: Alive): void {
  putWord(fields, alive.sent);
  putWord(fields, alive.taken);
  putWord(fields, alive.refused);
  putWord(fields, alive.evidence);
  putWord(fields, alive.close);
  putWord(fields, book.sent.length);
  for (const { state } of book.sent) putByte(fields, sentStates.indexOf(state));
  putSums(fields, book);
  putWord(fields, book.sales.length);
  for (const sale of book.sales) putSale(fields, sale);
  putWord(fields, book.accused.length);
  for (const purse of book.accused) putText(fields, purse);
}

const saleBytesMax = 4 + 8 + 8 + 1;

/** An upper bound, so that no field is ever measured twice. */
function boundOf({ sent, purse, sales, accused }: Book): number {
  let bound = 160 + sent.length;
  if (purse)
    bound += 96 + purse.id.length + 8 * (purse.caps.length + purse.payeeClasses.length + purse.steps.length);
  for (const { claim, refused } of sales) bound += saleBytesMax + 2 + claim.length + refused.length;
  for (const each of accused) bound += 1 + each.length;
  return bound;
}

export function encodeSeal(book: Book, alive: Alive): Uint8Array {
  const fields = openFields(new Uint8Array(boundOf(book)), 0);
  putBook(fields, book, alive);
  const seal = newSeal(fields.at);
  seal.set(fields.bytes.subarray(0, fields.at), sealAt);
  return seal;
}

export interface Sealed {
  readonly alive: Alive;
  readonly states: readonly Sent['state'][];
  readonly book: Book;
}

export function parseSeal(bytes: Uint8Array): Sealed {
  const fields = openFields(bytes, sealAt);
  const sent = takeWord(fields);
  const taken = takeWord(fields);
  const refused = takeWord(fields);
  const evidence = takeWord(fields);
  const close = takeWord(fields);
  const states: Sent['state'][] = [];
  for (let rest = takeWord(fields); rest > 0; rest--) states.push(sentStates[takeByte(fields)]!);
  const sums = takeSums(fields);
  const sales: Sale[] = [];
  for (let rest = takeWord(fields); rest > 0; rest--) sales.push(takeSale(fields));
  const accused: string[] = [];
  for (let rest = takeWord(fields); rest > 0; rest--) accused.push(takeText(fields));
  return { alive: { sent, taken, refused, evidence, close }, states, book: { ...sums, sales, accused } };
}
