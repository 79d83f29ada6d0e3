/** `mite evidence`: verifies an evidence file against a root that the reader trusts. Needs no network and no service. */
import { readFileSync } from 'node:fs';
import { toHex } from '#circuits/bytes.ts';
import { Fault } from '#circuits/fault.ts';
import { openTrust, type Trust } from '#circuits/message/chain.ts';
import { guilt } from '#circuits/message/sync.ts';
import { verifyEvidence } from '#circuits/proof/guilt.ts';
import { suite1, suite2 } from '../suite.ts';
import type { Events } from './event.ts';
import { Failure, failureOf } from './failure.ts';

function read(path: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (error) {
    throw new Failure('usage', `cannot read ${path}: ${(error as Error).message}`, 'mite evidence --help');
  }
}

/** Under the suite that the root names. */
function openRoot(bytes: Uint8Array): Trust {
  try {
    return openTrust(suite1, bytes);
  } catch (error) {
    if (error instanceof Fault && error.fault === 'suite') return openTrust(suite2, bytes);
    throw error;
  }
}

function verified<T>(check: () => T): T {
  try {
    return check();
  } catch (error) {
    throw error instanceof Fault ? failureOf(error, 'verify') : error;
  }
}

export async function* evidence(path: string, rootPath: string | undefined): Events {
  if (rootPath === undefined)
    throw new Failure('usage', 'evidence needs --root', `mite evidence ${path} --root FILE`);
  const [file, root] = [read(path), read(rootPath)];
  const trust = verified(() => openRoot(root));
  const verdict = verified(() => verifyEvidence(trust, file));
  const kind = Object.entries(guilt).find(([, code]) => code === verdict.guilt)![0];
  const claims = verdict.claims.map(({ value }) => ({
    ordinal: value.ordinal,
    slots: value.slots,
    amount: value.amount,
  }));
  const purse = toHex(verdict.purse.id);
  const lines = claims.map(
    ({ ordinal, slots, amount }) => `claim:  ordinal ${ordinal}, slots ${slots.toString(2)}, ${amount} units`,
  );
  yield {
    text: [`guilty: ${kind}`, `purse:  ${purse}`, ...lines].join('\n'),
    data: { verdict: 'guilty', guilt: kind, purse, root: toHex(trust.root.id), claims },
  };
}
