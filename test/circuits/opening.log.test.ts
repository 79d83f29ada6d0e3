/** The opening log is append-only: whoever folds it sees every order and every opening, in one order. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { caseOf, type LogEntry, makeOpening, type OpeningLog, record } from '#circuits/issue/opening.ts';
import { identify } from '#circuits/message/cose.ts';
import { encode, parse } from '#circuits/message/message.ts';
import { type Opening, opening as openingShape } from '#circuits/message/sync.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { Court } from './court.ts';
import { seedOf } from './sample.ts';

const seed = seedOf('opening.log', 'log 1');

describe.each([suite1, suite2])('suite $id', suite => {
  const court = new Court(suite, seed);
  const { trust, emptyLog } = court;
  const purses = ['a', 'b'].map(name => court.makePurse(court.makeDevice(name), name));
  const fold = (entries: readonly LogEntry[]) =>
    entries.reduce((log, entry) => record(trust, log, entry), emptyLog);

  /** Two orders and their openings, interleaved. */
  function history(): LogEntry[] {
    const entries: LogEntry[] = [];
    let log: OpeningLog = emptyLog;
    const add = (entry: LogEntry) => {
      entries.push(entry);
      log = record(trust, log, entry);
    };
    const orders = purses.map(({ certificate }) => {
      const order = court.orderFor(log, identify(suite, certificate));
      add(court.entryOf(order, certificate));
      return identify(suite, order);
    });
    for (const orderId of orders.reverse())
      add(makeOpening(suite, log, orderId, court.answers(log, orderId, [1, 3, 5])));
    return entries;
  }

  const entries = history();
  const head = toHex(fold(entries).head);

  test('the fold gives one head, and both devices', () => {
    expect(toHex(fold(entries).head)).toBe(head);
    expect(fold(entries).sequence).toBe(4);
    expect([...fold(entries).cases.values()].every(({ identity }) => identity)).toBe(true);
  });

  test('no permutation, omission or repetition of entries is a log, but its own beginnings', () => {
    const sequences: number[][] = [];
    const grow = (chosen: number[]) => {
      sequences.push(chosen);
      if (chosen.length < 4) for (let i = 0; i < 4; i++) grow([...chosen, i]);
    };
    grow([]);
    expect(sequences).toHaveLength(341);
    const accepted = sequences.filter(chosen => {
      try {
        fold(chosen.map(i => entries[i]!));
        return true;
      } catch (error) {
        expect(String(error)).toContain('order:');
        return false;
      }
    });
    expect(accepted).toEqual([[], [0], [0, 1], [0, 1, 2], [0, 1, 2, 3]]);
  });

  test('every changed byte of an opening changes the head or is refused', () => {
    const last = entries[3]! as { opening: Uint8Array };
    const before = fold(entries.slice(0, 3));
    let refusals = 0;
    for (let i = 0; i < last.opening.length; i++) {
      const opening = last.opening.slice();
      opening[i]! ^= 1;
      try {
        expect(toHex(record(trust, before, { opening }).head)).not.toBe(head);
      } catch (error) {
        if ((error as Error).name !== 'Fault') throw error;
        refusals += 1;
      }
    }
    expect(refusals).toBe(last.opening.length);
  });

  test('two orders cannot take the same place', () => {
    const one = court.orderFor(emptyLog, identify(suite, purses[0]!.certificate));
    const two = court.orderFor(emptyLog, identify(suite, purses[1]!.certificate));
    const after = record(trust, emptyLog, court.entryOf(one, purses[0]!.certificate));
    expect(() => record(trust, after, court.entryOf(two, purses[1]!.certificate))).toThrow('does not follow');
    for (const change of [{ sequence: 0 }, { sequence: 2 }, { previous: new Uint8Array(32) }]) {
      const odd = court.orderFor(after, identify(suite, purses[1]!.certificate), change);
      expect(() => record(trust, after, court.entryOf(odd, purses[1]!.certificate))).toThrow(
        'does not follow',
      );
    }
  });

  test('an order is opened once, an opening needs its order, and belongs to its suite', () => {
    const done = fold(entries);
    const value = parse(openingShape, (entries[3]! as { opening: Uint8Array }).opening);
    const place = { sequence: done.sequence, previous: done.head };
    const put = (change: Partial<Opening>) =>
      record(trust, done, { opening: encode(openingShape, { ...value, ...place, ...change }) });
    expect(() => put({})).toThrow('order: opened before');
    expect(() => put({ order: court.some.bytes(32) })).toThrow('order: not in the log');
    expect(() => put({ suite: 3 })).toThrow('suite');
    expect(() => caseOf(done, court.some.bytes(32))).toThrow('order: not in the log');
  });

  test('recording changes no earlier state', () => {
    const before = fold(entries.slice(0, 2));
    const [ids, first] = [[...before.cases.keys()], toHex(before.head)];
    record(trust, before, entries[2]!);
    expect([...before.cases.keys()]).toEqual(ids);
    expect(toHex(before.head)).toBe(first);
    expect([...before.cases.values()].every(({ identity }) => identity === null)).toBe(true);
  });
});
