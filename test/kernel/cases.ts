/** One honest call of every operation on messages and links, in pieces that a fuzzer may change. */
import { concat } from '#circuits/bytes.ts';
import type { Kernel } from '#circuits/kernel/kernel.ts';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape } from '#circuits/kernel/tables.ts';
import { cipher } from '#circuits/link/cipher.noble.ts';
import { encodeFrame } from '#circuits/link/frame.ts';
import { pad } from '#circuits/link/pad.ts';
import { scan } from '#circuits/link/scan.ts';
import { acceptSession, openSession } from '#circuits/link/session.ts';
import { type Signed, sign } from '#circuits/message/cose.ts';
import { encodeList, listSalt } from '#circuits/message/list.ts';
import { encode, kinds, parse } from '#circuits/message/message.ts';
import { payment as paymentShape, voucher as voucherShape } from '#circuits/message/payment.ts';
import { beacon as beaconShape, gap as gapShape } from '#circuits/message/sync.ts';
import { label } from '#circuits/proof/label.ts';
import { acknowledge } from '#circuits/proof/payee.ts';
import { pay, redeliver } from '#circuits/proof/payer.ts';
import { purseSecret } from '#circuits/proof/purse.ts';
import { encodeScalar } from '#circuits/proof/scalar.ts';
import { hash, suite1 } from '#circuits/proof/suite.noble.ts';
import { makeTable } from '#host/build/tables.ts';
import { samples } from '../circuits/sample.message.ts';
import { world as people } from '../circuits/sample.ts';
import { openWorld, request, type World } from '../circuits/world.ts';

/** A number, or an address of bytes, of zeros, of bytes that a fuzzer may change (and then their length), or of words. */
export type Word =
  | number
  | { readonly fixed: Uint8Array }
  | { readonly zeros: number }
  | { readonly mutated: Uint8Array }
  | { readonly words: readonly Word[] };

export interface Case {
  readonly name: string;
  readonly operation: number;
  readonly scratchBytes: number;
  readonly words: readonly Word[];
}

/** Lays a case out in a kernel's memory: the words of its block. */
export function layOut(
  kernel: Kernel,
  words: readonly Word[],
  change = (bytes: Uint8Array) => bytes,
): number[] {
  return words.flatMap(word => {
    if (typeof word === 'number') return [word];
    if ('zeros' in word) return [kernel.put(new Uint8Array(word.zeros))];
    if ('fixed' in word) return [kernel.put(word.fixed)];
    if ('words' in word) {
      const inner = Uint32Array.from(layOut(kernel, word.words, change));
      return [kernel.put(new Uint8Array(inner.buffer))];
    }
    const bytes = change(word.mutated);
    return [kernel.put(bytes), bytes.length];
  });
}

const pair = (bytes: Uint8Array): Word[] => [{ fixed: bytes }, bytes.length];
const small = 2_048;
const none = (count: number) => new Array<number>(count).fill(0);

/** A beacon that lists forty others. */
function beaconOf({ economy, entropy }: World) {
  const { dayKey, daySecret } = economy;
  const header = { issuer: dayKey.id, generation: 0, epoch: 101, time: 7, shard: 1 };
  const ids = Array.from({ length: 40 }, () => entropy(32));
  const list = encodeList(suite1, listSalt(header), ids);
  const value = { ...header, suite: 1, policy: 0, auditors: dayKey.id, list };
  return sign(suite1, beaconShape, value, { secret: daySecret, noise: entropy(32) });
}

const wide = { bits: 32, classes: [{ budget: 10_000, caps: [1_000, 2_000, 3_000, 4_000] }] };
const forms = {
  plain: {},
  named: { terms: { named: true } },
  wide: { terms: wide },
  'one-show': { terms: { oneShow: true }, grant: { oneShow: 2 } },
};

const tableOf = (bits: number): Word[] => {
  const shape = { teeth: 0, bits, parties: 1 };
  return [{ fixed: makeTable({ hash, suite: 1 }, shape) }, packShape(shape)];
};

/** What a payee is shown: by different forms of purses, with and without a list, a request and a known certificate. */
export function paymentCases(): Case[] {
  return Object.entries(forms).flatMap(([form, setting]) => {
    const world = openWorld({ ...setting, seed: `fuzz ${form}` });
    const { payee } = world;
    const asked = request(world, 1_500);
    const paid = pay(world.payer, asked, world.entropy);
    const bare = { ...parse(paymentShape, paid.payment), certificate: null };
    const shown = [paid.payment, redeliver(paid.payment, asked), encode(paymentShape, bare)];
    return shown.map(
      (payment, i): Case => ({
        name: `payment ${form} ${i}`,
        operation: operations.paymentVerify,
        scratchBytes: 13 * 1_024,
        words: [
          { mutated: payment },
          { mutated: asked.bytes },
          { mutated: world.payer.certificate.bytes },
          ...pair(payee.intermediary.bytes),
          { mutated: payee.tier.bytes },
          payee.epoch,
          { mutated: beaconOf(world).bytes },
          { fixed: payee.purse.id },
          { fixed: payee.purse.value.key },
          0,
          ...tableOf(world.tier.value.bits),
          ...none(3),
          { zeros: 32 },
          ...none(12),
        ],
      }),
    );
  });
}

