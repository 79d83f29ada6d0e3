/** An entry of the wallet as an entry of the journal.
 *
 * payload with parts = lengths of four parts (2 each; 0 where there is none) | each part, padded to whole words | fields
 * payload without    = fields
 * So the first part (the signed claim of a payment) lies at the same offset always, and a kernel call finds each part at
 * an address of whole words. Fields are in the order in which the functions below put them.
 *
 * 1. An entry comes back as it went. (test/device/journal.codec.test.ts)
 */
import type { Entry } from '../wallet/book.ts';
import { putPurse, putUsage, takePurse, takeUsage } from './codec.purse.ts';
import { kindMin } from './journal.ts';
import { newEntry, payloadAt } from './page.ts';
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

const partsMax = 4;
/** Of a payload with parts: where the first begins. */
export const partsAt = payloadAt + 2 * partsMax;

export const entryKinds = {
  opened: kindMin,
  sale: kindMin + 1,
  ended: kindMin + 2,
  paid: kindMin + 3,
  receipted: kindMin + 4,
  refusal: kindMin + 5,
  taken: kindMin + 6,
  refused: kindMin + 7,
  evidence: kindMin + 8,
  reported: kindMin + 9,
  settled: kindMin + 10,
  frozen: kindMin + 11,
  closed: kindMin + 12,
  clock: kindMin + 13,
} as const;

type Answer = Entry & { readonly type: 'answered' };

const kindOf = (entry: Entry): number => {
  if (entry.type !== 'answered') return entryKinds[entry.type];
  return entry.state === 'refused' ? entryKinds.refusal : entryKinds.receipted;
};

/** Of the fields of any entry but a purse's: ids are of at most 64 characters. */
const fieldBytesMax = 256;
const purseBytesMax = 1024;

const padded = (bytes: number) => (bytes + 3) & ~3;

export function partsOf(entry: Entry): readonly Uint8Array[] {
  return 'parts' in entry ? entry.parts : [];
}

const hasParts = (kind: number): boolean =>
  kind === entryKinds.paid ||
  (kind >= entryKinds.refusal && kind <= entryKinds.evidence) ||
  kind === entryKinds.closed;

function putItem(fields: Fields, entry: Entry): void {
  if (entry.type === 'paid') {
    const { tick, sent, usage } = entry;
    putWord(fields, tick);
    putWord(fields, sent.ordinal);
    putWord(fields, sent.slots);
    putLong(fields, sent.amount);
    putWord(fields, sent.number);
    putText(fields, sent.id);
    putText(fields, sent.payee);
    putUsage(fields, usage);
  } else if (entry.type === 'taken') {
    const { taken } = entry;
    putLong(fields, taken.amount);
    putWord(fields, taken.slots);
    putWord(fields, taken.number);
    putText(fields, taken.id);
    putText(fields, taken.purse);
  } else if (entry.type === 'refused') {
    const { tick, refused } = entry;
    putWord(fields, tick);
    putWord(fields, refused.slots);
    putWord(fields, refused.number);
    putText(fields, refused.id);
    putText(fields, refused.purse);
  } else putRest(fields, entry);
}

function putRest(fields: Fields, entry: Entry): void {
  if (entry.type === 'opened') putPurse(fields, entry.purse);
  else if (entry.type === 'sale') {
    putWord(fields, entry.number);
    putLong(fields, entry.price);
    putLong(fields, entry.units);
  } else if (entry.type === 'ended') {
    putWord(fields, entry.number);
    putByte(fields, entry.state === 'cancelled' ? 0 : 1);
  } else if (entry.type === 'answered') putText(fields, entry.id);
  else if (entry.type === 'evidence') putText(fields, entry.purse);
  else if (entry.type === 'reported') {
    putWord(fields, entry.reported.sequence);
    putWord(fields, entry.reported.sent);
    putWord(fields, entry.reported.taken);
    putWord(fields, entry.reported.refused);
  } else if (entry.type === 'settled') putWord(fields, entry.sequence);
  else if (entry.type === 'frozen' || entry.type === 'closed') putWord(fields, entry.tick);
  else if (entry.type === 'clock') {
    putWord(fields, entry.generation);
    putWord(fields, entry.epoch);
  }
}

