/** The board and build that this program is made for: the build replaces each leaf by its value (host/build/constants.ts). */
declare const board: {
  readonly name: string;
  readonly product: string;
  readonly role: 'purse' | 'till' | 'both' | 'test';
  /** A kernel is in the image. */
  readonly native: boolean;
  /** It runs from a copy in RAM, points behind it. */
  readonly kernelCopied: boolean;
  readonly kernelAddress: number;
  readonly kernelBytes: number;
  /** Of the code alone, and its CRC-32. */
  readonly kernelLength: number;
  readonly kernelCheck: number;
  readonly pointsAddress: number;
  readonly pointsBytes: number;
  /** Teeth, bits and parties, as parameter blocks hold them. */
  readonly pointsShape: number;
  readonly scratchBytes: number;
  /** Pages of the journal: nothing but Flash.write writes there. */
  readonly rawAddress: number;
  readonly rawPages: number;
  readonly pageBytes: number;
  readonly storageMapped: boolean;
  readonly payloadBytes: number;
  /** Hardware register of random words; 0 where E.hwRand is the hardware's. */
  readonly randomAddress: number;
  readonly buttons: number;
  readonly leds: number;
};

/** Operations of the kernel, replaced by their numbers. */
declare const operation: typeof import('#circuits/kernel/operation.ts').operations;
