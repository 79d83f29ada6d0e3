/** `mite bench kernel`: what the kernel costs on an emulated Cortex-M4 board at 64 MHz, and as WebAssembly here.
 *
 * Milliseconds are cycles of the model (host/emulator/cycles.ts) with flash that never waits. Beside each stands the least
 * that the model allows (a refill of the pipeline takes 1 to 3 cycles, 3 is counted). Microjoules are milliseconds times
 * an assumed current (processor from flash with cache, DC/DC converter) times 3 V; no board was measured. rv32 has no model of
 * cycles: instructions alone are told.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { operations } from '#circuits/kernel/operation.ts';
import { packShape, smallPoints, type TableShape, tableBytes, tableSets } from '#circuits/kernel/tables.ts';
import { commit } from '#circuits/proof/commitment.ts';
import type { Suite } from '#circuits/proof/port.ts';
import { encodeScalar, reduceScalar } from '#circuits/proof/scalar.ts';
import { suite1 as reference } from '#circuits/proof/suite.noble.ts';
import { type Build, compile, type Product, Refused } from '../build/compile.ts';
import { makeTable } from '../build/tables.ts';
import { Core } from '../emulator/core.ts';
import { type CoreKernel, type Cost, openCoreKernel } from '../emulator/kernel.core.ts';
import { findUnicorn } from '../emulator/unicorn.ts';
import { suite1 } from '../suite.ts';
import { type Call, messageCalls, paymentSample } from './bench.message.ts';
import { measure, thorough } from './bench.ts';
import type { Event, Events } from './event.ts';

type BoardBuild = Exclude<Build, 'wasm'>;

const megahertz = 64;
const volts = 3;
/** With this a wallet of 11 kB would fit beside it on a board of 40 kB. */
const smallBytesMax = 16_224;
const profiles = ['thumb.small', 'thumb.full'] as const;
/** Slices of at most about a million instructions. */
const budget = 4;
const stackBytesMax = 1_536;
const boardScratchBytes = 13_312;
/** Enough rounds for the engine to compile both in full. */
const short = { roundsMin: 20, roundsMax: 20, budgetMs: 0 };
const entropy = (length: number) => new Uint8Array(randomBytes(length));

interface BoardKind {
  readonly build: BoardBuild;
  readonly name: string;
  /** Assumed: see above. */
  readonly milliamperes: number;
  readonly shape: TableShape;
  /** What the table set is called; 0 without teeth. */
  readonly tableKilobytes: number;
}

const full = (tableKilobytes: number, teeth: number, bits = 32): BoardKind => ({
  ...{ build: 'thumb.full', milliamperes: 3.3, tableKilobytes, shape: { teeth, bits, parties: 1 } },
  name: `nRF52840, full, ${tableKilobytes} kB${bits === 32 ? '' : ` for ${bits} bits`}`,
});
const points = { shape: smallPoints, tableKilobytes: 0 };
const small: BoardKind = { build: 'thumb.small', name: 'nRF52832, small', milliamperes: 3.7, ...points };
const riscv: BoardKind = { build: 'rv32', name: 'ESP32-C3, rv32', milliamperes: 0, ...points };
const quickBoards = [small, full(99, tableSets[99])];
const allBoards = [
  ...[small, full(50, tableSets[50]), full(99, tableSets[99]), full(198, tableSets[198])],
  // Six teeth for half of the generators take no more than five for all.
  ...[full(102, tableSets[198], 16), riscv],
];

/** Milliseconds that are asked for, without tables and with them. */
const targets: Readonly<Record<string, readonly [bare: number, tables: number]>> = {
  sign: [13, 5],
  verify: [18, 18],
  'prove 1x16': [800, 400],
  'verify 1x16': [170, 100],
  'prove 1x32': [Number.POSITIVE_INFINITY, 800],
  'verify 1x32': [Number.POSITIVE_INFINITY, 200],
};
const scratchTargets: Readonly<Record<string, number>> = {
  'prove 1x16': boardScratchBytes,
  'verify 1x16': boardScratchBytes,
  'verify 1x32': boardScratchBytes,
  'prove 1x32': 20_480,
};

interface Board {
  readonly kernel: CoreKernel;
  readonly kind: BoardKind;
  readonly table: readonly [entries: number, shape: number];
}

const round = (value: number) => Number(value.toPrecision(4));

/** Without a model of cycles no time, energy or verdict is told. */
function countEvent(board: Board, name: string, cost: Cost, scratchBytes: number): Event {
  const { instructions, stackBytes, slices } = cost;
  const scratch = scratchBytes ? `, scratch ${scratchBytes}` : '';
  return {
    text: `${name.padEnd(20)}${board.kind.name.padEnd(24)}${(instructions / 1e6).toFixed(2).padStart(8)} M instructions, no model of cycles, stack ${stackBytes}${scratch}`,
    data: {
      ...{ bench: 'kernel', name, board: board.kind.name, emulated: true, cycleModel: false },
      ...{ value: instructions, unit: 'instructions', instructions, stackBytes, scratchBytes, slices },
    },
  };
}

