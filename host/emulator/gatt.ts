/** Names and packets of Bluetooth as the firmware writes and reads them: UUIDs, advertising data.
 *
 * Advertising data: length | type | content, up to 31 bytes (Core Specification Supplement, part A).
 *
 * 1. What one board advertises another reads back. (test/host/emulator.nrf.test.ts)
 */
const types = {
  ...{ flags: 0x01, services16: 0x03, services128: 0x07, shortName: 0x08, name: 0x09 },
  ...{ serviceData16: 0x16, serviceData128: 0x21, manufacturer: 0xff },
} as const;
export const advertisingBytesMax = 31;

/** Nordic's UART service: the console over BLE. */
export const uart = {
  service: '6e400001-b5a3-f393-e0a9-e50e24dcca9e',
  receive: '6e400002-b5a3-f393-e0a9-e50e24dcca9e',
  send: '6e400003-b5a3-f393-e0a9-e50e24dcca9e',
} as const;

/** Lower case: 4 digits of a 16-bit UUID, or all of a long one. Nothing where it is none. */
export function uuidOf(value: number | string): string | undefined {
  if (typeof value === 'number') return value.toString(16).padStart(4, '0');
  const text = value.toLowerCase();
  if (/^0x[0-9a-f]{4}$/.test(text)) return text.slice(2);
  // A key of an object literal, {0x180f: ...}, is its number in decimal.
  if (/^\d{1,5}$/.test(text) && Number(text) < 65_536) return uuidOf(Number(text));
  const digits = text.replaceAll('-', '');
  if (!/^[0-9a-f]{32}$/.test(digits)) return undefined;
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** Little-endian, as on the air. */
const uuidBytes = (uuid: string) => Buffer.from(uuid.replaceAll('-', ''), 'hex').reverse();

function uuidFrom(bytes: Uint8Array): string {
  const digits = Buffer.from(bytes).reverse().toString('hex');
  return digits.length === 4 ? digits : uuidOf(digits)!;
}

export interface Advertised {
  readonly name?: string;
  readonly services?: readonly string[];
  readonly serviceData?: Readonly<Record<string, Uint8Array>>;
  readonly manufacturer?: number;
  readonly manufacturerData?: Uint8Array;
}

const structure = (type: number, content: Uint8Array) => Uint8Array.of(content.length + 1, type, ...content);

export function encodeAdvertised({
  name,
  services = [],
  serviceData = {},
  manufacturer,
  manufacturerData,
}: Advertised): Uint8Array {
  const parts = [structure(types.flags, Uint8Array.of(6))];
  for (const [uuid, data] of Object.entries(serviceData)) {
    const type = uuid.length === 4 ? types.serviceData16 : types.serviceData128;
    parts.push(structure(type, Uint8Array.of(...uuidBytes(uuid), ...data)));
  }
  for (const uuid of services)
    parts.push(structure(uuid.length === 4 ? types.services16 : types.services128, uuidBytes(uuid)));
  if (manufacturer !== undefined)
    parts.push(
      structure(
        types.manufacturer,
        Uint8Array.of(manufacturer & 255, manufacturer >> 8, ...(manufacturerData ?? [])),
      ),
    );
  const used = parts.reduce((sum, part) => sum + part.length, 2);
  const room = Math.max(0, advertisingBytesMax - used);
  // A name that does not fit is shortened, and says so by its type.
  if (name && room)
    parts.push(
      structure(
        name.length > room ? types.shortName : types.name,
        Buffer.from(name.slice(0, room), 'latin1'),
      ),
    );
  return new Uint8Array(Buffer.concat(parts));
}

export function parseAdvertised(bytes: Uint8Array): Advertised {
  let found: Advertised = {};
  for (let at = 0; at < bytes.length && bytes[at]; at += bytes[at]! + 1) {
    const content = bytes.subarray(at + 2, at + 1 + bytes[at]!);
    found = { ...found, ...readStructure(found, bytes[at + 1]!, content) };
  }
  return found;
}

function readStructure(found: Advertised, type: number, content: Uint8Array): Advertised {
  const idBytes = type === types.services16 || type === types.serviceData16 ? 2 : 16;
  switch (type) {
    case types.name:
    case types.shortName:
      return { name: Buffer.from(content).toString('latin1') };
    case types.services16:
    case types.services128: {
      const count = Math.floor(content.length / idBytes);
      const all = Array.from({ length: count }, (_, i) =>
        uuidFrom(content.subarray(i * idBytes, (i + 1) * idBytes)),
      );
      return { services: [...(found.services ?? []), ...all] };
    }
    case types.serviceData16:
    case types.serviceData128:
      return {
        serviceData: {
          ...found.serviceData,
          [uuidFrom(content.subarray(0, idBytes))]: content.slice(idBytes),
        },
      };
    case types.manufacturer:
      return {
        manufacturer: content[0]! | (content[1]! << 8),
        manufacturerData: content.slice(2),
      };
    default:
      return {};
  }
}
