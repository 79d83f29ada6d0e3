/* The machine of whole-message checks: runs the scripts of script.h over the messages that they open.
 *
 * One signature, or one answer of a named tier, is a slice; range proofs slice themselves. A script stands in scratch where it
 * is, with offsets only: block and scratch may move between two calls.
 *
 * 1. Fault by fault as the TypeScript core. (test/kernel/message.payment.test.ts message.channel.test.ts message.shown.test.ts)
 * 2. Whatever the bytes are, nothing outside them is read. (test/kernel/message.fuzz.test.ts)
 */
#include "script.h"

#define ROOM_OF(name) u8 s_##name[sizeof((u8[]){SCRIPT_##name})];
#define BYTES_OF(name) {SCRIPT_##name},
#define PLACE_OF(name) __builtin_offsetof(struct scripts, s_##name),
struct scripts {
  EACH_SCRIPT(ROOM_OF)
};
static const struct scripts scripts = {EACH_SCRIPT(BYTES_OF)};
static const u16 places[] = {EACH_SCRIPT(PLACE_OF)};

enum { SIGNATURE_COST = 3300 };

const u8 *opened_bytes(const struct run *run, u32 slot) {
  const struct opened *opened = run->machine->slots + slot;
  return address(run->block[opened->word]) + opened->start;
}

const u8 *payload_of(const struct run *run, u32 slot) {
  return opened_bytes(run, slot) + run->machine->slots[slot].message.envelope.payload;
}

const u8 *field(const struct run *run, u32 slot, u32 number) {
  return payload_of(run, slot) + items_of(run, slot)[number].offset;
}

/* The next operand: its number, its length or its count, and where it lies; 0 where it is absent. */
static APART u8 *operand(struct run *run, u32 *value) {
  struct machine *machine = run->machine;
  u32 byte = *run->code++, slot = byte >> 5, number = byte & 31;
  *value = number;
  if (slot == SLOTS) {
    if (byte >= KEPT) *value = byte == KEPT ? machine->kept : machine->total;
    return machine->cells[number];
  }
  if (slot > SLOTS) {
    *value = run->block[number];
    return address(*value);
  }
  struct opened *opened = machine->slots + slot;
  if (byte == ID_OF(slot)) return opened->id;
  u8 *payload = (u8 *)payload_of(run, slot);
  *value = opened->message.envelope.length;
  if (byte == PAYLOAD_OF(slot)) return payload;
  *value = opened->message.items[number].value;
  return opened->message.items[number].offset ? payload + opened->message.items[number].offset : 0;
}

/* Of the operand before: what a pair of the block says, or its value. */
static u32 length_of(const struct run *run, u32 value) {
  u32 byte = run->code[-1];
  return byte >= GIVEN(0) ? run->block[(byte & 31) + 1] : value;
}

/* A message within another lies where that one does. */
static APART u32 open_message(struct run *run, const u8 *bytes, u32 from, u32 length) {
  u32 slot = *run->code++, kind = *run->code++;
  struct opened *opened = run->machine->slots + slot;
  u32 within = from < GIVEN(0);
  opened->word = within ? run->machine->slots[from >> 5].word : from & 31;
  opened->start = (u32)(bytes - (const u8 *)address(run->block[opened->word]));
  if (kind & 128) kind = run->block[kind & 31];
  u32 fault = message_open(&opened->message, kind, bytes, length);
  if (!fault) sha2(SHA512_256, payload_of(run, slot), opened->message.envelope.length, opened->id);
  return fault;
}

/* Content that a list begins with is a head of two bytes. */
static u32 has_identity(const u8 *at, u32 single, u32 count) {
  u32 absent = 0;
  if (!at) return 0;
  if (single) return is_zero(at, 32);
  for (at += 2; count--; at += 34) absent |= is_zero(at, 32);
  return absent;
}

static APART u32 digest(struct run *run) {
  u32 cell = *run->code++, label = *run->code++, value, exact;
  struct pieces pieces;
  pieces.head = operand(run, &value);
  value = length_of(run, value);
  exact = *run->code++;
  pieces.head_length = exact ? exact : value;
  pieces.body = operand(run, &value);
  exact = *run->code++;
  pieces.body_length = exact ? exact : value;
  digest_of(run->machine->cells[cell], label, &pieces);
  return 0;
}

static u32 includes(const u8 *list, u32 count, u32 value) {
  u32 found = 0;
  for (u32 i = 0; i < count; i++) found |= list[i] == value;
  return found;
}

static APART u32 find_listed(struct run *run, const u8 *id) {
  u32 slot = *run->code++, revoked = *run->code++, fault;
  u32 found = list_holds(&run->machine->slots[slot].message, payload_of(run, slot), id, &fault);
  return fault ? fault : found ? revoked : 0;
}

/* The items of a message that is made stand in a slot that such a script does not use. */
static APART int sign_fields(struct run *run) {
  struct item *items = run->machine->slots[SLOT_PAYMENT].message.items;
  u32 kind = *run->code++, count = *run->code++;
  for (u32 i = 0; i < count; i++) items[i].offset = word_of(operand(run, &items[i].value));
  return message_sign((struct signing *)(run->machine + 1), run->block, kind, items);
}

/* The second claim is not what the first leaves behind. */
static APART u32 check_follows(const struct run *run) {
  u8 *after = run->machine->cells[0];
  const u8 *previous = field(run, SLOT_REQUEST, CLAIM_PREVIOUS);
  if (!equal(previous, run->machine->slots[SLOT_CLAIM].id, 32)) return 0;
  u32 fault = advance(after, field(run, SLOT_CLAIM, CLAIM_BEFORE), items_of(run, SLOT_CLAIM)[CLAIM_AMOUNT].value,
      field(run, SLOT_CLAIM, CLAIM_DELTA));
  if (fault) return fault;
  return equal(field(run, SLOT_REQUEST, CLAIM_BEFORE), after, 32) ? FAULT_EVIDENCE : 0;
}

