/** `mite boards`: what can be built for. */
import { boards } from '#boards/all.ts';
import type { Events } from './event.ts';

const number = (value: number) => value.toLocaleString('en');

export async function* boardsVerb(): Events {
  for (const board of Object.values(boards)) {
    const { name, title, chip, kernel, memory, flash, firmware, unverified } = board;
    const ram = memory.variables * memory.variableBytes;
    const native = kernel ? `proves ${kernel.provesBits} bits` : 'no native code';
    const storage = (flash.storage.pages * flash.pageBytes) / 1024;
    yield {
      text: `${name.padEnd(12)}${title.padEnd(26)}${chip.padEnd(10)}${native.padEnd(16)}${number(Math.floor(ram / 1024)).padStart(4)} kB RAM, ${number(storage).padStart(5)} kB Storage`,
      data: {
        board: name,
        title,
        chip,
        native: kernel !== undefined,
        provesBits: kernel?.provesBits ?? 0,
        ramBytes: ram,
        storageBytes: flash.storage.pages * flash.pageBytes,
        firmware: firmware.names,
        firmwareLeast: firmware.least,
        unverified,
      },
    };
  }
}
