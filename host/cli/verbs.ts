/** The verb table: everything that `mite` can do. Help, completions and the parser read it and nothing else. */
import type { Events } from './event.ts';

export interface Option {
  readonly name: string;
  /** Placeholder of its value; absent for a switch. */
  readonly value?: string;
  readonly summary: string;
}

export interface Words {
  readonly positionals: readonly string[];
  readonly options: Readonly<Record<string, string | boolean | undefined>>;
}

export interface Verb {
  readonly name: string;
  readonly summary: string;
  /** Positional words, as the help shows them. */
  readonly usage: string;
  readonly positionals: { readonly least: number; readonly most: number; readonly known?: readonly string[] };
  readonly options: readonly Option[];
  run(words: Words): Events;
}

/** Every verb has these. */
export const commonOptions: readonly Option[] = [
  { name: 'json', summary: 'print one event a line as JSON' },
  { name: 'help', summary: 'print this and stop' },
];

const none = { least: 0, most: 0 };

const portOption: Option = {
  name: 'port',
  value: 'PORT',
  summary: 'tcp://HOST:PORT, ble://NAME or a serial port (the only emulated board)',
};

const boardOption: Option = {
  name: 'board',
  value: 'NAME',
  summary: 'only this board (all of the configuration)',
};
const entryOption: Option = {
  name: 'entry',
  value: 'FILE',
  summary: 'program: TypeScript under device/ (the self-test)',
};

const kernelOption: Option = {
  name: 'no-kernel',
  summary: 'leave the native kernel out: for a program that calls none',
};

/** What an emulated board is made of. */
const emulatedOptions: readonly Option[] = [
  { name: 'board', value: 'NAME', summary: 'which board (emulated)' },
  { name: 'entry', value: 'FILE', summary: 'program of its image: TypeScript (the self-test)' },
  { name: 'script', value: 'FILE', summary: 'no image: this JavaScript, as it is' },
  { name: 'kernel', value: 'MODE', summary: 'wasm (fast), or thumb: the very code in flash, in libunicorn' },
  { name: 'seed', value: 'TEXT', summary: 'of all chance in its world' },
  kernelOption,
];

