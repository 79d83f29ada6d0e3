/** The wallet: payer and payee in one device, as one pure step. And the boot, which ends what a power cut interrupted. */
import type { Book } from './book.ts';
import { takeReceipt, takeRefusal, takeRequest } from './pay.ts';
import { close, openPurse, report, takeBeacon, takeStatement } from './sync.ts';
import { endSale, sell, takePayment, takeVerified } from './take.ts';
import type { Desk, Effect, Event, Settings, Turn, Wallet } from './turn.ts';

export interface Step {
  readonly wallet: Wallet;
  readonly effects: readonly Effect[];
}

function act(turn: Turn, event: Event): void {
  switch (event.type) {
    case 'open':
      openPurse(turn, event.purse);
      break;
    case 'sell':
      sell(turn, event.price, event.units);
      break;
    case 'end':
      endSale(turn, event.number, event.state);
      break;
    case 'asked':
      takeRequest(turn, event.asked);
      break;
    case 'shown':
      takePayment(turn, event.shown);
      break;
    case 'verified':
      takeVerified(turn, event.shown, event.fault);
      break;
    case 'receipt':
      takeReceipt(turn, event.id);
      break;
    case 'refusal':
      takeRefusal(turn, event.id, event.bytes);
      break;
    case 'report':
      report(turn);
      break;
    case 'statement':
      takeStatement(turn, event.sequence, event.isFrozen);
      break;
    case 'close':
      close(turn, event.nonce);
      break;
    default:
      takeBeacon(turn, event.generation, event.epoch);
  }
}

export function step(wallet: Wallet, event: Event): Step {
  const turn: Turn = { wallet, effects: [] };
  act(turn, event);
  return turn;
}

/** The wallet that the fold of a journal and a counter give. A record of one tick more is an interrupted payment: the tick
 * is made up for. Any other difference is a journal that is not the newest. */
export function boot(
  book: Book,
  counter: number,
  { settings, desk }: { readonly settings: Settings; readonly desk: Desk },
): Step {
  const ahead = book.tick - counter;
  const wallet: Wallet = { book, isStale: ahead !== 0 && ahead !== 1, settings, desk };
  return { wallet, effects: ahead === 1 ? [{ type: 'tick', to: book.tick }] : [] };
}
