/** A whole economy in one object: root, one intermediary, day key, auditors, tiers, devices and funded purses.
 *
 * For developers who test their own machines, for the story and for our tests. It keeps its keys in memory.
 */
import { ascii, toHex } from '../bytes.ts';
import {
  type Auditors,
  auditors as auditorsShape,
  type DayKey,
  dayKey as dayKeyShape,
  type Factory,
  factory as factoryShape,
  type Intermediary,
  intermediary as intermediaryShape,
  root as rootShape,
} from '../message/certificate.ts';
import {
  openTrust,
  type Trust,
  type Verified,
  verifyAuditors,
  verifyDayKey,
  verifyFactory,
  verifyIntermediary,
  verifyTier,
} from '../message/chain.ts';
import { type Signed, sign } from '../message/cose.ts';
import type { Message } from '../message/message.ts';
import { checkTier, type Tier, tier as tierShape } from '../policy/tier.ts';
import type { Till } from '../proof/payee.ts';
import type { Payer } from '../proof/payer.ts';
import type { Payee } from '../proof/payment.ts';
import type { Entropy, Suite } from '../proof/port.ts';
import { untouched } from '../proof/purse.ts';
import { type KeyShare, makeSharedKey } from '../proof/sharing.ts';
import { apply } from './application.ts';
import { type Grant, issuePurse } from './issuer.ts';

/** The central bank's pen: one key, or a threshold of them. */
export interface RootSigner {
  readonly key: Uint8Array;
  sign<T>(shape: Message<T>, value: T): Signed<T>;
}

export interface Device {
  readonly certificate: Verified<Factory>;
  readonly secret: Uint8Array;
}

/** A funded purse, as its device holds it: it pays and is paid. */
export type FundedPurse = Payer & Till;

export interface Economy {
  readonly trust: Trust;
  readonly intermediary: Verified<Intermediary>;
  readonly intermediarySecret: Uint8Array;
  readonly dayKey: Verified<DayKey>;
  readonly daySecret: Uint8Array;
  readonly auditors: Verified<Auditors>;
  readonly shares: readonly KeyShare[];
  /** Signs the orders that the auditors obey. */
  readonly authoritySecret: Uint8Array;
  publish(tier: Omit<Tier, 'suite' | 'issuer'>): Verified<Tier>;
  makeDevice(chip: string): Device;
  /** A purse with this budget a lane, on this device, from this epoch on. */
  fund(device: Device, grant: Omit<Grant, 'device'>): FundedPurse;
  /** How this purse checks a payment in this epoch, while nobody is on the revocation list. */
  receive(till: FundedPurse, tier: Verified<Tier>, epoch: number): Payee;
}

const lifeEpochs = 3_650;

export function localRoot(suite: Suite, entropy: Entropy): RootSigner {
  const secret = entropy(32);
  return {
    key: suite.signature.publicKey(secret),
    sign: (shape, value) => sign(suite, shape, value, { secret, noise: entropy(32) }),
  };
}

const named = (suite: Suite, issuer: Uint8Array) => ({ suite: suite.id, issuer, from: 0, until: lifeEpochs });

function openRoot(suite: Suite, root: RootSigner): Trust {
  const value = { ...named(suite, new Uint8Array(32)), key: root.key, name: 'central bank' };
  return openTrust(suite, root.sign(rootShape, value).bytes);
}

/** Everything below one root, made from these bytes of entropy. */
export function openEconomy(suite: Suite, entropy: Entropy, root = localRoot(suite, entropy)): Economy {
  const trust = openRoot(suite, root);
  const under = named(suite, trust.root.id);
  const [bankSecret, daySecret, authoritySecret] = [entropy(32), entropy(32), entropy(32)];
  const { publicKey } = suite.signature;
  const intermediary = verifyIntermediary(
    trust,
    root.sign(intermediaryShape, { ...under, key: publicKey(bankSecret), name: 'intermediary', shard: 1 }),
  );
  const dayKey = verifyDayKey(
    trust,
    root.sign(dayKeyShape, { ...under, key: publicKey(daySecret), generation: 0 }),
  );
  const ceremony = makeSharedKey(suite, { threshold: 3, count: 5 }, entropy);
  const auditors = verifyAuditors(
    trust,
    root.sign(auditorsShape, {
      ...under,
      ...ceremony.shared,
      shares: [...ceremony.shared.shares],
      authority: publicKey(authoritySecret),
    }),
  );
  const bank = { trust, certificate: intermediary, auditors, secret: bankSecret };
  const certified = new Set<string>();

  function publish(tier: Omit<Tier, 'suite' | 'issuer'>): Verified<Tier> {
    const value = { suite: suite.id, issuer: intermediary.id, ...tier };
    checkTier(value);
    return verifyTier(
      trust,
      intermediary,
      sign(suite, tierShape, value, { secret: bankSecret, noise: entropy(32) }),
    );
  }

  function makeDevice(chip: string): Device {
    const secret = entropy(32);
    const value: Factory = {
      ...named(suite, intermediary.id),
      key: publicKey(secret),
      chip: ascii(chip),
      board: 'emulated',
      firmware: new Uint8Array(32),
      lot: new Uint8Array(16),
    };
    const signed = sign(suite, factoryShape, value, { secret: bankSecret, noise: entropy(32) });
    return { certificate: verifyFactory(trust, intermediary, signed), secret };
  }

  function fund(device: Device, terms: Omit<Grant, 'device'>): FundedPurse {
    const seed = entropy(32);
    const grant = { ...terms, device: device.certificate };
    const applicant = { suite, device: device.certificate, deviceSecret: device.secret, seed };
    const application = apply(applicant, grant.tier, auditors, entropy);
    const issuer = { ...bank, isCertified: (candidate: Uint8Array) => certified.has(toHex(candidate)) };
    const certificate = issuePurse(issuer, grant, application, entropy(32));
    certified.add(toHex(certificate.value.key));
    const tier = grant.tier.value;
    return {
      suite,
      certificate,
      tier,
      seed,
      budget: grant.budget,
      identity: grant.identity,
      position: untouched,
    };
  }

  return {
    trust,
    intermediary,
    intermediarySecret: bankSecret,
    dayKey,
    daySecret,
    auditors,
    shares: ceremony.shares,
    authoritySecret,
    publish,
    makeDevice,
    fund,
    receive: (till, tier, epoch) => ({
      trust,
      purse: till.certificate,
      intermediary,
      tier,
      epoch,
      isListed: () => false,
    }),
  };
}
