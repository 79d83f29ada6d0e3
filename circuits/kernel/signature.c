/* Ed25519 as suite 1 has it (SPEC.md 2.1): hedged nonces, one cofactored equation, nothing returned unverified.
 *
 * Signing takes the same steps for every secret; verification is of public values and takes what it takes.
 */
#include "kernel.h"

static void absorb_pieces(struct sha2 *hash, const struct pieces *message) {
  sha2_absorb(hash, message->head, message->head_length);
  sha2_absorb(hash, message->body, message->body_length);
}

static void end_scalar(struct sha2 *hash, u32 *scalar) {
  u8 wide[64];
  sha2_end(hash, wide);
  sc_reduce(scalar, wide);
  wipe(wide, 64);
}

/* The clamped scalar modulo l, and the prefix of nonces. */
static APART void expand_secret(u32 *scalar, u8 *prefix, const u8 *secret) {
  u8 expanded[64];
  sha2(SHA512, secret, 32, expanded);
  clamp(expanded, expanded);
  memcpy(prefix, expanded + 32, 32);
  wipe(expanded + 32, 32);
  sc_reduce(scalar, expanded);
  wipe(expanded, 64);
}

static APART void encode_multiple(u8 *bytes, const u32 *scalar, const Table *table) {
  Point point;
  ge_multiply_base(&point, table, scalar);
  ge_encode(bytes, &point);
  wipe(&point, sizeof point);
}

APART void ed25519_key(u8 *key, const u8 *secret, const Table *table) {
  sc scalar;
  u8 prefix[32];
  expand_secret(scalar, prefix, secret);
  encode_multiple(key, scalar, table);
  wipe(scalar, sizeof scalar);
  wipe(prefix, 32);
}

/* k = SHA-512(R || A || message). */
static APART void challenge(u32 *k, const u8 *commitment, const u8 *key, const struct pieces *message) {
  struct sha2 hash;
  sha2_begin(&hash, SHA512);
  sha2_absorb(&hash, commitment, 32);
  sha2_absorb(&hash, key, 32);
  absorb_pieces(&hash, message);
  end_scalar(&hash, k);
}

/* The label comes first, so that no message signed without noise can share a nonce with a hedged one. */
static APART void hedged_nonce(u32 *nonce, const u8 *prefix, const u8 *noise, const struct pieces *message) {
  struct sha2 hash;
  sha2_begin(&hash, SHA512);
  if (noise) sha2_absorb(&hash, "mite hedged nonce", 17);
  sha2_absorb(&hash, prefix, 32);
  if (noise) sha2_absorb(&hash, noise, 32);
  absorb_pieces(&hash, message);
  end_scalar(&hash, nonce);
}

/* The key is from elsewhere, or from the secret anew: a fault in one expansion must not sign for another key.
 * Its frames are gone before the verification needs the stack. */
static APART void sign_unverified(u8 *signature, const struct signer *signer, const struct pieces *message) {
  sc scalar, nonce;
  /* In blocks of their own these two share their place. */
  {
    u8 prefix[32];
    expand_secret(scalar, prefix, signer->secret);
    hedged_nonce(nonce, prefix, signer->noise, message);
    wipe(prefix, 32);
  }
  encode_multiple(signature, nonce, signer->table);
  {
    sc k;
    challenge(k, signature, signer->key, message);
    sc_multiply(k, k, scalar);
    sc_add(k, k, nonce);
    sc_encode(signature + 32, k);
  }
  wipe(scalar, sizeof scalar);
  wipe(nonce, sizeof nonce);
}

/* A canonical point outside the small subgroup, or 0. */
static APART u32 decode_key(Point *point, const u8 *bytes) { return ge_decode(point, bytes) && !ge_is_small(point); }

/* sum = s*B - k*A, which is R; 0 where A is no key or s is not below l. All of it is public: what stands in a signature, or
 * shall. */
static APART u32 signature_sum(Point *sum, const u8 *key, const struct pieces *message, const u8 *signature) {
  sc k;
  if (!decode_key(sum, key) || !sc_decode(k, signature + 32)) return 0;
  challenge(k, signature, key, message);
  ge_negate(sum, sum);
  ge_multiply_two(sum, k, sum, signature + 32);
  return 1;
}

/* [8](sum - R) = 0 for a canonical R of no small order. */
static APART u32 is_commitment(Point *sum, const u8 *bytes) {
  Point point;
  if (!decode_key(&point, bytes)) return 0;
  ge_negate(&point, &point);
  ge_add(sum, sum, &point);
  return ge_is_small(sum);
}

/* [8](s*B - R - k*A) = 0 with canonical A and R of no small order, and s < l. R is decoded last, where the multiplication has
 * given its stack back. */
u32 ed25519_verify(const u8 *key, const struct pieces *message, const u8 *signature) {
  Point sum;
  return signature_sum(&sum, key, message, signature) && is_commitment(&sum, signature);
}

/* 1, or 0 and no signature. The bytes that would leave are verified: k is hashed from them anew and s*B - k*A computed by
 * other steps than r*B was, with the public key from elsewhere, and must be R byte for byte. That is more than verification
 * asks (no cofactor), and saves decoding R. A fault in the secret scalar, the nonce's multiple, the challenge, s, or the key
 * that was given makes the two sides differ; a nonce that a fault made 0 leaves R in the small subgroup. What it cannot
 * see: a nonce that is not random, against which nonces are hedged, and a fault that skips this check as well. */
u32 ed25519_sign(u8 *signature, const struct signer *signer, const struct pieces *message) {
  Point sum;
  u8 commitment[32];
  sign_unverified(signature, signer, message);
  u32 holds = signature_sum(&sum, signer->key, message, signature) && !ge_is_small(&sum);
  ge_encode(commitment, &sum);
  holds &= equal(commitment, signature, 32);
  if (!holds) wipe(signature, 64);
  return holds;
}

/* A canonical point of prime order: 8*(1/8)*A = A, whatever multiple of l the scalar 1/8 stands for, as 8 clears torsion. */
u32 ed25519_certifiable(const u8 *key) {
  Point point, cleared;
  sc eighth;
  if (!ge_decode(&point, key) || ge_is_identity(&point)) return 0;
  sc_set(eighth, 1);
  for (u32 i = 0; i < 3; i++) sc_halve(eighth, eighth);
  ge_multiply(&cleared, &point, eighth);
  ge_clear(&cleared, &cleared);
  ge_negate(&point, &point);
  ge_add(&cleared, &cleared, &point);
  return ge_is_identity(&cleared);
}
