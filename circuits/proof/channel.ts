/** Pay per use over a pinned purse: each voucher raises the total by exactly price x units.
 *
 * Streaming: an anchor in a voucher reserves ticks x price; each tick reveals one preimage. The next voucher is
 * counted from what was revealed: it names that many units at the anchor's price, or what was streamed is lost.
 */
import { concat, equal } from '../bytes.ts';
import { Fault } from '../fault.ts';
import type { Purse } from '../message/certificate.ts';
import type { Verified } from '../message/chain.ts';
import { type Signed, verify } from '../message/cose.ts';
import type { Voucher } from '../message/payment.ts';
import { add, multiply } from '../policy/amount.ts';
import { label } from './label.ts';
import type { Suite } from './port.ts';

/** A channel as its payee keeps it: the latest voucher, how many of its ticks were revealed, and the deepest preimage. */
export interface Channel {
  readonly certificate: Verified<Purse>;
  readonly latest: Signed<Voucher> | null;
  readonly ticks: number;
  readonly deepest: Uint8Array | null;
}

export function openChannel(certificate: Verified<Purse>): Channel {
  return { certificate, latest: null, ticks: 0, deepest: null };
}

/** One step of a hash chain, from a preimage towards its tip. */
export function tickHash(suite: Suite, preimage: Uint8Array): Uint8Array {
  return suite.hash.sha256(concat(label.tick, preimage));
}

/** The channel after the preimage of this tick, counted from 1; ticks in between may be skipped, none goes back. */
export function acceptTick(suite: Suite, channel: Channel, tick: number, preimage: Uint8Array): Channel {
  const anchor = channel.latest?.value.anchor;
  if (!anchor || tick > anchor.ticks) throw new Fault('voucher', 'no anchor reserves this tick');
  if (tick <= channel.ticks) throw new Fault('voucher', 'a tick that was revealed before');
  let value = preimage;
  for (let step = channel.ticks; step < tick; step++) value = tickHash(suite, value);
  if (!equal(value, channel.deepest ?? anchor.tip)) throw new Fault('voucher', 'not a preimage of the chain');
  return { ...channel, ticks: tick, deepest: preimage };
}

/** What the anchor of the latest voucher has earned so far. */
export function streamedAmount(channel: Channel): number {
  const anchor = channel.latest?.value.anchor;
  return anchor ? multiply(anchor.price, channel.ticks) : 0;
}

function checkStep(channel: Channel, voucher: Voucher): void {
  const before = channel.latest?.value;
  if (voucher.sequence !== (before ? add(before.sequence, 1) : 1))
    throw new Fault('voucher', 'not the next sequence');
  const rise = multiply(voucher.price, voucher.units);
  if (voucher.total !== add(before?.total ?? 0, rise))
    throw new Fault('voucher', 'the total does not rise by price x units');
  if (rise < streamedAmount(channel)) throw new Fault('voucher', 'below what was already streamed');
}

/** The channel after this voucher, or a fault: replayed, lower, skipped, over budget, or of another channel. */
export function acceptVoucher(
  suite: Suite,
  channel: Channel,
  voucher: Signed<Voucher>,
  payee: Uint8Array,
): Channel {
  const { pinned } = channel.certificate.value;
  if (!pinned || !equal(pinned.payee, payee))
    throw new Fault('voucher', 'the purse is not pinned to this payee');
  if (!equal(voucher.value.certificate, channel.certificate.id))
    throw new Fault('voucher', 'of another purse');
  checkStep(channel, voucher.value);
  const { anchor, total } = voucher.value;
  const reserved = anchor ? multiply(anchor.price, anchor.ticks) : 0;
  if (add(total, reserved) > pinned.budget) throw new Fault('voucher', 'above the budget of the channel');
  verify(suite, channel.certificate.value.key, voucher);
  return { certificate: channel.certificate, latest: voucher, ticks: 0, deepest: null };
}
