/** Departures from the rules, each a change of the wallet's own source, or of what surrounds it. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { ServiceRules } from './service.ts';
import { cleanRules } from './service.ts';
import type { Laws } from './world.ts';

export interface Mutant {
  readonly name: string;
  readonly scenario: string;
  /** What becomes of the money. */
  readonly finding: 'created' | 'lost' | 'locked' | 'stuck';
  readonly change?: { readonly file: string; readonly from: string; readonly to: string };
  readonly rules?: Partial<ServiceRules>;
  readonly counterInFlash?: boolean;
}

const repository = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const wallet = join(repository, 'device/wallet');

export const mutants: readonly Mutant[] = [
  {
    name: 'nothing is offered again',
    scenario: 'a sale',
    finding: 'stuck',
    change: { file: 'pay.ts', from: "if (to === payee && state === 'pending')", to: 'if (to === id)' },
  },
  {
    name: 'the payee keeps only the highest slot of a purse',
    scenario: 'two sales',
    finding: 'stuck',
    change: {
      file: 'take.ts',
      from: 'book.taken.some(taken => taken.id === id)',
      to: 'book.taken.some(taken => taken.purse === shown.purse && taken.slots >= shown.slots)',
    },
  },
  {
    name: 'the payee does not know what it has booked',
    scenario: 'a sale and a sync',
    finding: 'created',
    change: { file: 'take.ts', from: 'if (paid || book.taken.some(', to: 'if (book.refused.some(' },
  },
  {
    name: 'the payer debits when the receipt comes',
    scenario: 'two sales',
    finding: 'created',
    change: {
      file: 'fold.ts',
      from: 'spent: book.spent + sent.amount,',
      to: '',
    },
  },
  {
    name: 'two writes: the debit, then the claim that is owed',
    scenario: 'a sale',
    finding: 'stuck',
    change: {
      file: 'pay.ts',
      from: "commit(turn, { type: 'paid', tick, sent, usage, parts });",
      to: `commit(turn, { type: 'paid', tick, sent: { ...sent, state: 'receipted' }, usage, parts });
  record(turn, { type: 'answered', id, state: 'pending' } as never);`,
    },
  },
  {
    name: 'the counter ticks before the record',
    scenario: 'a sale',
    finding: 'locked',
    change: {
      file: 'turn.ts',
      from: `record(turn, entry);
  turn.effects.push({ type: 'tick', to: entry.tick });`,
      to: `turn.effects.push({ type: 'tick', to: entry.tick });
  record(turn, entry);`,
    },
  },
  {
    name: 'the payment leaves before the record',
    scenario: 'a sale',
    finding: 'created',
    change: {
      file: 'pay.ts',
      from: "commit(turn, { type: 'paid', tick, sent, usage, parts });",
      to: `turn.effects.push({ type: 'sendPayment', id });
  commit(turn, { type: 'paid', tick, sent, usage, parts });`,
    },
  },
  {
    name: 'the counter lies in the flash that an attacker restores',
    scenario: 'a copied payer',
    finding: 'created',
    counterInFlash: true,
  },
  {
    name: 'a stale image pays on',
    scenario: 'a copied payer',
    finding: 'created',
    change: { file: 'pay.ts', from: "if (isStale) return 'stale';", to: '' },
  },
  {
    name: 'a closed purse pays on',
    scenario: 'a sale and a sync',
    finding: 'created',
    change: { file: 'pay.ts', from: '!book.purse || book.isClosed || book.isFrozen', to: '!book.purse' },
  },
  {
    name: 'a closed purse books on',
    scenario: 'a sale and a sync',
    finding: 'lost',
    change: {
      file: 'take.ts',
      from: "return !book.purse || book.isClosed ? 'closed' : null;",
      to: "return !book.purse ? 'closed' : null;",
    },
  },
  {
    name: 'a purse is closed before its last report is acknowledged',
    scenario: 'a sale and a sync',
    finding: 'lost',
    change: { file: 'sync.ts', from: '!isStale && isUnsettled(book)', to: 'isStale && !book.purse' },
  },
  {
    name: 'a refusal does not tick, and a restored payee books what the payer got back',
    scenario: 'a copied payee',
    finding: 'created',
    change: {
      file: 'take.ts',
      from: "commit(turn, { type: 'refused', tick,",
      to: "record(turn, { type: 'refused', tick: book.tick,",
    },
  },
  {
    name: 'the service gives money back before the payee has closed',
    scenario: 'a sale and a sync',
    finding: 'created',
    rules: { waitsForClose: false },
  },
  {
    name: 'the service pays the payee out before it has closed',
    scenario: 'two payers, one sale and a sync',
    finding: 'created',
    rules: { settlesIntoPurse: false },
  },
];

/** The wallet with one change, which must be there exactly once. */
async function changed({
  file,
  from,
  to,
}: NonNullable<Mutant['change']>): Promise<Pick<Laws, 'steps' | 'fold'>> {
  const path = join(wallet, file);
  const source = readFileSync(path, 'utf8');
  if (source.split(from).length !== 2) throw new Error(`${file} has "${from}" not exactly once`);
  const entry = `export { boot, step } from './step.ts'; export { fold } from './fold.ts';`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: wallet, loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    plugins: [
      {
        name: 'mutant',
        setup(bundler) {
          bundler.onLoad({ filter: new RegExp(`${file.replace('.', '\\.')}$`) }, ({ path: loaded }) =>
            loaded === path ? { contents: source.replace(from, to), loader: 'ts' } : undefined,
          );
        },
      },
    ],
  });
  const module = await import(`data:text/javascript,${encodeURIComponent(outputFiles[0]!.text)}`);
  return { steps: module, fold: module.fold };
}

export async function lawsOf(mutant: Mutant, real: Pick<Laws, 'steps' | 'fold'>): Promise<Laws> {
  const code = mutant.change ? await changed(mutant.change) : real;
  const rules = { ...cleanRules, ...mutant.rules };
  return { ...code, rules, ...(mutant.counterInFlash ? { counterInFlash: true } : {}) };
}
