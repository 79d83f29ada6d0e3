/* A payee's check of a payment: circuits/proof/payment.ts, the same faults in the same order (SPEC.md 6).
 *
 * Cheapest first. One signature, or one answer of a named tier, is a slice; the range proof slices itself.
 *
 * 1. Fault by fault as the TypeScript core. (test/kernel/message.payment.test.ts)
 * 2. Whatever the bytes are, nothing outside them is read. (test/kernel/message.fuzz.test.ts)
 */
#include "message.h"
#include "operation.h"

struct checking {
  u32 stage, slot, bits, lanes;
  struct idle idle;
  /* Not needed any more by the range proof, whose scratch begins here. */
  struct message payment, certificate, claim, request, tier;
};

/* What a slice works on. Pointers are made anew at each call. */
struct check {
  u32 *block;
  struct checking *state;
  const u8 *certificate, *claim, *request, *tier;
};

enum { SIGNATURE_COST = 3300 };

/* Where the content of a field lies. */
static const u8 *field(const struct message *message, const u8 *bytes, u32 number) {
  return bytes + message->payload + message->items[number].offset;
}

static const u8 *claim_field(const struct check *check, u32 number) {
  return field(&check->state->claim, check->claim, number);
}

static const u8 *request_field(const struct check *check, u32 number) {
  return field(&check->state->request, check->request, number);
}

static const u8 *purse_field(const struct check *check, u32 number) {
  return field(&check->state->certificate, check->certificate, number);
}

/* A payment stands bare, without a signature around it. */
static const u8 *payment_field(const struct check *check, u32 number) {
  return address(check->block[CHECK_PAYMENT]) + check->state->payment.items[number].offset;
}

static u32 check_epoch(const struct item *certificate, u32 epoch, u32 gap) {
  if (epoch > certificate[CERT_UNTIL].value) return FAULT_EXPIRED;
  return certificate[CERT_FROM].value > (u64)epoch + gap ? FAULT_EARLY : 0;
}

/* Under its issuer, where the payment brings it; the issuer stands for this long where the claim will. */
static APART u32 open_certificate(struct check *check) {
  u32 *block = check->block;
  struct checking *state = check->state;
  const u8 *issuer = address(block[CHECK_INTERMEDIARY]);
  state->slot = 0;
  u32 fault = cose_open(&state->tier, KIND_TIER, check->tier, block[CHECK_TIER + 1]);
  if (!fault) fault = cose_open(&state->claim, KIND_INTERMEDIARY, issuer, block[CHECK_INTERMEDIARY + 1]);
  const u8 *payment = address(block[CHECK_PAYMENT]);
  if (!fault) fault = message_parse(&state->payment, KIND_PAYMENT, payment, block[CHECK_PAYMENT + 1]);
  if (fault) return fault;
  if (state->payment.suite != SUITE) return FAULT_SUITE;
  const struct item *brought = state->payment.items + PAYMENT_CERTIFICATE;
  check->certificate = payment + brought->offset;
  if (!brought->offset) check->certificate = address(block[CHECK_KNOWN]);
  if (!check->certificate) return FAULT_CHAIN;
  u32 length = brought->offset ? brought->value : block[CHECK_KNOWN + 1];
  fault = cose_open(&state->certificate, KIND_PURSE, check->certificate, length);
  if (fault || !brought->offset) return fault;
  struct issuer by = {&state->claim, issuer, address(block[CHECK_INTERMEDIARY_ID])};
  return certify(KIND_PURSE, &state->certificate, check->certificate, &by);
}

static u32 check_certificate(struct check *check) {
  struct checking *state = check->state;
  const struct item *purse = state->certificate.items, *tier = state->tier.items;
  if (purse[PURSE_PINNED].offset) return FAULT_REQUEST;
  if (!equal(purse_field(check, PURSE_TIER), address(check->block[CHECK_TIER_ID]), 32)) return FAULT_TIER;
  if (purse[PURSE_CLASS].value >= tier[TIER_CLASSES].value) return FAULT_TIER;
  return check_epoch(purse, check->block[CHECK_EPOCH], tier[TIER_GAP].value);
}

/* The claim, and the request that it answers: the open one, or the payee's own older one that comes back. */
static APART u32 open_claim(struct check *check) {
  struct checking *state = check->state;
  u8 *id = state->idle.context + CONTEXT_ID;
  u32 fault = check_certificate(check);
  if (!fault) fault = cose_open(&state->claim, KIND_CLAIM, check->claim, state->payment.items[PAYMENT_CLAIM].value);
  if (fault) return fault;
  identify(id, &state->certificate, check->certificate);
  if (!equal(claim_field(check, CLAIM_CERTIFICATE), id, 32)) return FAULT_CHAIN;
  const struct item *brought = state->payment.items + PAYMENT_REQUEST;
  u32 length = brought->offset ? brought->value : check->block[CHECK_ASKED + 1];
  fault = cose_open(&state->request, KIND_REQUEST, check->request, length);
  if (fault || !brought->offset) return fault;
  return cose_verify(address(check->block[CHECK_PAYEE_KEY]), &state->request, check->request);
}

