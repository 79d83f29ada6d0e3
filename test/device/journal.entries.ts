/** Random entries of a wallet, of any kind, with a printed seed. */
import type { Entry, Purse } from '#device/wallet/book.ts';
import { openChance } from '#host/emulator/chance.ts';

const largest = 0xffff_ffff;

function openFields(name: string) {
  const seed = process.env.MITE_SEED ?? name;
  console.log(`${name}: MITE_SEED=${seed}`);
  const chance = openChance(seed);
  const word = () => (chance.happens(0.1) ? largest : chance.below(1_000));
  const long = () => (chance.happens(0.1) ? Number.MAX_SAFE_INTEGER : chance.word());
  const id = () => String.fromCharCode(...Array.from({ length: 16 }, () => chance.below(256)));
  const part = (length: number) => Uint8Array.from({ length }, () => chance.below(256));
  const longs = () => Array.from({ length: chance.below(5) }, long);
  const purse = (): Purse => ({
    ...{ id: id(), from: word(), until: word(), budget: long(), caps: longs(), respendMax: long() },
    ...{ minimum: long(), maximum: long(), payeeClasses: longs(), unlisted: long(), holding: long() },
    ...{ steps: longs(), gap: long() },
  });
  const parts = (max: number) => Array.from({ length: chance.below(4) }, () => part(1 + chance.below(max)));
  const usage = () => ({
    ...{ period: word(), periodUnits: long(), unsyncedUnits: long(), unsyncedPayments: word() },
  });
  return { chance, word, long, id, purse, parts, usage };
}

export function openEntries(name: string) {
  const { chance, word, long, id, purse, parts, usage } = openFields(name);
  let tick = 0;
  const paid = (bytes: number): Entry => ({
    type: 'paid',
    tick: ++tick,
    sent: {
      ...{ id: id(), ordinal: tick, slots: chance.word(), amount: word(), payee: id(), number: word() },
      state: 'pending',
    },
    usage: usage(),
    parts: parts(bytes),
  });
  const taken = (bytes: number): Entry => ({
    type: 'taken',
    taken: { id: id(), purse: id(), slots: chance.word(), amount: word(), number: word() },
    parts: parts(bytes),
  });
  const refused = (): Entry => ({
    type: 'refused',
    tick: ++tick,
    refused: { id: id(), purse: id(), slots: chance.word(), number: word() },
    parts: parts(80),
  });
  const makers: (() => Entry)[] = [
    () => ({ type: 'opened', purse: purse() }),
    () => ({ type: 'sale', number: word(), price: long(), units: long() }),
    () => ({ type: 'ended', number: word(), state: chance.happens(0.5) ? 'cancelled' : 'expired' }),
    () => paid(100),
    () => ({ type: 'answered', id: id(), state: 'receipted' }),
    () => ({ type: 'answered', id: id(), state: 'refused', parts: parts(80) }),
    () => taken(100),
    refused,
    () => ({ type: 'evidence', purse: id(), parts: parts(100) }),
    () => ({
      type: 'reported',
      reported: { sequence: word(), sent: word(), taken: word(), refused: word() },
    }),
    () => ({ type: 'settled', sequence: word() }),
    () => ({ type: 'frozen', tick: ++tick }),
    () => ({ type: 'closed', tick: ++tick, parts: parts(100) }),
    () => ({ type: 'clock', generation: word(), epoch: word() }),
  ];
  return { chance, id, purse, paid, taken, refused, any: () => makers[chance.below(makers.length)]!() };
}

export type Entries = ReturnType<typeof openEntries>;
