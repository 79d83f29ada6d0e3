/* The operations of the one entry, and the words of their parameter blocks: addresses unless said otherwise. A pair is an
 * address and a length or, for a table, its entries and its shape (teeth | bits << 8 | parties << 16; entries 0: none).
 * A result that is a number is written into the block. circuits/kernel/operation.ts has the same numbers.
 *
 * The small profile (-DKERNEL_SMALL) has no sponge, Keccak state, derivation or opaque points, and opens no elements of lists: it
 * refuses them like a number that nobody knows. Its X25519 refuses points of the twist.
 *
 * 1. Both tables are equal. (test/kernel/message.fault.test.ts)
 * 2. What is left out is refused, and nothing is written. (test/kernel/profile.small.test.ts)
 */
#ifndef MITE_OPERATION_H
#define MITE_OPERATION_H

/* Bytes and hashes. */
#define OPERATION_COPY 1       /* to, from pair */
#define OPERATION_COMPARE 2    /* a, b pair; 0 where equal, else FAULT_ENCODING; constant time */
#define OPERATION_CRC16 3      /* data pair, number: beginning and result */
#define OPERATION_CRC32 4      /* data pair, number: beginning and result */
#define OPERATION_SHA2 5       /* number: 0 SHA-256, 1 SHA-512, 2 SHA-512/256; data pair, digest */
#define OPERATION_SPONGE 6     /* number: 31 SHAKE256, 6 SHA3-256; data pair, output pair */
#define OPERATION_KECCAK 7     /* state of 200 bytes */
#define OPERATION_DERIVE 8     /* key, label ending in 0, context pair, output pair */
#define OPERATION_CHAIN 9      /* value, number of steps left; sliced */
#define OPERATION_HMAC 10      /* key of 32 bytes, data pair, tag */

/* Cipher and keys. */
#define OPERATION_SEAL 16      /* key, nonce of 12, context pair, data pair; the tag of 16 bytes follows the data */
#define OPERATION_UNSEAL 17    /* the same; FAULT_SIGNATURE where the tag does not hold */
#define OPERATION_X25519 18    /* shared, secret, point or 0 for the base; FAULT_POINT where it is of low order */
#define OPERATION_KEY 19       /* secret, key, table pair */
#define OPERATION_SIGN 20      /* secret, noise of 32 or 0, message pair, signature, table pair, [7] public key, or 0: it is made */
#define OPERATION_VERIFY 21    /* key, message pair, signature */
#define OPERATION_CERTIFIABLE 22 /* key */

/* Group: points are opaque, POINT_BYTES each. */
#define OPERATION_POINT_DECODE 32 /* point, 32 bytes */
#define OPERATION_POINT_ENCODE 33 /* point, 32 bytes */
#define OPERATION_POINT_MAP 34    /* point, 64 bytes */
#define OPERATION_POINT_ADD 35    /* result, a, b */
#define OPERATION_POINT_NEGATE 36 /* result, a */
#define OPERATION_POINT_EQUAL 37  /* a, b; 0 or FAULT_POINT */
#define OPERATION_POINT_MULTIPLY 38 /* result, a or 0 for the base, scalar of 32 bytes, table pair; constant time */
#define OPERATION_POINT_SUM 39    /* result, points, scalars of 32 bytes each, number of terms; public values; sliced */
#define OPERATION_POINT_BYTES 40  /* number out: bytes of a point; number out: scratch of a sum for the terms in the third */

/* Range proofs: suite, bits, lanes (numbers), context pair, commitments, table pair, then as below. Sliced. */
#define OPERATION_RANGE_SCRATCH 48 /* [8], [9]: bytes of scratch out, to prove and to verify; [10]: bytes of a proof */
#define OPERATION_RANGE_PROVE 49   /* [8] values (u32 each), blindings, key, PRF context pair, proof */
#define OPERATION_RANGE_VERIFY 50  /* [8] proof pair */

