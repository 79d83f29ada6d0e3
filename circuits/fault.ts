/** The closed table of faults: what an operator or the other machine must act on.
 *
 * 1. Codes are wire format: append only, never renumbered. (test/tidy.test.ts)
 * 2. Every fault is raised somewhere. (test/tidy.test.ts)
 */
export const faults = {
  encoding: { code: 1, hint: 'ask the sender for the message again: these bytes are not canonical' },
  size: { code: 2, hint: 'ask the sender for the message again: it is longer than its kind allows' },
  version: { code: 3, hint: 'update the older side: mite doctor names its version' },
  suite: { code: 4, hint: 'use a suite that both sides know: the request lists those of the payee' },
  kind: { code: 5, hint: 'send the message that this step expects' },
  point: { code: 6, hint: 'refuse the sender: it sent a group element that no honest side makes' },
  scalar: { code: 7, hint: 'refuse the sender: it sent a scalar that is not reduced' },
  signature: { code: 8, hint: 'ask for the message again; if it fails twice, refuse the sender' },
  key: { code: 9, hint: 'make a new key on the device: this one is not of prime order' },
  chain: { code: 10, hint: 'sync: the certificate does not lead to a root that this side trusts' },
  expired: { code: 11, hint: 'sync the device: its certificate or its epoch is too old' },
  early: { code: 12, hint: 'sync the payee: the certificate begins after its epoch' },
  revoked: { code: 13, hint: 'ask for another means of payment: this purse is on the revocation list' },
  amount: { code: 14, hint: 'ask for an amount between the limits of the tier' },
  slots: { code: 15, hint: 'name unused slots whose caps sum to at least the amount' },
  request: { code: 16, hint: 'tap again: the payment does not answer this request' },
  history: { code: 17, hint: 'sync the payer: its claims do not follow from one another' },
  proof: { code: 18, hint: 'refuse the payment: its range proof does not hold' },
  tier: { code: 19, hint: 'sync: the tier is unknown here, malformed, or below what the request asks' },
  funds: { code: 20, hint: 'ask the owner for a refill: the purse holds less than the amount' },
  overflow: { code: 21, hint: 'use smaller amounts: the sum leaves 32 bits' },
  evidence: { code: 22, hint: 'collect the signed claims again: these do not show guilt' },
  escrow: { code: 23, hint: 'refuse the certificate request: its escrow is not bound to its key' },
  naming: { code: 24, hint: 'refuse the payment: its answers do not fit the naming key of its certificate' },
  voucher: { code: 25, hint: 'ask the payer for the next voucher: the last one that holds is kept' },
  dealing: { code: 26, hint: 'leave out the auditor that it names and make the key again' },
  share: {
    code: 27,
    hint: 'ask the auditor that it names for another share; if it fails twice, replace the auditor',
  },
  quorum: { code: 28, hint: 'ask more auditors or signers: fewer answered than the threshold' },
  order: {
    code: 29,
    hint: 'record a signed order in the log first: it names one purse and the entry before it',
  },
  cosigner: { code: 30, hint: 'sign again without the signer that it names' },
  disclosure: { code: 31, hint: 'ask the owner for another disclosure: this one does not show what it says' },
  limit: { code: 32, hint: 'sync the device, or ask its owner to raise the limit that it names' },
  holding: { code: 33, hint: 'ask for less, or sync the payee: it may hold no more' },
  condition: { code: 34, hint: 'pay from another purse: this one may not pay this payee' },
  jump: { code: 35, hint: 'sync the device: a peer may not move its epoch that far' },
  cut: { code: 36, hint: 'tap again: the link was lost, and nothing with it' },
  session: { code: 37, hint: 'tap again, away from others: these bytes were not sealed by the other end' },
  stale: {
    code: 38,
    hint: 'close the purse and sync: its journal is older than its counter, and pays no more',
  },
  closed: {
    code: 39,
    hint: 'sync the device: this purse is closed or frozen, and the next one comes with the sync',
  },
  full: { code: 40, hint: 'sync the device that says so: its journal has no room for another payment' },
  counter: { code: 41, hint: 'close the purse and replace the device: its counter is at its end' },
  service: { code: 42, hint: 'sync both devices: only the service knows this sale any more' },
  unreported: { code: 43, hint: 'sync again: a report must be acknowledged before the purse is closed' },
  worn: { code: 44, hint: 'sync and replace the device: its flash no longer keeps what is written' },
  element: {
    code: 45,
    hint: 'check the wires of the secure element and start the device again: it does not answer',
  },
} as const;

export type FaultName = keyof typeof faults;

/** A refusal that names its reason. Its detail never holds a secret. */
export class Fault extends Error {
  readonly fault: FaultName;
  readonly code: number;
  readonly hint: string;

  constructor(fault: FaultName, detail: string) {
    super(`${fault}: ${detail}`);
    this.name = 'Fault';
    this.fault = fault;
    this.code = faults[fault].code;
    this.hint = faults[fault].hint;
  }
}
