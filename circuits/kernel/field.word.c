/* The field in 8 limbs of 32 bits, any value below 2^256: Thumb-2 and rv32.
 *
 * Clang alone makes no UMAAL from C (502 cycles a multiplication in the cycle model); with it as one line of assembly the
 * same C takes less than half. Sums and differences are whole blocks of assembly: clang's took 69 and 119 cycles.
 */
#ifndef __wasm__
#include "kernel.h"

/* r = t modulo 2^256 - 38, from 16 limbs. The top limb goes first: what it carries past bit 255 is 19 times small. */
INLINE void fe_fold(limb *r, const u32 *t) {
  u32 fold = 38, high = 0, top = t[7];
  MULTIPLY_ADD(top, high, fold, t[15]);
  high = (high << 1 | top >> 31) * 19;
  top &= 0x7fffffff;
#pragma GCC unroll 8
  for (u32 i = 0; i < 7; i++) {
    u32 low = t[i];
    MULTIPLY_ADD(low, high, fold, t[8 + i]);
    r[i] = low;
  }
  r[7] = top + high;
}

/* Two passes over a, each with four limbs of b in registers. In the second, what the first left above is taken in as the
 * first carry of a row, so that no carry is ever handled apart. */
APART void fe_multiply(limb *r, const limb *a, const limb *b) {
  u32 t[16], w0 = 0, w1 = 0, w2 = 0, w3 = 0;
#pragma GCC unroll 2
  for (u32 half = 0; half < 8; half += 4) {
    const u32 b0 = b[half], b1 = b[half + 1], b2 = b[half + 2], b3 = b[half + 3];
#pragma GCC unroll 8
    for (u32 i = 0; i < 8; i++) {
      u32 carry = half && i >= 4 ? t[i + 4] : 0, each = a[i];
      MULTIPLY_ADD(w0, carry, each, b0);
      MULTIPLY_ADD(w1, carry, each, b1);
      MULTIPLY_ADD(w2, carry, each, b2);
      MULTIPLY_ADD(w3, carry, each, b3);
      t[half + i] = w0;
      w0 = w1, w1 = w2, w2 = w3, w3 = carry;
    }
    t[half + 8] = w0, t[half + 9] = w1, t[half + 10] = w2, t[half + 11] = w3;
    w0 = t[4], w1 = t[5], w2 = t[6], w3 = t[7];
  }
  fe_fold(r, t);
}

/* The products of different limbs once, doubled, then the squares. */
APART void fe_square(limb *r, const limb *a) {
  u32 t[16] = {0};
#pragma GCC unroll 7
  for (u32 i = 0; i < 7; i++) {
    u32 carry = 0;
#pragma GCC unroll 7
    for (u32 j = i + 1; j < 8; j++) MULTIPLY_ADD(t[i + j], carry, a[i], a[j]);
    t[i + 8] = carry;
  }
  u32 shifted = 0, carry = 0;
#pragma GCC unroll 8
  for (u32 i = 0; i < 8; i++) {
    u32 low = t[2 * i] << 1 | shifted, high = t[2 * i + 1] << 1 | t[2 * i] >> 31;
    shifted = t[2 * i + 1] >> 31;
    MULTIPLY_ADD(low, carry, a[i], a[i]);
    u64 sum = (u64)high + carry;
    t[2 * i] = low, t[2 * i + 1] = (u32)sum;
    carry = (u32)(sum >> 32);
  }
  fe_fold(r, t);
}

