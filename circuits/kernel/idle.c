/* Range proofs of payments (SPEC.md 5): the statement that a proof is bound to, checking it, and making the idle one. */
#include "message.h"

/* Encoding of H of suite 1: the one-way map of SHA-512("mite value base 1"). */
static const u8 value_base[32] = {
    0x4c, 0x50, 0x11, 0xfe, 0x5f, 0x2c, 0x4a, 0xe9, 0x27, 0x5c, 0x01, 0xba, 0xd0, 0xfb, 0xb5, 0x26,
    0x0d, 0x67, 0x67, 0x53, 0x95, 0x84, 0xc8, 0x8a, 0x5a, 0x96, 0xf9, 0xe9, 0x1d, 0xe8, 0x0a, 0x41};

void value_point(Point *r) { ristretto_decode(r, value_base); }

/* value*H, or less where the sign says so, for a public number. */
static APART void value_multiple(Point *r, u32 value, u32 negative) {
  Point base;
  value_point(&base);
  ge_identity(r);
  for (i32 i = 31; i >= 0; i--) {
    ge_double(r, r, 1);
    if (value >> i & 1) ge_add(r, r, &base);
  }
  if (negative) ge_negate(r, r);
}

/* What follows the label: version, suite, the certificate's id. */
static u8 *begin_context(const struct run *run, const char *label) {
  u8 *context = run->machine->statement.context;
  u32 length = text_length(label);
  memcpy(context, label, length);
  context += length;
  *context++ = VERSION;
  *context++ = SUITE;
  memcpy(context, run->machine->slots[SLOT_PURSE].id, 32);
  return context + 32;
}

/* One lane more: a commitment and what it is shifted by, or less the first where the sign says so. */
static APART u32 add_lane(u8 *encoded, const Point *shift, const u8 *commitment, u32 negative) {
  Point point;
  if (!ristretto_decode(&point, commitment)) return FAULT_POINT;
  if (negative) ge_negate(&point, &point);
  ge_add(&point, &point, shift);
  ristretto_encode(encoded, &point);
  return 0;
}

/* V_j = C_j + (Rcap - theta)*H - before. */
static APART u32 idle_statement(const struct run *run, u32 ordinal, u32 theta, const u8 *before) {
  struct machine *machine = run->machine;
  const struct item *purse = items_of(run, SLOT_PURSE), *tier = items_of(run, SLOT_TIER);
  const u8 *commitments = field(run, SLOT_PURSE, PURSE_COMMITMENTS);
  u8 *at = begin_context(run, "mite idle proof");
  Point shift, point;
  machine->context = CONTEXT_BYTES;
  machine->bits = tier[TIER_BITS].value;
  machine->lanes = tier[TIER_LANES].value;
  if (purse[PURSE_COMMITMENTS].value != machine->lanes) return FAULT_TIER;
  if (!ristretto_decode(&point, before)) return FAULT_POINT;
  u32 received = purse[PURSE_RESPEND].value ? tier[TIER_RESPEND].value : 0, negative = received < theta;
  value_multiple(&shift, negative ? theta - received : received - theta, negative);
  ge_negate(&point, &point);
  ge_add(&shift, &shift, &point);
  *at++ = (u8)machine->bits;
  *at++ = (u8)machine->lanes;
  store_u32(at, ordinal);
  memcpy(at + 4, before, 32);
  store_u32(at + 36, theta);
  u32 fault = 0;
  for (u32 lane = 0; lane < machine->lanes && !fault; lane++)
    fault = add_lane(machine->statement.commitments + 32 * lane, &shift, commitments + 34 * lane + 2, 0);
  return fault;
}

static RangeStatement range_statement(const struct machine *machine) {
  const struct statement *statement = &machine->statement;
  return (RangeStatement){SUITE, machine->bits, machine->lanes, statement->context, machine->context, statement->commitments};
}

/* The slots end here: what is still needed of them stands in the machine. */
u32 range_open_idle(const struct run *run) {
  struct machine *machine = run->machine;
  const struct item *claim = items_of(run, SLOT_CLAIM), proof = items_of(run, SLOT_PAYMENT)[PAYMENT_PROOF];
  u32 fault = idle_statement(run, claim[CLAIM_ORDINAL].value, claim[CLAIM_THETA].value, field(run, SLOT_CLAIM, CLAIM_BEFORE));
  if (fault) return fault;
  RangeStatement range = range_statement(machine);
  u32 expected = range_proof_bytes(&range);
  if (proof.value != expected) return expected ? FAULT_SIZE : FAULT_TIER;
  machine->place = proof.offset;
  machine->slots[0].word = 0;
  return 0;
}