function costEvent(board: Board, name: string, cost: Cost, scratchBytes = 0): Event {
  const { name: boardName, milliamperes, tableKilobytes, build } = board.kind;
  if (build === 'rv32') return countEvent(board, name, cost, scratchBytes);
  const ms = cost.cycles / megahertz / 1_000;
  const msLeast = cost.cyclesLeast / megahertz / 1_000;
  const target = targets[name]?.[tableKilobytes ? 1 : 0] ?? Number.POSITIVE_INFINITY;
  const fits =
    cost.stackBytes <= stackBytesMax && scratchBytes <= (scratchTargets[name] ?? Number.POSITIVE_INFINITY);
  const known = Number.isFinite(target) ? { target, ok: ms <= target } : {};
  const parts = [
    `${name.padEnd(20)}${boardName.padEnd(24)}${ms.toFixed(1).padStart(8)} ms`,
    `least ${msLeast.toFixed(1)}`,
    `${(cost.instructions / 1e6).toFixed(2)} M instructions`,
    `${Math.round(ms * milliamperes * volts)} uJ at an assumed ${milliamperes} mA`,
    `stack ${cost.stackBytes}${cost.stackBytes > stackBytesMax ? ` ABOVE ${stackBytesMax}` : ''}`,
    scratchBytes ? `scratch ${scratchBytes}` : '',
    cost.slices > 1 ? `${cost.slices} slices` : '',
    Number.isFinite(target) ? `target ${target}: ${ms <= target ? 'met' : 'MISSED'}` : '',
  ];
  return {
    text: parts.filter(Boolean).join(', '),
    data: {
      ...{ bench: 'kernel', name, board: boardName, tableBytes: tableKilobytes * 1_024, emulated: true },
      ...{ value: round(ms), unit: 'ms', least: round(msLeast) },
      ...{ instructions: cost.instructions, cycles: cost.cycles },
      ...{
        microjoules: Math.round(ms * milliamperes * volts),
        milliamperesAssumed: milliamperes,
        stackBytes: cost.stackBytes,
        scratchBytes,
      },
      ...{ slices: cost.slices, sliceInstructionsMax: cost.sliceInstructionsMax, fits, ...known },
    },
  };
}

function must(code: number): void {
  if (code !== 0) throw new Error(`the kernel returned ${code}`);
}

function* keyEvents(board: Board): Generator<Event> {
  const { kernel, table } = board;
  const [secret, noise, message] = [entropy(32), entropy(32), entropy(280)].map(kernel.put) as [
    number,
    number,
    number,
  ];
  const [key, signature, shared] = [32, 64, 32].map(kernel.allocate) as [number, number, number];
  kernel.takeCost();
  must(kernel.call(operations.key, [secret, key, ...table]));
  yield costEvent(board, 'key', kernel.takeCost());
  must(kernel.call(operations.sign, [secret, noise, message, 280, signature, ...table, key]));
  yield costEvent(board, 'sign', kernel.takeCost());
  must(kernel.call(operations.verify, [key, message, 280, signature]));
  yield costEvent(board, 'verify', kernel.takeCost());
  must(kernel.call(operations.x25519, [shared, secret, 0]));
  yield costEvent(board, 'x25519', kernel.takeCost());
}

function* rangeEvents(board: Board, bits: number): Generator<Event> {
  const { kernel, table } = board;
  const blinding = reduceScalar(entropy(64));
  const commitment = kernel.put(suite1.group.encode(commit(suite1, 200n, blinding)));
  const context = kernel.put(entropy(32));
  const statement = [1, bits, 1, context, 32, commitment, ...table];
  const sizes = kernel.ask(operations.rangeScratch, [...statement, 0, 0, 0]).block;
  const [proveBytes, verifyBytes, proofBytes] = [sizes[8]!, sizes[9]!, sizes[10]!];
  const proof = kernel.allocate(proofBytes);
  const scratch = kernel.allocate(Math.max(proveBytes, verifyBytes));
  const value = kernel.put(Uint8Array.of(200, 0, 0, 0));
  const witness = [value, kernel.put(encodeScalar(blinding)), kernel.put(entropy(32)), context, 32];
  kernel.takeCost();
  must(kernel.call(operations.rangeProve, [...statement, ...witness, proof], scratch));
  yield costEvent(board, `prove 1x${bits}`, kernel.takeCost(), proveBytes);
  must(kernel.call(operations.rangeVerify, [...statement, proof, proofBytes], scratch));
  yield costEvent(board, `verify 1x${bits}`, kernel.takeCost(), verifyBytes);
}

