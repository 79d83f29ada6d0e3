/** Is every part of this board as the program needs it? Kernel, flash, randomness, radio: each says what is wrong.
 *
 * 1. Each part that is broken is named. (test/host/image.selftest.test.ts)
 */
import { addressOf, answerAt, arena, callKernel, dataOffset, pointsAddress } from './kernel.ts';
import { checkRandom, randomWord } from './random.ts';

/** RFC 8032, 7.1, test 2: secret, key, signature and message; then SHA-256 of them. */
const known = atob(
  'TM0Imyj/ltqdtsNG7BFOD1uKMZ81q6Yk2oz27U+4pvs9QBfD6EOJWpK3CqdNG368nJgszy7ElozAzVXxKvRmDJKgCanw1Mq4' +
    'cg6CC19kJUCisntUFlA/j7N2IiPr22naCFrB5D4VmW5FjzYT0PEdjDh7Lq60MCrusA0pFhK7DAByEJhaseRr7Wv4XAzoVkn1' +
    'nIdo7zm/yXAfIRAz03G4LJo=',
);
const secret = 0;
const key = 32;
const signature = 64;
const message = 128;
const digest = 129;
const outputOffset = dataOffset + 256;

const at = (offset: number) => addressOf(dataOffset + offset);
const output = () => addressOf(outputOffset);
const isKnown = (offset: number, length: number) =>
  callKernel(operation.compare, [at(offset), output(), length]) === 0;
const verify = () => callKernel(operation.verify, [at(key), at(message), 1, at(signature)]);

function checkKernel(): string {
  if (!(global as unknown as { placed: boolean }).placed) return 'is not what was built';
  arena.set(E.toUint8Array(known), dataOffset);
  callKernel(operation.crc32, [at(0), digest, 0]);
  if (answerAt(2) !== E.CRC32(known.substr(0, digest))) return 'crc';
  callKernel(operation.sha2, [0, at(0), digest, output()]);
  if (!isKnown(digest, 32)) return 'digest';
  if (verify()) return 'signature';
  arena[dataOffset + message]!++;
  if (!verify()) return 'forgery';
  arena[dataOffset + message]!--;
  // The last word, the public key, spares the kernel to make it again.
  const signing = [at(secret), 0, at(message), 1, output(), pointsAddress(), board.pointsShape, at(key)];
  callKernel(operation.sign, signing);
  return isKnown(signature, 64) ? '' : 'signing';
}

/** The last raw page, where nothing of value is yet. */
const page = board.rawAddress + (board.rawPages - 1) * board.pageBytes;
const erased = [255, 255, 255, 255];
/** After a test: flash bears ten thousand erases, so it is not tested at every boot. */
const tested = [0, 0xa5, 0, 0xf0];

/** Does the beginning of the page hold these bytes? Errors of flash are silent, so all is read back. */
function holds(bytes: readonly number[]): boolean {
  const found = require('Flash').read(4, page);
  for (let i = 0; i < 4; i++) if (found[i] !== bytes[i]) return false;
  return true;
}

function write(bytes: readonly number[]): void {
  require('Flash').write(new Uint8Array(bytes), page);
}

function checkFlash(again: boolean): string {
  if (!again && holds(tested)) return '';
  require('Flash').erasePage(page);
  if (!holds(erased)) return 'erase';
  write([0x5a, 0xa5, 0x0f, 0xf0]);
  if (!holds([0x5a, 0xa5, 0x0f, 0xf0])) return 'write';
  // Bits only clear.
  write([0, 255, 0, 255]);
  return holds(tested) ? '' : 'clear';
}

function checkRadio(): string {
  const address = NRF.getAddress();
  NRF.setAdvertising({}, { name: `mite ${address.substr(12, 5)}`, interval: 500 });
  return address.length < 17 ? 'address' : '';
}

export interface Finding {
  readonly part: string;
  /** Empty: nothing. */
  readonly wrong: string;
}

/** `again`: also what wears the board. */
export function selfTest(again: boolean): Finding[] {
  const findings = [
    { part: 'flash', wrong: checkFlash(again) },
    { part: 'random', wrong: checkRandom(randomWord) },
    { part: 'radio', wrong: checkRadio() },
  ];
  if (board.native) findings.push({ part: 'kernel', wrong: checkKernel() });
  return findings;
}
