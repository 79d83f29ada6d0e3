/** CBOR as a tree of items, for mutation: reads any well-formed definite-length bytes, writes canonical or broken ones. */

export interface Item {
  readonly major: number;
  readonly argument: number;
  /** Bytes of a string. */
  readonly content?: Uint8Array;
  /** Items of an array, tag or map: keys and values in turn. */
  readonly children?: readonly Item[];
  /** Written instead of the whole item. */
  readonly raw?: Uint8Array;
}

export function head(major: number, argument: number, width = widthOf(argument)): Uint8Array {
  const top = major << 5;
  if (width === 0) return Uint8Array.of(top | argument);
  const bytes = new Uint8Array(1 + width);
  bytes[0] = top | (24 + Math.log2(width));
  for (let i = 0, rest = argument; i < width; i++, rest = Math.floor(rest / 256))
    bytes[width - i] = rest % 256;
  return bytes;
}

function widthOf(argument: number): number {
  if (argument < 24) return 0;
  return argument < 0x100 ? 1 : argument < 0x10000 ? 2 : argument < 0x100000000 ? 4 : 8;
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

export function parseItem(bytes: Uint8Array): Item {
  let offset = 0;
  const read = (): Item => {
    const first = bytes[offset++]!;
    const [major, short] = [first >> 5, first & 31];
    let argument = short;
    if (short > 23) {
      const width = 1 << (short - 24);
      argument = 0;
      for (let i = 0; i < width; i++) argument = argument * 256 + bytes[offset++]!;
    }
    if (major === 2 || major === 3) {
      offset += argument;
      return { major, argument, content: bytes.slice(offset - argument, offset) };
    }
    const count = major === 4 ? argument : major === 5 ? 2 * argument : major === 6 ? 1 : 0;
    if (major < 4 || major > 6) return { major, argument };
    return { major, argument, children: Array.from({ length: count }, read) };
  };
  return read();
}

export function encodeItem(item: Item): Uint8Array {
  if (item.raw) return item.raw;
  const parts = [head(item.major, item.argument)];
  if (item.content) parts.push(item.content);
  for (const child of item.children ?? []) parts.push(encodeItem(child));
  return join(parts);
}

/** Every item below and including this one, each with the tree in which another stands in its place. */
export function* places(
  item: Item,
  rebuild: (other: Item) => Item = other => other,
): Generator<{
  item: Item;
  replace: (other: Item) => Item;
}> {
  yield { item, replace: rebuild };
  for (const [i, child] of (item.children ?? []).entries()) {
    yield* places(child, other =>
      rebuild({ ...item, children: item.children!.map((old, j) => (j === i ? other : old)) }),
    );
  }
}

export const raw = (...bytes: number[]): Item => ({ major: 7, argument: 0, raw: Uint8Array.from(bytes) });
export const unsigned = (argument: number): Item => ({ major: 0, argument });
export const array = (children: readonly Item[]): Item => ({ major: 4, argument: children.length, children });
export const string = (content: Uint8Array, major = 2): Item => ({
  major,
  argument: content.length,
  content,
});
