/* The payer's side (circuits/proof/purse.ts, payer.ts): claims, the idle proof, and the payment that carries both. */
#include "message.h"
#include "operation.h"

enum { CLAIM_PAYLOAD = 262, CLAIM_HEAD = 10 };

/* Wide scalars of the PRF: the first `count` of them, each reduced. */
static void derive_scalars(sc *scalars, u32 count, struct sponge *sponge) {
  u8 wide[64];
  sponge_end(sponge, SHAKE256);
  for (u32 i = 0; i < count; i++) {
    sponge_squeeze(sponge, wide, 64);
    sc_reduce(scalars[i], wide);
  }
  wipe(wide, 64);
  wipe(sponge, sizeof *sponge);
}

APART void purse_secret(u8 *secret, const u8 *seed) {
  struct sponge sponge;
  prf_begin(&sponge, seed, "purse key", 0);
  sponge_end(&sponge, SHAKE256);
  sponge_squeeze(&sponge, secret, 32);
  wipe(&sponge, sizeof sponge);
}

static u8 *put_id(u8 *at, const void *id) {
  *at++ = 0x58;
  *at++ = 32;
  memcpy(at, id, 32);
  return at + 32;
}

static u8 *put_word(u8 *at, u32 word) {
  *at = 0x44;
  store_u32(at + 1, word);
  return at + 5;
}

/* Fresh and hedged: seed, request and noise. */
static APART void fresh_delta(u8 *delta, const u32 *block, const u8 *payload, u32 length) {
  struct sponge sponge;
  sc scalar;
  prf_begin(&sponge, address(block[ANSWER_SEED]), "delta", length + 32);
  sponge_absorb(&sponge, payload, length);
  sponge_absorb(&sponge, address(block[ANSWER_NOISE]), 32);
  derive_scalars(&scalar, 1, &sponge);
  sc_encode(delta, scalar);
}

/* Where each field's content stands in a claim's payload. */
enum { AT_AMOUNT = 49, AT_BEFORE = 157, AT_DELTA = 191 };

static APART void write_claim(u8 *at, const u32 *block, const struct message *request, const u8 *bytes) {
  const u8 *payload = bytes + request->payload;
  const struct item *asked = request->items;
  u8 digest[32];
  *at++ = 0x8e;
  *at++ = KIND_CLAIM, *at++ = VERSION, *at++ = SUITE;
  at = put_id(at, address(block[ANSWER_ID]));
  at = put_word(at, block[ANSWER_ORDINAL]);
  at = put_word(at, block[ANSWER_SLOTS]);
  at = put_word(at, asked[REQUEST_AMOUNT].value);
  digest_of(digest, "mite payee tag",
      &(struct pieces){payload + asked[REQUEST_PAYEE].offset, 32, payload + asked[REQUEST_SALT].offset, 16});
  at = put_id(at, digest);
  identify(digest, request, bytes);
  at = put_id(at, digest);
  at = put_id(at, address(block[ANSWER_PREVIOUS]));
  at = put_id(at, address(block[ANSWER_BEFORE]));
  fresh_delta(digest, block, payload, request->length);
  at = put_id(at, digest);
  at = put_word(at, block[ANSWER_THETA]);
  digest_of(digest, "mite proof hash", &(struct pieces){address(block[ANSWER_PROOF]), block[ANSWER_PROOF + 1], 0, 0});
  put_id(at, digest);
}

static APART u32 add_encoded(Point *sum, const u8 *bytes) {
  Point point;
  if (!ristretto_decode(&point, bytes)) return 0;
  ge_add(sum, sum, &point);
  return 1;
}

/* The position after the claim: before + amount*H + delta*G, id of the claim, blinding + delta. What is multiplied here stands
 * in the claim in clear. */
static APART u32 advance(u8 *next, const u8 *claim, const u8 *blinding) {
  Point sum;
  sc delta, other;
  if (!sc_decode(delta, claim + AT_DELTA)) return FAULT_SCALAR;
  sc_set(other, load_u32(claim + AT_AMOUNT));
  value_point(&sum);
  ge_multiply_two(&sum, other, &sum, delta);
  if (!add_encoded(&sum, claim + AT_BEFORE)) return FAULT_POINT;
  ristretto_encode(next, &sum);
  sha2(SHA512_256, claim, CLAIM_PAYLOAD, next + 32);
  if (!sc_decode(other, blinding)) return FAULT_SCALAR;
  sc_add(delta, delta, other);
  sc_encode(next + 64, delta);
  wipe(other, sizeof other);
  wipe(delta, sizeof delta);
  return 0;
}

