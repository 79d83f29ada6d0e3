/* A claim: the limits that it keeps (circuits/proof/payment.ts), and what a payer adds to a request (circuits/proof/purse.ts). */
#include "message.h"

/* The ladder of a class: its caps, 5 bytes each from a head on. The tier's shape is checked. */
static const u8 *caps_of(const struct run *run, u32 class, u32 *count) {
  const u8 *at = field(run, SLOT_TIER, TIER_CLASSES);
  for (;; class--) {
    /* Head of the record, budget, head of the list. */
    at += 7;
    *count = at[-1] & 31;
    if (!class) return at;
    at += 5 * *count;
  }
}

/* Slots whose caps hold the amount; an ordinal below their number; and only the first claim begins at nothing. */
APART u32 check_caps(const struct run *run) {
  const struct item *claim = items_of(run, SLOT_CLAIM), *purse = items_of(run, SLOT_PURSE);
  u32 slots = claim[CLAIM_SLOTS].value, count, ordinal = claim[CLAIM_ORDINAL].value, sum = 0;
  const u8 *cap = caps_of(run, purse[PURSE_CLASS].value, &count);
  if (slots >> count) return FAULT_SLOTS;
  for (u32 left = slots; left; left >>= 1, cap += 5)
    if (left & 1) {
      sum += load_u32(cap + 1);
      if (sum < load_u32(cap + 1)) return FAULT_OVERFLOW;
    }
  if (sum < claim[CLAIM_AMOUNT].value || !slots) return FAULT_SLOTS;
  if (purse[PURSE_ONE_SHOW].offset) {
    count = 1;
    if (slots != 1u << purse[PURSE_ONE_SHOW].value) return FAULT_SLOTS;
  }
  u32 begins = is_zero(field(run, SLOT_CLAIM, CLAIM_BEFORE), 32) + is_zero(field(run, SLOT_CLAIM, CLAIM_PREVIOUS), 32);
  return ordinal >= count || begins != (ordinal ? 0 : 2) ? FAULT_HISTORY : 0;
}

/* The PRF of a purse's seed (SPEC.md 2.2). */
APART void prf(u8 *output, u32 length, const u8 *seed, const char *label, const struct pieces *context) {
  struct sponge sponge;
  prf_begin(&sponge, seed, label, context->head_length + context->body_length);
  sponge_absorb(&sponge, context->head, context->head_length);
  sponge_absorb(&sponge, context->body, context->body_length);
  sponge_end(&sponge, SHAKE256);
  sponge_squeeze(&sponge, output, length);
  wipe(&sponge, sizeof sponge);
}

static APART u32 add_encoded(Point *sum, const u8 *bytes) {
  Point point;
  if (!ristretto_decode(&point, bytes)) return 0;
  ge_add(sum, sum, &point);
  return 1;
}

/* What is multiplied here stands in the claim in clear. */
APART u32 advance(u8 *next, const u8 *before, u32 amount, const u8 *delta) {
  Point sum;
  sc blind, value;
  if (!sc_decode(blind, delta)) return FAULT_SCALAR;
  sc_set(value, amount);
  value_point(&sum);
  ge_multiply_two(&sum, value, &sum, blind);
  if (!add_encoded(&sum, before)) return FAULT_POINT;
  ristretto_encode(next, &sum);
  return 0;
}

/* The delta, fresh and hedged: seed, request and noise, that of the signature's 32 bytes before it; and what it makes of the
 * blinding. */
static APART u32 fresh_delta(const struct run *run, u8 *delta, u8 *blinding) {
  const u32 *block = run->block;
  u8 wide[64];
  u32 length = run->machine->slots[SLOT_REQUEST].message.envelope.length;
  struct pieces context = {payload_of(run, SLOT_REQUEST), length, address(block[SIGN_NOISE]) + 32, 32};
  sc scalar, sum;
  prf(wide, 64, address(block[SIGN_SECRET]), "delta", &context);
  sc_reduce(scalar, wide);
  sc_encode(delta, scalar);
  if (!sc_decode(sum, address(block[ANSWER_BLINDING]))) return FAULT_SCALAR;
  sc_add(sum, sum, scalar);
  sc_encode(blinding, sum);
  wipe(sum, sizeof sum);
  return 0;
}

/* The delta goes into the third cell. Where the purse stands after the claim: C_T and its blinding. */
u32 answer(const struct run *run) {
  u8 *delta = run->machine->cells[2], *next = address(run->block[ANSWER_NEXT]);
  u32 fault = fresh_delta(run, delta, next + 32), amount = items_of(run, SLOT_REQUEST)[REQUEST_AMOUNT].value;
  return fault ? fault : advance(next, address(run->block[ANSWER_BEFORE]), amount, delta);
}
