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

/* Whatever their order, no slice of 4,000 field multiplications takes above 2 M instructions. (test/kernel/arithmetic.slice.test.ts) */
enum { SIGNATURE_COST = 3300, STATEMENT_COST = 2000, ANSWERED_COST = 5000 };

APART const u8 *opened_bytes(const struct run *run, u32 slot) {
  const struct opened *opened = run->machine->slots + slot;
  return address(run->block[opened->word]) + opened->start;
}

APART const u8 *payload_of(const struct run *run, u32 slot) {
  return opened_bytes(run, slot) + run->machine->slots[slot].message.envelope.payload;
}

APART const u8 *field(const struct run *run, u32 slot, u32 number) {
  return payload_of(run, slot) + items_of(run, slot)[number].offset;
}

/* The next operand: its number, its length or its count, and where it lies; 0 where it is absent. */
static APART u8 *operand(struct run *run, u32 *value) {
  struct machine *machine = run->machine;
  u32 byte = *run->code++, slot = byte >> 5, number = byte & 31;
  run->name = byte;
  *value = number;
  if (slot == SLOTS) {
    if (byte >= KEPT) *value = byte == KEPT ? machine->kept : machine->total;
    return machine->cells[0] + 32 * number;
  }
  if (slot > SLOTS) {
    *value = run->block[number];
    return address(*value);
  }
  struct opened *opened = machine->slots + slot;
  const struct item *item = opened->message.items + number;
  if (number == 31) return opened->id;
  *value = opened->message.envelope.length;
  if (number == 30) return (u8 *)payload_of(run, slot);
  *value = item->value;
  return item->offset ? (u8 *)field(run, slot, number) : 0;
}

/* Of the operand before: what a pair of the block says, or its value. */
static APART u32 length_of(const struct run *run, u32 value) {
  return run->name >= GIVEN(0) ? run->block[run->name - GIVEN(0) + 1] : value;
}

/* A message within another lies where that one does. */
static APART u32 open_message(struct run *run) {
  struct opened *opened = run->machine->slots + run->byte;
  u32 kind = *run->code++;
  u32 word = run->name >= GIVEN(0) ? run->name - GIVEN(0) : run->machine->slots[run->name >> 5].word;
  opened->word = word;
  opened->start = word_of(run->a) - run->block[word];
  if (kind & 128) kind = run->block[kind & 31];
  u32 fault = message_open(&opened->message, kind, run->a, length_of(run, run->x));
  if (!fault) sha2(SHA512_256, payload_of(run, run->byte), opened->message.envelope.length, opened->id);
  return fault;
}

/* Content that a list begins with is a head of two bytes. */
static u32 has_identity(const u8 *at, u32 single, u32 count) {
  u32 absent = 0;
  if (single) count = 1;
  else at += 2;
  for (; count--; at += 34) absent |= is_zero(at, 32);
  return absent;
}

static APART u32 digest(struct run *run) {
  u32 label = *run->code++, value;
  struct pieces pieces;
  pieces.head = operand(run, &value);
  pieces.head_length = *run->code ? *run->code : length_of(run, value);
  run->code++;
  pieces.body = operand(run, &value);
  pieces.body_length = *run->code++;
  digest_of(run->machine->cells[run->byte], label, &pieces);
  return 0;
}

static u32 includes(const u8 *list, u32 count, u32 value) {
  while (count--)
    if (*list++ == value) return 1;
  return 0;
}

static APART u32 find_listed(struct run *run) {
  u32 fault, found = list_holds(&run->machine->slots[run->byte].message, payload_of(run, run->byte), run->a, &fault);
  return fault ? fault : found ? *run->code : 0;
}

/* The items of a message that is made stand in a slot that such a script does not use. */
static APART int sign_fields(struct run *run) {
  struct item *items = run->machine->slots[SLOT_PAYMENT].message.items, *item = items;
  for (u32 count = *run->code++; count--; item++) item->offset = word_of(operand(run, &item->value));
  return message_write((struct signing *)(run->machine + 1), run->block, run->byte, items);
}

/* Two claims: they differ; the second is not what the first leaves behind; they share a slot or an ordinal. */
#if !KERNEL_SMALL
static APART u32 check_guilt(const struct run *run) {
  const struct item *first = items_of(run, SLOT_CLAIM), *second = items_of(run, SLOT_REQUEST);
  const u8 *id = run->machine->slots[SLOT_CLAIM].id;
  u8 *after = run->machine->cells[0];
  if (run->byte == GUILT_DIFFER) return equal(id, run->machine->slots[SLOT_REQUEST].id, 32) ? FAULT_EVIDENCE : 0;
  if (run->byte == GUILT_SHARE) {
    u32 common = first[CLAIM_SLOTS].value & second[CLAIM_SLOTS].value;
    return common || first[CLAIM_ORDINAL].value == second[CLAIM_ORDINAL].value ? 0 : FAULT_EVIDENCE;
  }
  if (!equal(field(run, SLOT_REQUEST, CLAIM_PREVIOUS), id, 32)) return 0;
  u32 fault = advance(after, field(run, SLOT_CLAIM, CLAIM_BEFORE), first[CLAIM_AMOUNT].value, field(run, SLOT_CLAIM, CLAIM_DELTA));
  if (fault) return fault;
  return equal(field(run, SLOT_REQUEST, CLAIM_BEFORE), after, 32) ? FAULT_EVIDENCE : 0;
}
#endif