static APART u32 open_answer(const u32 *block, struct message *request) {
  const u8 *bytes = address(block[ANSWER_REQUEST]);
  u8 *claim = address(block[ANSWER_CLAIM]) + CLAIM_HEAD;
  u32 fault = cose_open(request, KIND_REQUEST, bytes, block[ANSWER_REQUEST + 1]);
  if (fault) return fault;
  write_claim(claim, block, request, bytes);
  return advance(address(block[ANSWER_NEXT]), claim, address(block[ANSWER_BLINDING]));
}

int claim_sign(u32 *block, u8 *scratch) {
  struct signing *state = (struct signing *)scratch;
  int fault = (int)open_answer(block, &state->message);
  if (fault) return fault;
  purse_secret(state->secret, address(block[ANSWER_SEED]));
  state->table = table_open(address(block[ANSWER_TABLE]), block[ANSWER_TABLE + 1]);
  state->signer.noise = address(block[ANSWER_NOISE]) + 32;
  state->signer.key = address(block[ANSWER_KEY]);
  return signing_end(state, address(block[ANSWER_CLAIM]), CLAIM_PAYLOAD);
}

/* Scratch of an idle proof: opened once, then the range proof slices itself behind it. */
struct proving {
  u32 ready;
  u32 bits, lanes, values[2];
  u8 blindings[64], prf_context[32];
  struct idle idle;
  struct message certificate, tier;
};

/* Blinding of lane j: that of the commitment, less what the claims so far have added. */
static APART u32 open_blindings(struct proving *state, const u32 *block) {
  struct sponge sponge;
  sc blindings[2], spent;
  if (!sc_decode(spent, address(block[IDLE_BLINDING]))) return FAULT_SCALAR;
  prf_begin(&sponge, address(block[IDLE_SEED]), "commitment blindings", 0);
  derive_scalars(blindings, state->lanes, &sponge);
  for (u32 lane = 0; lane < state->lanes; lane++) {
    sc_subtract(blindings[lane], blindings[lane], spent);
    sc_encode(state->blindings + 32 * lane, blindings[lane]);
  }
  wipe(blindings, sizeof blindings);
  wipe(spent, sizeof spent);
  return 0;
}

/* M (+ Rcap) - T - theta of each lane. */
static u32 open_values(struct proving *state, const u32 *block) {
  u32 received = state->certificate.items[PURSE_RESPEND].value ? state->tier.items[TIER_RESPEND].value : 0;
  u64 used = (u64)block[IDLE_SPENT] + block[IDLE_THETA];
  const u32 *budget = (const u32 *)address(block[IDLE_BUDGET]);
  for (u32 lane = 0; lane < state->lanes; lane++) {
    u64 held = (u64)budget[lane] + received;
    if (held < used || (held - used) >> 32) return FAULT_FUNDS;
    state->values[lane] = (u32)(held - used);
    if (state->bits < 32 && state->values[lane] >> state->bits) return FAULT_FUNDS;
  }
  return 0;
}

static APART u32 open_proving(struct proving *state, const u32 *block, const Table *table) {
  const u8 *certificate = address(block[IDLE_CERTIFICATE]);
  u32 fault = cose_open(&state->certificate, KIND_PURSE, certificate, block[IDLE_CERTIFICATE + 1]);
  if (!fault) fault = cose_open(&state->tier, KIND_TIER, address(block[IDLE_TIER]), block[IDLE_TIER + 1]);
  if (fault) return fault;
  state->bits = state->tier.items[TIER_BITS].value;
  state->lanes = state->tier.items[TIER_LANES].value;
  memcpy(state->idle.context + CONTEXT_ID, address(block[IDLE_ID]), 32);
  struct position position = {
      certificate + state->certificate.payload, state->certificate.items, state->tier.items,
      block[IDLE_ORDINAL], block[IDLE_THETA], address(block[IDLE_BEFORE])};
  fault = idle_statement(&state->idle, &position);
  RangeStatement range = idle_range(&state->idle, state->bits, state->lanes);
  if (!fault && !range_prove_scratch(&range, table)) fault = FAULT_TIER;
  if (!fault) fault = open_values(state, block);
  if (!fault) fault = open_blindings(state, block);
  struct pieces pieces = {state->idle.context, CONTEXT_BYTES, state->idle.commitments, 32 * state->lanes};
  digest_of(state->prf_context, "", &pieces);
  *(u32 *)&state->certificate = 0;
  return fault;
}