/** Standing in zero knowledge: two proofs, of two lanes and of one. Not for boards of 40 kB. */
export function standingCase(): Case {
  const world = openWorld({ terms: wide, seed: 'fuzz standing' });
  const { payee, economy } = world;
  const { dayKey, daySecret } = economy;
  const asked = request(world, 500, { hidden: true });
  const value = { suite: 1, issuer: dayKey.id, generation: 0, epoch: 101, left: 6_000, right: 8_000 };
  const gap = sign(suite1, gapShape, value, { secret: daySecret, noise: world.entropy(32) });
  const shape = { teeth: 0, bits: 32, parties: 2 };
  return {
    name: 'payment with standing',
    operation: operations.paymentVerify,
    scratchBytes: 26 * 1_024,
    words: [
      { mutated: pay(world.payer, asked, world.entropy, gap).payment },
      ...[{ mutated: asked.bytes }, 0, 0, ...pair(payee.intermediary.bytes), { mutated: payee.tier.bytes }],
      ...[payee.epoch, 0, 0, { fixed: payee.purse.id }, { fixed: payee.purse.value.key }, 0],
      ...[{ fixed: makeTable({ hash, suite: 1 }, shape) }, packShape(shape), { mutated: dayKey.bytes }, 101],
      ...[{ zeros: 32 }, ...none(12)],
    ],
  };
}

/** Every kind that the kernel opens, with an element of its list. */
function openCases(): Case[] {
  const known = samples(suite1, 'fuzz').filter(({ signed }) => signed);
  return known.map(
    ({ name, shape, signed, key }): Case => ({
      name: `open ${name}`,
      operation: operations.messageOpen,
      scratchBytes: 208,
      words: [
        shape.kind,
        { mutated: signed!.bytes },
        { fixed: key! },
        { zeros: 32 },
        { zeros: 192 },
        ...[0, 0, shape.kind === kinds.report ? 3 : 5, 1, { zeros: 192 }],
      ],
    }),
  );
}

/** A certificate of each kind under its issuer, and one hop. */
function chainCases(): Case[] {
  const w = people(suite1, 'fuzz');
  const under = (name: string, signed: Signed<unknown>, kind: number, issuer?: Signed<unknown>): Case => ({
    name: `certify ${name}`,
    operation: operations.certify,
    scratchBytes: small,
    words: [
      kind,
      { mutated: signed.bytes },
      ...(issuer ? [{ mutated: issuer.bytes }] : [0, 0]),
      { zeros: 32 },
    ],
  });
  const beacon = beaconOf(openWorld({ seed: 'fuzz list' }));
  const [first] = w.transfers;
  return [
    under('purse', w.payer, kinds.purse, w.intermediary),
    under('one-show purse', w.oneShow, kinds.purse, w.intermediary),
    under('channel', w.channel, kinds.purse, w.intermediary),
    under('intermediary', w.intermediary, kinds.intermediary, w.root),
    under('day key', w.dayKey, kinds.dayKey, w.root),
    under('factory', w.factory, kinds.factory, w.intermediary),
    under('tier', w.tier, kinds.tier, w.intermediary),
    under('beacon', beacon, kinds.beacon, w.dayKey),
    under('root', w.root, kinds.root),
    {
      name: 'hop',
      operation: operations.hopVerify,
      scratchBytes: small,
      words: [
        { mutated: first!.hop.bytes },
        { mutated: first!.acceptance.bytes },
        { mutated: w.intermediary.bytes },
        kinds.intermediary,
        { fixed: first!.hop.value.device },
        1,
        { zeros: 32 },
      ],
    },
    {
      name: 'listed',
      operation: operations.listed,
      scratchBytes: small,
      words: [{ mutated: beacon.bytes }, { fixed: beacon.value.auditors }],
    },
  ];
}

const signing = (world: World, room: number): Word[] => [
  { fixed: world.payer.seed },
  1,
  { fixed: hash.shake256(world.payer.seed, 64) },
  ...[0, 0, 0, { zeros: room }, room, { zeros: 32 }],
];