/* A list of small numbers, one byte each. */
static u32 includes(const u8 *payload, const struct item *list, u32 value) {
  u32 found = 0;
  for (u32 i = 0; i < list->value; i++) found |= payload[list->offset + i] == value;
  return found;
}

static u32 check_request(const struct check *check) {
  const struct item *request = check->state->request.items, *tier = check->state->tier.items;
  const u8 *payload = check->request + check->state->request.payload;
  if (!equal(request_field(check, REQUEST_PAYEE), address(check->block[CHECK_PAYEE]), 32)) return FAULT_REQUEST;
  if (!request[REQUEST_NUMBER].offset) return FAULT_REQUEST;
  u64 amount = (u64)request[REQUEST_PRICE].value * request[REQUEST_UNITS].value;
  if (amount >> 32) return FAULT_OVERFLOW;
  if ((u32)amount != request[REQUEST_AMOUNT].value) return FAULT_REQUEST;
  if (!includes(payload, request + REQUEST_VERSIONS, VERSION)) return FAULT_VERSION;
  if (!includes(payload, request + REQUEST_SUITES, SUITE)) return FAULT_SUITE;
  u32 identity = tier[TIER_IDENTITY].value, assurance = tier[TIER_ASSURANCE].value;
  return identity < request[REQUEST_IDENTITY].value || assurance < request[REQUEST_ASSURANCE].value ? FAULT_TIER : 0;
}

static APART u32 check_answer(const struct check *check) {
  const struct checking *state = check->state;
  u8 digest[32];
  identify(digest, &state->request, check->request);
  if (!equal(claim_field(check, CLAIM_REQUEST), digest, 32)) return FAULT_REQUEST;
  if (state->claim.items[CLAIM_AMOUNT].value != state->request.items[REQUEST_AMOUNT].value) return FAULT_REQUEST;
  struct pieces pieces = {request_field(check, REQUEST_PAYEE), 32, request_field(check, REQUEST_SALT), 16};
  digest_of(digest, "mite payee tag", &pieces);
  return equal(claim_field(check, CLAIM_PAYEE), digest, 32) ? 0 : FAULT_REQUEST;
}

/* The ladder of a class: its caps, 5 bytes each from a head on. The tier's shape is checked. */
static const u8 *caps_of(const struct check *check, u32 class, u32 *count) {
  const u8 *at = field(&check->state->tier, check->tier, TIER_CLASSES);
  for (;; class--) {
    /* Head of the record, budget, head of the list. */
    at += 7;
    *count = at[-1] & 31;
    if (!class) return at;
    at += 5 * *count;
  }
}

static u32 check_place(const struct check *check, u32 ordinals_max) {
  const struct item *claim = check->state->claim.items;
  u32 first = claim[CLAIM_ORDINAL].value == 0;
  if (claim[CLAIM_ORDINAL].value >= ordinals_max) return FAULT_HISTORY;
  if (is_zero(claim_field(check, CLAIM_BEFORE), 32) != first) return FAULT_HISTORY;
  return is_zero(claim_field(check, CLAIM_PREVIOUS), 32) != first ? FAULT_HISTORY : 0;
}

static u32 check_limits(const struct check *check) {
  const struct item *claim = check->state->claim.items, *tier = check->state->tier.items;
  const struct item *purse = check->state->certificate.items;
  u32 amount = claim[CLAIM_AMOUNT].value, slots = claim[CLAIM_SLOTS].value, count;
  if (amount < tier[TIER_MINIMUM].value || amount > tier[TIER_MAXIMUM].value) return FAULT_AMOUNT;
  if (amount > claim[CLAIM_THETA].value) return FAULT_AMOUNT;
  const u8 *caps = caps_of(check, purse[PURSE_CLASS].value, &count);
  if (slots == 0 || slots >> count) return FAULT_SLOTS;
  u64 cap = 0;
  for (u32 slot = 0; slot < count; slot++)
    if (slots >> slot & 1) cap += load_u32(caps + 5 * slot + 1);
  if (cap >> 32) return FAULT_OVERFLOW;
  if (cap < amount) return FAULT_SLOTS;
  if (!purse[PURSE_ONE_SHOW].offset) return check_place(check, count);
  return slots != 1u << purse[PURSE_ONE_SHOW].value ? FAULT_SLOTS : check_place(check, 1);
}

