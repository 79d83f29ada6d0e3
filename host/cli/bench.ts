/** Measuring: medians of interleaved rounds, and the lines that a bench prints. */
import type { Event } from './event.ts';

/** One line of a bench. Ratios hold on any machine, milliseconds on this one: a target bounds the ratio. */
export interface Line {
  readonly bench: string;
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly terms?: number;
  readonly bytes?: number;
  readonly ratio?: number;
  readonly ratioTo?: string;
  readonly target?: number;
}

export interface Effort {
  readonly roundsMin: number;
  readonly roundsMax: number;
  readonly budgetMs: number;
}

export const thorough: Effort = { roundsMin: 5, roundsMax: 200, budgetMs: 500 };
export const quick: Effort = { roundsMin: 1, roundsMax: 1, budgetMs: 0 };

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** Median milliseconds of each work. Rounds take turns, so that a slow second of the machine slows all of them. */
export function measure(effort: Effort, ...works: readonly (() => unknown)[]): number[] {
  const times = works.map(() => [] as number[]);
  for (const work of works) work();
  const end = performance.now() + effort.budgetMs * works.length;
  for (let i = 0; i < effort.roundsMax && (i < effort.roundsMin || performance.now() < end); i++)
    for (const [j, work] of works.entries()) {
      const began = performance.now();
      work();
      times[j]!.push(performance.now() - began);
    }
  return times.map(median);
}

const round = (value: number) => Number(value.toPrecision(4));

export function eventOf(line: Line): Event {
  const { name, value, unit, terms, bytes, ratio, ratioTo, target } = line;
  const ok = target === undefined || ratio === undefined ? undefined : ratio <= target;
  const parts = [
    `${name.padEnd(36)}${round(value).toString().padStart(9)} ${unit}`,
    terms === undefined ? '' : `${terms} terms`,
    bytes === undefined ? '' : `${bytes} bytes`,
    ratio === undefined ? '' : `${round(ratio)} x ${ratioTo}`,
    target === undefined ? '' : `target ${target}: ${ok ? 'met' : 'MISSED'}`,
  ];
  const rounded = { ...line, value: round(value), ...(ratio === undefined ? {} : { ratio: round(ratio) }) };
  return {
    text: parts.filter(Boolean).join(', '),
    data: { ...rounded, ...(ok === undefined ? {} : { ok }) },
  };
}