#if !KERNEL_SMALL
/* V_1 = revocation - (left + 1)*H, V_2 = (right - 1)*H - revocation. Its scratch lies behind the slots. */
u32 range_open_standing(const struct run *run) {
  struct machine *machine = run->machine;
  const struct item *gap = items_of(run, SLOT_REQUEST);
  const u8 *identity = field(run, SLOT_PURSE, PURSE_REVOCATION);
  u8 *lanes = machine->statement.commitments;
  Point shift;
  if (!items_of(run, SLOT_PURSE)[PURSE_REVOCATION].offset) return FAULT_REVOKED;
  /* Neighbours of nothing: what would be shown wraps around. */
  if (!~gap[GAP_LEFT].value || !gap[GAP_RIGHT].value) return FAULT_PROOF;
  machine->bits = 32;
  machine->lanes = 2;
  memcpy(begin_context(run, "mite standing proof"), machine->slots[SLOT_REQUEST].id, 32);
  machine->context = 85;
  machine->place = items_of(run, SLOT_PAYMENT)[PAYMENT_STANDING].offset;
  *(u32 *)(machine + 1) = 0;
  value_multiple(&shift, gap[GAP_LEFT].value + 1, 1);
  u32 fault = add_lane(lanes, &shift, identity, 0);
  value_multiple(&shift, gap[GAP_RIGHT].value - 1, 0);
  if (!fault) fault = add_lane(lanes + 32, &shift, identity, 1);
  return fault;
}
#endif

/* The witness stands in the cells: two blindings, context of their PRF, values. */
enum { WITNESS_CONTEXT = 2, WITNESS_VALUES = 3 };

/* Blinding of lane j: that of the commitment, less what the claims so far have added. */
static APART u32 open_blindings(const struct run *run) {
  struct machine *machine = run->machine;
  u8 wide[128];
  sc blinding, spent;
  if (!sc_decode(spent, address(run->block[IDLE_BLINDING]))) return FAULT_SCALAR;
  prf(wide, 128, address(run->block[IDLE_SEED]), "commitment blindings", &nothing);
  for (u32 lane = 0; lane < machine->lanes; lane++) {
    sc_reduce(blinding, wide + 64 * lane);
    sc_subtract(blinding, blinding, spent);
    sc_encode(machine->cells[lane], blinding);
  }
  wipe(wide, sizeof wide);
  wipe(blinding, sizeof blinding);
  wipe(spent, sizeof spent);
  return 0;
}

/* M (+ Rcap) - T - theta of each lane. */
static u32 open_values(const struct run *run) {
  struct machine *machine = run->machine;
  const u32 *block = run->block, *budget = (const u32 *)address(block[IDLE_BUDGET]);
  u32 received = items_of(run, SLOT_PURSE)[PURSE_RESPEND].value ? items_of(run, SLOT_TIER)[TIER_RESPEND].value : 0;
  u32 *values = (u32 *)machine->cells[WITNESS_VALUES];
  u64 used = (u64)block[IDLE_SPENT] + block[IDLE_THETA];
  for (u32 lane = 0; lane < machine->lanes; lane++) {
    u64 held = (u64)budget[lane] + received;
    if (held < used || (held - used) >> 32) return FAULT_FUNDS;
    values[lane] = (u32)(held - used);
    if (machine->bits < 32 && values[lane] >> machine->bits) return FAULT_FUNDS;
  }
  return 0;
}

u32 prove_open(const struct run *run) {
  struct machine *machine = run->machine;
  const u32 *block = run->block;
  u32 fault = idle_statement(run, block[IDLE_ORDINAL], block[IDLE_THETA], address(block[IDLE_BEFORE]));
  if (!fault) fault = open_values(run);
  if (!fault) fault = open_blindings(run);
  /* Commitments follow the context of an idle proof. */
  sha2(SHA512_256, machine->statement.context, CONTEXT_BYTES + 32 * machine->lanes, machine->cells[WITNESS_CONTEXT]);
  machine->slots[0].word = 0;
  return fault;
}

/* Made or verified, in slices. */
APART int range_step(const struct run *run) {
  struct machine *machine = run->machine;
  const u32 *block = run->block;
  RangeStatement range = range_statement(machine);
  Table table = table_open(address(block[CHECK_TABLE]), block[CHECK_TABLE + 1]);
  u8 *scratch = (u8 *)machine->slots;
#if !KERNEL_SMALL
  if (run->byte == RANGE_BESIDE) scratch = (u8 *)(machine + 1);
#endif
  if (run->byte != RANGE_PROVE)
    return range_verify(address(block[CHECK_PAYMENT]) + machine->place, &range, &table, scratch, run->left);
  RangeWitness witness = {(const u32 *)machine->cells[WITNESS_VALUES], machine->cells[0], address(block[IDLE_SEED]),
                          machine->cells[WITNESS_CONTEXT], 32};
  return range_prove(address(block[IDLE_PROOF]), &range, &witness, &table, scratch, run->left);
}
