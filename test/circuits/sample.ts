/** Seeded material for tests: bytes, points, parties with keys, and a chain of certificates from a root. */
import { ascii, concat, u32 } from '#circuits/bytes.ts';
import * as c from '#circuits/message/certificate.ts';
import { identify, type Signed, type Signer, sign } from '#circuits/message/cose.ts';
import { encode, type Message } from '#circuits/message/message.ts';
import { type Tier, tier } from '#circuits/policy/tier.ts';
import type { Entropy, Suite } from '#circuits/proof/port.ts';
import { encodeScalar, reduceScalar } from '#circuits/proof/scalar.ts';
import { hash } from '#circuits/proof/suite.noble.ts';

/** The seed of a random test: MITE_SEED, or the given one; printed, so that a failure can be repeated. */
export function seedOf(name: string, fallback: string): string {
  const seed = process.env.MITE_SEED ?? fallback;
  console.log(`${name}: MITE_SEED=${seed}`);
  return seed;
}

/** A stream of bytes that depends on the seed alone. */
export function entropyOf(seed: string): Entropy {
  let count = 0;
  return length => hash.shake256(concat(ascii(`mite test ${seed} `), u32(count++)), length);
}

/** Random material in the forms that fields take. */
export function draw(suite: Suite, seed: string) {
  const entropy = entropyOf(seed);
  const number = (least: number, most: number) =>
    least + (new DataView(entropy(4).buffer).getUint32(0) % (most - least + 1));
  return {
    bytes: entropy,
    number,
    point: () => suite.group.encode(suite.group.fromUniform(entropy(64))),
    scalar: () => encodeScalar(reduceScalar(entropy(64))),
    many: <T>(count: number, make: () => T) => Array.from({ length: count }, make),
  };
}

/** A key pair. Its noise depends on what it signs, so that a signature is the same in whatever order samples are made. */
export class Party {
  readonly secret: Uint8Array;
  readonly key: Uint8Array;
  readonly #suite: Suite;

  constructor(suite: Suite, seed: string) {
    this.#suite = suite;
    this.secret = entropyOf(`${seed} party`)(32);
    this.key = suite.signature.publicKey(this.secret);
  }

  noise(payload: Uint8Array): Uint8Array {
    return hash.sha256(concat(ascii('mite test noise'), this.secret, payload));
  }