int idle_prove(u32 *block, u8 *scratch, i32 *left) {
  struct proving *state = (struct proving *)scratch;
  Table table = table_open(address(block[IDLE_TABLE]), block[IDLE_TABLE + 1]);
  int fault = 0;
  if (!state->ready) fault = (int)open_proving(state, block, &table);
  state->ready = 1;
  if (!fault) {
    RangeStatement range = idle_range(&state->idle, state->bits, state->lanes);
    RangeWitness witness = {state->values, state->blindings, address(block[IDLE_SEED]), state->prf_context, 32};
    fault = range_prove(address(block[IDLE_PROOF]), &range, &witness, &table, (u8 *)&state->certificate, left);
  }
  if (fault != MORE) wipe(state, sizeof *state);
  return fault;
}

static u8 *put_bytes(u8 *at, const u8 *bytes, u32 length) {
  at += write_bytes_head(at, length);
  memcpy(at, bytes, length);
  return at + length;
}

static u8 *put_optional(u8 *at, const u8 *bytes, u32 length) {
  if (bytes) return put_bytes(at, bytes, length);
  *at = 0xf6;
  return at + 1;
}

/* One tau = rho + k*x for each slot that the claim names, lowest slot first. The certificate holds X. */
static APART u8 *put_answers(u8 *at, const u32 *block, const struct message *messages) {
  const struct message *certificate = messages, *claim = messages + 1;
  const u8 *seed = address(block[ASSEMBLE_SEED]);
  const u8 *payload = address(block[ASSEMBLE_CERTIFICATE]) + certificate->payload;
  struct sponge sponge;
  sc x, k, tau;
  u32 slots = claim->items[CLAIM_SLOTS].value & 0xffff;
  prf_begin(&sponge, seed, "naming key", 0);
  derive_scalars(&x, 1, &sponge);
  naming_challenge(k, address(block[ASSEMBLE_CLAIM]) + claim->payload, claim->length);
  sc_multiply(x, x, k);
  prf_begin(&sponge, seed, "naming nonces", 32);
  sponge_absorb(&sponge, payload + certificate->items[PURSE_NAMING].offset, 32);
  sponge_end(&sponge, SHAKE256);
  for (; slots; slots >>= 1) {
    u8 wide[64];
    sponge_squeeze(&sponge, wide, 64);
    sc_reduce(tau, wide);
    wipe(wide, 64);
    if (!(slots & 1)) continue;
    sc_add(tau, tau, x);
    sc_encode((u8 *)wide, tau);
    at = put_id(at, wide);
  }
  wipe(&sponge, sizeof sponge);
  wipe(x, sizeof x);
  wipe(tau, sizeof tau);
  return at;
}

int payment_assemble(u32 *block, u8 *scratch) {
  struct message *messages = (struct message *)scratch;
  u8 *start = address(block[ASSEMBLE_PAYMENT]), *at = start;
  u32 answers = 0;
  if (block[ASSEMBLE_SEED]) {
    u32 fault = cose_open(messages, KIND_PURSE, address(block[ASSEMBLE_CERTIFICATE]), block[ASSEMBLE_CERTIFICATE + 1]);
    if (!fault) fault = cose_open(messages + 1, KIND_CLAIM, address(block[ASSEMBLE_CLAIM]), block[ASSEMBLE_CLAIM + 1]);
    if (fault) return (int)fault;
    if (!messages->items[PURSE_NAMING].offset) return FAULT_NAMING;
    for (u32 slots = messages[1].items[CLAIM_SLOTS].value & 0xffff; slots; slots &= slots - 1) answers++;
  }
  *at++ = 0x89;
  *at++ = KIND_PAYMENT, *at++ = VERSION, *at++ = SUITE;
  at = put_optional(at, address(block[ASSEMBLE_CERTIFICATE]), block[ASSEMBLE_CERTIFICATE + 1]);
  at = put_optional(at, address(block[ASSEMBLE_REQUEST]), block[ASSEMBLE_REQUEST + 1]);
  at = put_bytes(at, address(block[ASSEMBLE_CLAIM]), block[ASSEMBLE_CLAIM + 1]);
  at = put_bytes(at, address(block[ASSEMBLE_PROOF]), block[ASSEMBLE_PROOF + 1]);
  *at++ = 0xf6;
  *at++ = (u8)(0x80 | answers);
  if (answers) at = put_answers(at, block, messages);
  block[ASSEMBLE_LENGTH] = (u32)(at - start);
  return 0;
}
