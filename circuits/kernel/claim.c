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

APART void derive_scalars(sc *scalars, u32 count, struct sponge *sponge) {
  u8 wide[64];
  for (u32 i = 0; i < count; i++) {
    sponge_squeeze(sponge, wide, 64);
    sc_reduce(scalars[i], wide);
  }
  wipe(wide, 64);
}

/* Fresh and hedged: seed, request and noise, that of the signature's 32 bytes before it. Into the third cell. */
APART u32 fresh_delta(const struct run *run) {
  const u32 *block = run->block;
  u32 length = run->machine->slots[SLOT_REQUEST].message.envelope.length;
  struct sponge sponge;
  sc scalar;
  prf_begin(&sponge, address(block[SIGN_SECRET]), "delta", length + 32);
  sponge_absorb(&sponge, payload_of(run, SLOT_REQUEST), length);
  sponge_absorb(&sponge, address(block[SIGN_NOISE]) + 32, 32);
  sponge_end(&sponge, SHAKE256);
  derive_scalars(&scalar, 1, &sponge);
  wipe(&sponge, sizeof sponge);
  sc_encode(run->machine->cells[2], scalar);
  return 0;
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

APART u32 add_blinding(u8 *next, const u8 *blinding, const u8 *delta) {
  sc sum, added;
  if (!sc_decode(sum, blinding)) return FAULT_SCALAR;
  sc_decode(added, delta);
  sc_add(sum, sum, added);
  sc_encode(next, sum);
  wipe(sum, sizeof sum);
  return 0;
}