  sign<T>(shape: Message<T>, value: T): Signed<T> {
    const signer: Signer = { secret: this.secret, noise: this.noise(encode(shape, value)) };
    return sign(this.#suite, shape, value, signer);
  }
}

const parties = [
  'root',
  'day',
  'bank',
  'authority',
  'device',
  'owner',
  'buyer',
  'payer',
  'payee',
  'single',
  'channel',
] as const;

function sampleTier(suite: Suite, issuer: Uint8Array): Tier {
  return {
    suite: suite.id,
    issuer,
    name: 'standard',
    currency: 'EUR',
    exponent: 2,
    bits: 16,
    lanes: 1,
    classes: [
      { budget: 2_000, caps: [1_500, 500, 500, 500] },
      { budget: 10_000, caps: [8_000, 4_000, 2_000, 1_000] },
    ],
    minimum: 1,
    maximum: 5_000,
    unlisted: 500,
    holding: 15_000,
    steps: [5_000, 1_000, 100],
    life: 30,
    grace: 7,
    gap: 14,
    jump: 7,
    phiPercent: 150,
    respendMax: 2_000,
    pursesMax: 2,
    identity: 1,
    assurance: 0,
    named: true,
    oneShow: false,
    payeeClasses: [1, 2],
  };
}

function leastPurse(of: { suite: number; issuer: Uint8Array; tier: Uint8Array; escrow: c.Escrow }) {
  return {
    ...of,
    from: 100,
    until: 130,
    class: 0,
    commitments: [] as Uint8Array[],
    respend: false,
    pinned: null,
    oneShow: null,
    revocation: null,
    naming: null,
  };
}

/** Seeded material, everybody's keys, and how one certificate names another. */
function cast(suite: Suite, seed: string) {
  const names = `${seed} ${suite.id}`;
  const who = Object.fromEntries(parties.map(name => [name, new Party(suite, `${names} ${name}`)]));
  return {
    suite,
    some: draw(suite, names),
    who: who as Record<(typeof parties)[number], Party>,
    under: (issuer: Signed<unknown>) => ({ suite: suite.id, issuer: identify(suite, issuer) }),
  };
}
type Cast = ReturnType<typeof cast>;

function rootCertificates({ suite, some, who, under }: Cast) {
  const root = who.root.sign(c.root, {
    suite: suite.id,
    key: who.root.key,
    issuer: new Uint8Array(32),
    from: 1,
    until: 100_000,
    name: 'Central Bank of Somewhere',
  });
  const day = { ...under(root), key: who.day.key, from: 90, until: 180, generation: 3 };
  const bank = { ...under(root), key: who.bank.key, from: 50, until: 5_000, name: 'First Bank', shard: 7 };
  const auditors = who.root.sign(c.auditors, {
    ...under(root),
    from: 50,
    until: 5_000,
    authority: who.authority.key,
    threshold: 3,
    key: some.point(),
    shares: some.many(5, some.point),
  });
  const intermediary = who.root.sign(c.intermediary, bank);
  return { root, dayKey: who.root.sign(c.dayKey, day), intermediary, auditors };
}

function purses({ suite, some, who, under }: Cast, bank: Signed<c.Intermediary>) {
  const tierSigned = who.bank.sign(tier, sampleTier(suite, identify(suite, bank)));
  const escrow = () => ({
    ephemeral: some.point(),
    sealed: some.point(),
    challenge: some.scalar(),
    response: some.scalar(),
  });
  const base = () => leastPurse({ ...under(bank), tier: identify(suite, tierSigned), escrow: escrow() });
  const payer = who.bank.sign(c.purse, {
    ...base(),
    key: who.payer.key,
    class: 1,
    commitments: [some.point(), some.point()],
    respend: true,
    revocation: some.point(),
    naming: { key: some.point(), points: some.many(4, some.point), identity: some.bytes(48) },
  });
  const payee = who.bank.sign(c.purse, { ...base(), key: who.payee.key, commitments: [some.point()] });
  const pinned = { payee: identify(suite, payee), budget: 60_000 };
  return {
    tier: tierSigned,
    payer,
    payee,
    oneShow: who.bank.sign(c.purse, { ...base(), key: who.single.key, oneShow: 15 }),
    channel: who.bank.sign(c.purse, { ...base(), key: who.channel.key, pinned }),
  };
}

/** A device that its maker sold, and its owner once more. */
function soldDevice({ suite, some, who, under }: Cast, maker: Signed<c.Intermediary>) {
  const factory = who.bank.sign(c.factory, {
    ...under(maker),
    key: who.device.key,
    from: 60,
    until: 0xffffffff,
    chip: some.bytes(16),
    board: 'nrf52832-dk',
    firmware: some.bytes(32),
    lot: some.bytes(16),
  });
  const transfer = (from: Party, issuer: Signed<unknown>, to: { party: Party; sequence: number }) => {
    const { party, sequence } = to;
    const span = { from: 60 + sequence, until: 0xffffffff };
    const device = identify(suite, factory);
    const hop = from.sign(c.hop, { ...under(issuer), ...span, key: party.key, device, sequence });
    const acceptance = party.sign(c.acceptance, { suite: suite.id, hop: identify(suite, hop) });
    return { hop, acceptance };
  };
  const first = transfer(who.bank, maker, { party: who.owner, sequence: 1 });
  const second = transfer(who.owner, first.hop, { party: who.buyer, sequence: 2 });
  return { factory, transfers: [first, second] };
}

/** Everybody, and a chain of certificates from the root to two purses, a channel and a twice sold device. */
export function world(suite: Suite, seed: string) {
  const people = cast(suite, seed);
  const top = rootCertificates(people);
  return {
    ...people,
    ...top,
    ...purses(people, top.intermediary),
    ...soldDevice(people, top.intermediary),
  };
}
export type World = ReturnType<typeof world>;