/* Whole messages, of suite 1: blocks below. All that run scripts are sliced: claims, checks, idle proofs. */
#define OPERATION_MESSAGE_OPEN 64   /* OPENED_...: any message: its fields, its id, its signature under one key */
#define OPERATION_MESSAGE_SIGN 65   /* SIGN_...: any message of its fields, signed; a payment bare */
#define OPERATION_CERTIFY 66        /* CERTIFY_...: one certificate under its issuer's; a chain is one call a link */
#define OPERATION_PAYMENT_VERIFY 67 /* CHECK_...: a payment that a payee is shown */
#define OPERATION_CLAIM_SIGN 68     /* SIGN_... and ANSWER_...: the claim that answers a request */
#define OPERATION_IDLE_PROVE 69     /* IDLE_...: the range proof made before the tap */
#define OPERATION_REQUEST_VERIFY 70 /* CHECK_...: a request that a payer is shown */
#define OPERATION_RECEIPT_VERIFY 71 /* BOOKED_...: a receipt for one's own claim */
#define OPERATION_RECEIPT_SIGN 72   /* SIGN_... and BOOK_...: the receipt for a claim */
#define OPERATION_VOUCHER_VERIFY 73 /* CHANNEL_...: the next voucher of a channel */
#define OPERATION_HOP_VERIFY 74     /* OWNED_...: one hop of a device's ownership */
#define OPERATION_LISTED 75         /* a beacon pair, verified before; a certificate's id; FAULT_REVOKED where it is listed */
#define OPERATION_GUILT_VERIFY 76   /* GUILT_...: two claims of one purse; not on boards of 40 kB */

/* Both ends of a link: blocks below. Opener's first message: OPERATION_X25519 of its secret and 0. */
#define OPERATION_SESSION_AGREE 80 /* SESSION_...: the acceptor's answer and session, or the opener's session */
#define OPERATION_BLOCK_SEAL 81    /* BLOCK_...: the next block of a message, until the offset is its length */
#define OPERATION_BLOCK_OPEN 82    /* BLOCK_...: joins a block to the message, until no more follow */
#define OPERATION_FRAME_WRITE 83   /* FRAME_... */
#define OPERATION_FRAME_READ 84    /* FRAME_...; FAULT_ENCODING for noise */

/* A field is two words. Read: where its content lies in the payload, 0 where it is absent; and its number, its length or, of a
 * list, its count. To be written: an address, of its content or of a list's fields (any but 0 for a number), 0 where it is
 * absent; and the same. Fields count one by one in the order of mite.cddl, records flat, after kind, version and suite; a
 * certificate's first is its key. An absent record has all its fields, absent. */

/* Kind; the message; the signer's key, or 0. Out, where they are not 0: id; 24 fields; offset and length of the payload; and of
 * the list with this field's number the element with this index (its fields, or 0). Scratch: 208 bytes. */
enum {
  OPENED_KIND, OPENED_BYTES, OPENED_KEY = 3, OPENED_ID, OPENED_ITEMS, OPENED_PAYLOAD, OPENED_LIST = 8, OPENED_INDEX,
  OPENED_ELEMENT
};

/* Secret key, or a purse's seed where the number says so; 32 bytes of fresh noise; table; public key, or 0: it is then made,
 * which takes as long as a third of the signature. Out: the signed bytes, and their room, then length; the id, or 0. Then
 * kind and fields. Of a payment: seed of a named purse, whose answers are then made, or 0. Scratch of this and of
 * all that follow, but for range proofs: 2 kB; for a payment with answers 3 kB. */
enum { SIGN_SECRET, SIGN_IS_SEED, SIGN_NOISE, SIGN_TABLE, SIGN_KEY = 5, SIGN_OUT, SIGN_LENGTH, SIGN_ID, SIGN_KIND, SIGN_ITEMS };

/* Kind; the certificate, tier, beacon or gap; its issuer's certificate, verified before (of a root: none, and the caller compares
 * its id with the one that is pinned). Out: its id. */
enum { CERTIFY_KIND, CERTIFY_BYTES, CERTIFY_ISSUER = 3, CERTIFY_ID = 5 };

/* Payment, by a payee: the payment; the open request; the payer's certificate, verified before, or 0; its intermediary and tier,
 * verified before; the own epoch (number); the beacon, verified before, that holds the fitting list, or 0; own purse's id and
 * key; table; where non-revocation is asked in zero knowledge: day key, verified before, and the oldest epoch of a gap. Out:
 * id of the claim; fields certificate, request and claim of the payment, and ordinal, slots and amount of the claim.
 * Request, by a payer: the request; the payee's certificate; its intermediary and the own tier, verified before; the own
 * epoch; handshake hash of the session. Out: id of the request; its number, price, units and amount. Scratch of a payment:
 * what OPERATION_RANGE_SCRATCH says, and 350 bytes; with a gap, that of two lanes of 32 bits and 2 kB. */
