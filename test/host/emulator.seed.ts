/** Random numbers of a test: from MITE_SEED or its own name, printed, so that a failure can be repeated. */
import { openChance } from '#host/emulator/chance.ts';

export function randomSource(name: string): () => number {
  const seed = process.env.MITE_SEED ?? name;
  console.log(`${name}: MITE_SEED=${seed}`);
  const chance = openChance(seed);
  return () => chance.word() / 2 ** 32;
}
