/** What this project builds: every board, with the program that tests it. */
import { defineFlash } from '#host/config/define.ts';

export default defineFlash({
  lot: 'bench',
  service: 'http://localhost:8080',
  radios: ['ble'],
  boards: {
    puckjs: { role: 'test', tier: 'pocket' },
    mdbt42q: { role: 'test', tier: 'pocket' },
    microbit2: { role: 'test', tier: 'pocket' },
    nrf52840dk: { role: 'test', tier: 'standard' },
    xiaoble: { role: 'test', tier: 'standard' },
    emulated: { role: 'test', tier: 'standard' },
    esp32: { role: 'test' },
    esp32c3: { role: 'test' },
    esp32s3: { role: 'test' },
  },
});
