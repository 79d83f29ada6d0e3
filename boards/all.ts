/** All boards, by name. */
import type { Board, BoardName } from './board.ts';
import { emulated } from './emulated.ts';
import { esp32 } from './esp32.ts';
import { esp32c3 } from './esp32c3.ts';
import { esp32s3 } from './esp32s3.ts';
import { mdbt42q } from './mdbt42q.ts';
import { microbit2 } from './microbit2.ts';
import { nrf52840dk } from './nrf52840dk.ts';
import { puckjs } from './puckjs.ts';
import { xiaoble } from './xiaoble.ts';

export const boards: Readonly<Record<BoardName, Board>> = {
  puckjs,
  mdbt42q,
  nrf52840dk,
  xiaoble,
  microbit2,
  esp32,
  esp32c3,
  esp32s3,
  emulated,
};
