/** The counter of a secure element of the ATECC608 class on I2C: no flash of the board holds it, so none restores it.
 *
 * To the part: 3 | count | opcode 0x24 | mode (0 read, 1 count) | counter (2) | CRC-16 (2). From it: 7 | value (4) | CRC-16,
 * or 4 | status | CRC-16. A call of address 0 wakes it; 2 sends it to rest. An answer that is lost after the part has
 * counted is no harm: the value is read before and after.
 *
 * 1. A lost or garbled answer never counts twice. (test/device/counter.element.test.ts)
 */
import { viewOf } from '../journal/page.ts';
import type { Counter } from './counter.ts';

/** False, nothing: not acknowledged. A shell that throws on these catches them. */
export interface Wire {
  write(address: number, bytes: Uint8Array): boolean;
  read(address: number, length: number): Uint8Array | undefined;
  pauseMs(time: number): void;
}

export interface ElementPlace {
  readonly address: number;
  /** 0 or 1. */
  readonly counter: number;
  /** Its value when the wallet was made. */
  readonly base: number;
}

const valueMax = 2_097_151;
const words = { wake: 0, idle: 2, command: 3 } as const;
const [opcode, answerBytes, wakeMs] = [0x24, 7, 2];
const modes = { read: 0, count: 1 } as const;
/** 20 ms are typical: several times that before it is given up. */
const pollsMax = 100;

/** Polynomial 0x8005, bits from the lowest, from 0. */
function crc16(bytes: Uint8Array, length: number): number {
  let crc = 0;
  for (let i = 0; i < length; i++)
    for (let bit = 0; bit < 8; bit++) {
      const differs = ((bytes[i]! >> bit) & 1) !== crc >> 15;
      crc = ((crc << 1) ^ (differs ? 0x8005 : 0)) & 0xffff;
    }
  return crc;
}

function commandOf(mode: number, counter: number): Uint8Array {
  const body = new Uint8Array([7, opcode, mode, counter, 0]);
  const crc = crc16(body, 5);
  return new Uint8Array([words.command, 7, opcode, mode, counter, 0, crc & 0xff, crc >> 8]);
}

function answerOf(wire: Wire, address: number): Uint8Array | undefined {
  for (let polls = 0; polls < pollsMax; polls++) {
    const answer = wire.read(address, answerBytes);
    if (answer) return answer;
    wire.pauseMs(1);
  }
  return undefined;
}

/** The value, or -1 where there is no good answer. */
function run(wire: Wire, { address, counter }: ElementPlace, mode: number): number {
  wire.write(0, new Uint8Array([words.wake]));
  wire.pauseMs(wakeMs);
  if (!wire.write(address, commandOf(mode, counter))) return -1;
  const answer = answerOf(wire, address);
  wire.write(address, new Uint8Array([words.idle]));
  if (!answer || answer[0] !== answerBytes) return -1;
  const view = viewOf(answer);
  return view.getUint16(answerBytes - 2, true) === crc16(answer, answerBytes - 2)
    ? view.getUint32(1, true)
    : -1;
}

const triesMax = 3;

function readValue(wire: Wire, place: ElementPlace): number {
  for (let tries = 0; tries < triesMax; tries++) {
    const value = run(wire, place, modes.read);
    if (value >= 0) return value;
  }
  return -1;
}

export function openElementCounter(wire: Wire, place: ElementPlace): Counter {
  const { base } = place;
  const max = valueMax - base;
  return {
    max,
    read: () => {
      const value = readValue(wire, place);
      return value < base ? 'element' : value - base;
    },
    tick: to => {
      for (let tries = 0; tries < triesMax; tries++) {
        const value = readValue(wire, place);
        if (value < base) return 'element';
        if (value - base === to) return null;
        if (value - base + 1 !== to || to > max) return 'counter';
        run(wire, place, modes.count);
      }
      return readValue(wire, place) - base === to ? null : 'element';
    },
  };
}
