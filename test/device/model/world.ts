/** Wallets on boards that lose power, around a service, in a world where nothing that was sent is ever gone for good.
 *
 * The wallets are the real step functions. Signatures are names: nobody here can forge one, and all amounts are 1.
 */

import { type Book, blank, type Purse } from '#device/wallet/book.ts';
import { fold } from '#device/wallet/fold.ts';
import type * as Steps from '#device/wallet/step.ts';
import type { Asked, Desk, Effect, Event, Settings, Shown, Wallet } from '#device/wallet/turn.ts';
import {
  cleanRules,
  openService,
  type Service,
  type ServiceRules,
  tellClose,
  tellRefused,
  tellSent,
  tellTaken,
} from './service.ts';

export interface Board {
  /** Its journal, folded: nothing reads a journal in any other way. */
  readonly book: Book;
  readonly counter: number;
  /** What an attacker copied out of its flash. */
  readonly copy: Book | null;
}

export interface World {
  readonly boards: Readonly<Record<string, Board>>;
  /** Everything that was ever sent: it may arrive again at any time. */
  readonly air: readonly string[];
  readonly service: Service;
}

export interface Role {
  readonly budget: number;
  readonly respendMax: number;
  /** Sales that it opens in all. */
  readonly sales: number;
  /** Whose requests it answers. */
  readonly pays: readonly string[];
  /** An attacker copies and restores its flash. */
  readonly isAttacked: boolean;
}

/** What is explored: who is there, and how much happens. */
export interface Scenario {
  readonly name: string;
  readonly roles: Readonly<Record<string, Role>>;
  readonly syncs: boolean;
  readonly ends: boolean;
  /** Whether everything can end well from everywhere: not where a refusal must reach a service that is not there. */
  readonly settles: boolean;
  /** Too many states for every run. */
  readonly isLong?: boolean;
}

export interface Laws {
  readonly steps: Pick<typeof Steps, 'boot' | 'step'>;
  readonly fold: typeof fold;
  readonly rules: ServiceRules;
  /** Where the counter lies: beside the flash, or in it, where an attacker restores it too. */
  readonly counterInFlash?: boolean;
  /** What a shell makes of effects: an honest one leaves them as they are. */
  readonly shell?: (effects: readonly Effect[]) => readonly Effect[];
}

export type Move = readonly [label: string, world: World];

/** A claim is named by who signed it, in which place, for what. */
const claimName = (payer: string, ordinal: number, payee: string, number: number) =>
  `${payer}${ordinal}>${payee}${number}`;

function readClaim(id: string): { payer: string; ordinal: number; payee: string; number: number } {
  const [, payer, ordinal, payee, number] = /^([A-Z])(\d)>([A-Z])(\d)$/.exec(id)!;
  return { payer: payer!, ordinal: Number(ordinal), payee: payee!, number: Number(number) };
}

const nothing = new Uint8Array(0);

const deskOf = (name: string): Desk => ({
  claim: ({ asked, ordinal }) => ({
    id: claimName(name, ordinal, asked.payee, asked.number!),
    parts: [],
  }),
  refusal: () => nothing,
  close: () => [],
});

const slotsMax = 2;

const settings: Settings = {
  limits: {
    paymentUnitsMax: 1,
    periodEpochs: 1,
    periodUnitsMax: 9,
    unsyncedUnitsMax: 9,
    unsyncedPaymentsMax: 9,
    payeeClasses: [],
  },
  presenceUnits: 1,
  sentMax: 4,
  takenMax: 4,
  refusedMax: 4,
  salesMax: 4,
  tickMax: 99,
};

function purseOf(name: string, role: Role): Purse {
  return {
    id: name,
    from: 0,
    until: 9,
    budget: role.budget,
    caps: new Array<number>(slotsMax).fill(1),
    respendMax: role.respendMax,
    minimum: 1,
    maximum: 1,
    payeeClasses: [],
    unlisted: 1,
    holding: 9,
    steps: [1],
    gap: 9,
  };
}

export function begin(scenario: Scenario): World {
  const boards: Record<string, Board> = {};
  for (const [name, role] of Object.entries(scenario.roles))
    boards[name] = {
      book: fold(blank, { type: 'opened', purse: purseOf(name, role) }),
      counter: 0,
      copy: null,
    };
  return { boards, air: [], service: openService };
}

/** The wallet that is awake on a board: it has ended what a power cut interrupted. */
function awake(laws: Laws, name: string, board: Board): { wallet: Wallet; board: Board } {
  const { wallet, effects } = laws.steps.boot(board.book, board.counter, { settings, desk: deskOf(name) });
  const counter = effects.reduce((at, effect) => (effect.type === 'tick' ? effect.to : at), board.counter);
  return { wallet, board: { ...board, counter } };
}

const addAir = (air: readonly string[], message: string) =>
  air.includes(message) ? air : [...air, message].sort();

