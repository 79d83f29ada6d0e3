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
  sc_reduce_short(scalar, expanded);
  memcpy(prefix, expanded + 32, 32);
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

/* 1, or 0 and no signature where the arithmetic failed or the key is another's: nothing leaves for a key that it does not
 * verify under. */
u32 ed25519_sign(u8 *signature, const struct signer *signer, const struct pieces *message) {
  sign_unverified(signature, signer, message);
  u32 holds = ed25519_verify(signer->key, message, signature);
  if (!holds) wipe(signature, 64);
  return holds;
}

/* A canonical point outside the small subgroup, or 0. */
static APART u32 decode_key(Point *point, const u8 *bytes) { return ge_decode(point, bytes) && !ge_is_small(point); }

static APART u32 is_commitment(const u8 *bytes) {
  Point point;
  return decode_key(&point, bytes);
}

/* sum - R, for an R that was decoded before. */
static APART void subtract_commitment(Point *sum, const u8 *bytes) {
  Point point;
  ge_decode(&point, bytes);
  ge_negate(&point, &point);
  ge_add(sum, sum, &point);
}

/* [8](s*B - R - k*A) = 0 with canonical A and R of no small order, and s < l. One point stands on the stack while the
 * multiplication has its own there. */
u32 ed25519_verify(const u8 *key, const struct pieces *message, const u8 *signature) {
  Point sum;
  sc k;
  if (!is_commitment(signature) || !decode_key(&sum, key) || !sc_decode(k, signature + 32)) return 0;
  challenge(k, signature, key, message);
  ge_negate(&sum, &sum);
  ge_multiply_two(&sum, k, &sum, signature + 32);
  subtract_commitment(&sum, signature);
  return ge_is_small(&sum);
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
