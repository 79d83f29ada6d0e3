/* The one entry. `block` holds what operation.h says; scratch begins with a word of 0 before the first call of a sliced
 * operation, which returns MORE until it is done and wipes what it used. Block and scratch may move between two calls.
 *
 * It stands first in the kernel: boards call it at offset 0.
 */
#include "message.h"
#include "operation.h"

/* SHA-256 of one block, in field multiplications. */
enum { TICK_COST = 20 };

static APART int run_bytes(u32 operation, u32 *b, i32 *left) {
  u8 *first = address(b[0]), *second = address(b[1]);
  switch (operation) {
    case OPERATION_COPY: memcpy(first, second, b[2]); return 0;
    case OPERATION_COMPARE: return equal(first, second, b[2]) ? 0 : FAULT_ENCODING;
    case OPERATION_CRC16: b[2] = crc16(b[2], first, b[1]); return 0;
    case OPERATION_CRC32: b[2] = crc32(b[2], first, b[1]); return 0;
    case OPERATION_SHA2: sha2(b[0], second, b[2], address(b[3])); return 0;
    case OPERATION_HMAC: hmac(first, second, b[2], address(b[3])); return 0;
  }
  if (operation == OPERATION_CHAIN) {
    b[1] = chain_steps(first, b[1], (u32)(*left / TICK_COST) + 1);
    return b[1] ? MORE : 0;
  }
#if KERNEL_SMALL
  return UNKNOWN;
#else
  if (operation == OPERATION_KECCAK) {
    keccak_bytes(first);
    return 0;
  }
  struct sponge sponge;
  u32 derives = operation == OPERATION_DERIVE;
  if (derives) prf_begin(&sponge, first, (const char *)second, b[3]);
  else sponge_begin(&sponge);
  const u32 *pairs = derives ? b + 2 : b + 1;
  sponge_absorb(&sponge, address(pairs[0]), pairs[1]);
  sponge_end(&sponge, derives ? SHAKE256 : b[0]);
  sponge_squeeze(&sponge, address(pairs[2]), pairs[3]);
  wipe(&sponge, sizeof sponge);
  return 0;
#endif
}

static APART int run_keys(u32 operation, const u32 *b) {
  u8 *first = address(b[0]), *second = address(b[1]);
  if (operation == OPERATION_X25519) return x25519(first, second, address(b[2])) ? 0 : FAULT_POINT;
  if (operation == OPERATION_CERTIFIABLE) return ed25519_certifiable(first) ? 0 : FAULT_KEY;
  if (operation == OPERATION_KEY) {
    Table table = table_open(address(b[2]), b[3]);
    ed25519_key(second, first, &table);
    return 0;
  }
  if (operation == OPERATION_SIGN) {
    Table table = table_open(address(b[5]), b[6]);
    struct pieces message = {address(b[2]), b[3], 0, 0};
    u8 made[32];
    if (!b[7]) ed25519_key(made, first, &table);
    const u8 *key = b[7] ? address(b[7]) : made;
    return ed25519_sign(address(b[4]), &(struct signer){first, second, key, &table}, &message) ? 0 : BROKEN;
  }
  if (operation == OPERATION_VERIFY) {
    struct pieces message = {second, b[2], 0, 0};
    return ed25519_verify(first, &message, address(b[3])) ? 0 : FAULT_SIGNATURE;
  }
  struct frame frame = {first, second, address(b[2]), b[3], address(b[4]), b[5]};
  if (operation == OPERATION_UNSEAL) return frame_open(&frame) ? 0 : FAULT_SIGNATURE;
  frame_seal(&frame);
  return 0;
}

#if !KERNEL_SMALL
enum { SUM_WIDTH = 5, SUM_MULTIPLES = 8 };

static u32 point_of_list(Point *r, const void *context, u32 term) {
  *r = ((const Point *)context)[term];
  return 1;
}

