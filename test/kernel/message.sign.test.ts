/** Signed messages and certificates on the kernel: the same bytes, ids and refusals as the core. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { faults } from '#circuits/fault.ts';
import { operations } from '#circuits/kernel/operation.ts';
import * as c from '#circuits/message/certificate.ts';
import {
  openTrust,
  verifyDated,
  verifyDayKey,
  verifyFactory,
  verifyIntermediary,
  verifyPurse,
  verifyTier,
} from '#circuits/message/chain.ts';
import { identify, open, type Signed, verify } from '#circuits/message/cose.ts';
import type { Message } from '#circuits/message/message.ts';
import { beacon, gap } from '#circuits/message/sync.ts';
import { tier } from '#circuits/policy/tier.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { type Sample, samples } from '../circuits/sample.message.ts';
import { type Party, world } from '../circuits/sample.ts';
import { codeOf, pairOf } from './till.ts';
import { kernel } from './wasm.ts';

const scratchBytes = 1_024;
const elsewhere = new Set(['evidence', 'order', 'disclosure', 'opening']);
const known = samples(suite1, 'kernel signed').filter(
  ({ name, signed }) => signed && !elsewhere.has(name.split('.')[0]!),
);

function signInKernel(sample: Sample, secret: Uint8Array, isSeed: boolean, noise: Uint8Array): Uint8Array {
  return kernel.scope(() => {
    const output = kernel.allocate(sample.payload.length + 90);
    const block = [
      sample.shape.kind,
      ...pairOf(sample.payload),
      ...[kernel.put(secret), Number(isSeed), kernel.put(noise), 0, 0, output, 0, 0],
    ];
    const answer = kernel.ask(operations.messageSign, block, scratchBytes);
    expect(answer.code).toBe(0);
    return kernel.read(output, answer.block[9]!);
  });
}

function openInKernel(kind: number, bytes: Uint8Array, key: Uint8Array) {
  return kernel.scope(() => {
    const id = kernel.allocate(32);
    const items = kernel.allocate(8 * 24);
    const block = [kind, ...pairOf(bytes), kernel.put(key), id, items, 0, 0];
    const answer = kernel.ask(operations.messageOpen, block, scratchBytes);
    const [, , , , , , payload, length] = answer.block;
    return { code: answer.code, id: kernel.read(id, 32), payload: bytes.slice(payload, payload! + length!) };
  });
}

describe('messages', () => {
  test('of every kind are signed as the core signs them', () => {
    for (const sample of known) {
      const { secret } = sample.by!;
      const noise = sample.by!.noise(sample.payload);
      expect(toHex(signInKernel(sample, secret, false, noise)), sample.name).toBe(
        toHex(sample.signed!.bytes),
      );
    }
  });

  test('a purse signs with the key that its seed gives', () => {
    const [seed, noise] = [known[0]!.payload.slice(0, 32), new Uint8Array(32)];
    const direct = signInKernel(known[0]!, purseSecret(suite1, seed), false, noise);
    expect(signInKernel(known[0]!, seed, true, noise)).toEqual(direct);
  });

  test('nothing is signed under the public key of another', () => {
    const sample = known[0]!;
    const { secret } = sample.by!;
    for (const key of [sample.key!, known.find(({ key }) => toHex(key!) !== toHex(sample.key!))!.key!])
      kernel.scope(() => {
        const output = kernel.allocate(sample.payload.length + 90);
        const block = [
          sample.shape.kind,
          ...pairOf(sample.payload),
          kernel.put(secret),
          0,
          kernel.put(secret),
          0,
          0,
        ];
        const code = kernel.call(
          operations.messageSign,
          [...block, output, 0, kernel.put(key)],
          kernel.allocate(scratchBytes),
        );
        const signature = kernel.read(output + sample.signed!.bytes.length - 64, 64);
        expect(code === 0).toBe(key === sample.key);
        expect(signature.some(byte => byte !== 0)).toBe(code === 0);
      });
  });

  test('what is malformed is not signed', () => {
    const sample = known.find(({ name }) => name === 'receipt')!;
    kernel.scope(() => {
      const output = kernel.allocate(400);
      const payload = sample.payload.slice(0, -1);
      const block = [sample.shape.kind, ...pairOf(payload), output, 0, output, 0, 0, output + 100, 0, 0];
      expect(kernel.call(operations.messageSign, block, kernel.allocate(scratchBytes))).toBe(
        faults.encoding.code,
      );
      expect(kernel.read(output, 400)).toEqual(new Uint8Array(400));
    });
  });

  test('are opened with their id and payload, and refused under another key or with a bit changed', () => {
    for (const sample of known) {
      const { bytes, payload } = sample.signed!;
      const { kind } = sample.shape;
      const opened = openInKernel(kind, bytes, sample.key!);
      expect(opened.code, sample.name).toBe(0);
      expect(toHex(opened.payload)).toBe(toHex(payload));
      expect(toHex(opened.id)).toBe(toHex(identify(suite1, { payload })));
      const other = known.find(({ key }) => toHex(key!) !== toHex(sample.key!))!.key!;
      expect(openInKernel(kind, bytes, other).code).toBe(faults.signature.code);
      for (let at = 0; at < bytes.length; at += 37) {
        const changed = bytes.slice();
        changed[at]! ^= 1 << (at % 8);
        const expected = codeOf(() => verify(suite1, sample.key!, open(suite1, sample.shape, changed)));
        expect(openInKernel(kind, changed, sample.key!).code, `${sample.name} ${at}`).toBe(expected);
      }
    }
  });
});

describe('certificates', () => {
  const w = world(suite1, 'kernel chain');
  const { who } = w;
  const trust = openTrust(suite1, w.root.bytes);
  const bank = verifyIntermediary(trust, w.intermediary);
  const day = verifyDayKey(trust, w.dayKey);
  type Issuer = typeof bank | typeof day | typeof trust.root;

  function certify(kind: number, bytes: Uint8Array, issuer: Issuer) {
    return kernel.scope(() => {
      const id = kernel.allocate(32);
      const block = [kind, ...pairOf(bytes), ...pairOf(issuer.bytes), kernel.put(issuer.id), id];
      const code = kernel.call(operations.certify, block, kernel.allocate(scratchBytes));
      return { code, id: kernel.read(id, 32) };
    });
  }

  const resigned = <T>(shape: Message<T>, by: Party, value: T) => by.sign(shape, value);
  const same = <T>(
    shape: Message<T>,
    issuer: Issuer,
    signed: Signed<T>,
    core: (signed: Signed<T>) => unknown,
  ) => {
    const expected = codeOf(() => core(open(suite1, shape, signed.bytes)));
    const { code, id } = certify(shape.kind, signed.bytes, issuer);
    expect(code).toBe(expected);
    if (code === 0) expect(toHex(id)).toBe(toHex(identify(suite1, signed)));
    return code;
  };
  const asPurse = (signed: Signed<c.Purse>) =>
    same(c.purse, bank, signed, one => verifyPurse(trust, bank, one));

  test('purses: one form of budget, no identity where a point belongs, within the issuer, signed by it', () => {
    const zeros = new Uint8Array(32);
    const { value } = w.payer;
    const naming = value.naming!;
    for (const purse of [w.payer, w.payee, w.oneShow, w.channel]) expect(asPurse(purse)).toBe(0);
    const changes: Partial<c.Purse>[] = [
      { commitments: [] },
      { pinned: { payee: zeros, budget: 5 } },
      { oneShow: 2 },
      { commitments: [], oneShow: 2 },
      { commitments: [], oneShow: 2, respend: false },
      {
        commitments: [],
        oneShow: 2,
        respend: false,
        naming: { ...naming, points: naming.points.slice(0, 1) },
      },
      { commitments: [], respend: false, pinned: { payee: zeros, budget: 5 } },
      { commitments: [value.commitments[0]!, zeros] },
      { escrow: { ...value.escrow, ephemeral: zeros } },
      { escrow: { ...value.escrow, sealed: zeros } },
      { escrow: { ...value.escrow, response: zeros } },
      { revocation: zeros },
      { naming: { ...naming, key: zeros } },
      { naming: { ...naming, points: [...naming.points.slice(1), zeros] } },
      { from: 49 },
      { from: 5_001, until: 5_002 },
      { until: 5_000 },
      { until: 5_001 },
      { issuer: zeros },
    ];
    const seen = new Set(
      changes.map(change => asPurse(resigned(c.purse, who.bank, { ...value, ...change }))),
    );
    for (const name of ['chain', 'point'] as const) expect(seen).toContain(faults[name].code);
    expect(seen).toContain(0);
    expect(asPurse(resigned(c.purse, who.root, value))).toBe(faults.signature.code);
  });

  test('what the root certifies: within its epochs, signed by it, keys of prime order', () => {
    for (const change of [
      {},
      { from: 0 },
      { until: 100_001 },
      { issuer: bank.id },
      { key: new Uint8Array(32).fill(1, 0, 1) },
      { key: new Uint8Array(32) },
    ]) {
      const { value } = w.intermediary;
      same(c.intermediary, trust.root, resigned(c.intermediary, who.root, { ...value, ...change }), one =>
        verifyIntermediary(trust, one),
      );
      const own = resigned(c.dayKey, who.root, { ...w.dayKey.value, ...change });
      same(c.dayKey, trust.root, own, one => verifyDayKey(trust, one));
    }
    expect(
      same(c.intermediary, trust.root, resigned(c.intermediary, who.day, w.intermediary.value), one =>
        verifyIntermediary(trust, one),
      ),
    ).toBe(faults.signature.code);
  });

  test('tiers, devices, beacons and gaps', () => {
    expect(same(tier, bank, w.tier, one => verifyTier(trust, bank, one))).toBe(0);
    same(tier, bank, resigned(tier, who.bank, { ...w.tier.value, issuer: day.id }), one =>
      verifyTier(trust, bank, one),
    );
    for (const change of [{}, { from: 49 }, { from: 5_001 }, { until: 60 }]) {
      const device = resigned(c.factory, who.bank, { ...w.factory.value, ...change });
      same(c.factory, bank, device, one => verifyFactory(trust, bank, one));
    }
    const daily = { suite: 1, issuer: day.id, generation: 3, epoch: 100 };
    for (const change of [{}, { epoch: 89 }, { epoch: 181 }, { generation: 2 }, { issuer: bank.id }]) {
      const word = {
        ...daily,
        time: 1,
        policy: 1,
        auditors: day.id,
        shard: 7,
        list: new Uint8Array(0),
        ...change,
      };
      same(beacon, day, resigned(beacon, who.day, word), one => verifyDated(trust, day, one));
      same(gap, day, resigned(gap, who.day, { ...daily, left: 1, right: 2, ...change }), one =>
        verifyDated(trust, day, one),
      );
    }
  });

  test('a kind that has no issuer here is refused', () => {
    expect(certify(c.acceptance.kind, w.transfers[0]!.acceptance.bytes, bank).code).toBe(faults.kind.code);
  });
});
