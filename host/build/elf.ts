/** Reads what a link step left: sections, symbols and relocations of a 32-bit little-endian ELF file. */

export interface Section {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly alignment: number;
  readonly bytes: Uint8Array;
}

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  readonly bytes: number;
  readonly isFunction: boolean;
}

export interface Elf {
  readonly sections: readonly Section[];
  /** Symbols that have an address, of functions and of data. */
  readonly symbols: readonly ElfSymbol[];
  /** Kinds of relocation, each with the section that it changes. */
  readonly relocations: readonly { readonly kind: number; readonly section: Section }[];
}

const kinds = { symbols: 2, relocationsWithAddend: 4, noBits: 8, relocations: 9 };
export const sectionFlags = { write: 1, allocate: 2 };

const text = (bytes: Uint8Array, from: number) =>
  String.fromCharCode(...bytes.subarray(from, bytes.indexOf(0, from)));

interface RawSection extends Section {
  readonly link: number;
  readonly info: number;
  readonly entryBytes: number;
}

function readSections(file: Uint8Array, view: DataView): RawSection[] {
  const [table, entryBytes] = [view.getUint32(32, true), view.getUint16(46, true)];
  const word = (index: number, field: number) => view.getUint32(table + index * entryBytes + 4 * field, true);
  const count = view.getUint16(48, true);
  const range = (index: number): Uint8Array =>
    word(index, 1) === kinds.noBits
      ? new Uint8Array(word(index, 5))
      : file.subarray(word(index, 4), word(index, 4) + word(index, 5));
  const names = range(view.getUint16(50, true));
  return Array.from({ length: count }, (_, index) => ({
    name: text(names, word(index, 0)),
    type: word(index, 1),
    flags: word(index, 2),
    address: word(index, 3),
    link: word(index, 6),
    info: word(index, 7),
    alignment: word(index, 8),
    entryBytes: word(index, 9),
    bytes: range(index),
  }));
}

function* rows(section: RawSection): Generator<DataView> {
  const { buffer, byteOffset, length } = section.bytes;
  for (let at = 0; at < length; at += section.entryBytes)
    yield new DataView(buffer, byteOffset + at, section.entryBytes);
}

function readSymbols(sections: readonly RawSection[]): ElfSymbol[] {
  return sections
    .filter(({ type }) => type === kinds.symbols)
    .flatMap(table =>
      [...rows(table)].flatMap(row => {
        const kind = row.getUint8(12) & 15;
        if (row.getUint16(14, true) === 0 || kind > 2) return [];
        const name = text(sections[table.link]!.bytes, row.getUint32(0, true));
        // The lowest bit of a Thumb function's address is a mode, not an address.
        const address = row.getUint32(4, true) & (kind === 2 ? ~1 : ~0);
        return [{ name, address, bytes: row.getUint32(8, true), isFunction: kind === 2 }];
      }),
    )
    .filter(({ name }) => /^[a-z_]/i.test(name));
}

export function parseElf(file: Uint8Array): Elf {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  if (view.getUint32(0) !== 0x7f454c46 || view.getUint16(4) !== 0x0101)
    throw new Error('not a 32-bit little-endian ELF file');
  const sections = readSections(file, view);
  const relocations = sections
    .filter(({ type }) => type === kinds.relocations || type === kinds.relocationsWithAddend)
    .flatMap(table =>
      [...rows(table)].map(row => ({ kind: row.getUint8(4), section: sections[table.info]! })),
    );
  return { sections, symbols: readSymbols(sections), relocations };
}