/** Verbs load their code when they run, so that help and completions answer at once. */
export const verbs: readonly Verb[] = [
  {
    name: 'start',
    summary: 'tell the story: fund, pay offline, double-spend, catch it with a proof',
    usage: '',
    positionals: none,
    options: [
      { name: 'once', summary: 'end when the story has held (nothing is served yet: it always ends)' },
    ],
    async *run() {
      const { story } = await import('./story.ts');
      yield* story();
    },
  },
  {
    name: 'bench',
    summary: 'measure a part of the system on this machine',
    usage: 'PART',
    positionals: { least: 1, most: 1, known: ['proofs', 'kernel'] },
    options: [
      { name: 'quick', summary: 'one round each: shows that every line works, its times mean little' },
    ],
    async *run({ positionals, options }) {
      const effort = { quick: options.quick === true };
      if (positionals[0] === 'kernel') yield* (await import('./bench.kernel.ts')).benchKernel(effort);
      else yield* (await import('./bench.proofs.ts')).benchProofs(effort);
    },
  },
  {
    name: 'evidence',
    summary: 'verify an evidence file offline: who signed what, and why that is guilt',
    usage: 'FILE',
    positionals: { least: 1, most: 1 },
    options: [{ name: 'root', value: 'FILE', summary: 'root certificate that you trust (required)' }],
    async *run({ positionals, options }) {
      const { evidence } = await import('./evidence.ts');
      yield* evidence(positionals[0]!, options.root as string | undefined);
    },
  },
  {
    name: 'tiers',
    summary: 'print the preset tiers with what a broken device could take under each',
    usage: '',
    positionals: none,
    options: [],
    async *run() {
      const { tiers } = await import('./tiers.ts');
      yield* tiers();
    },
  },
  {
    name: 'boards',
    summary: 'list the boards that can be built for',
    usage: '',
    positionals: none,
    options: [],
    async *run() {
      const { boardsVerb } = await import('./boards.ts');
      yield* boardsVerb();
    },
  },
  {
    name: 'build',
    summary: 'make the images of flash.config.ts, or of one board; fails above a budget',
    usage: '',
    positionals: none,
    options: [
      boardOption,
      entryOption,
      kernelOption,
      { name: 'out', value: 'DIR', summary: 'write the bytes, manifest and source maps there' },
    ],
    async *run({ options }) {
      const { buildVerb } = await import('./build.ts');
      yield* buildVerb(options);
    },
  },
  {
    name: 'size',
    summary: 'print what each module and part takes, beside its budget',
    usage: '',
    positionals: none,
    options: [boardOption, entryOption, kernelOption],
    async *run({ options }) {
      const { sizeVerb } = await import('./build.ts');
      yield* sizeVerb(options);
    },
  },
  {
    name: 'decode',
    summary: "lead a board's stack trace, or .bootcde:LINE:COLUMN, back to TypeScript",
    usage: '[TEXT]',
    positionals: { least: 0, most: 64 },
    options: [
      { name: 'board', value: 'NAME', summary: 'whose image it ran (required)' },
      { name: 'image', value: 'DIR', summary: 'where mite build --out wrote it; else it is made anew' },
      kernelOption,
    ],
    async *run({ positionals, options }) {
      const { decode } = await import('./decode.ts');
      yield* decode(positionals, options);
    },
  },
  {
    name: 'devices',
    summary: 'list what could be a board: emulated ones, serial ports, BLE devices',
    usage: '',
    positionals: none,
    options: [{ name: 'ble', summary: 'listen for BLE devices too (4 seconds)' }],
    async *run({ options }) {
      const { devices } = await import('../flash/devices.ts');
      yield* devices({ ble: options.ble === true });
    },
  },
  {
    name: 'flash',
    summary: 'put an image on a board and read all of it back',
    usage: '',
    positionals: none,
    options: [
      { name: 'board', value: 'NAME', summary: 'the board that it is (required)' },
      portOption,
      { name: 'entry', value: 'FILE', summary: 'program of the image: TypeScript (the self-test)' },
      kernelOption,
      { name: 'plan', summary: 'print the steps and stop' },
    ],
    async *run({ options }) {
      const { flashVerb } = await import('./flash.ts');
      yield* flashVerb(options);
    },
  },
  {
    name: 'monitor',
    summary: 'print the console of a board, with errors led back to lines of source',
    usage: '',
    positionals: none,
    options: [
      {
        name: 'board',
        value: 'NAME',
        summary: 'whose image runs: sets the speed of a serial port, leads errors back',
      },
      portOption,
      { name: 'entry', value: 'FILE', summary: 'program of that image' },
      kernelOption,
      { name: 'seconds', value: 'N', summary: 'stop after so many seconds' },
    ],
    async *run({ options }) {
      const { monitorVerb } = await import('./flash.ts');
      yield* monitorVerb(options);
    },
  },
  {
    name: 'emulate',
    summary: 'boot an image, or a plain program, on an emulated board and print its console',
    usage: '',
    positionals: none,
    options: [
      ...emulatedOptions,
      {
        name: 'port',
        value: 'N',
        summary: 'put its console behind this TCP port of this machine (0: any free one)',
      },
      {
        name: 'seconds',
        value: 'N',
        summary: 'of the board; with --port: of the clock on the wall (10; no end)',
      },
    ],
    async *run({ options }) {
      const { emulate } = await import('./emulate.ts');
      yield* emulate(options);
    },
  },
  {
    name: 'repl',
    summary: 'type on the console of a board, an emulated one or one behind a port; Ctrl-D leaves',
    usage: '',
    positionals: none,
    options: [...emulatedOptions, portOption],
    async *run({ options }) {
      const { repl } = await import('./repl.ts');
      yield* repl(options);
    },
  },
  {
    name: 'completions',
    summary: 'print a completion script for your shell',
    usage: 'SHELL',
    positionals: { least: 1, most: 1, known: ['bash', 'zsh', 'fish'] },
    options: [],
    async *run({ positionals }) {
      const { completions } = await import('./completions.ts');
      yield* completions(verbs, positionals[0]!);
    },
  },
];
