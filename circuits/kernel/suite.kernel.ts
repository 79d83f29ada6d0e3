/** Suites on a kernel: as WebAssembly the backend that a host uses by default.
 *
 * 1. It answers as the reference backend does, to any bytes. (test/kernel/suite.agrees.test.ts)
 */
import { concat } from '../bytes.ts';
import { Fault } from '../fault.ts';
import { label } from '../proof/label.ts';
import type { Group, Hash, Point, Scalar, Signature, Suite } from '../proof/port.ts';
import { encodeScalar } from '../proof/scalar.ts';
import { schnorrSignature } from '../proof/signature.schnorr.ts';
import type { Kernel } from './kernel.ts';
import { operations } from './operation.ts';

const sha2Kind = { sha256: 0, sha512: 1, sha512_256: 2 };
const spongeDomain = { shake256: 31, sha3_256: 6 };

/** A point is what the kernel keeps of it. */
interface Element extends Point {
  readonly bytes: Uint8Array;
}

const bytesOf = (point: Point) => (point as Element).bytes;
const pointOf = (bytes: Uint8Array): Point => ({ group: 'point', bytes }) as Element;

/** Operations that refuse nothing return 0 or are broken. */
function must(code: number): void {
  if (code !== 0) throw new Error(`the kernel returned ${code}`);
}

/** Calls `operation` and reads so many bytes that it wrote to the address that `block` was given. */
function produce(kernel: Kernel, operation: number, length: number, block: (output: number) => number[]) {
  return kernel.scope(() => {
    const output = kernel.allocate(length);
    must(kernel.call(operation, block(output)));
    return kernel.read(output, length);
  });
}

function hashOf(kernel: Kernel): Hash {
  const { sha2, sponge, keccak } = operations;
  const digest = (kind: number, length: number) => (data: Uint8Array) =>
    produce(kernel, sha2, length, output => [kind, kernel.put(data), data.length, output]);
  const squeeze = (domain: number, data: Uint8Array, length: number) =>
    produce(kernel, sponge, length, output => [domain, kernel.put(data), data.length, output, length]);
  return {
    sha256: digest(sha2Kind.sha256, 32),
    sha512: digest(sha2Kind.sha512, 64),
    sha512_256: digest(sha2Kind.sha512_256, 32),
    sha3_256: data => squeeze(spongeDomain.sha3_256, data, 32),
    shake256: (data, length) => squeeze(spongeDomain.shake256, data, length),
    keccakF(state) {
      const bytes = new Uint8Array(state.buffer, state.byteOffset, state.byteLength);
      kernel.scope(() => {
        const address = kernel.put(bytes);
        must(kernel.call(keccak, [address]));
        bytes.set(kernel.read(address, bytes.length));
      });
    },
  };
}

function groupOf(kernel: Kernel): Group {
  const pointBytes = kernel.ask(operations.pointBytes, [0, 0, 0]).block[0]!;
  const scratchBytes = (terms: number) => kernel.ask(operations.pointBytes, [0, 0, terms]).block[1]!;
  const make = (operation: number, block: (result: number) => number[]) =>
    pointOf(produce(kernel, operation, pointBytes, block));
  const put = (point: Point) => kernel.put(bytesOf(point));

  function decode(bytes: Uint8Array): Point {
    const refused = new Fault('point', 'not a canonical ristretto255 encoding');
    if (bytes.length !== 32) throw refused;
    return kernel.scope(() => {
      const result = kernel.allocate(pointBytes);
      if (kernel.call(operations.pointDecode, [result, kernel.put(bytes)]) !== 0) throw refused;
      return pointOf(kernel.read(result, pointBytes));
    });
  }

  function multiply(point: Point | undefined, scalar: Scalar): Point {
    return make(operations.pointMultiply, result => [
      ...[result, point ? put(point) : 0, kernel.put(encodeScalar(scalar)), 0, 0],
    ]);
  }

  function multiScalar(scalars: readonly Scalar[], points: readonly Point[]): Point {
    return kernel.scope(() => {
      const result = kernel.allocate(pointBytes);
      const list = kernel.put(concat(...points.map(bytesOf)));
      const factors = kernel.put(concat(...scalars.map(encodeScalar)));
      const block = [result, list, factors, points.length];
      must(kernel.call(operations.pointSum, block, kernel.allocate(scratchBytes(points.length))));
      return pointOf(kernel.read(result, pointBytes));
    });
  }

  return {
    base: multiply(undefined, 1n),
    identity: decode(new Uint8Array(32)),
    decode,
    encode: point => produce(kernel, operations.pointEncode, 32, output => [put(point), output]),
    fromUniform: bytes => make(operations.pointMap, result => [result, kernel.put(bytes)]),
    add: (a, b) => make(operations.pointAdd, result => [result, put(a), put(b)]),
    negate: a => make(operations.pointNegate, result => [result, put(a)]),
    equals: (a, b) => kernel.scope(() => kernel.call(operations.pointEqual, [put(a), put(b)]) === 0),
    multiply,
    multiScalar,
  };
}

const [secretBytes, signatureBytes, noiseBytes] = [32, 64, 32];

function edwardsSignature(kernel: Kernel): Signature {
  const holds = (operation: number, block: () => number[]) =>
    kernel.scope(() => kernel.call(operation, block()) === 0);
  return {
    algorithm: -19,
    publicKey: secret => produce(kernel, operations.key, 32, output => [kernel.put(secret), output, 0, 0]),
    sign(secret, message, noise) {
      if (secret.length !== secretBytes || (noise.length && noise.length !== noiseBytes))
        throw new Error('a secret has 32 bytes, noise 32 or none');
      return produce(kernel, operations.sign, signatureBytes, output => [
        ...[kernel.put(secret), noise.length ? kernel.put(noise) : 0],
        ...[kernel.put(message), message.length, output, 0, 0, 0],
      ]);
    },
    verify: (key, message, signature) =>
      key.length === 32 &&
      signature.length === signatureBytes &&
      holds(operations.verify, () => [
        ...[kernel.put(key), kernel.put(message), message.length, kernel.put(signature)],
      ]),
    isCertifiable: key => key.length === 32 && holds(operations.certifiable, () => [kernel.put(key)]),
  };
}

/** Both suites on one kernel. */
export function openSuites(kernel: Kernel): { suite1: Suite; suite2: Suite } {
  const [group, hash] = [groupOf(kernel), hashOf(kernel)];
  return {
    suite1: {
      ...{ id: 1, group, hash },
      signature: edwardsSignature(kernel),
      digest: hash.sha512_256,
      valueBase: group.fromUniform(hash.sha512(label.valueBase)),
    },
    suite2: {
      ...{ id: 2, group, hash },
      signature: schnorrSignature(group, hash),
      digest: hash.sha3_256,
      valueBase: group.fromUniform(hash.shake256(label.valueBaseKeccak, 64)),
    },
  };
}
