/** The service as protocol section 7 says it, in small: what is booked, what goes back, what a Close pays out. All amounts are 1. */

/** A claim as a report tells it. */
export interface Told {
  readonly id: string;
  readonly payer: string;
  readonly payee: string;
}

export interface Service {
  /** Claims booked to their payee's purse, whoever uploaded them. */
  readonly booked: readonly string[];
  /** Claims whose money went back to the payer. */
  readonly returned: readonly string[];
  /** Payees' refusals that count: reported before their Close. */
  readonly refused: readonly string[];
  /** What the payer showed and the payee's Close has not decided. */
  readonly told: readonly Told[];
  readonly closes: readonly { readonly purse: string; readonly spent: number }[];
}

export const openService: Service = { booked: [], returned: [], refused: [], told: [], closes: [] };

export interface ServiceRules {
  /** A payer's claim is settled into the payee's purse, not to its owner, who could withdraw it before the Close. */
  readonly settlesIntoPurse: boolean;
  /** Money goes back only on a refusal or after the payee's Close; else already when the claim seems unpresented. */
  readonly waitsForClose: boolean;
  /** A refusal that the payee has not reported before its Close is void. */
  readonly voidsLateRefusals: boolean;
}

export const cleanRules: ServiceRules = {
  settlesIntoPurse: true,
  waitsForClose: true,
  voidsLateRefusals: true,
};

const add = (list: readonly string[], item: string) => (list.includes(item) ? list : [...list, item].sort());
const remove = (list: readonly string[], item: string) => list.filter(each => each !== item);

const isClosed = (service: Service, purse: string) => service.closes.some(close => close.purse === purse);

function giveBack(service: Service, id: string, rules: ServiceRules): Service {
  // An owner who was paid out at once keeps what the payer gets back.
  const booked = rules.settlesIntoPurse ? remove(service.booked, id) : service.booked;
  return { ...service, booked, returned: add(service.returned, id) };
}

/** A claim out, from its payer's report: settled into the payee's purse while that is open, decided where it is not. */
export function tellSent(service: Service, told: Told, rules: ServiceRules): Service {
  const { id, payee } = told;
  if (service.booked.includes(id) || service.returned.includes(id)) return service;
  if (service.refused.includes(id)) return giveBack(service, id, rules);
  // The payee's Close lacks it, and it was not settled before.
  if (isClosed(service, payee) || !rules.waitsForClose) return giveBack(service, id, rules);
  const others = service.told.filter(each => each.id !== id);
  return { ...service, booked: add(service.booked, id), told: [...others, told] };
}

export function tellTaken(service: Service, id: string): Service {
  if (service.returned.includes(id)) return service;
  return { ...service, booked: add(service.booked, id) };
}

/** A refusal, by the payee's report, or shown by the payer. */
export function tellRefused(service: Service, told: Told, byPayee: boolean, rules: ServiceRules): Service {
  const isLate = isClosed(service, told.payee) && !service.refused.includes(told.id);
  if (isLate && rules.voidsLateRefusals) return service;
  const counted = byPayee ? { ...service, refused: add(service.refused, told.id) } : service;
  return service.returned.includes(told.id) ? counted : giveBack(counted, told.id, rules);
}

export function tellClose(service: Service, purse: string, spent: number): Service {
  if (isClosed(service, purse)) return service;
  return { ...service, closes: [...service.closes, { purse, spent }] };
}