#ifdef __arm__
/* What passes bit 255 comes back 19 times; the result stays below 2^255 + 57. */
APART void fe_add(limb *r, const limb *a, const limb *b) {
  register limb *to __asm__("r0") = r;
  register const limb *left __asm__("r1") = a;
  register const limb *right __asm__("r2") = b;
  __asm__ volatile(
      "ldm r1, {r3-r10}\n\t"
      "ldm r2!, {r11, r12}\n\t"
      "adds r3, r3, r11\n\tadcs r4, r4, r12\n\t"
      "ldm r2!, {r11, r12}\n\t"
      "adcs r5, r5, r11\n\tadcs r6, r6, r12\n\t"
      "ldm r2!, {r11, r12}\n\t"
      "adcs r7, r7, r11\n\tadcs r8, r8, r12\n\t"
      "ldm r2!, {r11, r12}\n\t"
      "adcs r9, r9, r11\n\tadcs r10, r10, r12\n\t"
      "mov r12, #0\n\tadc r11, r12, r12\n\tlsl r11, r11, #1\n\torr r11, r11, r10, lsr #31\n\t"
      "mov r12, #19\n\tmul r11, r11, r12\n\tbic r10, r10, #0x80000000\n\t"
      "adds r3, r3, r11\n\tadcs r4, r4, #0\n\tadcs r5, r5, #0\n\tadcs r6, r6, #0\n\t"
      "adcs r7, r7, #0\n\tadcs r8, r8, #0\n\tadcs r9, r9, #0\n\tadc r10, r10, #0\n\t"
      "stm r0, {r3-r10}"
      : "+r"(right)
      : "r"(to), "r"(left)
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
}

/* 2^255 of the result is kept back, so that 19 times what lies above (from -2 to 1) never takes it below zero. */
APART void fe_subtract(limb *r, const limb *a, const limb *b) {
  register limb *to __asm__("r0") = r;
  register const limb *left __asm__("r1") = a;
  register const limb *right __asm__("r2") = b;
  __asm__ volatile(
      "ldm r1, {r3-r10}\n\t"
      "ldm r2!, {r11, r12}\n\t"
      "subs r3, r3, r11\n\tsbcs r4, r4, r12\n\t"
      "ldm r2!, {r11, r12}\n\t"
      "sbcs r5, r5, r11\n\tsbcs r6, r6, r12\n\t"
      "ldm r2!, {r11, r12}\n\t"
      "sbcs r7, r7, r11\n\tsbcs r8, r8, r12\n\t"
      "ldm r2!, {r11, r12}\n\t"
      "sbcs r9, r9, r11\n\tsbcs r10, r10, r12\n\t"
      "sbc r11, r11, r11\n\tmov r12, #1\n\tsub r12, r12, r11, lsl #1\n\tsub r12, r12, r10, lsr #31\n\t"
      "mov r11, #19\n\tmul r12, r12, r11\n\torr r10, r10, #0x80000000\n\t"
      "subs r3, r3, r12\n\tsbcs r4, r4, #0\n\tsbcs r5, r5, #0\n\tsbcs r6, r6, #0\n\t"
      "sbcs r7, r7, #0\n\tsbcs r8, r8, #0\n\tsbcs r9, r9, #0\n\tsbc r10, r10, #0\n\t"
      "stm r0, {r3-r10}"
      : "+r"(right)
      : "r"(to), "r"(left)
      : "r3", "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
}
#else
APART void fe_add(limb *r, const limb *a, const limb *b) {
  u64 top = (u64)a[7] + b[7];
  u32 carry = (u32)(top >> 31) * 19;
  for (u32 i = 0; i < 7; i++) {
    u64 sum = (u64)a[i] + b[i] + carry;
    r[i] = (u32)sum;
    carry = (u32)(sum >> 32);
  }
  r[7] = ((u32)top & 0x7fffffff) + carry;
}

/* 2^255 of the result is kept back, so that 19 times what lies above (from -2 to 1) never takes it below zero. */
APART void fe_subtract(limb *r, const limb *a, const limb *b) {
  u32 borrow = 0;
  for (u32 i = 0; i < 8; i++) {
    u64 difference = (u64)a[i] - b[i] - borrow;
    r[i] = (u32)difference;
    borrow = (u32)(difference >> 63);
  }
  u32 fold = 19 * (1 + 2 * borrow - (r[7] >> 31));
  r[7] |= 0x80000000;
  for (u32 i = 0; i < 8; i++) {
    u64 difference = (u64)r[i] - fold;
    r[i] = (u32)difference;
    fold = (u32)(difference >> 63);
  }
}
#endif

void fe_multiply_small(limb *r, const limb *a, u32 small) {
  u64 wide = (u64)a[7] * small;
  u32 carry = (u32)(wide >> 31) * 19;
  for (u32 i = 0; i < 7; i++) {
    u32 low = 0;
    MULTIPLY_ADD(low, carry, a[i], small);
    r[i] = low;
  }
  r[7] = ((u32)wide & 0x7fffffff) + carry;
}

void fe_decode(limb *r, const u8 *bytes) {
  memcpy(r, bytes, 32);
  r[7] &= 0x7fffffff;
}

/* Adds 19 times what lies above bit 255, which it clears; twice gives the least residue but for p itself and above. */
static void fe_carry(limb *r, u32 above) {
  r[7] &= 0x7fffffff;
  for (u32 i = 0, carry = 19 * above; i < 8; i++) {
    u64 sum = (u64)r[i] + carry;
    r[i] = (u32)sum;
    carry = (u32)(sum >> 32);
  }
}

void fe_encode(u8 *bytes, const limb *a) {
  fe t, above;
  fe_copy(t, a);
  fe_carry(t, t[7] >> 31);
  fe_carry(t, t[7] >> 31);
  /* t < 2^255: t >= p exactly where t + 19 passes bit 255. */
  fe_copy(above, t);
  fe_carry(above, 1);
  fe_carry(t, above[7] >> 31);
  t[7] &= 0x7fffffff;
  memcpy(bytes, t, 32);
}

const limb *fe_load(limb *room, const u32 *words) {
  (void)room;
  return words;
}
#endif
