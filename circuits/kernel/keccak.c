/* Keccak-f[1600], SHAKE256 and SHA3-256 (FIPS 202).
 *
 * On 32-bit cores a lane is kept as its even bits and its odd bits, so that a rotation of 64 bits is two rotations of
 * 32, which an M4 does within another instruction; bytes are spread when they are absorbed. wasm has 64-bit rotations.
 */
#include "kernel.h"

/* Where lane 1, then each lane that is displaced, goes: the walk of pi. */
static const u8 keccak_walk[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                   15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};

/* Seven bits of the linear register that makes the round constants: bit j stands for bit 2^j - 1 of lane 0. */
static u32 keccak_constant(u32 *shift_register) {
  u32 bits = 0;
  for (u32 j = 0; j < 7; j++) {
    bits |= (*shift_register & 1) << j;
    *shift_register = *shift_register << 1 ^ (0x171 & -(*shift_register >> 7));
  }
  return bits;
}

#if !defined(__wasm__) && !defined(KERNEL_PLAIN_LANES)

static void keccak_theta(u32 *state) {
  u32 column[10];
  for (u32 i = 0; i < 10; i++)
    column[i] = state[i] ^ state[i + 10] ^ state[i + 20] ^ state[i + 30] ^ state[i + 40];
  for (u32 x = 0; x < 5; x++) {
    u32 left = 2 * ((x + 4) % 5), right = 2 * ((x + 1) % 5);
    u32 even = column[left] ^ rotate32(column[right + 1], 31), odd = column[left + 1] ^ column[right];
    for (u32 y = 2 * x; y < 50; y += 10) state[y] ^= even, state[y + 1] ^= odd;
  }
}

static void keccak_walk_lanes(u32 *state) {
  u32 even = state[2], odd = state[3];
  for (u32 t = 0, count = 1; t < 24; t++, count += t + 1) {
    u32 *to = state + 2 * keccak_walk[t];
    u32 next_even = to[0], next_odd = to[1], half = count >> 1;
    to[count & 1] = rotate32(even, -half);
    to[~count & 1] = rotate32(odd, -(half + (count & 1)));
    even = next_even, odd = next_odd;
  }
}

static void keccak_chi(u32 *state) {
  for (u32 i = 0; i < 50; i += i & 1 ? 9 : 1) {
    u32 *row = state + i;
    u32 a = row[0], b = row[2], c = row[4], d = row[6], e = row[8];
    row[0] = a ^ (~b & c), row[2] = b ^ (~c & d), row[4] = c ^ (~d & e);
    row[6] = d ^ (~e & a), row[8] = e ^ (~a & b);
  }
}

void keccak_permute(u32 *state) {
  u32 shift_register = 1;
  for (u32 round = 0; round < 24; round++) {
    keccak_theta(state);
    keccak_walk_lanes(state);
    keccak_chi(state);
    u32 bits = keccak_constant(&shift_register);
    state[0] ^= bits & 1;
    for (u32 j = 1; j < 7; j++) state[1] ^= (bits >> j & 1) << ((1u << (j - 1)) - 1);
  }
}

/* The even bits of a byte, as its lower half. */
static u32 gather(u32 byte) {
  u32 bits = byte & 0x55;
  bits = (bits | bits >> 1) & 0x33;
  return (bits | bits >> 2) & 15;
}

static u32 scatter(u32 bits) {
  bits = (bits | bits << 2) & 0x33;
  return (bits | bits << 1) & 0x55;
}

void keccak_xor(u32 *state, u32 position, u32 byte) {
  u32 *lane = state + 2 * (position >> 3), shift = 4 * (position & 7);
  lane[0] ^= gather(byte) << shift;
  lane[1] ^= gather(byte >> 1) << shift;
}

u32 keccak_byte(const u32 *state, u32 position) {
  const u32 *lane = state + 2 * (position >> 3);
  u32 shift = 4 * (position & 7);
  return scatter(lane[0] >> shift & 15) | scatter(lane[1] >> shift & 15) << 1;
}

#else

static inline u64 rotate_left64(u64 value, u32 count) { return value << count | value >> (-count & 63); }

