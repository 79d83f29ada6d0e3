/** What an entry of the journal makes of a book. */
import { synced } from '#circuits/policy/limits.ts';
import { type Book, blank, type Entry, type Id, type Sale, type Sent } from './book.ts';

function withState(sent: readonly Sent[], id: Id, state: Sent['state']): Sent[] {
  return sent.map(each => (each.id === id ? { ...each, state } : each));
}

function endSale(sales: readonly Sale[], number: number, state: Sale['state'], claim: Id): Sale[] {
  return sales.map(sale => (sale.number === number ? { ...sale, state, claim } : sale));
}

function foldPaid(book: Book, entry: Entry & { type: 'paid' }): Book {
  const { sent, usage, tick } = entry;
  return {
    ...book,
    tick,
    usage,
    ordinal: sent.ordinal + 1,
    slots: (book.slots | sent.slots) >>> 0,
    spent: book.spent + sent.amount,
    sent: book.sent.concat([sent]),
  };
}

function foldTaken(book: Book, { taken }: Entry & { type: 'taken' }): Book {
  return {
    ...book,
    received: book.received + taken.amount,
    taken: book.taken.concat([taken]),
    sales: endSale(book.sales, taken.number, 'paid', taken.id),
  };
}

function foldRefused(book: Book, { tick, refused }: Entry & { type: 'refused' }): Book {
  const { id, number } = refused;
  const sales = book.sales.map(sale => (sale.number === number ? { ...sale, refused: id } : sale));
  return { ...book, tick, sales, refused: book.refused.concat([refused]) };
}

/** What the report held is the service's now. The numbers of its sales stay: nobody pays one twice. */
function foldSettled(book: Book, sequence: number): Book {
  const { reported } = book;
  if (!reported || reported.sequence !== sequence) return book;
  return {
    ...book,
    reported: null,
    usage: synced(book.usage),
    sent: book.sent.slice(reported.sent),
    taken: book.taken.slice(reported.taken),
    refused: book.refused.slice(reported.refused),
  };
}

/** The next purse. The counter and the clock go on; the last request number does too, so that it is never used again. */
function foldOpened(book: Book, { purse }: Entry & { type: 'opened' }): Book {
  const { tick, nextNumber, sequence, generation, epoch, usage } = book;
  return { ...blank, purse, tick, nextNumber, sequence, generation, epoch, usage };
}

export function fold(book: Book, entry: Entry): Book {
  switch (entry.type) {
    case 'opened':
      return foldOpened(book, entry);
    case 'sale': {
      const { number, price, units } = entry;
      const sale: Sale = {
        number,
        price,
        units,
        amount: price * units,
        state: 'open',
        claim: '',
        refused: '',
      };
      return { ...book, nextNumber: number + 1, sales: book.sales.concat([sale]) };
    }
    case 'ended':
      return { ...book, sales: endSale(book.sales, entry.number, entry.state, '') };
    case 'paid':
      return foldPaid(book, entry);
    case 'answered':
      return { ...book, sent: withState(book.sent, entry.id, entry.state) };
    case 'taken':
      return foldTaken(book, entry);
    case 'refused':
      return foldRefused(book, entry);
    case 'evidence':
      return { ...book, accused: book.accused.concat([entry.purse]) };
    case 'reported':
      return { ...book, reported: entry.reported, sequence: entry.reported.sequence };
    case 'settled':
      return foldSettled(book, entry.sequence);
    case 'frozen':
      return { ...book, tick: entry.tick, isFrozen: true };
    case 'closed':
      return { ...book, tick: entry.tick, isClosed: true };
    default:
      return { ...book, generation: entry.generation, epoch: entry.epoch };
  }
}
