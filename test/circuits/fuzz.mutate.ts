/** Mutations of bytes and of CBOR trees, from a fast seeded generator. */
import { ascii } from '#circuits/bytes.ts';
import { hash } from '#circuits/proof/suite.noble.ts';
import {
  array,
  encodeItem,
  head,
  type Item,
  join,
  parseItem,
  places,
  raw,
  string,
  unsigned,
} from './item.ts';

/** xorshift128: fast, and only as random as a fuzzer needs. */
export class Dice {
  readonly #state: Uint32Array;

  constructor(seed: string) {
    const digest = hash.sha256(ascii(`fuzz ${seed}`));
    this.#state = new Uint32Array(new Uint8Array(digest).buffer, 0, 4);
  }

  next(): number {
    const state = this.#state;
    let t = state[3]!;
    state[3] = state[2]!;
    state[2] = state[1]!;
    const s = state[0]!;
    state[1] = s;
    t ^= t << 11;
    t ^= t >>> 8;
    state[0] = t ^ s ^ (s >>> 19);
    return state[0]!;
  }

  below(limit: number): number {
    return this.next() % limit;
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  bytes(length: number): Uint8Array {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) bytes[i] = this.next() & 255;
    return bytes;
  }
}

const edges = [0, 1, 2, 3, 4, 23, 24, 31, 32, 33, 64, 65, 255, 256, 1_024, 1_025, 65_535, 65_536, 0xffffffff];

/** One to four changes of raw bytes: flips, sets, cuts, doubles, insertions, and a piece of another message. */
export function mutateBytes(dice: Dice, bytes: Uint8Array, other: Uint8Array): Uint8Array {
  let mutant: Uint8Array = bytes.slice();
  for (let left = 1 + dice.below(4); left > 0; left--) {
    const at = dice.below(mutant.length + 1);
    const end = Math.min(mutant.length, at + 1 + dice.below(40));
    switch (dice.below(7)) {
      case 0:
      case 1:
        if (at < mutant.length) mutant[at]! ^= 1 << dice.below(8);
        break;
      case 2:
        if (at < mutant.length) mutant[at] = dice.below(256);
        break;
      case 3:
        mutant = mutant.slice(0, at);
        break;
      case 4:
        mutant = join([mutant.subarray(0, end), mutant.subarray(at)]);
        break;
      case 5:
        mutant = join([mutant.subarray(0, at), dice.bytes(1 + dice.below(5)), mutant.subarray(at)]);
        break;
      default:
        mutant = join([mutant.subarray(0, at), other.subarray(dice.below(other.length))]);
    }
  }
  return mutant;
}

type Place = { readonly item: Item; readonly replace: (other: Item) => Item };

/** A tree with all its places found once. */
export class Tree {
  readonly #places: readonly Place[];

  constructor(bytes: Uint8Array) {
    this.#places = [...places(parseItem(bytes))];
  }

  mutant(dice: Dice, other: Tree): Uint8Array {
    const { item, replace } = dice.pick(this.#places);
    return encodeItem(replace(mutateItem(dice, item, dice.pick(other.#places).item)));
  }
}

const written = (...parts: Uint8Array[]): Item => ({ major: 7, argument: 0, raw: join(parts) });

function mutateItem(dice: Dice, item: Item, stranger: Item): Item {
  const whole = encodeItem(item);
  const rest = whole.subarray(head(item.major, item.argument).length);
  switch (dice.below(9)) {
    case 0:
      return stranger;
    case 1: // A length or count that lies.
      return written(head(item.major, dice.pick(edges)), rest);
    case 2: // A head longer than needed, or of another major type.
      return written(head(dice.below(8), item.argument % 0x100000000, dice.pick([1, 2, 4, 8])), rest);
    case 3:
      return string(
        dice.bytes(dice.below(2) ? dice.pick(edges) % 2_000 : (item.content?.length ?? 1)),
        item.major === 3 ? 3 : 2,
      );
    case 4:
      return unsigned(dice.pick(edges));
    case 5:
      return dice.pick([
        raw(0xf6),
        raw(0xf4),
        raw(0xf5),
        raw(0xf7),
        raw(0xff),
        raw(0xf9, 0, 0),
        raw(0x9f, 0xff),
      ]);
    case 6: // Items left out, doubled or exchanged.
      return shuffled(dice, item);
    case 7:
      return array(Array.from({ length: dice.below(70) }, () => item.children?.[0] ?? item));
    default: // The same form with other content: mostly a value that is taken.
      if (item.content) return string(dice.bytes(item.content.length), item.major);
      return unsigned(dice.below(24));
  }
}

function shuffled(dice: Dice, item: Item): Item {
  if (!item.children?.length) return item;
  const children = [...item.children];
  const [from, to] = [dice.below(children.length), dice.below(children.length)];
  if (dice.below(2)) children.splice(to, 0, children[from]!);
  else children.splice(to, dice.below(2), ...children.splice(from, 1));
  return { ...item, argument: item.major === 5 ? children.length >> 1 : children.length, children };
}
