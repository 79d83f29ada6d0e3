/** What a board has spent: time and energy, by part. Every constant says where it is from; all of them are a model.
 *
 * Time of JavaScript is counted in the interpreter's instructions (measured on its own code on an emulated Cortex-M4:
 * 3,500 for a simple statement, 13,800 for a native call of four variables), time of the kernel in cycles.
 * Currents are typical ones of data sheets at 3 V with DC/DC converter: nRF52832 product specification 1.4 (processor 3.7
 * mA, radio 5.3 mA sending at 0 dBm and 5.4 mA receiving), nRF52840 1.1 (3.3, 4.8, 4.6; its figures stand for the
 * nRF52833 too), ESP32 data sheet 3.0 (about 40 mA with the modem asleep, 130 and 100 mA with it on; for C3 and S3 too).
 *
 * 1. Parts add up to the whole. (test/host/emulator.cost.test.ts)
 */
import type { Board, Chip } from '#boards/board.ts';

export const instructionsOf = { statement: 3_500, nativeCall: 13_800, consoleByte: 100 } as const;

const volts = 3;

interface Currents {
  readonly processorMa: number;
  readonly sendMa: number;
  readonly receiveMa: number;
}

const nrf52840: Currents = { processorMa: 3.3, sendMa: 4.8, receiveMa: 4.6 };
const espressif: Currents = { processorMa: 40, sendMa: 130, receiveMa: 100 };
const currents: Readonly<Record<Chip, Currents>> = {
  nrf52832: { processorMa: 3.7, sendMa: 5.3, receiveMa: 5.4 },
  nrf52833: nrf52840,
  nrf52840,
  esp32: espressif,
  esp32c3: espressif,
  esp32s3: espressif,
};

/** Of a byte on the air, and of each packet around it: 1 Mbit/s, 10 bytes of packet, 150 us to come up. */
const [byteUs, packetUs] = [8, 230];

interface Spent {
  instructions: number;
  kernelCycles: number;
  /** Of them: counted by the processor's model, not estimated. */
  kernelCyclesExact: number;
  flashUs: number;
  busUs: number;
}

export interface RadioUse {
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly packets: number;
  readonly scanUs: number;
  readonly advertisements: number;
  readonly connectionEvents: number;
}

export interface Costs {
  readonly statements: number;
  readonly scriptUs: number;
  readonly kernelUs: number;
  readonly kernelCycles: number;
  readonly kernelCyclesExact: number;
  readonly flashUs: number;
  readonly busUs: number;
  /** Of the processor, in all: the parts above. */
  readonly busyUs: number;
  readonly radio: RadioUse & { readonly airUs: number };
  readonly microjoules: { readonly processor: number; readonly radio: number };
  /** Nothing here was measured on a board. */
  readonly model: true;
}

export class Meter {
  readonly #board: Board;
  readonly #spent: Spent = { instructions: 0, kernelCycles: 0, kernelCyclesExact: 0, flashUs: 0, busUs: 0 };
  /** Statements of interpreters that ran before a reset. */
  #statementsBefore = 0;
  #statements: () => number = () => 0;

  constructor(board: Board) {
    this.#board = board;
  }

  /** Counts another interpreter from now on. */
  follow(statements: () => number): void {
    this.#statementsBefore += this.#statements();
    this.#statements = statements;
  }

  get statements(): number {
    return this.#statementsBefore + this.#statements();
  }

  /** What is done here costs nothing: somebody looks into the board from outside. */
  free<Result>(work: () => Result): Result {
    const [before, spent] = [this.#statements(), { ...this.#spent }];
    try {
      return work();
    } finally {
      this.#statementsBefore -= this.#statements() - before;
      Object.assign(this.#spent, spent);
    }
  }

  instructions(count: number): void {
    this.#spent.instructions += count;
  }

  kernel(cycles: number, isExact: boolean): void {
    this.#spent.kernelCycles += cycles;
    if (isExact) this.#spent.kernelCyclesExact += cycles;
  }

  flash(us: number): void {
    this.#spent.flashUs += us;
  }

  bus(us: number): void {
    this.#spent.busUs += us;
  }

  get #scriptUs(): number {
    const instructions = this.statements * instructionsOf.statement + this.#spent.instructions;
    return (instructions * 1e6) / this.#board.instructionsPerSecond;
  }

  get #kernelUs(): number {
    return (this.#spent.kernelCycles * 1e6) / this.#board.clockHz;
  }

  /** Microseconds that the processor has worked. */
  get busyUs(): number {
    return this.#scriptUs + this.#kernelUs + this.#spent.flashUs + this.#spent.busUs;
  }

  report(radio: RadioUse): Costs {
    const { processorMa, sendMa, receiveMa } = currents[this.#board.chip];
    const bytes = radio.sentBytes * byteUs + radio.packets * packetUs;
    // A connection event without data is one empty packet each way; an advertisement goes out on three channels.
    const sentUs =
      bytes + radio.connectionEvents * packetUs + radio.advertisements * 3 * (37 * byteUs + packetUs);
    const receivedUs = radio.receivedBytes * byteUs + radio.connectionEvents * packetUs + radio.scanUs;
    const { kernelCycles, kernelCyclesExact, flashUs, busUs } = this.#spent;
    return {
      ...{ statements: this.statements, scriptUs: this.#scriptUs, kernelUs: this.#kernelUs },
      ...{ kernelCycles, kernelCyclesExact, flashUs, busUs, busyUs: this.busyUs },
      radio: { ...radio, airUs: sentUs + receivedUs },
      microjoules: {
        processor: (this.busyUs * processorMa * volts) / 1_000,
        radio: ((sentUs * sendMa + receivedUs * receiveMa) * volts) / 1_000,
      },
      model: true,
    };
  }
}
