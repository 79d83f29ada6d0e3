/** One shard of the revocation list: a salted set of purse handles, Golomb-Rice coded, complete in one beacon.
 *
 * empty | count (u16) | one codeword per handle, rising | zero bits to the next byte
 * A handle is the first 29 bits of the digest of label, salt and purse certificate id. A codeword is the gap to
 * the handle before it, less one: gap >> k one-bits, a zero bit, and the low k bits, where k = 28 - floor(log2 count).
 *
 * Room: the one-bits of all codewords together are at most 2^29 >> k, below 2 x count + 1; so a handle takes at most
 * k + 3 bits whatever the ids are. 1,024 bytes hold any 355 handles, 256 bytes any 80.
 * False positives: a purse that is not revoked is listed with probability count / 2^29: for 355 handles 2^-20.5.
 * The salt is the beacon's own header, so that an unlucky purse is lucky again under the next beacon. It holds the
 * second of issuance: a purse ground to collide with a victim's costs 2^29 hashes for each second it guesses.
 * There are no false negatives.
 *
 * 1. One set has one encoding, and only that one is read: rising, no handle twice, zero padding, nothing after it.
 *    (test/circuits/list.strict.test.ts)
 * 2. Every listed purse is found, and the bounds above hold. (test/circuits/list.bounds.test.ts)
 */
import { concat, readU32, u32 } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { label } from '../proof/label.ts';
import type { Suite } from '../proof/port.ts';
import { digestOf } from './cose.ts';
import type { Beacon } from './sync.ts';

const handleBits = 29;
export const listBytesMax = 1_024;

type Header = Pick<Beacon, 'issuer' | 'generation' | 'epoch' | 'time' | 'shard'>;

/** What ties handles to one beacon. */
export function listSalt(beacon: Header): Uint8Array {
  const { issuer, generation, epoch, time, shard } = beacon;
  return concat(issuer, u32(generation), u32(epoch), u32(time), u32(shard));
}

function handleOf(suite: Suite, salt: Uint8Array, certificateId: Uint8Array): number {
  return readU32(digestOf(suite, label.revocation, salt, certificateId)) >>> (32 - handleBits);
}

/** Bits of the binary part of a codeword: the gaps are about 2^29 / count. */
function lowBits(count: number): number {
  return handleBits - 1 - Math.floor(Math.log2(count));
}

/** The shard of these purse certificates; a fault `size` where it would not fit. */
export function encodeList(
  suite: Suite,
  salt: Uint8Array,
  certificateIds: readonly Uint8Array[],
): Uint8Array {
  const handles = [...new Set(certificateIds.map(id => handleOf(suite, salt, id)))].sort((a, b) => a - b);
  if (handles.length === 0) return new Uint8Array(0);
  const low = lowBits(handles.length);
  const bits: number[] = [];
  let previous = -1;
  for (const handle of handles) {
    const gap = handle - previous - 1;
    previous = handle;
    for (let ones = gap >> low; ones > 0; ones--) bits.push(1);
    bits.push(0);
    for (let i = low - 1; i >= 0; i--) bits.push((gap >> i) & 1);
  }
  const shard = new Uint8Array(2 + Math.ceil(bits.length / 8));
  if (shard.length > listBytesMax)
    throw new Fault('size', `a shard of ${shard.length}, at most ${listBytesMax}`);
  shard.set([handles.length >> 8, handles.length]);
  for (const [i, bit] of bits.entries()) shard[2 + (i >> 3)]! |= bit << (7 - (i & 7));
  return shard;
}

/** Reads bits from the first after the count. */
function bitReader(shard: Uint8Array): { bit(): number; end(): void } {
  let position = 16;
  return {
    bit() {
      const byte = shard[position >> 3];
      if (byte === undefined) throw new Fault('encoding', 'a list ends too early');
      return (byte >> (7 - (position++ & 7))) & 1;
    },
    end() {
      if (shard.length > (position + 7) >> 3) throw new Fault('encoding', 'bytes after the end of a list');
      while (position & 7) if (this.bit()) throw new Fault('encoding', 'padding of a list is not zero');
    },
  };
}

/** The handles of a shard, rising. */
export function parseList(shard: Uint8Array): number[] {
  if (shard.length === 0) return [];
  if (shard.length > listBytesMax) throw new Fault('size', `a shard of ${shard.length}`);
  const count = (shard[0] ?? 0) * 256 + (shard[1] ?? 0);
  if (count === 0) throw new Fault('encoding', 'a list that counts none');
  const reader = bitReader(shard);
  const low = lowBits(count);
  const handles: number[] = [];
  let previous = -1;
  for (let i = 0; i < count; i++) {
    let gap = 0;
    while (reader.bit()) gap += 1;
    for (let left = low; left > 0; left--) gap = gap * 2 + reader.bit();
    previous += gap + 1;
    if (previous >= 2 ** handleBits) throw new Fault('encoding', 'a handle beyond the last');
    handles.push(previous);
  }
  reader.end();
  return handles;
}

/** Whether a beacon's list names this purse. */
export function isListed(
  suite: Suite,
  beacon: Header & Pick<Beacon, 'list'>,
  certificateId: Uint8Array,
): boolean {
  return parseList(beacon.list).includes(handleOf(suite, listSalt(beacon), certificateId));
}
