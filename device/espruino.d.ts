/** What device code uses of Espruino, as far as it uses it: typed by hand from the firmware's documentation. */

interface EspruinoPin {
  read(): boolean;
  write(value: boolean | number): void;
}

interface EspruinoStorage {
  /** A string on the flash itself where that is mapped. */
  read(name: string, offset?: number, length?: number): string | undefined;
}

/** Errors of nRF52 flash are silent: whatever is written or erased is read back. */
interface EspruinoFlash {
  read(length: number, address: number): Uint8Array;
  write(data: Uint8Array, address: number): void;
  erasePage(address: number): void;
}

declare namespace NodeJS {
  interface Require {
    (name: 'Storage'): EspruinoStorage;
    (name: 'Flash'): EspruinoFlash;
  }
}

declare const E: {
  CRC32(data: string | Uint8Array): number;
  /** A string on memory that is mapped. */
  memoryArea(address: number, length: number): string;
  /** 0 where it does not lie in one piece. */
  getAddressOf(data: unknown, flat: boolean): number;
  nativeCall(address: number, signature: string): (...words: number[]) => number;
  toUint8Array(data: string): Uint8Array;
  hwRand(): number;
};

declare const NRF: {
  setAdvertising(data: object, options: { name?: string; interval?: number }): void;
  getAddress(): string;
};

declare const LED1: EspruinoPin;
declare const LED2: EspruinoPin;

declare function peek32(address: number): number;
declare function print(text: string): void;