/** Whole messages, in the scratch of a 40 kB board. */
function* messageEvents(board: Board, calls: readonly Call[]): Generator<Event> {
  const { kernel, table } = board;
  for (const { name, operation, block } of calls) {
    const words = block(kernel, table);
    const scratch = kernel.allocate(boardScratchBytes);
    kernel.takeCost();
    must(kernel.call(operation, words, scratch));
    yield costEvent(board, name, kernel.takeCost(), boardScratchBytes);
  }
}

function* boardEvents(isQuick: boolean): Generator<Event> {
  const calls = messageCalls(paymentSample());
  for (const kind of isQuick ? quickBoards : allBoards) {
    const { build, shape, tableKilobytes } = kind;
    const processor = build === 'rv32' ? 'rv32' : 'thumb';
    const kernel = openCoreKernel({ processor, code: readBlob(build), budget });
    const entries = kernel.put(makeTable({ hash: suite1.hash, suite: 1 }, shape));
    const board: Board = { kernel, kind, table: [entries, packShape(shape)] };
    yield* keyEvents(board);
    for (const bits of isQuick || shape.bits === 16 ? [16] : [16, 32]) yield* rangeEvents(board, bits);
    yield* messageEvents(board, calls);
    if (tableBytes(shape) > 1_024 * (tableKilobytes || 5)) throw new Error('a table set outgrew its name');
  }
}

/** 80 terms: about what a verification of 32 bits takes. */
function hostEvent(isQuick: boolean): Event {
  const uniform = Array.from({ length: 80 }, () => entropy(64));
  const scalars = uniform.map(reduceScalar);
  const work = ({ group }: Suite) => {
    const points = uniform.map(bytes => group.fromUniform(bytes));
    return () => group.multiScalar(scalars, points);
  };
  const [own, noble] = measure(isQuick ? short : thorough, work(suite1), work(reference)) as [number, number];
  const ok = noble / own >= 9;
  return {
    text: `80-term sum         WebAssembly here ${own.toFixed(2)} ms, ${(noble / own).toFixed(1)} times as fast as noble, target 9: ${ok ? 'met' : 'MISSED'}`,
    data: {
      ...{ bench: 'kernel', name: '80-term sum', board: 'host, WebAssembly', value: round(own), unit: 'ms' },
      ...{ ratio: round(noble / own), ratioTo: 'noble', target: 9, ok },
    },
  };
}

const readBlob = (build: BoardBuild) =>
  new Uint8Array(readFileSync(new URL(`../../circuits/kernel/blobs/${build}.bin`, import.meta.url)));

function codeEvent(build: BoardBuild): Event {
  const bytes = readBlob(build).length;
  const target = build === 'thumb.small' ? smallBytesMax : undefined;
  const isKnown = target === undefined ? {} : { target, ok: bytes <= target };
  const verdict = target === undefined ? '' : `, target ${target}: ${bytes <= target ? 'met' : 'MISSED'}`;
  return {
    text: `code                ${bytes} bytes of ${build}${verdict}`,
    data: { bench: 'kernel', name: 'code', board: build, value: bytes, unit: 'bytes', ...isKnown },
  };
}

/** The blob has no name for its field: this one is compiled here, where that is possible. */
function* fieldEvents(build: BoardBuild): Generator<Event> {
  let product: Product;
  try {
    product = compile(build, 'open');
  } catch (error) {
    if (error instanceof Refused) return;
    throw error;
  }
  const core = new Core({ processor: 'thumb', code: product.bytes });
  const [result, a, b] = [0, 1, 2].map(() => core.place(entropy(32))) as [number, number, number];
  for (const [name, target] of [
    ['fe_multiply', 268],
    ['fe_squares', 268],
  ] as const) {
    const offset = product.symbols.find(symbol => symbol.name === name)!.address;
    const { cycles, cyclesLeast, instructions } = core.call(offset, result, a, name === 'fe_squares' ? 1 : b);
    const ok = cycles <= target;
    yield {
      text: `${name.padEnd(20)}${build.padEnd(24)}${cycles} cycles, least ${cyclesLeast}, ${instructions} instructions, target ${target}: ${ok ? 'met' : 'MISSED'}`,
      data: {
        ...{
          bench: 'kernel',
          name,
          board: build,
          value: cycles,
          unit: 'cycles',
          least: cyclesLeast,
          instructions,
        },
        ...{ target, ok },
      },
    };
  }
  core.close();
}

export async function* benchKernel(options: { readonly quick: boolean }): Events {
  yield hostEvent(options.quick);
  for (const profile of profiles) yield codeEvent(profile);
  if (findUnicorn()) {
    for (const profile of profiles) yield* fieldEvents(profile);
    yield* boardEvents(options.quick);
  } else
    yield {
      text: 'boards are not emulated here: apt-get install libunicorn-dev, npm install koffi',
      data: { bench: 'kernel', name: 'boards', skipped: true },
    };
}