interface Sent {
  readonly message: string;
  readonly effect: Effect;
}

/** What one effect does to a board, and what leaves it. */
function carryOut(laws: Laws, name: string, board: Board, effect: Effect): { board: Board; sent?: Sent } {
  switch (effect.type) {
    case 'record':
      return { board: { ...board, book: laws.fold(board.book, effect.entry) } };
    case 'tick':
      return { board: { ...board, counter: Math.max(board.counter, effect.to) } };
    case 'sendPayment':
      return { board, sent: { message: `payment ${effect.id}`, effect } };
    case 'sendReceipt':
      return { board, sent: { message: `receipt ${effect.id}`, effect } };
    case 'sendRefusal':
      return { board, sent: { message: `refusal ${effect.id}`, effect } };
    case 'sendReport':
      return { board, sent: { message: `report ${name}`, effect } };
    case 'sendClose':
      return { board, sent: { message: `close ${name}`, effect } };
    default:
      return { board };
  }
}

export class Explorer {
  readonly laws: Laws;
  readonly scenario: Scenario;

  constructor(scenario: Scenario, laws: Partial<Laws> & Pick<Laws, 'steps' | 'fold'>) {
    this.scenario = scenario;
    this.laws = { rules: cleanRules, ...laws };
  }

  moves(world: World): Move[] {
    return Object.keys(world.boards).flatMap(name => this.#movesOf(world, name));
  }

  #movesOf(world: World, name: string): Move[] {
    const before = world.boards[name]!;
    const { wallet, board } = awake(this.laws, name, before);
    const moves = this.#events(world, name, wallet).flatMap(([label, event]) =>
      this.#outcomes(world, { name, board, wallet }, label, event),
    );
    return [...moves, ...this.#attacks(world, name)];
  }

  #attacks(world: World, name: string): Move[] {
    const board = world.boards[name]!;
    if (!this.scenario.roles[name]!.isAttacked) return [];
    const put = (changed: Board) => ({ ...world, boards: { ...world.boards, [name]: changed } });
    if (!board.copy) return [[`${name}'s flash is copied`, put({ ...board, copy: board.book })]];
    const counter = this.laws.counterInFlash ? board.copy.tick : board.counter;
    return [[`${name}'s flash is restored`, put({ ...board, book: board.copy, counter })]];
  }

  #events(world: World, name: string, wallet: Wallet): [string, Event][] {
    const role = this.scenario.roles[name]!;
    const { book } = wallet;
    const events: [string, Event][] = [];
    if (book.nextNumber <= role.sales) events.push(['opens a sale', { type: 'sell', price: 1, units: 1 }]);
    if (this.scenario.ends)
      for (const { number, state } of book.sales)
        if (state === 'open')
          events.push(
            [`cancels sale ${number}`, { type: 'end', number, state: 'cancelled' }],
            [`lets sale ${number} expire`, { type: 'end', number, state: 'expired' }],
          );
    for (const payee of role.pays) events.push(...this.#requests(world, payee));
    for (const message of world.air) events.push(...heard(name, message));
    if (this.scenario.syncs)
      events.push(['reports', { type: 'report' }], ['closes', { type: 'close', nonce: nothing }]);
    return events;
  }

  /** A payee's requests as its journal has them: each may have been sent, in this session or in an earlier one. */
  #requests(world: World, payee: string): [string, Event][] {
    const asked: Asked = {
      id: '',
      payee,
      number: null,
      amount: 1,
      payeeClass: null,
      isListed: true,
      isOnline: false,
      isPresent: false,
      isFresh: true,
    };
    const events = world.boards[payee]!.book.sales.map(({ number }): [string, Event] => [
      `is asked by ${payee} for sale ${number}`,
      { type: 'asked', asked: { ...asked, number } },
    ]);
    return [[`is challenged by ${payee}`, { type: 'asked', asked }], ...events];
  }

  /** All ways in which an event can go: power fails before the first effect, after each, or not at all. */
  #outcomes(
    world: World,
    { name, board, wallet }: { name: string; board: Board; wallet: Wallet },
    label: string,
    event: Event,
  ): Move[] {
    const taken = this.laws.steps.step(wallet, event);
    const effects = this.laws.shell ? this.laws.shell(taken.effects) : taken.effects;
    const moves: Move[] = [];
    let now: World = { ...world, boards: { ...world.boards, [name]: board } };
    let at = board;
    for (const [done, effect] of effects.entries()) {
      if (done > 0) moves.push([`${name} ${label}, power fails after ${done} effects`, now]);
      const { board: after, sent } = carryOut(this.laws, name, at, effect);
      at = after;
      now = { ...now, boards: { ...now.boards, [name]: at } };
      if (!sent) continue;
      if (sent.message.startsWith('report')) moves.push(...this.#reportMoves(now, name, label));
      else if (sent.message.startsWith('close')) {
        moves.push([`${name} ${label}, and the service never hears it`, now]);
        now = { ...now, service: this.#hearClose(now, name) };
      } else now = { ...now, air: addAir(now.air, sent.message) };
    }
    moves.push([`${name} ${label}`, now]);
    return moves;
  }

  #hearClose(world: World, name: string): Service {
    const { wallet } = awake(this.laws, name, world.boards[name]!);
    // A stale one opens nothing: the rest comes after a waiting time that is not explored here.
    return wallet.isStale ? world.service : tellClose(world.service, name, wallet.book.spent);
  }

  #reportMoves(world: World, name: string, label: string): Move[] {
    const { wallet } = awake(this.laws, name, world.boards[name]!);
    const { book } = wallet;
    const { reported } = book;
    if (!reported) return [];
    let { service } = world;
    for (const sent of book.sent.slice(0, reported.sent)) {
      const told = { id: sent.id, payer: name, payee: sent.payee };
      service =
        sent.state === 'refused'
          ? tellRefused(service, told, false, this.laws.rules)
          : tellSent(service, told, this.laws.rules);
    }
    for (const taken of book.taken.slice(0, reported.taken)) service = tellTaken(service, taken.id);
    for (const { id } of book.refused.slice(0, reported.refused)) {
      const { payer, payee } = readClaim(id);
      service = tellRefused(service, { id, payer, payee }, true, this.laws.rules);
    }
    const heard: World = { ...world, service };
    const { sequence } = reported;
    const board = world.boards[name]!;
    const answered = this.laws.steps.step(wallet, { type: 'statement', sequence, isFrozen: false });
    const after = answered.effects.reduce((at, effect) => carryOut(this.laws, name, at, effect).board, board);
    const settled: World = { ...heard, boards: { ...heard.boards, [name]: after } };
    return [
      [`${name} ${label}, its statement is lost`, heard],
      [`${name} ${label} and hears its statement`, settled],
    ];
  }
}

