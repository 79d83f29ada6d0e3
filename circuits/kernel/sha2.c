/* SHA-512, SHA-512/256 and SHA-256 (FIPS 180-4).
 *
 * SHA-256's round constants and first state are the upper halves of SHA-512's: one table serves both, 288 bytes less.
 * Tables hold pairs (upper half, lower half) and not u64, whose alignment of 8 no board promises.
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

static inline u64 rotate64(u64 value, u32 count) { return value >> count | value << (64 - count); }

/* The schedule is kept as a ring of the last 16 words. */
static void sha512_compress(struct sha2 *hash) {
  u64 ring[16], v[8];
  for (u32 i = 0; i < 16; i++)
    ring[i] = (u64)load_u32(hash->block + 8 * i) << 32 | load_u32(hash->block + 8 * i + 4);
  for (u32 i = 0; i < 8; i++) v[i] = hash->state[i];
  for (u32 i = 0; i < 80; i++) {
    u64 word = ring[i & 15];
    u64 near = ring[(i + 1) & 15], far = ring[(i + 14) & 15];
    u64 t = v[7] + pair(sha2_rounds, i) + word + (v[6] ^ (v[4] & (v[5] ^ v[6]))) +
            (rotate64(v[4], 14) ^ rotate64(v[4], 18) ^ rotate64(v[4], 41));
    u64 u = (rotate64(v[0], 28) ^ rotate64(v[0], 34) ^ rotate64(v[0], 39)) +
            ((v[0] & v[1]) | (v[2] & (v[0] | v[1])));
    ring[i & 15] = word + ring[(i + 9) & 15] + (rotate64(near, 1) ^ rotate64(near, 8) ^ near >> 7) +
                   (rotate64(far, 19) ^ rotate64(far, 61) ^ far >> 6);
    v[7] = v[6], v[6] = v[5], v[5] = v[4], v[4] = v[3] + t;
    v[3] = v[2], v[2] = v[1], v[1] = v[0], v[0] = t + u;
  }
  for (u32 i = 0; i < 8; i++) hash->state[i] += v[i];
}

/* The state of SHA-256 stands in the lower halves. */
static void sha256_compress(struct sha2 *hash) {
  u32 ring[16], v[8];
  for (u32 i = 0; i < 16; i++) ring[i] = load_u32(hash->block + 4 * i);
  for (u32 i = 0; i < 8; i++) v[i] = (u32)hash->state[i];
  for (u32 i = 0; i < 64; i++) {
    u32 word = ring[i & 15];
    u32 near = ring[(i + 1) & 15], far = ring[(i + 14) & 15];
    u32 t = v[7] + sha2_rounds[2 * i] + word + (v[6] ^ (v[4] & (v[5] ^ v[6]))) +
            (rotate32(v[4], 6) ^ rotate32(v[4], 11) ^ rotate32(v[4], 25));
    u32 u = (rotate32(v[0], 2) ^ rotate32(v[0], 13) ^ rotate32(v[0], 22)) +
            ((v[0] & v[1]) | (v[2] & (v[0] | v[1])));
    ring[i & 15] = word + ring[(i + 9) & 15] + (rotate32(near, 7) ^ rotate32(near, 18) ^ near >> 3) +
                   (rotate32(far, 17) ^ rotate32(far, 19) ^ far >> 10);
    v[7] = v[6], v[6] = v[5], v[5] = v[4], v[4] = v[3] + t;
    v[3] = v[2], v[2] = v[1], v[1] = v[0], v[0] = t + u;
  }
  for (u32 i = 0; i < 8; i++) hash->state[i] = (u32)hash->state[i] + v[i];
}

void sha2_begin(struct sha2 *hash, u32 kind) {
  const u32 *first = kind == SHA512_256 ? sha512_256_first : sha512_first;
  for (u32 i = 0; i < 8; i++) hash->state[i] = kind == SHA256 ? first[2 * i] : pair(first, i);
  hash->length = 0;
  hash->kind = kind;
}

static void sha2_byte(struct sha2 *hash, u32 byte) {
  u32 size = hash->kind == SHA256 ? 64 : 128;
  hash->block[hash->length++ & (size - 1)] = (u8)byte;
  if (hash->length & (size - 1)) return;
  if (hash->kind == SHA256) sha256_compress(hash);
  else sha512_compress(hash);
}

void sha2_absorb(struct sha2 *hash, const void *data, u32 length) {
  const u8 *bytes = data;
  while (length--) sha2_byte(hash, *bytes++);
}

/* 64 bytes of SHA-512, 32 of the others. Wipes the state. */
void sha2_end(struct sha2 *hash, u8 *digest) {
  u32 length = hash->length, narrow = hash->kind == SHA256;
  u32 last = narrow ? 56 : 112, mask = narrow ? 63 : 127;
  sha2_byte(hash, 0x80);
  while ((hash->length & mask) != last) sha2_byte(hash, 0);
  /* The length in bits, of 64 or 128 bits: whatever is hashed here has less than 2^29 bytes. */
  for (u32 i = narrow ? 4 : 12; i > 0; i--) sha2_byte(hash, 0);
  for (u32 i = 0; i < 4; i++) sha2_byte(hash, length << 3 >> (24 - 8 * i) & 255);
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
