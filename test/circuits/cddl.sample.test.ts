import { describe, expect, test } from 'vitest';
import * as certificates from '#circuits/message/certificate.ts';
import { kinds, type Message } from '#circuits/message/message.ts';
import * as payments from '#circuits/message/payment.ts';
import * as syncs from '#circuits/message/sync.ts';
import { tier } from '#circuits/policy/tier.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { decodeIndependently, encodeIndependently, grammar, judge, ruleOf } from './oracle.ts';
import { fullest, type Sample, samples } from './sample.message.ts';
import { seedOf } from './sample.ts';

/** Bytes of a COSE_Sign1 around a payload of more than 255 bytes, with the longer of the two algorithm ids. */
const wrapperBytes = 80;
const seed = seedOf('cddl', 'cddl 1');
const suites = [suite1, suite2];
const all = suites.flatMap(suite => samples(suite, seed));
const shapes = { ...certificates, ...payments, ...syncs, tier } as unknown as Record<
  string,
  Message<unknown>
>;

/** Certificates are maps: the array that starts with the kind is their second value. */
function bodyOf(value: unknown): unknown[] {
  return value instanceof Map ? [...value.values()][1] : (value as unknown[]);
}

function copyOf(sample: Sample): unknown {
  return decodeIndependently(sample.payload);
}

describe('mite.cddl, read by the npm package `cddl`, judges values decoded by `cbor2`', () => {
  test('every kind has a rule and a sample', () => {
    const sampled = new Set(fullest(all).map(sample => sample.name));
    expect([...sampled].sort()).toEqual(Object.keys(kinds).sort());
    for (const kind of Object.keys(kinds)) expect(grammar.names()).toContain(ruleOf(kind));
  });

  test('every message, certificate and tier fits its rule, in both suites', () => {
    for (const sample of all) expect(judge(ruleOf(sample.name), sample.payload), sample.name).toBeUndefined();
  });

  test('every COSE_Sign1 and its protected header fit theirs', () => {
    for (const { name, signed } of all) {
      if (!signed) continue;
      expect(judge('cose-sign1', signed.bytes), name).toBeUndefined();
      const { contents } = decodeIndependently(signed.bytes) as {
        contents: [Uint8Array, unknown, Uint8Array];
      };
      expect(judge('header', contents[0]), name).toBeUndefined();
      expect(contents[2], name).toEqual(signed.payload);
    }
  });

  test('the deterministic encoder of `cbor2` writes our bytes', () => {
    for (const { name, payload, signed } of all)
      for (const bytes of signed ? [payload, signed.bytes] : [payload])
        expect(Buffer.from(encodeIndependently(decodeIndependently(bytes))).toString('hex'), name).toBe(
          Buffer.from(bytes).toString('hex'),
        );
  });

  test('the longest value of each kind fits its greatest length; a report is split instead', () => {
    for (const name of Object.keys(kinds)) {
      const length = encodeIndependently(grammar.longest(ruleOf(name))).length;
      if (name === 'report') expect(length).toBeGreaterThan(shapes[name]!.bytesMax);
      else expect(length, name).toBeLessThanOrEqual(shapes[name]!.bytesMax);
    }
  });

  test('what is embedded signed has room for the greatest length of its kind', () => {
    const rooms = {
      gap: 'signed-gap',
      receipt: 'signed-receipt',
      refusal: 'signed-refusal',
      close: 'signed-close',
    };
    const others = { request: 'signed-request', tier: 'signed-tier', intermediary: 'signed-intermediary' };
    for (const [kind, rule] of Object.entries({ ...rooms, ...others, purse: 'signed-purse' }))
      expect((grammar.longest(rule) as Uint8Array).length, rule).toBeGreaterThanOrEqual(
        shapes[kind]!.bytesMax + wrapperBytes,
      );
  });
});

describe('the validator can fail', () => {
  test('it refuses another kind, version, a further item, a missing item', () => {
    for (const sample of all) {
      const rule = ruleOf(sample.name);
      const spoil = (change: (body: unknown[]) => void) => {
        const value = copyOf(sample);
        change(bodyOf(value));
        return grammar.validate(rule, value);
      };
      expect(spoil(body => (body[0] = 77))).toMatch(/kind: not/);
      expect(spoil(body => (body[1] = 2))).toMatch(/version: not/);
      expect(spoil(body => (body[2] = 0))).toMatch(/suite: not/);
      expect(spoil(body => body.push(0))).toMatch(/items, not/);
      expect(spoil(body => body.pop())).toMatch(/items, not/);
    }
  });

  test('it refuses every kind under the rule of every other', () => {
    for (const sample of fullest(all))
      for (const other of Object.keys(kinds))
        if (other !== sample.name)
          expect(grammar.validate(ruleOf(other), copyOf(sample)), `${sample.name} as ${other}`).toBeDefined();
  });

  test('it refuses each byte string that is one byte shorter or longer where its length is fixed', () => {
    let spoiled = 0;
    for (const sample of fullest(all)) {
      const body = bodyOf(copyOf(sample));
      for (const [i, item] of body.entries()) {
        if (!(item instanceof Uint8Array) || ![4, 32].includes(item.length)) continue;
        // Metadata has no fixed length and is at its longest.
        for (const length of [item.length - 1, item.length + 1]) {
          if (length < 32 && sample.name === 'request' && i === 13) continue;
          const value = copyOf(sample);
          bodyOf(value)[i] = new Uint8Array(length);
          expect(grammar.validate(ruleOf(sample.name), value), `${sample.name} ${i}`).toMatch(/bytes, not/);
          spoiled += 1;
        }
      }
    }
    expect(spoiled).toBeGreaterThan(300);
  });

  test('it refuses a key of another length, another curve, a third claim, and another tag', () => {
    const [purse] = all.filter(sample => sample.name === 'purse');
    const change = (spoil: (value: Map<number, never>) => unknown) => {
      const value = copyOf(purse!) as Map<number, never>;
      spoil(value);
      return grammar.validate('purse', value);
    };
    const okp = (value: Map<number, never>) =>
      (value.get(8) as Map<number, Map<number, unknown>> | undefined)!.get(1)!;
    expect(change(() => undefined)).toBeUndefined();
    expect(change(value => okp(value).set(-2, new Uint8Array(31)))).toMatch(/bytes, not/);
    expect(change(value => okp(value).set(-1, 7))).toMatch(/curve|not 6/);
    expect(change(value => value.set(9, 0 as never))).toMatch(/entries/);
    const wrapper = decodeIndependently(purse!.signed!.bytes) as { tag: number };
    wrapper.tag = 17;
    expect(grammar.validate('cose-sign1', wrapper)).toMatch(/not tag 18/);
  });
});