/* Whether the payee's beacon lists this purse. The salt of its list is the beacon's own header. */
static APART u32 check_list(const struct check *check, const u8 *beacon) {
  struct message message;
  const struct item *items = message.items;
  u8 salt[48];
  u32 fault = cose_open(&message, KIND_BEACON, beacon, check->block[CHECK_BEACON + 1]);
  if (fault) return fault;
  const u8 *payload = beacon + message.payload, *id = check->state->idle.context + CONTEXT_ID;
  memcpy(salt, payload + items[DATED_ISSUER].offset, 32);
  for (u32 i = 0; i < 3; i++) store_u32(salt + 32 + 4 * i, items[DATED_GENERATION + i].value);
  store_u32(salt + 44, items[BEACON_SHARD].value);
  u32 listed = is_listed(payload + items[BEACON_LIST].offset, items[BEACON_LIST].value, salt, id, &fault);
  return fault ? fault : listed ? FAULT_REVOKED : 0;
}

static APART u32 check_standing(const struct check *check) {
  const struct checking *state = check->state;
  u32 hidden = state->request.items[REQUEST_HIDDEN].value;
  if (hidden != (state->payment.items[PAYMENT_GAP].offset != 0)) return FAULT_REVOKED;
  if (hidden) return 0;
  const u8 *beacon = address(check->block[CHECK_BEACON]);
  if (beacon) return check_list(check, beacon);
  return state->request.items[REQUEST_AMOUNT].value > state->tier.items[TIER_UNLISTED].value ? FAULT_AMOUNT : 0;
}

static APART u32 check_claim(const struct check *check) {
  const struct checking *state = check->state;
  u32 fault = check_request(check);
  if (!fault) fault = check_answer(check);
  if (!fault) fault = check_limits(check);
  if (!fault) fault = check_standing(check);
  if (fault) return fault;
  return cose_verify(purse_field(check, CERT_KEY), &state->claim, check->claim);
}

static APART u32 check_proof_hash(const struct check *check) {
  const struct checking *state = check->state;
  const struct item *proof = state->payment.items + PAYMENT_PROOF, *purse = state->certificate.items;
  u8 digest[32];
  digest_of(digest, "mite proof hash", &(struct pieces){payment_field(check, PAYMENT_PROOF), proof->value, 0, 0});
  if (!equal(claim_field(check, CLAIM_PROOF), digest, 32)) return FAULT_PROOF;
  u32 named = 0;
  for (u32 slots = state->claim.items[CLAIM_SLOTS].value; slots; slots &= slots - 1) named++;
  if (!purse[PURSE_NAMING].offset) named = 0;
  return state->payment.items[PAYMENT_NAMING].value != named ? FAULT_NAMING : 0;
}

APART void naming_challenge(u32 *k, const u8 *claim, u32 length) {
  struct sponge sponge;
  u8 wide[64];
  sponge_begin(&sponge);
  sponge_absorb(&sponge, "mite naming challenge", 21);
  sponge_absorb(&sponge, claim, length);
  sponge_end(&sponge, SHAKE256);
  sponge_squeeze(&sponge, wide, 64);
  sc_reduce(k, wide);
}

/* tau*G = R + k*X for the answer with this number; slots are taken lowest first. */
static APART u32 check_answer_of(const struct check *check, u32 slot, u32 number) {
  const struct checking *state = check->state;
  const struct item *purse = state->certificate.items;
  sc k, tau, none;
  Point key, point;
  naming_challenge(k, check->claim + state->claim.payload, state->claim.length);
  if (!ristretto_decode(&key, purse_field(check, PURSE_NAMING))) return FAULT_POINT;
  if (purse[PURSE_ONE_SHOW].offset) slot = 0;
  if (slot >= purse[PURSE_POINTS].value) return FAULT_SLOTS;
  if (!ristretto_decode(&point, purse_field(check, PURSE_POINTS) + 34 * slot + 2)) return FAULT_POINT;
  if (!sc_decode(tau, payment_field(check, PAYMENT_NAMING) + 34 * number + 2)) return FAULT_SCALAR;
  sc_set(none, 0);
  sc_subtract(tau, none, tau);
  ge_multiply_two(&key, k, &key, tau);
  ge_add(&key, &key, &point);
  return ristretto_is_identity(&key) ? 0 : FAULT_NAMING;
}

/* One answer after the other; the stage ends with the last slot. */
static u32 check_naming(const struct check *check, u32 *done) {
  struct checking *state = check->state;
  u32 slots = state->claim.items[CLAIM_SLOTS].value, number = 0, slot = 0;
  *done = !state->certificate.items[PURSE_NAMING].offset || slots >> state->slot == 0;
  if (*done) return 0;
  for (; slot < state->slot || !(slots >> slot & 1); slot++) number += slots >> slot & 1;
  state->slot = slot + 1;
  return check_answer_of(check, slot, number);
}