/* Where the purse stands after the claim: C_T and its blinding. */
static u32 check_advance(const struct run *run) {
  const u32 *block = run->block;
  u8 *next = address(block[ANSWER_NEXT]);
  const u8 *delta = run->machine->cells[2];
  u32 fault = advance(next, address(block[ANSWER_BEFORE]), items_of(run, SLOT_REQUEST)[REQUEST_AMOUNT].value, delta);
  return fault ? fault : add_blinding(next + 32, address(block[ANSWER_BLINDING]), delta);
}

/* Operations that take no operands, or read their own. */
static APART int step_alone(struct run *run, u32 operation) {
  struct machine *machine = run->machine;
  const struct item *first = items_of(run, SLOT_CLAIM), *second = items_of(run, SLOT_REQUEST);
  switch (operation) {
    case KEEP: machine->kept = machine->total; return 0;
    case DIGEST: return (int)digest(run);
    case CALL:
      machine->back = (u32)(run->code - (const u8 *)&scripts) + 1;
      run->code = (const u8 *)&scripts + places[*run->code];
      return 0;
    case ITEMS:
      memcpy(run->block + run->code[0], items_of(run, run->code[1]) + run->code[2], sizeof(struct item) * run->code[3]);
      run->code += 4;
      return 0;
    case CAPS: return (int)check_caps(run);
    case IDLE: return (int)range_open_idle(run);
    case RANGE: return range_check(run, machine->slots);
#if !KERNEL_SMALL
    case STANDING: return (int)range_open_standing(run);
    case RANGE_BESIDE: return range_check(run, machine + 1);
#endif
    case NAMING: return check_naming(run);
    case PROVE_OPEN: return (int)prove_open(run);
    case PROVE: return prove_idle(run);
    case DELTA: return (int)fresh_delta(run);
    case ADVANCE: return (int)check_advance(run);
    case DIFFER: return equal(machine->slots[SLOT_CLAIM].id, machine->slots[SLOT_REQUEST].id, 32) ? FAULT_EVIDENCE : 0;
    case SHARE: {
      u32 common = first[CLAIM_SLOTS].value & second[CLAIM_SLOTS].value;
      return common || first[CLAIM_ORDINAL].value == second[CLAIM_ORDINAL].value ? 0 : FAULT_EVIDENCE;
    }
    case FOLLOWS: return (int)check_follows(run);
  }
  return sign_fields(run);
}

static APART int step(struct run *run) {
  struct machine *machine = run->machine;
  u32 operation = *run->code++, value, other = 0, byte = 0;
  const u8 *b = 0;
  if (operation > WITH_ONE) return step_alone(run, operation);
  const u8 *a = operand(run, &value);
  u32 name = run->code[-1];
  if (operation == OPEN) return (int)open_message(run, a, name, length_of(run, value));
  if (operation == LISTED) return (int)find_listed(run, a);
  if (operation <= WITH_TWO) b = operand(run, &other);
  if (operation != PRODUCT && operation <= WITH_BYTE) byte = *run->code++;
  u64 wide = (u64)value * other;
  switch (operation) {
    case SAME: return equal(a, b, 32) ? 0 : (int)byte;
    case PRODUCT:
      machine->total = (u32)wide;
      return wide >> 32 ? FAULT_OVERFLOW : 0;
    case NEED: return a ? 0 : (int)byte;
    case BAR: return a ? (int)byte : 0;
    case IF:
    case UNLESS:
      if ((a != 0) != (operation == IF)) run->code += byte;
      return 0;
    case ADD:
      machine->total += value;
      if (machine->total >= value) return 0;
      machine->total = ~0u;
      return (int)byte;
    case POINT: return has_identity(a, byte, value) ? FAULT_POINT : 0;
    case COPY: memcpy(address(run->block[byte]), a, 32); return 0;
    case VERIFY:
      *run->left -= SIGNATURE_COST;
      return (int)cose_verify(a, &machine->slots[byte].message.envelope, opened_bytes(run, byte));
    case INCLUDES: return includes(a, value, byte) ? (run->code++, 0) : (int)*run->code;
    case CERTIFIABLE:
      *run->left -= SIGNATURE_COST;
      return ed25519_certifiable(a) ? 0 : FAULT_KEY;
    case LOAD: machine->total = value; return 0;
  }
  /* One bit of what is true, among those that may be. */
  return operation & (value < other ? 1 : value == other ? 2 : 4) ? 0 : (int)byte;
}

int run_script(u32 script, u32 *block, u8 *scratch, i32 *left) {
  struct machine *machine = (struct machine *)scratch;
  const u8 *start = (const u8 *)&scripts;
  struct run run = {0, block, machine, left};
  int fault = 0;
  if (!machine->at) {
    wipe(machine, sizeof *machine);
    machine->at = places[script];
  }
  while (!fault) {
    run.code = start + machine->at;
    if (*run.code == END) {
      if (!machine->back) break;
      machine->at = machine->back;
      machine->back = 0;
      continue;
    }
    fault = step(&run);
    if (fault == MORE) return MORE;
    machine->at = (u32)(run.code - start);
    if (!fault && *left <= 0) return MORE;
  }
  wipe(machine, sizeof *machine);
  return fault;
}
