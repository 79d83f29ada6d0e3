/** `npm run scoreboard`: prints the table, or JSON with --json. Runs the tests first where the last run is stale. */
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { boardOf, tableOf } from './board.ts';
import { type Outcome, readOutcomes, repository } from './outcomes.ts';

function runTests(): Outcome[] {
  const vitest = resolve(repository, 'node_modules/vitest/vitest.mjs');
  // Whatever the tests print goes to standard error, so that --json prints JSON alone.
  const { status } = spawnSync(process.execPath, [vitest, 'run'], {
    cwd: repository,
    stdio: ['ignore', 2, 2],
  });
  const outcomes = readOutcomes();
  if (!outcomes) throw new Error(`the tests left no outcomes (exit code ${status}): npm test`);
  return outcomes;
}

const board = boardOf(readOutcomes() ?? runTests());
console.log(process.argv.includes('--json') ? JSON.stringify({ rows: board }) : tableOf(board));