/* Of an operation, its number alone: without gaps. */
#define CASE(operation) case (operation) & 31
static int step(struct run *run) {
  struct machine *machine = run->machine;
  u32 operation = *run->code++;
  run->y = 0;
  if (operation >> 6) run->a = operand(run, &run->x);
  if (operation >> 7) run->b = operand(run, &run->y);
  if (operation & 32) run->byte = *run->code++;
  const u8 *a = run->a;
  u32 value = run->x, byte = run->byte;
  switch (operation & 31) {
    CASE(SAME): return equal(a, run->b, 32) ? 0 : (int)byte;
    CASE(PRODUCT): {
      u64 wide = (u64)value * run->y;
      machine->total = (u32)wide;
      return wide >> 32 ? FAULT_OVERFLOW : 0;
    }
    CASE(NEED): return a ? 0 : (int)byte;
    CASE(BAR): return a ? (int)byte : 0;
    CASE(IF):
      if (!a) run->code += byte;
      return 0;
    CASE(UNLESS):
      if (a) run->code += byte;
      return 0;
    CASE(PLUS):
      machine->total += value;
      if (machine->total >= value) return 0;
      machine->total = ~0u;
      return (int)byte;
    CASE(POINT): return a && has_identity(a, byte, value) ? FAULT_POINT : 0;
    CASE(GIVE): memcpy(address(run->block[byte]), a, 32); return 0;
    CASE(VERIFY):
      *run->left -= SIGNATURE_COST;
      return (int)cose_verify(a, &machine->slots[byte].message.envelope, opened_bytes(run, byte));
    CASE(OPEN): return (int)open_message(run);
    CASE(INCLUDES): byte = includes(a, value, byte) ? 0 : *run->code; run->code++; return (int)byte;
    CASE(LISTED): byte = find_listed(run); run->code++; return (int)byte;
    CASE(CERTIFIABLE):
      *run->left -= SIGNATURE_COST;
      return ed25519_certifiable(a) ? 0 : FAULT_KEY;
    CASE(LOAD): machine->total = value; return 0;
    CASE(KEEP): machine->kept = machine->total; return 0;
    CASE(DIGEST): return (int)digest(run);
    CASE(RUN):
      machine->back = (u32)(run->code - (const u8 *)&scripts);
      run->code = (const u8 *)&scripts + places[byte];
      return 0;
    CASE(ITEMS):
      memcpy(run->block + byte, items_of(run, run->code[0]) + run->code[1], sizeof(struct item) * run->code[2]);
      run->code += 3;
      return 0;
    CASE(CAPS): return (int)check_caps(run);
    CASE(NAMING): return check_naming(run);
    CASE(IDLE): *run->left -= STATEMENT_COST; return (int)range_open_idle(run);
#if !KERNEL_SMALL
    CASE(STANDING): return (int)range_open_standing(run);
    CASE(GUILT): return (int)check_guilt(run);
#endif
    CASE(PROVING): return (int)prove_open(run);
    CASE(RANGE): return range_step(run);
    CASE(ANSWER): *run->left -= ANSWERED_COST; return (int)answer(run);
    CASE(SIGN): return sign_fields(run);
  }
  /* One bit of what is true, among those that may be. */
  return operation & (value < run->y ? 1 : value == run->y ? 2 : 4) ? 0 : (int)byte;
}

int run_script(u32 script, u32 *block, u8 *scratch, i32 *left) {
  struct machine *machine = (struct machine *)scratch;
  const u8 *start = (const u8 *)&scripts;
  struct run *run = &machine->run;
  int fault = 0;
  if (!machine->at) {
    wipe(machine, sizeof *machine);
    machine->at = places[script];
  }
  run->block = block;
  run->machine = machine;
  run->left = left;
  while (!fault) {
    run->code = start + machine->at;
    if (*run->code == STOP) {
      if (!machine->back) break;
      machine->at = machine->back;
      machine->back = 0;
      continue;
    }
    fault = step(run);
    if (fault == MORE) return MORE;
    machine->at = (u32)(run->code - start);
    if (!fault && *left <= 0) return MORE;
  }
  wipe(machine, sizeof *machine);
  return fault;
}
