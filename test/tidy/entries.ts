/** Files that are used from outside the sources, each with the reason; and texts that a specification fixes. */
import type { Fixed } from './tables.ts';

const wire = 'the wire format: devices, bridge and service speak it';

/** What they export is public: others build on it, or a later room will. A test must take each export. */
export const entries: Readonly<Record<string, string>> = {
  'host/cli/mite.mjs': 'the command, named by package.json',
  'host/build/kernel.ts': 'npm run kernel',
  'host/build/dialect.ts': 'the table of what device code cannot have, held against its mutants',
  'host/build/dialect.types.ts': 'the same for what only types can tell',
  'test/setup.ts': 'run before each test file, named by vitest.config.ts',
  'test/scoreboard.ts': 'npm run scoreboard',
  'test/mutate/main.ts': 'npm run mutate',
  'host/config/define.ts': 'what `import from mite/config` gives, named by package.json',
  'device/wallet/step.ts': 'the wallet: its rules come before the program that carries out their effects',
  'device/journal/ledger.ts': 'the wallet on flash: the program that carries out its effects takes it',
  'device/journal/codec.ts': 'where parts of an entry lie: calls of the kernel will read them in place',
  'device/journal/capacity.ts': 'how much a journal holds and how long its flash lasts: figures of a board',
  'device/counter/bare.ts': 'the counter of a board: the program that carries out effects takes one',
  'device/counter/element.ts': 'the same, in a secure element',
  'device/boot.ts': 'built into images: their boot file',
  'device/main.ts': 'built into images: their program, where a configuration names no other',
  'device/board.d.ts': 'globals of device code: the build replaces them',
  'device/espruino.d.ts': 'globals of device code: the firmware has them',
  'circuits/entry.noble.ts': 'what `import from mite` gives, named by package.json',
  'host/emulator/entry.ts': 'what `import from mite/emulator` gives, named by package.json',
  'test/example/device/espruino.d.ts': 'the example project: what its device code uses of the firmware',
  'test/example/device/sensor.ts': 'the example project: a program of a board, built by its own test',
  'test/example/device/tap.ts': 'the example project: a program of a board, built by its own test',
  'test/example/tests/garden.spec.ts': 'the example project: its tests, run by ours in another folder',
  'circuits/bytes.ts': 'tools and tests read hex',
  'circuits/policy/amount.ts': 'the owner wallet reads amounts as text',
  'circuits/proof/naming.ts': 'the intermediary names who used a slot twice',
  'circuits/kernel/tables.ts': 'sets of points and tables: the data of boards names their shapes',
  'circuits/proof/payer.ts': 'devices bring a payment back in a later session',
  'circuits/policy/epoch.ts': 'devices adopt beacons',
  'circuits/policy/funding.ts': 'the owner wallet asks how much a purse may hold',
  'circuits/policy/limits.ts': 'devices keep the limits of their owner',
  'circuits/message/certificate.ts': wire,
  'circuits/message/payment.ts': wire,
  'circuits/message/sync.ts': wire,
  'circuits/message/list.ts': 'revocation shards: written by the service, read by devices',
  'circuits/message/ownership.ts': 'devices refuse the orders of a former owner',
  'circuits/message/receipt.ts': 'anybody verifies a receipt offline',
  'circuits/proof/channel.ts': 'vouchers and ticks: both ends are devices',
  'circuits/proof/disclosure.ts': 'selective disclosure to an auditor',
  'circuits/proof/decryption.ts': 'auditors open an escrow under an order',
  'circuits/proof/sharing.ts': 'auditors make their key together',
  'circuits/proof/threshold.noble.ts': 'the central bank signs with t of n',
  'circuits/proof/range.batch.ts': 'the service verifies payments in batches',
  'circuits/issue/opening.ts': 'the log of orders and openings, and who is to blame',
};

export const fixedTexts: Fixed = {
  'circuits/message/cose.ts': ['Signature1'],
  'circuits/proof/transcript.ts': ['STROBEv1.0.2', 'Merlin v1.0'],
};