/** What the two sides of a tap show and make beside a payment. */
function tapCases(): Case[] {
  const world = openWorld({ seed: 'fuzz tap' });
  const { payer, till, economy, tier } = world;
  const { position } = payer;
  const asked = request(world, 700);
  const paid = pay(payer, asked, world.entropy);
  const again = pay(paid.payer, request(world, 300), world.entropy);
  const receipt = acknowledge(till, paid.claim, 0, world.entropy);
  const call = (name: string, operation: number, words: readonly Word[]): Case => ({
    name,
    operation,
    scratchBytes: small,
    words,
  });
  return [
    call('request', operations.requestVerify, [
      ...[0, 0, { mutated: asked.bytes }, { mutated: till.certificate.bytes }],
      ...[...pair(economy.intermediary.bytes), { mutated: tier.bytes }, 101, 0, 0, 0, 0],
      ...[{ fixed: asked.value.session }, ...none(5), { zeros: 32 }, ...none(12)],
    ]),
    call('receipt', operations.receiptVerify, [
      ...[{ mutated: receipt.bytes }, { mutated: paid.claim.bytes }, { fixed: till.certificate.value.key }],
    ]),
    call('book', operations.receiptSign, [...signing(world, 180), { mutated: paid.claim.bytes }, 1]),
    call('claim', operations.claimSign, [
      ...[...signing(world, 338), { mutated: asked.bytes }, { fixed: payer.certificate.id }],
      ...[position.ordinal, 1, 5_000, { fixed: position.before }, { fixed: position.previous }],
      ...[{ fixed: encodeScalar(position.blinding) }, { mutated: asked.bytes }, { zeros: 64 }],
    ]),
    call('write', operations.messageSign, [
      ...[...signing(world, 900), kinds.report],
      {
        words: [
          ...[{ fixed: payer.certificate.id }, 32, 1, 7],
          ...[{ words: [{ mutated: paid.claim.bytes }, { mutated: asked.bytes }] }, 1, 0, 0, 0, 0],
        ],
      },
    ]),
    call('guilt', operations.guiltVerify, [
      { mutated: payer.certificate.bytes },
      ...[{ mutated: paid.claim.bytes }, { mutated: again.claim.bytes }, 1],
    ]),
  ];
}

function voucherCase(): Case {
  const world = openWorld({ seed: 'fuzz channel' });
  const pinned = { payee: world.till.certificate.id, budget: 2_000 };
  const terms = { tier: world.tier, from: 100, budget: [2_000], identity: 0, pinned };
  const purse = world.economy.fund(world.device, terms);
  const anchor = { tip: world.entropy(32), ticks: 9, price: 3 };
  const say = (sequence: number, total: number) => {
    const value = {
      suite: 1,
      certificate: purse.certificate.id,
      sequence,
      units: 1,
      price: 150,
      total,
      anchor,
    };
    const secret = purseSecret(suite1, purse.seed);
    return sign(suite1, voucherShape, value, { secret, noise: world.entropy(32) }).bytes;
  };
  return {
    name: 'voucher',
    operation: operations.voucherVerify,
    scratchBytes: small,
    words: [
      ...[{ mutated: purse.certificate.bytes }, { mutated: say(1, 150) }, { mutated: say(2, 300) }],
      ...[{ fixed: pinned.payee }, 4, ...none(14)],
    ],
  };
}

/** Each one's block beside the other's. */
function linkCases(): Case[] {
  const secrets = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)] as const;
  const prologue = concat(label.link, Uint8Array.of(1));
  const opening = openSession(cipher, prologue, secrets[0]);
  const { message: answer } = acceptSession(cipher, prologue, secrets[1], opening.message);
  const frame = {
    number: 3,
    opening: true,
    gap: false,
    ask: true,
    last: true,
    sequence: 9,
    acknowledgement: 7,
  };
  const payload = new Uint8Array(40).fill(5);
  const session = { fixed: new Uint8Array(104) };
  const call = (name: string, operation: number, words: readonly Word[]): Case => ({
    name,
    operation,
    scratchBytes: 8,
    words,
  });
  const blocks = [40, 800, 1_600].map(length => concat(pad(new Uint8Array(length))[0]!, new Uint8Array(16)));
  return [
    call('agree as opener', operations.sessionAgree, [
      ...[{ zeros: 104 }, { fixed: secrets[0] }, { mutated: opening.message }, { mutated: answer }, 1],
    ]),
    call('agree as acceptor', operations.sessionAgree, [
      ...[{ zeros: 104 }, { fixed: secrets[1] }, { mutated: opening.message }, { zeros: 48 }, 48, 0],
    ]),
    call('seal', operations.blockSeal, [session, { mutated: new Uint8Array(1_700) }, 0, { zeros: 1_536 }, 0]),
    ...blocks.map(block =>
      call('open block', operations.blockOpen, [session, { zeros: 1_518 }, 1_518, 0, { mutated: block }, 0]),
    ),
    call('write frame', operations.frameWrite, [{ zeros: 45 }, 0, 1, 2, 3, ...pair(payload)]),
    call('read frame', operations.frameRead, [
      ...[{ mutated: encodeFrame(scan, { ...frame, payload }) }, 0, 0, 0, 0, 60],
    ]),
  ];
}

/** Without range proofs: fast everywhere. */
export const messageCases = (): Case[] => [
  ...openCases(),
  ...chainCases(),
  ...tapCases(),
  voucherCase(),
  ...linkCases(),
];
