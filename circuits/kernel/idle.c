/* The statement of an idle proof (SPEC.md 5.1): V_j = C_j + (Rcap - theta)*H - before, and the context it is bound to. */
#include "message.h"

/* value*H for a public number. */
static void value_multiple(Point *r, u32 value, const Table *table) {
  Point base;
  table_point(&base, table, 1);
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

u32 idle_statement(struct idle *idle, const struct position *position, const Table *table) {
  const struct item *commitments = position->purse + PURSE_COMMITMENTS;
  Point shift, point;
  if (commitments->value != position->tier[TIER_LANES].value) return FAULT_TIER;
  if (!ristretto_decode(&point, position->before)) return FAULT_POINT;
  u32 received = position->purse[PURSE_RESPEND].value ? position->tier[TIER_RESPEND].value : 0;
  u32 theta = position->theta;
  value_multiple(&shift, received > theta ? received - theta : theta - received, table);
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

RangeStatement idle_range(const struct idle *idle, const struct item *tier) {
  return (RangeStatement){SUITE, tier[TIER_BITS].value, tier[TIER_LANES].value, idle->context, CONTEXT_BYTES, idle->commitments};
}
