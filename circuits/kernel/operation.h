/* The operations of the one entry, and the words of their parameter blocks: addresses unless said otherwise. A pair is an
 * address and a length or, for a table, its entries and its shape (teeth | bits << 8 | parties << 16; entries 0: none).
 * A result that is a number is written into the block. circuits/kernel/operation.ts has the same numbers.
 *
 * The small profile (-DKERNEL_SMALL) has no sponge, Keccak state, derivation or opaque points: it refuses them like a number that
 * nobody knows. Its X25519 refuses points of the twist.
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

/* Whole messages, of suite 1. */
#define OPERATION_MESSAGE_OPEN 64 /* [0] kind (number), [1] bytes pair, [3] key or 0, [4] id out or 0,
                                     [5] items out or 0: offset and value of each field; [6] payload offset out, [7] length out */
#define OPERATION_MESSAGE_SIGN 65 /* [0] kind (number), [1] payload pair, [3] secret, [4] number: 1 if that is a purse seed,
                                     [5] noise, [6] table pair, [8] signed bytes out, [9] length out,
                                     [10] the signer's public key, or 0 */
#define OPERATION_CERTIFY 66      /* [0] kind (number), [1] bytes pair, [3] issuer's certificate pair, [5] its id, [6] id out */
#define OPERATION_PAYMENT_VERIFY 67 /* CHECK_... below; sliced */
#define OPERATION_CLAIM_SIGN 68     /* ANSWER_... below */
#define OPERATION_IDLE_PROVE 69     /* IDLE_... below; sliced */
#define OPERATION_PAYMENT_ASSEMBLE 70 /* ASSEMBLE_... below */

/* The payment; the request that is open, the payer's intermediary and the tier, each signed and verified before; ids of
 * both and of the payee's own purse, and its key; the payee's epoch (number); the beacon, verified before, that holds the
 * fitting list, or 0; word 15 is free; a certificate verified before, or 0. Out: id of the claim; result: offset and
 * length in the payment of certificate, request (0 where absent) and claim; amount, slots, ordinal. */
enum {
  CHECK_PAYMENT, CHECK_ASKED = 2, CHECK_INTERMEDIARY = 4, CHECK_INTERMEDIARY_ID = 6, CHECK_TIER = 7, CHECK_TIER_ID = 9,
  CHECK_PAYEE = 10, CHECK_PAYEE_KEY, CHECK_EPOCH, CHECK_BEACON = 13, CHECK_KNOWN = 16, CHECK_TABLE = 18,
  CHECK_CLAIM_ID = 20, CHECK_RESULT = 21
};

/* Seed, signed request, own certificate's id; ordinal, slots to name, theta (numbers); before, previous, blinding, proof
 * pair; noise of 64 bytes. Out: signed claim of 338 bytes; next before, previous and blinding, 96 bytes. Last, the own
 * public key, or 0: it is then made, which takes as long as a third of the signature. */
enum {
  ANSWER_SEED, ANSWER_REQUEST, ANSWER_ID = 3, ANSWER_ORDINAL, ANSWER_SLOTS, ANSWER_THETA, ANSWER_BEFORE, ANSWER_PREVIOUS,
  ANSWER_BLINDING, ANSWER_PROOF, ANSWER_NOISE = 12, ANSWER_TABLE, ANSWER_CLAIM = 15, ANSWER_NEXT, ANSWER_KEY
};

/* Seed, own signed certificate and its id, signed tier; ordinal, theta, spent (numbers); before, blinding; budget of each
 * lane (u32 each). Out: the proof. */
enum {
  IDLE_SEED, IDLE_CERTIFICATE, IDLE_ID = 3, IDLE_TIER, IDLE_ORDINAL = 6, IDLE_THETA, IDLE_SPENT, IDLE_BEFORE, IDLE_BLINDING,
  IDLE_BUDGET, IDLE_TABLE, IDLE_PROOF = 14
};

/* Signed certificate or 0, signed request or 0, signed claim, proof; seed of a named purse or 0 (its certificate must be
 * there). Out: the payment, and its length. */
enum {
  ASSEMBLE_CERTIFICATE, ASSEMBLE_REQUEST = 2, ASSEMBLE_CLAIM = 4, ASSEMBLE_PROOF = 6, ASSEMBLE_SEED = 8, ASSEMBLE_PAYMENT,
  ASSEMBLE_LENGTH
};

#endif
