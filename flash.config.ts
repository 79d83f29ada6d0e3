/** What this project builds: every board, with the program that tests it.
 *
 * Boards of 40 kB have no room for the kernel yet (`mite size --board puckjs`): they are built without it, and so without a tier.
 */
import { defineFlash } from '#host/config/define.ts';

export default defineFlash({
  lot: 'bench',
  service: 'http://localhost:8080',
  radios: ['ble'],
  boards: {
    puckjs: { role: 'test', kernel: false },
    mdbt42q: { role: 'test', kernel: false },
    microbit2: { role: 'test', kernel: false },
    nrf52840dk: { role: 'test', tier: 'standard' },
    xiaoble: { role: 'test', tier: 'standard' },
    emulated: { role: 'test', tier: 'standard' },
    esp32: { role: 'test' },
    esp32c3: { role: 'test' },
    esp32s3: { role: 'test' },
  },
});
