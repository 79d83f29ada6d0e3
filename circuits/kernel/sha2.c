/* SHA-512, SHA-512/256 and SHA-256 (FIPS 180-4).
 *
 * SHA-256's round constants and first state are the upper halves of SHA-512's: one table serves both, 288 bytes less.
 * Tables hold pairs (upper half, lower half) and not u64, whose alignment of 8 no board promises.
 *
 * 1. What was hashed is not left on the stack. (test/kernel/stack.wiped.test.ts)
 */
#include "kernel.h"

static const u32 sha2_rounds[160] = {
    0x428a2f98, 0xd728ae22, 0x71374491, 0x23ef65cd, 0xb5c0fbcf, 0xec4d3b2f, 0xe9b5dba5, 0x8189dbbc,
    0x3956c25b, 0xf348b538, 0x59f111f1, 0xb605d019, 0x923f82a4, 0xaf194f9b, 0xab1c5ed5, 0xda6d8118,
    0xd807aa98, 0xa3030242, 0x12835b01, 0x45706fbe, 0x243185be, 0x4ee4b28c, 0x550c7dc3, 0xd5ffb4e2,
    0x72be5d74, 0xf27b896f, 0x80deb1fe, 0x3b1696b1, 0x9bdc06a7, 0x25c71235, 0xc19bf174, 0xcf692694,
    0xe49b69c1, 0x9ef14ad2, 0xefbe4786, 0x384f25e3, 0x0fc19dc6, 0x8b8cd5b5, 0x240ca1cc, 0x77ac9c65,
    0x2de92c6f, 0x592b0275, 0x4a7484aa, 0x6ea6e483, 0x5cb0a9dc, 0xbd41fbd4, 0x76f988da, 0x831153b5,
    0x983e5152, 0xee66dfab, 0xa831c66d, 0x2db43210, 0xb00327c8, 0x98fb213f, 0xbf597fc7, 0xbeef0ee4,
    0xc6e00bf3, 0x3da88fc2, 0xd5a79147, 0x930aa725, 0x06ca6351, 0xe003826f, 0x14292967, 0x0a0e6e70,
    0x27b70a85, 0x46d22ffc, 0x2e1b2138, 0x5c26c926, 0x4d2c6dfc, 0x5ac42aed, 0x53380d13, 0x9d95b3df,
    0x650a7354, 0x8baf63de, 0x766a0abb, 0x3c77b2a8, 0x81c2c92e, 0x47edaee6, 0x92722c85, 0x1482353b,
    0xa2bfe8a1, 0x4cf10364, 0xa81a664b, 0xbc423001, 0xc24b8b70, 0xd0f89791, 0xc76c51a3, 0x0654be30,
    0xd192e819, 0xd6ef5218, 0xd6990624, 0x5565a910, 0xf40e3585, 0x5771202a, 0x106aa070, 0x32bbd1b8,
    0x19a4c116, 0xb8d2d0c8, 0x1e376c08, 0x5141ab53, 0x2748774c, 0xdf8eeb99, 0x34b0bcb5, 0xe19b48a8,
    0x391c0cb3, 0xc5c95a63, 0x4ed8aa4a, 0xe3418acb, 0x5b9cca4f, 0x7763e373, 0x682e6ff3, 0xd6b2b8a3,
    0x748f82ee, 0x5defb2fc, 0x78a5636f, 0x43172f60, 0x84c87814, 0xa1f0ab72, 0x8cc70208, 0x1a6439ec,
    0x90befffa, 0x23631e28, 0xa4506ceb, 0xde82bde9, 0xbef9a3f7, 0xb2c67915, 0xc67178f2, 0xe372532b,
    0xca273ece, 0xea26619c, 0xd186b8c7, 0x21c0c207, 0xeada7dd6, 0xcde0eb1e, 0xf57d4f7f, 0xee6ed178,
    0x06f067aa, 0x72176fba, 0x0a637dc5, 0xa2c898a6, 0x113f9804, 0xbef90dae, 0x1b710b35, 0x131c471b,
    0x28db77f5, 0x23047d84, 0x32caab7b, 0x40c72493, 0x3c9ebe0a, 0x15c9bebc, 0x431d67c4, 0x9c100d4c,
    0x4cc5d4be, 0xcb3e42b6, 0x597f299c, 0xfc657e2a, 0x5fcb6fab, 0x3ad6faec, 0x6c44198c, 0x4a475817,
};

static const u32 sha512_first[16] = {
    0x6a09e667, 0xf3bcc908, 0xbb67ae85, 0x84caa73b, 0x3c6ef372, 0xfe94f82b, 0xa54ff53a, 0x5f1d36f1,
    0x510e527f, 0xade682d1, 0x9b05688c, 0x2b3e6c1f, 0x1f83d9ab, 0xfb41bd6b, 0x5be0cd19, 0x137e2179,
};

static const u32 sha512_256_first[16] = {
    0x22312194, 0xfc2bf72c, 0x9f555fa3, 0xc84c64c2, 0x2393b86b, 0x6f53b151, 0x96387719, 0x5940eabd,
    0x96283ee2, 0xa88effe3, 0xbe5e1e25, 0x53863992, 0x2b0199fc, 0x2c85b8aa, 0x0eb72ddc, 0x81c52ca2,
};

static inline u64 pair(const u32 *table, u32 index) {
  return (u64)table[2 * index] << 32 | table[2 * index + 1];
}

/* No function: with a count that varies a shift of 64 bits is a call into a library. */
#define rotate64(value, count) ((value) >> (count) | (value) << (64 - (count)))

/* Sixteen rounds at a time. The eight variables slide down a window, so that none of them is moved; the schedule is made
 * one group ahead. 17,300 cycles a block on the model of a Cortex-M4, 24,900 with moves and a ring. */
