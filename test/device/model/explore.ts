/** Walks every state of a world, and says the shortest way into a bad one. */
import { createHash } from 'node:crypto';
import type { Book } from '#device/wallet/book.ts';
import { Explorer, type Laws, moneyOf, type Scenario, type World } from './world.ts';

export interface Findings {
  readonly states: number;
  /** By what is bad: the moves that lead there. */
  readonly bad: Readonly<Record<string, readonly string[]>>;
}

interface Seen {
  readonly from: string | null;
  readonly label: string;
  readonly next: string[];
  readonly isSettled: boolean;
}

/** Sequences of reports only grow, and usage bounds nothing here: without them there are fewer states. */
function keyOf(world: World): string {
  const stateOf = ({ purse, usage, sequence, reported, ...book }: Book) => ({
    ...book,
    reported: reported && { ...reported, sequence: 0 },
  });
  const boards = Object.values(world.boards).map(({ book, counter, copy }) => [
    stateOf(book),
    counter,
    copy && stateOf(copy),
  ]);
  const { told, closes, ...service } = world.service;
  const order = (list: readonly object[]) => list.map(each => JSON.stringify(each)).sort();
  const state = [boards, world.air, service, order(told), order(closes)];
  return createHash('sha1').update(JSON.stringify(state)).digest('base64').slice(0, 16);
}

export class Exploration {
  readonly #seen = new Map<string, Seen>();
  readonly #bad: Record<string, string[]> = {};
  readonly #explorer: Explorer;
  readonly #issued: number;
  readonly #isHonest: boolean;
  readonly #settles: boolean;

  constructor(scenario: Scenario, laws: Partial<Laws> & Pick<Laws, 'steps' | 'fold'>) {
    this.#explorer = new Explorer(scenario, laws);
    this.#settles = scenario.settles;
    const roles = Object.values(scenario.roles);
    this.#issued = roles.reduce((sum, { budget }) => sum + budget, 0);
    this.#isHonest = roles.every(({ isAttacked }) => !isAttacked);
  }

  #trace(key: string | null): string[] {
    const labels: string[] = [];
    for (let at = key; at; at = this.#seen.get(at)!.from) labels.unshift(this.#seen.get(at)!.label);
    return labels.slice(1);
  }

  #check(key: string, world: World): boolean {
    const { held, underway, stale } = moneyOf(this.#explorer.laws, world);
    if (held > this.#issued) this.#bad.created ??= this.#trace(key);
    if (this.#isHonest && held + underway < this.#issued) this.#bad.lost ??= this.#trace(key);
    if (this.#isHonest && stale.length > 0) this.#bad.locked ??= this.#trace(key);
    return held === this.#issued && underway === 0;
  }

  #visit(world: World, from: string | null, label: string): { key: string; isNew: boolean } {
    const key = keyOf(world);
    if (this.#seen.has(key)) return { key, isNew: false };
    const seen: Seen = { from, label, next: [], isSettled: false };
    this.#seen.set(key, seen);
    const isSettled = this.#check(key, world);
    this.#seen.set(key, { ...seen, isSettled });
    return { key, isNew: true };
  }

  /** From every state of honest boards some way leads to all the money being somewhere. */
  #checkWayOut(): void {
    const before = new Map<string, string[]>();
    const settled: string[] = [];
    for (const [key, { next, isSettled }] of this.#seen) {
      if (isSettled) settled.push(key);
      for (const to of next) before.set(to, [...(before.get(to) ?? []), key]);
    }
    const good = new Set(settled);
    while (settled.length > 0)
      for (const from of before.get(settled.pop()!) ?? [])
        if (!good.has(from)) {
          good.add(from);
          settled.push(from);
        }
    const stuck = [...this.#seen.keys()].find(key => !good.has(key));
    if (stuck) this.#bad.stuck ??= this.#trace(stuck);
  }

  run(start: World, statesMax: number): Findings {
    let layer = [{ world: start, key: this.#visit(start, null, 'begin').key }];
    while (layer.length > 0 && Object.keys(this.#bad).length === 0) {
      const nextLayer: typeof layer = [];
      for (const { world, key } of layer) {
        const { next } = this.#seen.get(key)!;
        for (const [label, after] of this.#explorer.moves(world)) {
          const visited = this.#visit(after, key, label);
          next.push(visited.key);
          if (visited.isNew) nextLayer.push({ world: after, key: visited.key });
        }
      }
      if (this.#seen.size > statesMax) throw new Error(`more than ${statesMax} states`);
      layer = nextLayer;
    }
    if (this.#isHonest && this.#settles && Object.keys(this.#bad).length === 0) this.#checkWayOut();
    return { states: this.#seen.size, bad: this.#bad };
  }
}
