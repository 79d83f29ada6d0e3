/* The operations of messages: which script runs, and the two that work on any kind by its shape. */
#include "script.h"

#if KERNEL_SMALL
INLINE u32 open_element(struct message *message, const u32 *block) { return (void)message, (void)block, UNKNOWN; }
#else
/* Fields of one element of a list, beside those of the message. */
static u32 open_element(struct message *message, const u32 *block) {
  struct codec codec;
  begin(&codec, address(block[OPENED_BYTES]) + message->envelope.payload, message->envelope.length);
  codec.first = message->items;
  codec.chosen = (struct item *)address(block[OPENED_ELEMENT]);
  codec.list = block[OPENED_LIST];
  codec.element = block[OPENED_INDEX];
  codec_message(&codec, block[OPENED_KIND], message->items);
  return codec.fault;
}
#endif

static APART int open_any(u32 *block, u8 *scratch) {
  struct message *message = (struct message *)scratch;
  const u8 *bytes = address(block[OPENED_BYTES]), *key = address(block[OPENED_KEY]);
  u32 fault = message_open(message, block[OPENED_KIND], bytes, block[OPENED_BYTES + 1]);
  if (!fault && block[OPENED_ELEMENT]) fault = open_element(message, block);
  /* A payment has no signature of its own. */
  if (!fault && key) fault = block[OPENED_KIND] == KIND_PAYMENT ? FAULT_KIND : cose_verify(key, &message->envelope, bytes);
  if (fault) return (int)fault;
  block[OPENED_PAYLOAD] = message->envelope.payload;
  block[OPENED_PAYLOAD + 1] = message->envelope.length;
  if (block[OPENED_ID])
    sha2(SHA512_256, bytes + message->envelope.payload, message->envelope.length, address(block[OPENED_ID]));
  if (block[OPENED_ITEMS]) memcpy(address(block[OPENED_ITEMS]), message->items, sizeof message->items);
  return 0;
}

static APART int sign_any(u32 *block, u8 *scratch) {
  struct item *items = (struct item *)address(block[SIGN_ITEMS]);
  u32 kind = block[SIGN_KIND];
  if (kind == KIND_PAYMENT && block[SIGN_SECRET]) {
    u32 fault = put_answers(address(block[SIGN_SECRET]), items, scratch);
    if (fault) return (int)fault;
  }
  return message_write((struct signing *)((struct machine *)scratch + 1), block, kind, items);
}

/* Certificates and their scripts. */
static const u8 certified[] = {
    KIND_PURSE, RUN_CERTIFY_PURSE, KIND_FACTORY, RUN_CERTIFY_FACTORY, KIND_TIER, RUN_CERTIFY_TIER,
    KIND_BEACON, RUN_CERTIFY_DATED, KIND_GAP, RUN_CERTIFY_DATED, KIND_ROOT, RUN_CERTIFY_ROOT,
    KIND_INTERMEDIARY, RUN_CERTIFY_CHILD, KIND_DAY_KEY, RUN_CERTIFY_CHILD};
/* From OPERATION_PAYMENT_VERIFY on. */
static const u8 scripted[] = {
    RUN_PAYMENT, RUN_CLAIM, RUN_PROVE, RUN_REQUEST, RUN_RECEIPT, RUN_BOOK, RUN_VOUCHER, RUN_HOP, RUN_LISTED,
#if !KERNEL_SMALL
    RUN_GUILT,
#endif
};

static APART int run_message(u32 operation, u32 *block, u8 *scratch, i32 *left) {
  u32 script = operation - OPERATION_PAYMENT_VERIFY;
  if (operation == OPERATION_MESSAGE_OPEN) return open_any(block, scratch);
  if (operation == OPERATION_MESSAGE_SIGN) return sign_any(block, scratch);
  if (operation == OPERATION_CERTIFY) {
    for (u32 i = 0; i < sizeof certified; i += 2)
      if (certified[i] == block[CERTIFY_KIND]) return run_script(certified[i + 1], block, scratch, left);
    return FAULT_KIND;
  }
  return script < sizeof scripted ? run_script(scripted[script], block, scratch, left) : UNKNOWN;
}

int run_messages(u32 operation, u32 *block, u8 *scratch, i32 *left) {
  int code = run_message(operation, block, scratch, left);
  return code == SIGNS ? message_sign((struct signing *)((struct machine *)scratch + 1)) : code;
}
