/* Keccak-f[1600], SHAKE256 and SHA3-256 (FIPS 202).
 *
 * On 32-bit cores a lane is kept as its even bits and its odd bits, so that a rotation of 64 bits is two rotations of
 * 32, which an M4 does within another instruction; bytes are spread when they are absorbed. wasm has 64-bit rotations.
 */
#include "kernel.h"

#if defined __wasm__ || KERNEL_SMALL
/* Seven bits of the linear register that makes the round constants: bit j stands for bit 2^j - 1 of lane 0. */
static u32 keccak_constant(u32 *shift_register) {
  u32 bits = 0;
  for (u32 j = 0; j < 7; j++) {
    bits |= (*shift_register & 1) << j;
    *shift_register = *shift_register << 1 ^ (0x171 & -(*shift_register >> 7));
  }
  return bits;
}

/* Where lane 1, then each lane that is displaced, goes: the walk of pi. */
static const u8 keccak_walk[24] = {10, 7,  11, 17, 18, 3, 5,  16, 8,  21, 24, 4,
                                   15, 23, 19, 13, 12, 2, 20, 14, 22, 9,  6,  1};
#endif

#ifndef __wasm__

#if KERNEL_SMALL
/* Theta, then rho and pi along the walk: even and odd halves rotate alike, or change places where the count is odd. */
static void keccak_move(u32 *state) {
  u32 column[10];
  for (u32 i = 0; i < 10; i++)
    column[i] = state[i] ^ state[i + 10] ^ state[i + 20] ^ state[i + 30] ^ state[i + 40];
  for (u32 i = 0, left = 8, right = 2; i < 10; i += 2) {
    const u32 even = column[left] ^ rotate32(column[right + 1], 31), odd = column[left + 1] ^ column[right];
    for (u32 at = i; at < 50; at += 10) state[at] ^= even, state[at + 1] ^= odd;
    left = i;
    right = right == 8 ? 0 : right + 2;
  }
  u32 even = state[2], odd = state[3];
  for (u32 t = 0, count = 1; t < 24; t++, count += t + 1) {
    u32 *to = state + 2 * keccak_walk[t], later = to[0], last = to[1];
    to[count & 1] = rotate32(even, -(count >> 1));
    to[~count & 1] = rotate32(odd, -((count + 1) >> 1));
    even = later, odd = last;
  }
}

static void keccak_chi(u32 *state) {
  for (u32 i = 0; i < 50; i += i & 1 ? 9 : 1) {
    u32 *row = state + i, a = row[0], b = row[2];
    for (u32 x = 0; x < 6; x += 2) row[x] ^= row[x + 4] & ~row[x + 2];
    row[6] ^= a & ~row[8];
    row[8] ^= b & ~a;
  }
}

/* Twice the time of the moves written out, and 0.5 kB less. Of a round constant bit 0 falls into the even half. */
void keccak_permute(u32 *state) {
  u32 shift_register = 1;
  for (u32 round = 0; round < 24; round++) {
    keccak_move(state);
    keccak_chi(state);
    const u32 bits = keccak_constant(&shift_register);
    state[0] ^= bits & 1;
    for (u32 j = 0; j < 6; j++) state[1] ^= (bits >> (j + 1) & 1) << ((1u << j) - 1);
  }
}
#else
/* Odd half of each round constant, of which bit 2 is free: there stands the even half, which is 0 or 1. */
static const u32 keccak_rounds[24] = {
    0x00000004, 0x00000089, 0x8000008b, 0x80008080, 0x0000008f, 0x00008004,
    0x8000808c, 0x80000086, 0x0000000b, 0x0000000a, 0x00008086, 0x00008003,
    0x0000808f, 0x8000000f, 0x8000008e, 0x80000085, 0x80000081, 0x80000008,
    0x00000083, 0x80008003, 0x8000808c, 0x80000088, 0x00008004, 0x80008082,
};

/* The even half of a lane goes to word `to` and rotates right; the odd half goes to the other word of that lane, and rotates
 * one bit less where the two change places. */
#define MOVE(from, to, right)                                     \
  moved[to] = rotate32(state[from] ^ even, right);                \
  moved[(to) ^ 1] = rotate32(state[(from) + 1] ^ odd, (right) - ((to) & 1));

