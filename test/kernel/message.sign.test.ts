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
import { kinds, type Message, parse } from '#circuits/message/message.ts';
import { beacon, gap } from '#circuits/message/sync.ts';
import { tier } from '#circuits/policy/tier.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { suite1 } from '#circuits/proof/suite.noble.ts';
import { type Sample, samples } from '../circuits/sample.message.ts';
import { type Party, world } from '../circuits/sample.ts';
import { putFields } from './fields.ts';
import { codeOf, pairOf } from './till.ts';
import { kernel } from './wasm.ts';

const scratchBytes = 2_048;
const elsewhere = new Set(['evidence', 'order', 'disclosure', 'opening']);
const known = samples(suite1, 'kernel signed').filter(
  ({ name, signed }) => signed && !elsewhere.has(name.split('.')[0]!),
);

/** Nobody signs certificates on a board. */
const written = known.filter(({ shape }) => shape.kind < kinds.root || shape.kind > kinds.hop);

interface Pen {
  readonly secret: Uint8Array;
  readonly isSeed?: boolean;
  readonly noise?: Uint8Array;
  /** The signer's public key, where it is known. */
  readonly key?: Uint8Array;
  readonly room?: number;
  readonly value?: object;
}

function signInKernel(sample: Sample, { secret, isSeed = false, noise, key, room, value }: Pen) {
  return kernel.scope(() => {
    const length = room ?? sample.signed!.bytes.length;
    const [output, id] = [kernel.allocate(length + 8), kernel.allocate(32)];
    const block = [
      ...[kernel.put(secret), Number(isSeed), noise ? kernel.put(noise) : 0, 0, 0, key ? kernel.put(key) : 0],
      ...[output, length, id, sample.shape.kind],
      putFields(kernel, value ?? (parse(sample.shape, sample.payload) as object)),
    ];
    const { code, block: after } = kernel.ask(operations.messageSign, block, scratchBytes);
    const bytes = kernel.read(output, length + 8);
    return { code, length: after[7]!, bytes, id: kernel.read(id, 32) };
  });
}

function openInKernel(kind: number, bytes: Uint8Array, key: Uint8Array) {
  return kernel.scope(() => {
    const id = kernel.allocate(32);
    const items = kernel.allocate(8 * 24);
    const block = [kind, ...pairOf(bytes), kernel.put(key), id, items, 0, 0, 0, 0, 0];
    const answer = kernel.ask(operations.messageOpen, block, scratchBytes);
    const [, , , , , , payload, length] = answer.block;
    return { code: answer.code, id: kernel.read(id, 32), payload: bytes.slice(payload, payload! + length!) };
  });
}

