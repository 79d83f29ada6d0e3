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
      { name: 'board', value: 'NAME', summary: 'whose image runs: leads errors back to its source' },
      portOption,
      { name: 'entry', value: 'FILE', summary: 'program of that image' },
      { name: 'seconds', value: 'N', summary: 'stop after so many seconds' },
    ],
    async *run({ options }) {
      const { monitorVerb } = await import('./flash.ts');
      yield* monitorVerb(options);
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
