/** The first program of a board: it tests itself, says so on the console and by its lights, and advertises. */
import { showFailed, showPassed } from './lights.ts';
import { selfTest } from './selftest.ts';

function report(again: boolean): void {
  print(`mite ${board.product} on ${board.name}`);
  let failed = 0;
  let part = 0;
  for (const finding of selfTest(again)) {
    part++;
    if (finding.wrong && !failed) failed = part;
    print(`${finding.part}: ${finding.wrong ? `FAILED, ${finding.wrong}` : 'passed'}`);
  }
  print(failed ? 'self-test FAILED' : 'self-test passed');
  if (failed) showFailed(failed);
  else showPassed();
}

/** For who types `mite()` on the console. */
(global as unknown as { mite: () => void }).mite = () => report(true);

report(false);
