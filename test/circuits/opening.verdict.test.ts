/** Whom an opened escrow names: the device with its own word, otherwise the bank that cannot show it. */
import { describe, expect, test } from 'vitest';
import { toHex } from '#circuits/bytes.ts';
import { type Defence, judge } from '#circuits/issue/opening.ts';
import { identify } from '#circuits/message/cose.ts';
import { attestation, purseRequest } from '#circuits/message/sync.ts';
import { deviceIdentity } from '#circuits/proof/escrow.ts';
import { suite1, suite2 } from '#circuits/proof/suite.noble.ts';
import { Court, type TestDevice } from './court.ts';
import type { Party } from './sample.ts';
import { seedOf } from './sample.ts';

const seed = seedOf('opening.verdict', 'verdict 1');

describe.each([suite1, suite2])('suite $id', suite => {
  const court = new Court(suite, seed);
  const { emptyLog } = court;
  const victim = court.makeDevice('victim');
  const purse = court.makePurse(victim, 'honest');
  const found = court.openPurse(purse.certificate);
  const bankNamed = (reason: string) => ({ named: 'issuer', issuer: court.intermediary.id, reason });

  /** A bank that knows a device's id makes a key, an escrow and a certificate by itself. */
  function frame(device: TestDevice) {
    const holder = court.party('made by the bank');
    const sealed = court.seal(holder, device);
    const certificate = court.certify(holder, sealed.escrow, purse.certificate.value.tier);
    return { holder, sealed, certificate, found: court.openPurse(certificate) };
  }

  test('the device’s own word names the device', () => {
    expect(judge(suite, found, purse.kept)).toEqual({ named: 'device', device: victim.factory.id });
  });

  test('a bank-made escrow of a victim names the bank', () => {
    const framed = frame(victim);
    // The escrow does open to the victim: only the missing word saves it.
    expect(toHex(framed.found.identity!)).toBe(
      toHex(suite.group.encode(deviceIdentity(suite, victim.factory.id))),
    );
    expect(judge(suite, framed.found, null)).toEqual(bankNamed('no application is shown'));
    expect(judge(suite, framed.found, purse.kept)).toEqual(bankNamed('another key'));
  });

  test('whatever the bank shows of a victim it framed, short of the device key, names the bank', () => {
    const framed = frame(victim);
    const asked = {
      ...purse.kept.request.value,
      key: framed.holder.key,
      escrow: framed.sealed.escrow,
      identity: framed.sealed.identity,
    };
    const request = framed.holder.sign(purseRequest, asked);
    const word = { suite: suite.id, key: framed.holder.key, request: identify(suite, request) };
    const signedBy = (party: Party) => party.sign(attestation, word);
    const by = (party: Party): Defence => ({
      device: victim.factory,
      request,
      attestation: signedBy(party),
    });
    expect(judge(suite, framed.found, by(court.bank))).toEqual(bankNamed('a signature that does not hold'));
    expect(judge(suite, framed.found, by(framed.holder))).toEqual(
      bankNamed('a signature that does not hold'),
    );
    const old = { ...by(court.bank), attestation: purse.kept.attestation };
    expect(judge(suite, framed.found, old)).toEqual(bankNamed('another key'));
    const accomplice = court.makeDevice('accomplice');
    const swapped = { ...by(accomplice.party), device: accomplice.factory };
    expect(judge(suite, framed.found, swapped)).toEqual(bankNamed('another device'));
    // Positive control: the one thing that the bank lacks is the victim's key.
    expect(judge(suite, framed.found, by(victim.party)).named).toBe('device');
  });

  test('a second certificate over the victim’s key, with other terms or another escrow, names the bank', () => {
    const { request } = purse.kept;
    const otherTier = court.certify(purse.holder, request.value.escrow, court.some.bytes(32));
    const opened = court.openPurse(otherTier);
    expect(judge(suite, opened, purse.kept)).toEqual(bankNamed('another device or tier was asked for'));
    const again = court.seal(purse.holder, victim).escrow;
    const otherEscrow = court.certify(purse.holder, again, request.value.tier);
    const moved = court.openPurse(otherEscrow);
    expect(judge(suite, moved, purse.kept)).toEqual(bankNamed('another escrow'));
  });

  test('each part of the defence is needed as it was signed', () => {
    const { request, attestation: word } = purse.kept;
    const other = court.makePurse(victim, 'second').kept;
    expect(judge(suite, found, { ...purse.kept, request: other.request })).toEqual(bankNamed('another key'));
    expect(judge(suite, found, { ...purse.kept, attestation: other.attestation })).toEqual(
      bankNamed('another key'),
    );
    const bankSigned = { ...request, signature: court.bank.sign(purseRequest, request.value).signature };
    expect(judge(suite, found, { ...purse.kept, request: bankSigned })).toEqual(
      bankNamed('a signature that does not hold'),
    );
    const lost = { ...word, value: { ...word.value, request: court.some.bytes(32) } };
    expect(judge(suite, found, { ...purse.kept, attestation: lost })).toEqual(bankNamed('another request'));
    const elsewhere = purse.holder.sign(purseRequest, { ...request.value, device: court.some.bytes(32) });
    expect(judge(suite, found, { ...purse.kept, request: elsewhere })).toEqual(
      bankNamed('another device or tier was asked for'),
    );
    for (const field of ['ephemeral', 'sealed'] as const) {
      const escrow = { ...request.value.escrow, [field]: court.some.point() };
      const half = purse.holder.sign(purseRequest, { ...request.value, escrow });
      expect(judge(suite, found, { ...purse.kept, request: half })).toEqual(bankNamed('another escrow'));
    }
  });

  test('an escrow of nobody names the bank', () => {
    const ghost = { ...victim, factory: { ...victim.factory, id: court.some.bytes(32) } };
    const framed = frame(ghost);
    expect(judge(suite, framed.found, purse.kept)).toEqual(bankNamed('another device'));
  });

  test('nobody is named before the opening', () => {
    const asked = court.ask(emptyLog, purse.certificate);
    const waiting = asked.log.cases.get(toHex(asked.orderId))!;
    expect(() => judge(suite, waiting, purse.kept)).toThrow('order: not opened yet');
  });
});