/** What a message of the air makes of whoever it is for. */
function heard(name: string, message: string): [string, Event][] {
  const [kind, id] = message.split(' ') as [string, string];
  const { payer, ordinal, payee, number } = readClaim(id);
  if (kind === 'payment' && payee === name) {
    const shown: Shown = {
      id,
      purse: payer,
      slots: 1 << ordinal,
      amount: 1,
      number,
      isLate: false,
      bytes: nothing,
    };
    return [[`verifies ${id}`, { type: 'verified', shown, fault: null }]];
  }
  if (kind === 'receipt' && payer === name) return [[`hears the receipt of ${id}`, { type: 'receipt', id }]];
  if (kind === 'refusal' && payer === name)
    return [[`hears the refusal of ${id}`, { type: 'refusal', id, bytes: nothing }]];
  return [];
}

/** What a board that is not closed holds: its book's word, or, of a stale image, what everybody else knows of it. */
function heldBy({ name, wallet, service, known }: Holding): number {
  const { book, isStale } = wallet;
  const { budget } = book.purse!;
  const booked = service.booked.filter(id => readClaim(id).payee === name);
  if (isStale) return budget + booked.length - known.filter(id => readClaim(id).payer === name).length;
  return budget + book.received - book.spent + booked.filter(id => !takenBy(book).includes(id)).length;
}

interface Holding {
  readonly name: string;
  readonly wallet: Wallet;
  readonly service: Service;
  /** Claims that somebody has booked, or that went back. */
  readonly known: readonly string[];
}

const takenBy = ({ sales }: Book) => sales.flatMap(({ state, claim }) => (state === 'paid' ? [claim] : []));

/** The money of a world: what everybody holds, and what is under way. */
export function moneyOf(laws: Laws, world: World): { held: number; underway: number; stale: string[] } {
  const { service } = world;
  const wallets = Object.entries(world.boards).map(([name, board]) => ({
    name,
    ...awake(laws, name, board),
  }));
  const known = [...new Set([...service.booked, ...wallets.flatMap(({ wallet }) => takenBy(wallet.book))])];
  const out = new Set<string>();
  let held = service.returned.length;
  for (const { name, wallet } of wallets) {
    const close = service.closes.find(({ purse }) => purse === name);
    const booked = service.booked.filter(id => readClaim(id).payee === name).length;
    if (close) held += wallet.book.purse!.budget + booked - close.spent;
    else held += heldBy({ name, wallet, service, known: [...known, ...service.returned] });
    for (const { id } of wallet.book.sent) out.add(id);
  }
  const isUnderway = (id: string) => !known.includes(id) && !service.returned.includes(id);
  return {
    held,
    underway: [...out].filter(isUnderway).length,
    stale: wallets.filter(({ wallet }) => wallet.isStale).map(({ name }) => name),
  };
}