/* One chunk for all of them. */
static APART int point_sum(const u32 *b, u8 *scratch, i32 *left) {
  struct { u32 ready; Sum sum; } *state = (void *)scratch;
  u32 count = b[3], *digits = (u32 *)(scratch + sizeof *state);
  Terms terms = {.digits = digits, .multiples = (Cached *)(digits + DIGIT_WORDS * count), .count = count, .width = SUM_WIDTH};
  Chunks chunks = {terms, (u32 *)address(b[2]), count, point_of_list, address(b[1])};
  if (!state->ready) wipe(&state->sum, sizeof state->sum);
  state->ready = 1;
  int fault = sum_chunks(&state->sum, &chunks, left);
  if (fault == MORE) return MORE;
  memcpy(address(b[0]), &state->sum.sum, sizeof(Point));
  state->ready = 0;
  return fault;
}

static APART int run_points(u32 operation, u32 *b, u8 *scratch, i32 *left) {
  Point *first = (Point *)address(b[0]), *second = (Point *)address(b[1]), *third = (Point *)address(b[2]);
  u8 *bytes = address(b[1]);
  switch (operation) {
    case OPERATION_POINT_DECODE: return ristretto_decode(first, bytes) ? 0 : FAULT_POINT;
    case OPERATION_POINT_ENCODE: ristretto_encode(bytes, first); return 0;
    case OPERATION_POINT_MAP: ristretto_map(first, bytes); return 0;
    case OPERATION_POINT_ADD: ge_add(first, second, third); return 0;
    case OPERATION_POINT_NEGATE: ge_negate(first, second); return 0;
    case OPERATION_POINT_EQUAL: return ristretto_equal(first, second) ? 0 : FAULT_POINT;
    case OPERATION_POINT_SUM: return point_sum(b, scratch, left);
    case OPERATION_POINT_BYTES:
      b[0] = sizeof(Point);
      b[1] = 8 + sizeof(Sum) + b[2] * (4 * DIGIT_WORDS + SUM_MULTIPLES * sizeof(Cached));
      return 0;
  }
  sc scalar;
  Table table = table_open(address(b[3]), b[4]);
  if (!sc_decode(scalar, address(b[2]))) return FAULT_SCALAR;
  if (b[1]) ge_multiply(first, second, scalar);
  else ge_multiply_base(first, &table, scalar);
  wipe(scalar, sizeof scalar);
  return 0;
}

#endif

static APART int run_range(u32 operation, u32 *b, u8 *scratch, i32 *left) {
  RangeStatement statement = {b[0], b[1], b[2], address(b[3]), b[4], address(b[5])};
  Table table = table_open(address(b[6]), b[7]);
  if (operation == OPERATION_RANGE_SCRATCH) {
    b[8] = range_prove_scratch(&statement, &table);
    b[9] = range_verify_scratch(&statement, &table);
    b[10] = range_proof_bytes(&statement);
    return 0;
  }
  if (operation == OPERATION_RANGE_VERIFY) {
    if (b[9] != range_proof_bytes(&statement)) return FAULT_SIZE;
    return range_verify(address(b[8]), &statement, &table, scratch, left);
  }
  RangeWitness witness = {(const u32 *)address(b[8]), address(b[9]), address(b[10]), address(b[11]), b[12]};
  return range_prove(address(b[13]), &statement, &witness, &table, scratch, left);
}

/* A slice ends after about `budget` thousand field multiplications, and never before its first step. */
__attribute__((visibility("default")))
int kernel(u32 operation, u32 *block, u8 *scratch, u32 budget) {
  i32 left = budget > 2000000 ? 2000000000 : (i32)(1000 * budget + 1);
  if (operation >= OPERATION_COPY && operation <= OPERATION_HMAC) return run_bytes(operation, block, &left);
  if (operation >= OPERATION_SEAL && operation <= OPERATION_CERTIFIABLE) return run_keys(operation, block);
#if !KERNEL_SMALL
  if (operation >= OPERATION_POINT_DECODE && operation <= OPERATION_POINT_BYTES)
    return run_points(operation, block, scratch, &left);
#endif
  if (operation >= OPERATION_RANGE_SCRATCH && operation <= OPERATION_RANGE_VERIFY)
    return run_range(operation, block, scratch, &left);
  if (operation >= OPERATION_SESSION_AGREE && operation <= OPERATION_FRAME_READ) return run_link(operation, block);
  return run_messages(operation, block, scratch, &left);
}
