import { expect, test } from 'vitest';
import type { Request } from '#circuits/message/payment.ts';
import { presets } from '#circuits/policy/presets.ts';
import type { Tier } from '#circuits/policy/tier.ts';
import { checkTerms } from '#circuits/proof/request.ts';
import { faultOf } from './refusal.ts';

const id = new Uint8Array(32);
const tier: Tier = { ...presets.standard, suite: 1, issuer: id, identity: 1, assurance: 0 };
const request: Request = {
  ...{ suite: 1, payee: id, number: 1, price: 3, units: 4, amount: 12, identity: 1, assurance: 0 },
  ...{ versions: [1], suites: [1], hidden: false, metadata: new Uint8Array(0), ttl: 60 },
  ...{ session: id, salt: new Uint8Array(16) },
};

test.each<[string, Partial<Request>, string]>([
  ['as they are', {}, 'none'],
  ['with a lower identity level', { identity: 0 }, 'none'],
  ['with a higher identity level', { identity: 2 }, 'tier'],
  ['with a higher assurance level', { assurance: 1 }, 'tier'],
  ['with another amount', { amount: 13 }, 'request'],
  ['as a mere challenge', { number: null }, 'request'],
  ['among other versions', { versions: [2, 1] }, 'none'],
  ['of other versions', { versions: [2] }, 'version'],
  ['among other suites', { suites: [2, 1] }, 'none'],
  ['of other suites', { suites: [2] }, 'suite'],
])('terms %s', (_, change, fault) => {
  expect(faultOf(() => checkTerms({ ...request, ...change }, tier))).toBe(fault);
});
