/** Fields of a message as operation.h lays them out to be written. */
import type { Kernel } from '#circuits/kernel/kernel.ts';

/** Records that may be absent, and how many fields they have. */
const recordFields: Readonly<Record<string, number>> = {
  standing: 2,
  opening: 2,
  anchor: 3,
  next: 2,
  naming: 2,
};

const words = (values: readonly number[]) => new Uint8Array(Uint32Array.from(values).buffer);

function fieldOf(kernel: Kernel, name: string, value: unknown): number[] {
  if (value === null) return new Array<number>(2 * (recordFields[name] ?? 1)).fill(0);
  if (typeof value === 'string') return fieldOf(kernel, name, new TextEncoder().encode(value));
  if (typeof value !== 'object') return [1, Number(value)];
  if (value instanceof Uint8Array) return [kernel.put(value) || 1, value.length];
  if (!Array.isArray(value)) return Object.entries(value).flatMap(entry => fieldOf(kernel, ...entry));
  return [kernel.put(words(value.flatMap(each => fieldOf(kernel, '', each)))), value.length];
}

/** The address of the fields of a message, whose value names them in their order. */
export function putFields(kernel: Kernel, value: object): number {
  const fields = Object.entries(value).filter(([name]) => name !== 'suite');
  return kernel.put(words(fields.flatMap(([name, each]) => fieldOf(kernel, name, each))));
}