static void accept(const struct check *check) {
  const struct checking *state = check->state;
  u32 *block = check->block;
  const struct item *payment = state->payment.items, *claim = state->claim.items;
  identify(address(block[CHECK_CLAIM_ID]), &state->claim, check->claim);
  u32 *result = block + CHECK_RESULT;
  for (u32 i = 0; i < 3; i++) result[2 * i] = payment[i].offset, result[2 * i + 1] = payment[i].value;
  result[6] = claim[CLAIM_AMOUNT].value;
  result[7] = claim[CLAIM_SLOTS].value;
  result[8] = claim[CLAIM_ORDINAL].value;
}

/* What is left to the range proof; done where there is none. */
static APART u32 open_statement(const struct check *check, u32 *done) {
  struct checking *state = check->state;
  const struct item *proof = state->payment.items + PAYMENT_PROOF, *claim = state->claim.items;
  /* This payee holds no day key to check a gap with. */
  if (state->payment.items[PAYMENT_GAP].offset) return FAULT_REVOKED;
  accept(check);
  *done = state->certificate.items[PURSE_ONE_SHOW].offset != 0;
  if (*done) return proof->value ? FAULT_PROOF : 0;
  struct position position = {
      check->certificate + state->certificate.payload, state->certificate.items, state->tier.items,
      claim[CLAIM_ORDINAL].value, claim[CLAIM_THETA].value,
      claim_field(check, CLAIM_BEFORE)};
  u32 fault = idle_statement(&state->idle, &position);
  if (fault) return fault;
  state->bits = state->tier.items[TIER_BITS].value;
  state->lanes = state->tier.items[TIER_LANES].value;
  RangeStatement range = idle_range(&state->idle, state->bits, state->lanes);
  u32 expected = range_proof_bytes(&range);
  if (proof->value != expected) return expected ? FAULT_SIZE : FAULT_TIER;
  state->slot = proof->offset;
  *(u32 *)&state->payment = 0;
  return 0;
}

static APART int check_range(const struct check *check, i32 *left) {
  struct checking *state = check->state;
  u32 *block = check->block;
  RangeStatement range = idle_range(&state->idle, state->bits, state->lanes);
  Table table = table_open(address(block[CHECK_TABLE]), block[CHECK_TABLE + 1]);
  return range_verify(address(block[CHECK_PAYMENT]) + state->slot, &range, &table, (u8 *)&state->payment, left);
}

enum { STAGE_CERTIFICATE, STAGE_REQUEST, STAGE_CLAIM, STAGE_PROOF, STAGE_NAMING, STAGE_STATEMENT, STAGE_RANGE };

static u32 run_stage(struct check *check, u32 *done) {
  switch (check->state->stage) {
    case STAGE_CERTIFICATE: return open_certificate(check);
    case STAGE_REQUEST: return open_claim(check);
    case STAGE_CLAIM: return check_claim(check);
    case STAGE_PROOF: return check_proof_hash(check);
    case STAGE_NAMING: {
      u32 last, fault = check_naming(check, &last);
      /* The stage is counted up by the caller. */
      if (!last) check->state->stage--;
      return fault;
    }
    default: return open_statement(check, done);
  }
}

/* Pointers to the parts of the payment that are already open. */
static void locate(struct check *check) {
  const struct item *items = check->state->payment.items;
  u32 *block = check->block;
  const u8 *payment = address(block[CHECK_PAYMENT]);
  check->tier = address(block[CHECK_TIER]);
  if (check->state->stage == STAGE_CERTIFICATE || check->state->stage == STAGE_RANGE) return;
  check->claim = payment + items[PAYMENT_CLAIM].offset;
  check->certificate = items[0].offset ? payment + items[0].offset : address(block[CHECK_KNOWN]);
  check->request = items[1].offset ? payment + items[1].offset : address(block[CHECK_ASKED]);
}

int payment_verify(u32 *block, u8 *scratch, i32 *left) {
  struct checking *state = (struct checking *)scratch;
  struct check check = {block, state, 0, 0, 0, 0};
  u32 done = 0;
  int fault = 0;
  while (!fault && !done) {
    locate(&check);
    if (state->stage == STAGE_RANGE) {
      fault = check_range(&check, left);
      break;
    }
    fault = (int)run_stage(&check, &done);
    state->stage++;
    *left -= SIGNATURE_COST;
    if (!fault && !done && *left <= 0) return MORE;
  }
  if (fault != MORE) wipe(state, sizeof *state);
  return fault;
}
