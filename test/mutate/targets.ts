/** Which sources are mutated: verifiers, decoders, policy, issuance and link. The others, each with its reason. */
const others: Readonly<Record<string, string>> = {
  'circuits/fault.ts': 'a table',
  'circuits/bytes.ts': 'no check of a verifier: its users are mutated',
  'circuits/policy/presets.ts': 'data',
  'circuits/issue/economy.ts': 'a small economy for developers and tests, it verifies nothing itself',
  'circuits/issue/application.ts': 'makes applications: the issuer verifies them',
  'circuits/proof/label.ts': 'a table',
  'circuits/proof/port.ts': 'types',
  'circuits/proof/suite.noble.ts': 'an adapter: every decision is in the library or in its users',
  'circuits/proof/generators.ts': 'arithmetic: pinned by vectors',
  'circuits/proof/transcript.ts': 'arithmetic: pinned by vectors',
  'circuits/proof/commitment.ts': 'arithmetic: pinned by vectors',
  'circuits/proof/prf.ts': 'arithmetic: pinned by vectors',
  'circuits/proof/range.prove.ts': 'makes proofs: verifiers refuse wrong ones',
  'circuits/proof/payer.ts': 'makes payments: payees refuse wrong ones',
  'circuits/proof/payee.ts': 'makes requests and receipts: verifiers refuse wrong ones',
  'circuits/proof/purse.ts': 'makes claims and proofs: verifiers refuse wrong ones',
};

/** The shell of the kernel: test/kernel compares all that goes through it with the reference backend. */
const shells = 'circuits/kernel/';

export function isTarget(path: string): boolean {
  const source = path.startsWith('circuits/') && path.endsWith('.ts') && !path.startsWith(shells);
  return source && !(path in others);
}