enum {
  CHECK_PAYMENT, CHECK_REQUEST = 2, CHECK_PURSE = 4, CHECK_INTERMEDIARY = 6, CHECK_TIER = 8, CHECK_EPOCH = 10,
  CHECK_BEACON, CHECK_PAYEE = 13, CHECK_PAYEE_KEY, CHECK_SESSION, CHECK_TABLE, CHECK_DAY_KEY = 18, CHECK_GAP_EPOCH = 20,
  CHECK_ID, CHECK_RESULT, CHECK_WORDS = 34
};

/* After the words of SIGN_..., whose noise has 64 bytes here: the request, verified before; the own certificate's id; ordinal,
 * slots to name, theta (numbers); before, previous, blinding; the proof. Out: the next before and blinding, 64 bytes. */
enum {
  ANSWER_REQUEST = 9, ANSWER_ID = 11, ANSWER_ORDINAL, ANSWER_SLOTS, ANSWER_THETA, ANSWER_BEFORE, ANSWER_PREVIOUS,
  ANSWER_BLINDING, ANSWER_PROOF, ANSWER_NEXT = 20
};

/* Seed; own certificate and tier; ordinal, theta, spent (numbers); before, blinding; budget of each lane (u32 each). Out: the
 * proof. The table where a check has it. */
enum {
  IDLE_SEED, IDLE_CERTIFICATE, IDLE_TIER = 3, IDLE_ORDINAL = 5, IDLE_THETA, IDLE_SPENT, IDLE_BEFORE, IDLE_BLINDING, IDLE_BUDGET,
  IDLE_PROOF, IDLE_WORDS = 18
};

/* The receipt; the own claim; the payee's key. And after the words of SIGN_...: the claim, verified before; mode (number). */
enum { BOOKED_RECEIPT, BOOKED_CLAIM = 2, BOOKED_KEY = 4 };
enum { BOOK_CLAIM = 9, BOOK_MODE = 11 };

/* The pinned certificate, verified before; the latest voucher, kept from before, or 0; the next one; own purse's id; how many ticks
 * of the latest were revealed. Out: sequence, units, price, total, tip, ticks and price of a tick. */
enum { CHANNEL_PURSE, CHANNEL_LATEST = 2, CHANNEL_VOUCHER = 4, CHANNEL_PAYEE = 6, CHANNEL_TICKS, CHANNEL_RESULT };

/* The hop, and its acceptance; the owner before: the maker's certificate (kind 19) or the hop before (22), verified, and its kind;
 * id of the factory certificate; number of this hop, from 1. Out: its id. The owner's key is the first field of the hop. */
enum { OWNED_HOP, OWNED_ACCEPTANCE = 2, OWNED_BY = 4, OWNED_BY_KIND = 6, OWNED_DEVICE, OWNED_NUMBER, OWNED_ID };

/* The purse, verified before; two claims; 0: they share a slot or an ordinal; 1: the second does not follow from the first. */
enum { GUILT_PURSE, GUILT_FIRST = 2, GUILT_SECOND = 4, GUILT_FORK = 6 };

/* Out: 104 bytes, a multiple of 4: the handshake hash of 32 bytes comes first. Fresh secret of 32 bytes; the opener's message of 32
 * bytes; the acceptor's of 48, made here for an acceptor; 1 for the opener (number). */
enum { SESSION_STATE, SESSION_SECRET, SESSION_OPENING, SESSION_ANSWER = 4, SESSION_OPENS = 6 };

/* The session; a message, or room for one; how many bytes of it are done; the sealed block, or room for 1,536 bytes, and its
 * length; out, of a block that was opened: 1 where more follow. */
enum { BLOCK_SESSION, BLOCK_MESSAGE, BLOCK_OFFSET = 3, BLOCK_SEALED, BLOCK_MORE = 6 };

/* The frame, or room for it, and its length; flags, sequence, acknowledgement; payload and its length, at most that to be read. */
enum { FRAME_BYTES, FRAME_FLAGS = 2, FRAME_PAYLOAD = 5 };

#endif
