/** What the host knows of a board: one schema, types only. Each board is one file of data beside this one.
 *
 * Figures of boards name their source in a comment: "board file", "source" and "linker map" speak of Espruino at commit
 * c5ff787b1, "measured" of its code on an emulated Cortex-M4. What was only inferred is listed in `unverified`, by its path.
 *
 * 1. Sums, orders and addresses of each board fit together. (test/boards/board.sums.test.ts)
 */

export type BoardName =
  | 'puckjs'
  | 'mdbt42q'
  | 'nrf52840dk'
  | 'xiaoble'
  | 'microbit2'
  | 'esp32'
  | 'esp32c3'
  | 'esp32s3'
  | 'emulated';

export type Chip = 'nrf52832' | 'nrf52833' | 'nrf52840' | 'esp32' | 'esp32c3' | 'esp32s3';

export interface Firmware {
  /** What `process.env.BOARD` says on it. */
  readonly names: readonly string[];
  /** Of Espruino: packets need 2v25. */
  readonly least: string;
  /** Native modules that `require` finds. */
  readonly modules: readonly string[];
  /** Digests and ciphers that its crypto module offers. */
  readonly crypto: readonly ('SHA1' | 'SHA256' | 'SHA512' | 'AES' | 'AES_CCM' | 'PBKDF2')[];
  /** Strings of its interpreter: bytes, or Unicode where a literal asks for it. */
  readonly strings: 'bytes' | 'unicode';
}

export interface Memory {
  /** JsVars, and the bytes of each. */
  readonly variables: number;
  readonly variableBytes: 12 | 13 | 14 | 16 | 27;
  /** The most references that one JsVar counts; above it only the garbage collector frees it. */
  readonly referencesMax: 15 | 255;
  /** C stack that is free when JavaScript begins. */
  readonly stackBytes: number;
}

/** Consecutive bytes of flash, page-aligned. */
export interface Area {
  readonly address: number;
  readonly pages: number;
}

export interface Flash {
  readonly pageBytes: 4096;
  /** The Storage of the firmware; `mapped`: its bytes can be read, and run, where they lie. */
  readonly storage: Area & { readonly mapped: boolean };
  /** Pages that neither firmware nor Storage uses. */
  readonly free?: Area & { readonly mapped: boolean };
  /** Unit in which bits are programmed. */
  readonly wordBytes: 1 | 4;
  /** How often words may be written between two erases: so often in each block of so many bytes. */
  readonly writes: { readonly blockBytes: number; readonly times: number };
  readonly erasesMax: number;
  readonly wordWriteMicros: number;
  readonly pageEraseMicros: number;
  /** Locks pages until reset: by an SVC of the SoftDevice. */
  readonly lock?: { readonly by: 'protect' | 'register'; readonly svc: number };
}

export interface Radio {
  readonly ble: {
    readonly mtuBytes: number;
    /** Of a write that reaches JavaScript; the rest is silently cut. */
    readonly eventBytes: number;
    /** Of a frame of our link, after its header. */
    readonly payloadBytes: 15 | 45 | 56 | 123;
    readonly centralLinks: number;
  };
  /** A tag answers by itself; nothing here is a reader without a part on its I2C. */
  readonly nfc?: { readonly kind: 'tag'; readonly replyMicros: number };
  readonly wifi: boolean;
}

export interface Randomness {
  /** `pool`: E.hwRand is the hardware's. `register`: E.hwRand is unseeded, so the hardware's register is read, radio on. */
  readonly source: 'pool' | 'register';
  readonly address?: number;
}

export interface Pin {
  readonly name: string;
  readonly pin: string;
  readonly colour?: 'red' | 'green' | 'blue' | 'white' | 'matrix';
}

export interface Kernel {
  /** Its blob, under circuits/kernel/blobs. */
  readonly blob: 'thumb.small' | 'thumb.full';
  /** Runs where it lies in flash, or from a copy in RAM. */
  readonly runs: 'place' | 'copy';
  /** Points of generators: 0 teeth are plain points, more are combs (circuits/kernel/tables.ts). */
  readonly tables: {
    readonly teeth: 0 | 4 | 5 | 6;
    readonly bits: 16 | 32;
    readonly parties: number;
    /** Points of higher bits are encodings, which take half the room and a decoding each. */
    readonly plain?: number;
  };
  /** Range proofs that the board makes in time; it verifies both sizes. */
  readonly provesBits: 16 | 32;
  /** RAM that its largest operation takes beside its stack. */
  readonly scratchBytes: number;
  readonly stackBytesMax: number;
}

/** Bytes of each part, and where it lies. Storage begins with one file: its header, kernel, points, then raw pages. */
export interface Layout {
  readonly storage: {
    /** Where nothing may be wasted: the file is header, points, manifest and certificates in one page, raw pages, kernel. */
    readonly pageFirst?: true;
    readonly kernelBytes: number;
    readonly pointsBytes: number;
    readonly rawPages: number;
    /** Boot files and bundle, 32 bytes of header a file included. */
    readonly bundleBytes: number;
    /** First certificates and manifest, headers included where they are files of their own. */
    readonly certificateBytes: number;
  };
  /** In `flash.free`, in this order, each from a page of its own. */
  readonly free?: { readonly kernelBytes: number; readonly pointsBytes: number; readonly rawPages: number };
}

export interface Budget {
  /** Functions of the bundle. */
  readonly functions: number;
  /** JsVars that must be free after boot, with scratch and buffers allocated. */
  readonly variablesFree: number;
  /** Nested JavaScript calls. */
  readonly depth: number;
  /** Slots of a purse that the journal can keep: tiers with more are not for this board. */
  readonly slots: 0 | 4 | 16;
}

export interface Board {
  readonly name: BoardName;
  readonly title: string;
  readonly chip: Chip;
  readonly processor: 'cortex-m4' | 'xtensa' | 'riscv';
  readonly clockHz: number;
  /** Of the interpreter's code, on average. */
  readonly instructionsPerSecond: number;
  readonly firmware: Firmware;
  readonly memory: Memory;
  readonly flash: Flash;
  readonly radio: Radio;
  readonly randomness: Randomness;
  readonly leds: readonly Pin[];
  readonly buttons: readonly Pin[];
  readonly console: { readonly device: 'Serial1' | 'USB'; readonly baud: number };
  /** Absent: no native code, so this board takes part by hash channels alone. */
  readonly kernel?: Kernel;
  readonly layout: Layout;
  readonly budget: Budget;
  /** Paths of figures above that nobody has seen on a board. */
  readonly unverified: readonly string[];
}