describe('messages', () => {
  test('of every kind are written of their fields and signed as the core signs them', () => {
    expect(new Set(written.map(({ shape }) => shape.kind)).size).toBe(15);
    for (const sample of written) {
      const { secret, key } = sample.by!;
      const noise = sample.by!.noise(sample.payload);
      for (const known of [undefined, key]) {
        const made = signInKernel(sample, { secret, noise, ...(known ? { key: known } : {}) });
        expect(made.code, sample.name).toBe(0);
        expect(toHex(made.bytes.slice(0, made.length)), sample.name).toBe(toHex(sample.signed!.bytes));
        expect(toHex(made.id)).toBe(toHex(identify(suite1, sample.signed!)));
      }
    }
  });

  test('a purse signs with the key that its seed gives', () => {
    const [seed, noise] = [written[0]!.payload.slice(0, 32), new Uint8Array(32)];
    const direct = signInKernel(written[0]!, { secret: purseSecret(suite1, seed), noise });
    expect(signInKernel(written[0]!, { secret: seed, isSeed: true, noise })).toEqual(direct);
  });

  test('nothing is signed under the public key of another', () => {
    const sample = written[0]!;
    const { secret } = sample.by!;
    for (const key of [sample.key!, known.find(({ key }) => toHex(key!) !== toHex(sample.key!))!.key!]) {
      const { code, length, bytes } = signInKernel(sample, { secret, key });
      const signature = bytes.slice(length - 64, length);
      expect(code === 0).toBe(key === sample.key);
      expect(signature.some(byte => byte !== 0)).toBe(code === 0);
    }
  });

  test('no byte is written beyond the room, and too little of it is a fault', () => {
    for (const sample of written) {
      const { bytes } = sample.signed!;
      for (const less of [1, 10, 65, 66, 67, 90, bytes.length]) {
        const room = Math.max(0, bytes.length - less);
        const made = signInKernel(sample, { secret: sample.by!.secret, room });
        expect(made.code, sample.name).toBe(faults.size.code);
        expect(made.bytes.slice(room)).toEqual(new Uint8Array(8));
      }
    }
  });

  test('what is malformed is not signed', () => {
    const receipt = written.find(({ name }) => name === 'receipt')!;
    const report = written.find(({ name }) => name === 'report')!;
    const secret = receipt.by!.secret;
    const sign = (sample: Sample, change: object) =>
      signInKernel(sample, { secret, value: { ...(sample.value as object), ...change }, room: 40_000 }).code;
    const ordered = parse(report.shape, report.payload) as object;
    expect(sign(receipt, { mode: 2 })).toBe(faults.encoding.code);
    const { sent } = ordered as { sent: unknown[] };
    expect(sign({ ...report, value: ordered }, { sent: new Array(65).fill(sent[0]) })).toBe(faults.size.code);
    const long = [{ ...(sent[0] as object), claim: new Uint8Array(351) }];
    expect(sign({ ...report, value: ordered }, { sent: long })).toBe(faults.size.code);
    const hop = known.find(({ name }) => name === 'hop')!;
    expect(signInKernel(hop, { secret }).code).toBe(faults.kind.code);
    expect(signInKernel({ ...receipt, shape: { ...receipt.shape, kind: 12 } }, { secret }).code).toBe(
      faults.kind.code,
    );
  });

  test('a payment is opened bare, and under no key', () => {
    const { payload, shape } = samples(suite1, 'kernel signed').find(({ name }) => name === 'payment')!;
    expect(openInKernel(shape.kind, payload, known[0]!.key!).code).toBe(faults.kind.code);
    kernel.scope(() => {
      const block = [shape.kind, ...pairOf(payload), ...new Array<number>(8).fill(0)];
      const { code, block: after } = kernel.ask(operations.messageOpen, block, scratchBytes);
      expect([code, after[6], after[7]]).toEqual([0, 0, payload.length]);
    });
  });

  test('fields of every element of a list are found by their numbers', () => {
    const { payload, signed, shape, value } = known.find(({ name }) => name === 'report')!;
    const { received } = value as { received: { claim: Uint8Array; certificate: Uint8Array | null }[] };
    for (const [index, { claim, certificate }] of received.entries())
      kernel.scope(() => {
        const [all, element] = [kernel.allocate(8 * 24), kernel.allocate(8 * 24)];
        const block = [shape.kind, ...pairOf(signed!.bytes), 0, 0, all, 0, 0, 3, index, element];
        expect(kernel.ask(operations.messageOpen, block, scratchBytes).code).toBe(0);
        const fields = new Uint32Array(kernel.read(element, 24).slice().buffer);
        expect(payload.slice(fields[0], fields[0]! + fields[1]!)).toEqual(claim);
        if (certificate) expect(payload.slice(fields[4], fields[4]! + fields[5]!)).toEqual(certificate);
        else expect([...fields.slice(4)]).toEqual([0, 0]);
        expect(new Uint32Array(kernel.read(all, 32).slice().buffer)[7]).toBe(received.length);
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
      const block = [kind, ...pairOf(bytes), ...pairOf(issuer.bytes), id];
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