static void keccak_round(u64 *lane) {
  u64 column[5];
  for (u32 x = 0; x < 5; x++)
    column[x] = lane[x] ^ lane[x + 5] ^ lane[x + 10] ^ lane[x + 15] ^ lane[x + 20];
  for (u32 x = 0; x < 5; x++) {
    u64 mix = column[(x + 4) % 5] ^ rotate_left64(column[(x + 1) % 5], 1);
    for (u32 y = x; y < 25; y += 5) lane[y] ^= mix;
  }
  u64 moving = lane[1];
  for (u32 t = 0, count = 1; t < 24; t++, count += t + 1) {
    u64 next = lane[keccak_walk[t]];
    lane[keccak_walk[t]] = rotate_left64(moving, count & 63);
    moving = next;
  }
  for (u32 y = 0; y < 25; y += 5) {
    u64 *row = lane + y, a = row[0], b = row[1], c = row[2], d = row[3], e = row[4];
    row[0] = a ^ (~b & c), row[1] = b ^ (~c & d), row[2] = c ^ (~d & e);
    row[3] = d ^ (~e & a), row[4] = e ^ (~a & b);
  }
}

void keccak_permute(u32 *state) {
  u64 lane[25];
  for (u32 i = 0; i < 25; i++) lane[i] = state[2 * i] | (u64)state[2 * i + 1] << 32;
  u32 shift_register = 1;
  for (u32 round = 0; round < 24; round++) {
    keccak_round(lane);
    u32 bits = keccak_constant(&shift_register);
    for (u32 j = 0; j < 7; j++) lane[0] ^= (u64)(bits >> j & 1) << ((1u << j) - 1);
  }
  for (u32 i = 0; i < 25; i++) state[2 * i] = (u32)lane[i], state[2 * i + 1] = (u32)(lane[i] >> 32);
}

void keccak_xor(u32 *state, u32 position, u32 byte) { state[position >> 2] ^= byte << (8 * (position & 3)); }

u32 keccak_byte(const u32 *state, u32 position) { return state[position >> 2] >> (8 * (position & 3)) & 255; }

#endif

/* The bytes of a sponge whose state is 200 bytes in their usual order, permuted in place. */
void keccak_bytes(u8 *bytes) {
  struct sponge sponge;
  sponge_begin(&sponge);
  for (u32 i = 0; i < 200; i++) keccak_xor(sponge.state, i, bytes[i]);
  keccak_permute(sponge.state);
  for (u32 i = 0; i < 200; i++) bytes[i] = (u8)keccak_byte(sponge.state, i);
  wipe(&sponge, sizeof sponge);
}

/* Capacity 512: the rate of SHAKE256 and of SHA3-256. */
enum { RATE = 136 };

void sponge_begin(struct sponge *sponge) { wipe(sponge, sizeof *sponge); }

void sponge_absorb(struct sponge *sponge, const void *data, u32 length) {
  const u8 *bytes = data;
  while (length--) {
    keccak_xor(sponge->state, sponge->position++, *bytes++);
    if (sponge->position < RATE) continue;
    keccak_permute(sponge->state);
    sponge->position = 0;
  }
}

/* Ends what is absorbed. The domain is 0x1f for SHAKE256 and 6 for SHA3-256. */
void sponge_end(struct sponge *sponge, u32 domain) {
  keccak_xor(sponge->state, sponge->position, domain);
  keccak_xor(sponge->state, RATE - 1, 0x80);
  sponge->position = RATE;
}

void sponge_squeeze(struct sponge *sponge, u8 *output, u32 length) {
  while (length--) {
    if (sponge->position == RATE) {
      keccak_permute(sponge->state);
      sponge->position = 0;
    }
    *output++ = (u8)keccak_byte(sponge->state, sponge->position++);
  }
}

/* derive(key, label, context, n) = SHAKE256(u8 length || "mite prf " || label || key || u32 length || context, n).
 * Begins it: the caller absorbs the context, ends with SHAKE256 and squeezes. (SPEC.md 2.2) */
void prf_begin(struct sponge *sponge, const u8 *key, const char *label, u32 context_length) {
  u8 length[5];
  u32 label_length = text_length(label);
  length[0] = (u8)(9 + label_length);
  store_u32(length + 1, context_length);
  sponge_begin(sponge);
  sponge_absorb(sponge, length, 1);
  sponge_absorb(sponge, "mite prf ", 9);
  sponge_absorb(sponge, label, label_length);
  sponge_absorb(sponge, key, 32);
  sponge_absorb(sponge, length + 1, 4);
}
