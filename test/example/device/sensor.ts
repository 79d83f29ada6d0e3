/** The sensor: measures once a second, tells whoever listens, and opens its valve when it is told to. */
import { encodeReading, orders, readings, service } from './wire.ts';

const measureMs = 1000;

class Soil {
  moisture = 400;
  private waterLeft = 0;

  water(seconds: number): void {
    this.waterLeft = seconds;
    LED2.write(true);
  }

  /** A second passes. */
  step(): void {
    const change = this.waterLeft > 0 ? 40 : -5;
    this.moisture = Math.max(0, Math.min(1000, this.moisture + change));
    if (this.waterLeft > 0 && --this.waterLeft === 0) LED2.write(false);
  }
}

const soil = new Soil();
let sequence = 0;

NRF.setServices(
  {
    [service]: {
      [readings]: { readable: true, notify: true, maxLen: 3, value: [0, 0, 0] },
      [orders]: {
        writable: true,
        maxLen: 1,
        onWrite: ({ data }) => {
          const [seconds = 0] = new Uint8Array(data);
          print(`water for ${seconds} s`);
          soil.water(seconds);
        },
      },
    },
  },
  { uart: false },
);
NRF.setAdvertising({}, { name: 'soil', interval: 100 });

setInterval(() => {
  soil.step();
  const { moisture } = soil;
  NRF.updateServices({
    [service]: { [readings]: { value: encodeReading({ sequence: sequence++, moisture }), notify: true } },
  });
}, measureMs);
