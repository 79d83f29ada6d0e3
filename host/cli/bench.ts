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

/** Milliseconds of the processor: what else runs on the machine does not count. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** Shorter works are repeated within a sample, so that the clock's own microseconds do not show. */
const sampleMsMin = 0.3;

function sample(work: () => unknown, repeats: number): number {
  const began = processorMs();
  for (let i = 0; i < repeats; i++) work();
  return (processorMs() - began) / repeats;
}

/** Median milliseconds of each work. Rounds take turns, so that a slow second of the machine slows all of them. */
export function measure(effort: Effort, ...works: readonly (() => unknown)[]): number[] {
  const runs = works.map(work => {
    sample(work, 1);
    return {
      work,
      repeats: Math.ceil(sampleMsMin / Math.max(sample(work, 1), 0.001)),
      times: [] as number[],
    };
  });
  const end = processorMs() + effort.budgetMs * works.length;
  for (let i = 0; i < effort.roundsMax && (i < effort.roundsMin || processorMs() < end); i++)
    for (const { work, repeats, times } of runs) times.push(sample(work, repeats));
  return runs.map(({ times }) => median(times));
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