/* Theta, rho and pi: from the state into `moved`. Written out: a table of moves takes twice the time, for 0.5 kB. */
static void keccak_move(u32 *moved, const u32 *state) {
  u32 column[10], even, odd;
  for (u32 i = 0; i < 10; i++)
    column[i] = state[i] ^ state[i + 10] ^ state[i + 20] ^ state[i + 30] ^ state[i + 40];
  even = column[8] ^ rotate32(column[3], 31), odd = column[9] ^ column[2];
  MOVE(0, 0, 0)
  MOVE(10, 32, 14)
  MOVE(20, 15, 31)
  MOVE(30, 47, 12)
  MOVE(40, 28, 23)
  even = column[0] ^ rotate32(column[5], 31), odd = column[1] ^ column[4];
  MOVE(2, 21, 0)
  MOVE(12, 2, 10)
  MOVE(22, 34, 27)
  MOVE(32, 17, 10)
  MOVE(42, 48, 31)
  even = column[2] ^ rotate32(column[7], 31), odd = column[3] ^ column[6];
  MOVE(4, 40, 1)
  MOVE(14, 22, 29)
  MOVE(24, 5, 11)
  MOVE(34, 37, 25)
  MOVE(44, 19, 2)
  even = column[4] ^ rotate32(column[9], 31), odd = column[5] ^ column[8];
  MOVE(6, 10, 18)
  MOVE(16, 43, 5)
  MOVE(26, 25, 20)
  MOVE(36, 7, 22)
  MOVE(46, 38, 4)
  even = column[6] ^ rotate32(column[1], 31), odd = column[7] ^ column[0];
  MOVE(8, 31, 19)
  MOVE(18, 12, 22)
  MOVE(28, 45, 13)
  MOVE(38, 26, 28)
  MOVE(48, 8, 25)
}

static void keccak_chi(u32 *state, const u32 *moved) {
  for (u32 i = 0; i < 50; i += i & 1 ? 9 : 1) {
    const u32 *from = moved + i;
    u32 *to = state + i, a = from[0], b = from[2], c = from[4], d = from[6], e = from[8];
    to[0] = a ^ (c & ~b), to[2] = b ^ (d & ~c), to[4] = c ^ (e & ~d), to[6] = d ^ (a & ~e), to[8] = e ^ (b & ~a);
  }
}

/* With the absorbing of 136 bytes 27,800 cycles on the model of a Cortex-M4; 52,300 with lanes walked in place by a table. */
void keccak_permute(u32 *state) {
  u32 moved[50];
  for (u32 round = 0; round < 24; round++) {
    keccak_move(moved, state);
    keccak_chi(state, moved);
    state[0] ^= keccak_rounds[round] >> 2 & 1;
    state[1] ^= keccak_rounds[round] & ~4u;
  }
}
#endif

/* Changes the bits under the mask with those `distance` above them. */
INLINE u32 exchange(u32 bits, u32 mask, u32 distance) {
  u32 different = (bits ^ bits >> distance) & mask;
  return bits ^ different ^ different << distance;
}

/* The even bits of the byte become its lower half. */
void keccak_xor(u32 *state, u32 position, u32 byte) {
  u32 *lane = state + 2 * (position >> 3), shift = 4 * (position & 7);
  u32 halves = exchange(exchange(byte, 0x22, 1), 0x0c, 2);
  lane[0] ^= (halves & 15) << shift;
  lane[1] ^= halves >> 4 << shift;
}

u32 keccak_byte(const u32 *state, u32 position) {
  const u32 *lane = state + 2 * (position >> 3);
  u32 shift = 4 * (position & 7), halves = (lane[0] >> shift & 15) | (lane[1] >> shift & 15) << 4;
  return exchange(exchange(halves, 0x0c, 2), 0x22, 1);
}

#else

INLINE u64 rotate_left64(u64 value, u32 count) { return value << count | value >> (-count & 63); }

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

#if !KERNEL_SMALL
/* The bytes of a sponge whose state is 200 bytes in their usual order, permuted in place. */
void keccak_bytes(u8 *bytes) {
  struct sponge sponge;
  sponge_begin(&sponge);
  for (u32 i = 0; i < 200; i++) keccak_xor(sponge.state, i, bytes[i]);
  keccak_permute(sponge.state);
  for (u32 i = 0; i < 200; i++) bytes[i] = (u8)keccak_byte(sponge.state, i);
  wipe(&sponge, sizeof sponge);
}
#endif

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
