/** Small worlds, each with all that can happen in it. */
import type { Role, Scenario } from './world.ts';

const role = (more: Partial<Role>): Role => ({
  budget: 0,
  respendMax: 0,
  sales: 0,
  pays: [],
  isAttacked: false,
  ...more,
});

const payer = (budget: number, ...pays: string[]) => role({ budget, pays });
const payee = (sales: number) => role({ sales });

export const scenarios: readonly Scenario[] = [
  {
    name: 'a sale',
    roles: { A: payer(1, 'C'), C: payee(1) },
    syncs: false,
    ends: false,
    settles: true,
  },
  {
    name: 'two sales',
    roles: { A: payer(2, 'C'), C: payee(2) },
    syncs: false,
    ends: false,
    settles: true,
  },
  {
    name: 'a sale and a sync',
    roles: { A: payer(1, 'C'), C: payee(1) },
    syncs: true,
    ends: true,
    settles: true,
  },
  {
    name: 'two payers, one sale and a sync',
    roles: { A: payer(1, 'C'), B: payer(1, 'C'), C: payee(1) },
    syncs: true,
    ends: false,
    settles: true,
  },
  {
    name: 'two payers, two payees, four payments',
    roles: { A: payer(2, 'C', 'D'), B: payer(2, 'C', 'D'), C: payee(1), D: payee(1) },
    syncs: false,
    ends: false,
    settles: false,
  },
  {
    name: 'two sales and a sync',
    roles: { A: payer(2, 'C'), C: payee(2) },
    syncs: true,
    ends: true,
    settles: true,
    isLong: true,
  },
  {
    name: 'received and paid on',
    roles: { A: payer(1, 'C'), C: role({ sales: 1, respendMax: 2, pays: ['D'] }), D: payee(1) },
    syncs: true,
    ends: false,
    settles: true,
  },
  {
    name: 'a copied payer',
    roles: { A: role({ budget: 1, pays: ['C', 'D'], isAttacked: true }), C: payee(1), D: payee(1) },
    syncs: false,
    ends: false,
    settles: false,
  },
  {
    name: 'a copied payee',
    roles: { A: payer(1, 'C'), C: role({ sales: 1, isAttacked: true }) },
    syncs: true,
    ends: true,
    settles: false,
  },
  {
    name: 'a copied payee that pays on',
    roles: {
      A: payer(1, 'C'),
      C: role({ sales: 1, respendMax: 2, pays: ['D'], isAttacked: true }),
      D: payee(1),
    },
    syncs: true,
    ends: true,
    settles: false,
    isLong: true,
  },
];
