/* The statement of an idle proof (SPEC.md 5.1): V_j = C_j + (Rcap - theta)*H - before, and the context it is bound to. */
#include "message.h"

/* Encoding of H of suite 1: the one-way map of SHA-512("mite value base 1"). */
static const u8 value_base[32] = {
    0x4c, 0x50, 0x11, 0xfe, 0x5f, 0x2c, 0x4a, 0xe9, 0x27, 0x5c, 0x01, 0xba, 0xd0, 0xfb, 0xb5, 0x26,
    0x0d, 0x67, 0x67, 0x53, 0x95, 0x84, 0xc8, 0x8a, 0x5a, 0x96, 0xf9, 0xe9, 0x1d, 0xe8, 0x0a, 0x41};

void value_point(Point *r) { ristretto_decode(r, value_base); }

/* value*H for a public number. */
static APART void value_multiple(Point *r, u32 value) {
  Point base;
  value_point(&base);
  ge_identity(r);
  for (i32 i = 31; i >= 0; i--) {
    ge_double(r, r, 1);
    if (value >> i & 1) ge_add(r, r, &base);
  }
}

static void write_context(u8 *context, const struct position *position) {
  memcpy(context, "mite idle proof", 15);
  context[15] = VERSION;
  context[16] = SUITE;
  u8 *at = context + CONTEXT_ID + 32;
  *at++ = (u8)position->tier[TIER_BITS].value;
  *at++ = (u8)position->tier[TIER_LANES].value;
  store_u32(at, position->ordinal);
  memcpy(at + 4, position->before, 32);
  store_u32(at + 36, position->theta);
}

APART u32 idle_statement(struct idle *idle, const struct position *position) {
  const struct item *commitments = position->purse + PURSE_COMMITMENTS;
  Point shift, point;
  if (commitments->value != position->tier[TIER_LANES].value) return FAULT_TIER;
  if (!ristretto_decode(&point, position->before)) return FAULT_POINT;
  u32 received = position->purse[PURSE_RESPEND].value ? position->tier[TIER_RESPEND].value : 0;
  u32 theta = position->theta;
  value_multiple(&shift, received > theta ? received - theta : theta - received);
  if (received < theta) ge_negate(&shift, &shift);
  ge_negate(&point, &point);
  ge_add(&shift, &shift, &point);
  for (u32 lane = 0; lane < commitments->value; lane++) {
    if (!ristretto_decode(&point, position->certificate + commitments->offset + 34 * lane + 2)) return FAULT_POINT;
    ge_add(&point, &point, &shift);
    ristretto_encode(idle->commitments + 32 * lane, &point);
  }
  write_context(idle->context, position);
  return 0;
}

RangeStatement idle_range(const struct idle *idle, u32 bits, u32 lanes) {
  return (RangeStatement){SUITE, bits, lanes, idle->context, CONTEXT_BYTES, idle->commitments};
}
