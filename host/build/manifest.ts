/** The manifest of an image: what it was built for and the digest of each of its parts. The device reads it too.
 *
 * "MITE" | format (1) | protocol version (1) | tier version (1) | flags (1: bit 0 locked) | role (1) | profile (1) |
 * least firmware (major 1, minor 1) | product (major, minor, patch: 3) | number of parts (1) | board (12) | tier (16) |
 * parts: kind (1) | area (1: 0 Storage, 1 free pages) | 0 (2) | address (u32 LE) | bytes (u32 LE) | SHA-256 (32)
 * Names are ASCII, zero-padded. Nothing in it tells when or where it was built.
 *
 * 1. What is encoded is parsed, and nothing else is. (test/host/image.manifest.test.ts)
 */
import { ascii, concat } from '#circuits/bytes.ts';

const magic = ascii('MITE');
const format = 1;
const headBytes = 44;
const partBytes = 44;

/** Append only: numbers are part of the format. */
const partNames = ['kernel', 'points', 'boot', 'bundle', 'certificates'] as const;
export const roles = ['purse', 'till', 'both', 'test'] as const;
/** `hash`: no native code, so vouchers alone. `native`: proofs of 16 bits. `tables`: proofs of 32 bits with tables. */
const profiles = ['hash', 'native', 'tables'] as const;

export type PartName = (typeof partNames)[number];
export type Role = (typeof roles)[number];
export type Profile = (typeof profiles)[number];

export interface ManifestPart {
  readonly name: PartName;
  readonly area: 'storage' | 'free';
  readonly address: number;
  readonly bytes: number;
  readonly sha256: Uint8Array;
}

export interface Manifest {
  readonly board: string;
  readonly tier: string;
  readonly role: Role;
  readonly profile: Profile;
  readonly locked: boolean;
  readonly protocolVersion: number;
  readonly tierVersion: number;
  /** `2v25`, of Espruino. */
  readonly firmware: string;
  /** `0.1.0`, of Mite. */
  readonly product: string;
  readonly parts: readonly ManifestPart[];
}

function padded(text: string, length: number): Uint8Array {
  if (text.length > length) throw new Error(`"${text}" has more than ${length} characters`);
  const bytes = new Uint8Array(length);
  bytes.set(ascii(text));
  return bytes;
}

function numbers(text: string, separator: string, count: number): number[] {
  const parts = text.split(separator);
  if (parts.length !== count || parts.some(part => !/^\d{1,3}$/.test(part) || Number(part) > 255))
    throw new Error(`"${text}" is no version`);
  return parts.map(Number);
}

function encodePart({ name, area, address, bytes, sha256 }: ManifestPart): Uint8Array {
  const head = new Uint8Array(partBytes);
  head.set([partNames.indexOf(name), area === 'free' ? 1 : 0]);
  const view = new DataView(head.buffer);
  view.setUint32(4, address, true);
  view.setUint32(8, bytes, true);
  head.set(sha256, 12);
  return head;
}

export function encodeManifest(manifest: Manifest): Uint8Array {
  return concat(
    magic,
    Uint8Array.of(
      format,
      manifest.protocolVersion,
      manifest.tierVersion,
      manifest.locked ? 1 : 0,
      roles.indexOf(manifest.role),
      profiles.indexOf(manifest.profile),
      ...numbers(manifest.firmware, 'v', 2),
      ...numbers(manifest.product, '.', 3),
      manifest.parts.length,
    ),
    padded(manifest.board, 12),
    padded(manifest.tier, 16),
    ...manifest.parts.map(encodePart),
  );
}

const textOf = (bytes: Uint8Array) => String.fromCharCode(...bytes).replace(/\0+$/, '');

function parsePart(bytes: Uint8Array): ManifestPart {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  return {
    name: partNames[bytes[0]!]!,
    area: bytes[1] === 1 ? 'free' : 'storage',
    address: view.getUint32(4, true),
    bytes: view.getUint32(8, true),
    sha256: bytes.slice(12),
  };
}

/** Bytes of a manifest with so many parts. */
export const manifestBytes = (parts: number) => headBytes + partBytes * parts;

/** The longest that there can be. */
export const manifestBytesMax = manifestBytes(partNames.length);

/** The manifest that these bytes begin with, whatever follows it; undefined where there is none. */
export const openManifest = (bytes: Uint8Array): Manifest | undefined =>
  bytes.length < headBytes ? undefined : parseManifest(bytes.subarray(0, manifestBytes(bytes[15]!)));

/** The one manifest that has these bytes; undefined where there is none. */
function parseManifest(bytes: Uint8Array): Manifest | undefined {
  if (bytes.length < headBytes || bytes.length !== manifestBytes(bytes[15]!)) return undefined;
  const [role, profile] = [roles[bytes[8]!], profiles[bytes[9]!]];
  const parts = Array.from({ length: bytes[15]! }, (_, i) =>
    parsePart(bytes.subarray(headBytes + partBytes * i, headBytes + partBytes * (i + 1))),
  );
  if (!role || !profile || parts.some(part => !part.name)) return undefined;
  const manifest: Manifest = {
    board: textOf(bytes.subarray(16, 28)),
    tier: textOf(bytes.subarray(28, 44)),
    role,
    profile,
    locked: bytes[7] === 1,
    protocolVersion: bytes[5]!,
    tierVersion: bytes[6]!,
    firmware: `${bytes[10]}v${bytes[11]}`,
    product: `${bytes[12]}.${bytes[13]}.${bytes[14]}`,
    parts,
  };
  const again = encodeManifest(manifest);
  return again.every((byte, i) => byte === bytes[i]) ? manifest : undefined;
}
