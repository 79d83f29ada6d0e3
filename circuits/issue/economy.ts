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
interface RootSigner {
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

function localRoot(suite: Suite, entropy: Entropy): RootSigner {
  const secret = entropy(32);
  return {
    key: suite.signature.publicKey(secret),
    sign: (shape, value) => sign(suite, shape, value, { secret, noise: entropy(32) }),
  };
}

/** A purse that is granted to a device. */
interface Granted {
  readonly device: Device;
  readonly terms: Omit<Grant, 'device'>;
}

/** Everybody below the root, with their secrets. */
type Institutions = Omit<Economy, 'publish' | 'makeDevice' | 'fund' | 'receive'>;

const validity = (suite: Suite, issuer: Uint8Array) => ({
  suite: suite.id,
  issuer,
  from: 0,
  until: lifeEpochs,
});

function openRoot(suite: Suite, root: RootSigner): Trust {
  const value = { ...validity(suite, new Uint8Array(32)), key: root.key, name: 'central bank' };
  return openTrust(suite, root.sign(rootShape, value).bytes);
}

/** The root certifies one intermediary, one day key and the auditors. */
function certifyInstitutions(suite: Suite, root: RootSigner, entropy: Entropy): Institutions {
  const trust = openRoot(suite, root);
  const secrets = { intermediary: entropy(32), day: entropy(32), authority: entropy(32) };
  const under = validity(suite, trust.root.id);
  const key = (secret: Uint8Array) => suite.signature.publicKey(secret);
  const bank = { ...under, key: key(secrets.intermediary), name: 'intermediary', shard: 1 };
  const day = { ...under, key: key(secrets.day), generation: 0 };
  const { shared, shares } = makeSharedKey(suite, { threshold: 3, count: 5 }, entropy);
  const { threshold } = shared;
  const auditors = {
    ...under,
    threshold,
    key: shared.key,
    shares: [...shared.shares],
    authority: key(secrets.authority),
  };
  return {
    trust,
    intermediary: verifyIntermediary(trust, root.sign(intermediaryShape, bank)),
    intermediarySecret: secrets.intermediary,
    dayKey: verifyDayKey(trust, root.sign(dayKeyShape, day)),
    daySecret: secrets.day,
    auditors: verifyAuditors(trust, root.sign(auditorsShape, auditors)),
    shares,
    authoritySecret: secrets.authority,
  };
}

function publishTier(
  bank: Institutions,
  terms: Omit<Tier, 'suite' | 'issuer'>,
  entropy: Entropy,
): Verified<Tier> {
  const { trust, intermediary, intermediarySecret: secret } = bank;
  const value = { suite: trust.suite.id, issuer: intermediary.id, ...terms };
  checkTier(value);
  const signed = sign(trust.suite, tierShape, value, { secret, noise: entropy(32) });
  return verifyTier(trust, intermediary, signed);
}

function certifyDevice(bank: Institutions, chip: string, entropy: Entropy): Device {
  const { trust, intermediary, intermediarySecret } = bank;
  const secret = entropy(32);
  const value: Factory = {
    ...validity(trust.suite, intermediary.id),
    key: trust.suite.signature.publicKey(secret),
    chip: ascii(chip),
    board: 'emulated',
    firmware: new Uint8Array(32),
    lot: new Uint8Array(16),
  };
  const signer = { secret: intermediarySecret, noise: entropy(32) };
  const signed = sign(trust.suite, factoryShape, value, signer);
  return { certificate: verifyFactory(trust, intermediary, signed), secret };
}

/** Device and bank in one call: seed, application, certificate. */
function fundPurse(
  bank: Institutions,
  certified: Set<string>,
  granted: Granted,
  entropy: Entropy,
): FundedPurse {
  const { trust, intermediary, auditors, intermediarySecret } = bank;
  const { suite } = trust;
  const seed = entropy(32);
  const grant = { ...granted.terms, device: granted.device.certificate };
  const applicant = { suite, device: grant.device, deviceSecret: granted.device.secret, seed };
  const application = apply(applicant, grant.tier, auditors, entropy);
  const isCertified = (key: Uint8Array) => certified.has(toHex(key));
  const issuer = { trust, certificate: intermediary, auditors, secret: intermediarySecret, isCertified };
  const certificate = issuePurse(issuer, grant, application, entropy(32));
  certified.add(toHex(certificate.value.key));
  const { budget, identity } = grant;
  return { suite, certificate, tier: grant.tier.value, seed, budget, identity, position: untouched };
}

/** Everything below one root, made from these bytes of entropy. */
export function openEconomy(suite: Suite, entropy: Entropy, root = localRoot(suite, entropy)): Economy {
  const bank = certifyInstitutions(suite, root, entropy);
  const { trust, intermediary } = bank;
  const certified = new Set<string>();
  return {
    ...bank,
    publish: terms => publishTier(bank, terms, entropy),
    makeDevice: chip => certifyDevice(bank, chip, entropy),
    fund: (device, terms) => fundPurse(bank, certified, { device, terms }, entropy),
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
