/* Answers of a named tier (SPEC.md 6.2, circuits/proof/naming.ts): tau = rho + k*x for each slot of a claim, lowest first. */
#include "message.h"

#if KERNEL_SMALL

int check_naming(const struct run *run) {
  const struct item *answers = items_of(run, SLOT_PAYMENT) + PAYMENT_NAMING;
  return answers->value || items_of(run, SLOT_PURSE)[PURSE_NAMING].offset ? FAULT_NAMING : 0;
}

u32 put_answers(const u8 *seed, struct item *payment, u8 *scratch) {
  (void)seed, (void)payment, (void)scratch;
  return FAULT_NAMING;
}

#else

enum { ANSWER_COST = 3300 };

static APART void naming_challenge(u32 *k, const u8 *claim, u32 length) {
  struct sponge sponge;
  u8 wide[64];
  sponge_begin(&sponge);
  sponge_absorb(&sponge, "mite naming challenge", 21);
  sponge_absorb(&sponge, claim, length);
  sponge_end(&sponge, SHAKE256);
  sponge_squeeze(&sponge, wide, 64);
  sc_reduce(k, wide);
}

/* tau*G = R + k*X for the answer with this number. */
static APART u32 check_answer(const struct run *run, u32 slot, u32 number) {
  const struct item *purse = items_of(run, SLOT_PURSE);
  sc k, tau, none;
  Point key, point;
  naming_challenge(k, payload_of(run, SLOT_CLAIM), run->machine->slots[SLOT_CLAIM].message.envelope.length);
  if (!ristretto_decode(&key, field(run, SLOT_PURSE, PURSE_NAMING))) return FAULT_POINT;
  if (purse[PURSE_ONE_SHOW].offset) slot = 0;
  if (slot >= purse[PURSE_POINTS].value) return FAULT_SLOTS;
  if (!ristretto_decode(&point, field(run, SLOT_PURSE, PURSE_POINTS) + 34 * slot + 2)) return FAULT_POINT;
  if (!sc_decode(tau, field(run, SLOT_PAYMENT, PAYMENT_NAMING) + 34 * number + 2)) return FAULT_SCALAR;
  sc_set(none, 0);
  sc_subtract(tau, none, tau);
  ge_multiply_two(&key, k, &key, tau);
  ge_add(&key, &key, &point);
  return ristretto_is_identity(&key) ? 0 : FAULT_NAMING;
}

/* One answer after the other: `slot` counts what is done. */
APART int check_naming(const struct run *run) {
  u32 slots = items_of(run, SLOT_CLAIM)[CLAIM_SLOTS].value, named = 0, done = 0;
  u32 *next = &run->machine->slot;
  for (u32 left = slots; left; left &= left - 1) named++;
  if (!items_of(run, SLOT_PURSE)[PURSE_NAMING].offset) slots = named = 0;
  if (items_of(run, SLOT_PAYMENT)[PAYMENT_NAMING].value != named) return FAULT_NAMING;
  for (u32 slot = 0; slots >> slot; slot++) {
    if (!(slots >> slot & 1)) continue;
    if (done++ < *next) continue;
    u32 fault = check_answer(run, slot, (*next)++);
    if (fault) return (int)fault;
    *run->left -= ANSWER_COST;
    if (*run->left <= 0) return MORE;
  }
  return 0;
}

/* The certificate holds X. Scratch: two messages that are opened, then an item and 32 bytes for each answer. */
struct answering {
  struct message certificate, claim;
  struct item items[16];
  u8 taus[16][32];
  u8 wide[16][64];
};

u32 put_answers(const u8 *seed, struct item *payment, u8 *scratch) {
  struct answering *state = (struct answering *)scratch;
  const struct item *purse = payment + PAYMENT_CERTIFICATE, *paid = payment + PAYMENT_CLAIM;
  struct envelope *claim = &state->claim.envelope;
  u32 fault = message_open(&state->certificate, KIND_PURSE, address(purse->offset), purse->value), count = 0;
  if (!fault) fault = message_open(&state->claim, KIND_CLAIM, address(paid->offset), paid->value);
  if (fault) return fault;
  if (!state->certificate.items[PURSE_NAMING].offset) return FAULT_NAMING;
  const u8 *key = address(purse->offset) + state->certificate.envelope.payload + state->certificate.items[PURSE_NAMING].offset;
  struct pieces context = {0, 0, 0, 0};
  sc x, k, tau;
  prf(state->wide[0], 64, seed, "naming key", &context);
  sc_reduce(x, state->wide[0]);
  naming_challenge(k, address(paid->offset) + claim->payload, claim->length);
  sc_multiply(x, x, k);
  context = (struct pieces){key, 32, 0, 0};
  prf(state->wide[0], sizeof state->wide, seed, "naming nonces", &context);
  for (u32 slot = 0, slots = state->claim.items[CLAIM_SLOTS].value & 0xffff; slots >> slot; slot++) {
    if (!(slots >> slot & 1)) continue;
    sc_reduce(tau, state->wide[slot]);
    sc_add(tau, tau, x);
    sc_encode(state->taus[count], tau);
    state->items[count] = (struct item){word_of(state->taus[count]), 32};
    count++;
  }
  wipe(state->wide, sizeof state->wide);
  wipe(x, sizeof x);
  wipe(tau, sizeof tau);
  payment[PAYMENT_NAMING] = (struct item){word_of(state->items), count};
  return 0;
}

#endif
