/** Rules of the wallet at their edges: the last value that passes, and one more. */
import { expect, test } from 'vitest';
import { type Book, blank, type Purse } from '#device/wallet/book.ts';
import { fold } from '#device/wallet/fold.ts';
import { step } from '#device/wallet/step.ts';
import type { Asked, Desk, Effect, Event, Settings, Wallet } from '#device/wallet/turn.ts';

const nothing = new Uint8Array(0);
const desk: Desk = {
  claim: ({ ordinal }) => ({ id: `claim ${ordinal}`, parts: [nothing] }),
  refusal: () => nothing,
  close: () => [nothing],
};
const unitsMax = 0xffff_ffff;
const settings: Settings = {
  limits: {
    paymentUnitsMax: unitsMax,
    periodEpochs: 1,
    periodUnitsMax: unitsMax,
    unsyncedUnitsMax: unitsMax,
    unsyncedPaymentsMax: 100,
    payeeClasses: [],
  },
  presenceUnits: 500,
  sentMax: 4,
  takenMax: 8,
  refusedMax: 4,
  salesMax: 8,
  tickMax: 100,
};
const purse: Purse = {
  id: 'own',
  from: 0,
  until: 30,
  budget: 5_000,
  caps: [1_000, 1_000, 1_000, 2_000],
  respendMax: 0,
  minimum: 10,
  maximum: 4_000,
  payeeClasses: [],
  unlisted: 100,
  holding: 15_000,
  steps: [4_000, 500],
  gap: 14,
};

function walletOf(
  change: Partial<Purse> = {},
  set: Partial<Settings> = {},
  book: Partial<Book> = {},
): Wallet {
  const opened = fold(blank, { type: 'opened', purse: { ...purse, ...change } });
  return { book: { ...opened, ...book }, isStale: false, settings: { ...settings, ...set }, desk };
}

function after(wallet: Wallet, events: readonly Event[]): { wallet: Wallet; effects: readonly Effect[] } {
  return events.reduce<{ wallet: Wallet; effects: readonly Effect[] }>(
    ({ wallet: before }, event) => step(before, event),
    { wallet, effects: [] },
  );
}

const said = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.type === 'sayFault' ? [effect.fault] : []));
const kinds = (effects: readonly Effect[]) => effects.map(({ type }) => type);
const sell = (price: number): Event => ({ type: 'sell', price, units: 1 });

const asked = (amount: number, more: Partial<Asked> = {}): Event => ({
  type: 'asked',
  asked: {
    ...{ id: 'request', payee: 'shop', number: 1, amount, payeeClass: null },
    ...{ isListed: true, isOnline: false, isPresent: false, isFresh: true },
    ...more,
  },
});

test('[A6 core] balance, open requests and a new one stay within the holding limit', () => {
  const open = [sell(4_000), sell(3_000)];
  expect(said(after(walletOf(), [...open, sell(3_000)]).effects)).toEqual([]);
  expect(said(after(walletOf(), [...open, sell(3_001)]).effects)).toEqual(['holding']);
  expect(said(after(walletOf(), [sell(4_000), sell(3_001), sell(3_000)]).effects)).toEqual(['holding']);
  expect(said(after(walletOf({ budget: 5_001 }), [...open, sell(3_000)]).effects)).toEqual(['holding']);
  expect(said(after(walletOf({ budget: unitsMax }), [sell(1)]).effects)).toEqual(['holding']);
});

test('a sale is recorded; a payment is recorded and counted before it leaves', () => {
  expect(kinds(after(walletOf(), [sell(10)]).effects)).toEqual(['record']);
  const { effects } = after(walletOf(), [asked(300)]);
  expect(kinds(effects)).toEqual(['record', 'tick', 'sendPayment', 'prove']);
});

test('a stranger gets a quarter of the slots, and one where there are few, over all that it holds', () => {
  const strange = { isListed: false };
  const present = { presenceUnits: unitsMax };
  // One slot covers 2,000; 2,001 needs two of the four.
  expect(said(after(walletOf({}, present), [asked(2_000, strange)]).effects)).toEqual([]);
  expect(said(after(walletOf({}, present), [asked(2_001, strange)]).effects)).toEqual(['condition']);
  expect(said(after(walletOf({}, present), [asked(2_001)]).effects)).toEqual([]);
  expect(said(after(walletOf({}, present), [asked(2_001, { ...strange, isPresent: true })]).effects)).toEqual(
    [],
  );
  const second = asked(100, { ...strange, number: 2 });
  expect(said(after(walletOf(), [asked(100, strange), second]).effects)).toEqual(['condition']);
  const other = asked(100, { ...strange, payee: 'kiosk' });
  expect(said(after(walletOf(), [asked(100, strange), other]).effects)).toEqual([]);
});

test('[B22 core] above the threshold a person is asked, with the amount, and nothing is recorded', () => {
  expect(kinds(after(walletOf(), [asked(500)]).effects)).toContain('record');
  expect(after(walletOf(), [asked(501)]).effects).toEqual([
    { type: 'askPerson', amount: 501, isOnline: false },
  ]);
  expect(kinds(after(walletOf(), [asked(501, { isPresent: true })]).effects)).toContain('record');
});

test('what cannot be paid is refused by its reason, and nothing is recorded', () => {
  const refusals: [Wallet, Event, string][] = [
    [walletOf({ budget: 299 }), asked(300), 'funds'],
    [walletOf({ caps: [100] }), asked(300), 'slots'],
    [walletOf({}, { sentMax: 0 }), asked(300), 'full'],
    [walletOf({}, { tickMax: 1 }), asked(300), 'counter'],
    [walletOf({}, {}, { epoch: 31 }), asked(300), 'expired'],
    [walletOf({}, {}, { isFrozen: true }), asked(300), 'closed'],
    [{ ...walletOf(), isStale: true }, asked(300), 'stale'],
    [walletOf(), asked(9), 'amount'],
    [walletOf(), asked(300, { isFresh: false }), 'request'],
  ];
  for (const [wallet, event, fault] of refusals) {
    const { effects } = step(wallet, event);
    expect(effects).toEqual([{ type: 'sayFault', fault }]);
  }
});

test('[D3 core] the last tick is kept for the Close', () => {
  const { wallet, effects } = after(walletOf({}, { tickMax: 1 }), [{ type: 'close', nonce: nothing }]);
  expect(kinds(effects)).toEqual(['record', 'tick', 'sendClose']);
  expect(wallet.book.isClosed).toBe(true);
});