/** Ready for the journal. */
export function encodeEntry(entry: Entry): Uint8Array {
  const kind = kindOf(entry);
  const fields = openFields(new Uint8Array(entry.type === 'opened' ? purseBytesMax : fieldBytesMax), 0);
  putItem(fields, entry);
  const parts = partsOf(entry);
  let at = hasParts(kind) ? partsAt : payloadAt;
  for (const part of parts) at += padded(part.length);
  const bytes = newEntry(kind, at - payloadAt + fields.at);
  bytes.set(fields.bytes.subarray(0, fields.at), at);
  at = partsAt;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i]!;
    bytes[payloadAt + 2 * i] = part.length & 0xff;
    bytes[payloadAt + 2 * i + 1] = part.length >> 8;
    bytes.set(part, at);
    at += padded(part.length);
  }
  return bytes;
}

/** Parts are views of the entry. */
function takeParts(fields: Fields): Uint8Array[] {
  const { bytes } = fields;
  const parts: Uint8Array[] = [];
  fields.at = partsAt;
  for (let i = 0; i < partsMax; i++) {
    const length = bytes[payloadAt + 2 * i]! + bytes[payloadAt + 2 * i + 1]! * 256;
    if (length) parts.push(bytes.subarray(fields.at, fields.at + length));
    fields.at += padded(length);
  }
  return parts;
}

function takePaid(fields: Fields, parts: Uint8Array[]): Entry {
  const tick = takeWord(fields);
  const ordinal = takeWord(fields);
  const slots = takeWord(fields);
  const amount = takeLong(fields);
  const number = takeWord(fields);
  const id = takeText(fields);
  const payee = takeText(fields);
  const sent = { id, ordinal, slots, amount, payee, number, state: 'pending' as const };
  return { type: 'paid', tick, sent, usage: takeUsage(fields), parts };
}

function takeTaken(fields: Fields, parts: Uint8Array[]): Entry {
  const amount = takeLong(fields);
  const slots = takeWord(fields);
  const number = takeWord(fields);
  const id = takeText(fields);
  return { type: 'taken', taken: { id, purse: takeText(fields), slots, amount, number }, parts };
}

function takeRefused(fields: Fields, parts: Uint8Array[]): Entry {
  const tick = takeWord(fields);
  const slots = takeWord(fields);
  const number = takeWord(fields);
  const id = takeText(fields);
  return { type: 'refused', tick, refused: { id, purse: takeText(fields), slots, number }, parts };
}

function takeReported(fields: Fields): Entry {
  const sequence = takeWord(fields);
  const sent = takeWord(fields);
  const taken = takeWord(fields);
  return { type: 'reported', reported: { sequence, sent, taken, refused: takeWord(fields) } };
}

function takeSale(fields: Fields): Entry {
  const number = takeWord(fields);
  const price = takeLong(fields);
  return { type: 'sale', number, price, units: takeLong(fields) };
}

const takeAnswer = (fields: Fields): Answer => ({
  type: 'answered',
  id: takeText(fields),
  state: 'receipted',
});

/** Of an entry of the journal that holds. */
export function parseEntry(bytes: Uint8Array): Entry {
  const kind = bytes[0]!;
  const fields = openFields(bytes, payloadAt);
  const parts = hasParts(kind) ? takeParts(fields) : [];
  if (kind === entryKinds.opened) return { type: 'opened', purse: takePurse(fields) };
  if (kind === entryKinds.sale) return takeSale(fields);
  if (kind === entryKinds.paid) return takePaid(fields, parts);
  if (kind === entryKinds.receipted) return takeAnswer(fields);
  if (kind === entryKinds.refusal) return { type: 'answered', id: takeText(fields), state: 'refused', parts };
  if (kind === entryKinds.taken) return takeTaken(fields, parts);
  if (kind === entryKinds.refused) return takeRefused(fields, parts);
  if (kind === entryKinds.evidence) return { type: 'evidence', purse: takeText(fields), parts };
  if (kind === entryKinds.reported) return takeReported(fields);
  if (kind === entryKinds.settled) return { type: 'settled', sequence: takeWord(fields) };
  if (kind === entryKinds.frozen) return { type: 'frozen', tick: takeWord(fields) };
  if (kind === entryKinds.closed) return { type: 'closed', tick: takeWord(fields), parts };
  const number = takeWord(fields);
  if (kind === entryKinds.ended)
    return { type: 'ended', number, state: takeByte(fields) ? 'expired' : 'cancelled' };
  return { type: 'clock', generation: number, epoch: takeWord(fields) };
}