static APART void sha512_compress(struct sha2 *hash) {
  u64 schedule[32], window[24];
  for (u32 i = 0; i < 16; i++)
    schedule[i] = (u64)load_u32(hash->block + 8 * i) << 32 | load_u32(hash->block + 8 * i + 4);
  for (u32 i = 0; i < 8; i++) window[i] = hash->state[i];
  for (u32 group = 0; group < 80; group += 16) {
    memcpy(window + 16, window, 8 * sizeof *window);
    u64 *v = window + 16, *w = schedule;
    for (u32 j = 0; j < 16; j++, v--, w++) {
      w[16] = w[0] + w[9] + (rotate64(w[1], 1) ^ rotate64(w[1], 8) ^ w[1] >> 7);
      w[16] += rotate64(w[14], 19) ^ rotate64(w[14], 61) ^ w[14] >> 6;
      u64 t = v[7] + pair(sha2_rounds, group + j) + w[0];
      t += rotate64(v[4], 14) ^ rotate64(v[4], 18) ^ rotate64(v[4], 41);
      t += v[6] ^ (v[4] & (v[5] ^ v[6]));
      v[3] += t;
      t += rotate64(v[0], 28) ^ rotate64(v[0], 34) ^ rotate64(v[0], 39);
      v[-1] = t + ((v[0] & v[1]) | (v[2] & (v[0] | v[1])));
    }
    memcpy(schedule, schedule + 16, 16 * sizeof *schedule);
  }
  for (u32 i = 0; i < 8; i++) hash->state[i] += window[i];
  /* They hold what was hashed: secrets and nonces too. */
  wipe(schedule, sizeof schedule);
  wipe(window, sizeof window);
}

/* The same. The state of SHA-256 stands in the lower halves. */
static APART void sha256_compress(struct sha2 *hash) {
  u32 schedule[32], window[24];
  for (u32 i = 0; i < 16; i++) schedule[i] = load_u32(hash->block + 4 * i);
  for (u32 i = 0; i < 8; i++) window[i] = (u32)hash->state[i];
  for (u32 group = 0; group < 64; group += 16) {
    memcpy(window + 16, window, 8 * sizeof *window);
    u32 *v = window + 16, *w = schedule;
    for (u32 j = 0; j < 16; j++, v--, w++) {
      w[16] = w[0] + w[9] + (rotate32(w[1], 7) ^ rotate32(w[1], 18) ^ w[1] >> 3);
      w[16] += rotate32(w[14], 17) ^ rotate32(w[14], 19) ^ w[14] >> 10;
      u32 t = v[7] + sha2_rounds[2 * (group + j)] + w[0];
      t += rotate32(v[4], 6) ^ rotate32(v[4], 11) ^ rotate32(v[4], 25);
      t += v[6] ^ (v[4] & (v[5] ^ v[6]));
      v[3] += t;
      t += rotate32(v[0], 2) ^ rotate32(v[0], 13) ^ rotate32(v[0], 22);
      v[-1] = t + ((v[0] & v[1]) | (v[2] & (v[0] | v[1])));
    }
    memcpy(schedule, schedule + 16, 16 * sizeof *schedule);
  }
  for (u32 i = 0; i < 8; i++) hash->state[i] = (u32)hash->state[i] + window[i];
  wipe(schedule, sizeof schedule);
  wipe(window, sizeof window);
}

static void sha2_compress(struct sha2 *hash) {
  if (hash->kind == SHA256) sha256_compress(hash);
  else sha512_compress(hash);
}

void sha2_begin(struct sha2 *hash, u32 kind) {
  const u32 *first = kind == SHA512_256 ? sha512_256_first : sha512_first;
  for (u32 i = 0; i < 8; i++) hash->state[i] = kind == SHA256 ? first[2 * i] : pair(first, i);
  hash->length = 0;
  hash->kind = kind;
}

static u32 sha2_block_bytes(const struct sha2 *hash) { return hash->kind == SHA256 ? 64 : 128; }

void sha2_absorb(struct sha2 *hash, const void *data, u32 length) {
  const u8 *bytes = data;
  u32 size = sha2_block_bytes(hash);
  while (length) {
    u32 at = hash->length & (size - 1), count = size - at < length ? size - at : length;
    memcpy(hash->block + at, bytes, count);
    hash->length += count;
    bytes += count;
    length -= count;
    if (at + count == size) sha2_compress(hash);
  }
}

/* 64 bytes of SHA-512, 32 of the others. Wipes the state. */
void sha2_end(struct sha2 *hash, u8 *digest) {
  u32 narrow = hash->kind == SHA256, size = sha2_block_bytes(hash), at = hash->length & (size - 1);
  hash->block[at++] = 0x80;
  memset(hash->block + at, 0, size - at);
  /* The length in bits takes 8 or 16 bytes, of which 4 are ever set: whatever is hashed here has less than 2^29 bytes. */
  if (at > size - (size >> 3)) {
    sha2_compress(hash);
    memset(hash->block, 0, size);
  }
  store_u32(hash->block + size - 4, hash->length << 3);
  sha2_compress(hash);
  u32 words = hash->kind == SHA512_256 ? 4 : 8;
  for (u32 i = 0; i < words; i++) {
    if (!narrow) store_u32(digest, (u32)(hash->state[i] >> 32)), digest += 4;
    store_u32(digest, (u32)hash->state[i]);
    digest += 4;
  }
  wipe(hash, sizeof *hash);
}

void sha2(u32 kind, const void *data, u32 length, u8 *digest) {
  struct sha2 hash;
  sha2_begin(&hash, kind);
  sha2_absorb(&hash, data, length);
  sha2_end(&hash, digest);
}
