/** A suite that remembers: the same arithmetic on the same inputs is done once, over all mutants.
 *
 * Sound because points are immutable, ports are pure, and the arithmetic below them is not what is mutated.
 */
import type { Group, Point, Scalar, Signature, Suite } from '#circuits/proof/port.ts';

const entriesMax = 400_000;

const toHex = (bytes: Uint8Array) =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
const ofScalars = (scalars: readonly Scalar[]) => scalars.map(scalar => scalar.toString(36)).join();

/** Results by operation and inputs. Only what was computed is kept, never what was thrown. */
export class Memory {
  #entries = new Map<string, unknown>();
  readonly #ids = new WeakMap<Point, number>();
  #count = 0;

  recall<T>(key: string, compute: () => T): T {
    if (this.#entries.has(key)) return this.#entries.get(key) as T;
    const value = compute();
    if (this.#entries.size >= entriesMax) this.#entries = new Map();
    this.#entries.set(key, value);
    return value;
  }

  id(point: Point): number {
    const known = this.#ids.get(point);
    if (known !== undefined) return known;
    this.#ids.set(point, ++this.#count);
    return this.#count;
  }
}

function rememberGroup(memory: Memory, group: Group): Group {
  const id = (point: Point) => memory.id(point);
  return {
    ...group,
    encode: point => memory.recall(`e${id(point)}`, () => group.encode(point)).slice(),
    decode: bytes => memory.recall(`d${toHex(bytes)}`, () => group.decode(bytes)),
    fromUniform: bytes => memory.recall(`u${toHex(bytes)}`, () => group.fromUniform(bytes)),
    add: (a, b) => memory.recall(`a${id(a)},${id(b)}`, () => group.add(a, b)),
    negate: a => memory.recall(`n${id(a)}`, () => group.negate(a)),
    multiply: (point, scalar) =>
      memory.recall(`m${id(point)},${scalar.toString(36)}`, () => group.multiply(point, scalar)),
    multiScalar: (scalars, points) =>
      memory.recall(`s${ofScalars(scalars)};${points.map(id).join()}`, () =>
        group.multiScalar(scalars, points),
      ),
  };
}

function rememberSignature(memory: Memory, signature: Signature): Signature {
  const { algorithm } = signature;
  const key = (name: string, parts: readonly Uint8Array[]) =>
    `${name}${algorithm} ${parts.map(toHex).join()}`;
  return {
    algorithm,
    publicKey: secret => memory.recall(key('P', [secret]), () => signature.publicKey(secret)).slice(),
    sign: (...parts) => memory.recall(key('S', parts), () => signature.sign(...parts)).slice(),
    verify: (...parts) => memory.recall(key('V', parts), () => signature.verify(...parts)),
    isCertifiable: secret => memory.recall(key('C', [secret]), () => signature.isCertifiable(secret)),
  };
}

type Exports = Record<string, unknown>;

/** Adapts what `suite.noble.ts` exports: the group always, signatures only while their code is as it is. */
export function remembering(memory: Memory): (exports: Exports, pristine: boolean) => Exports {
  let group: Group | undefined;
  return (exports, pristine) => {
    const adapt = (suite: Suite): Suite => {
      group ??= rememberGroup(memory, suite.group);
      return {
        ...suite,
        group,
        signature: pristine ? rememberSignature(memory, suite.signature) : suite.signature,
      };
    };
    return { ...exports, suite1: adapt(exports.suite1 as Suite), suite2: adapt(exports.suite2 as Suite) };
  };
}
