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

#ifdef __arm__
/* Two passes over a, each with four limbs of b in registers and four running words, whose names turn with each row. In the
 * second, what the first left above is taken in as the first carry of a row: no carry is ever handled apart. A load behind
 * a store costs one cycle instead of two, hence each row loads its limb. 181 cycles; from C with UMAAL it was 218 without
 * saving registers. */
#define PRODUCTS(w0, w1, w2, w3, carry)                                                        \
  "umaal " w0 ", " carry ", r11, r3\n\tumaal " w1 ", " carry ", r11, r4\n\t"                   \
  "umaal " w2 ", " carry ", r11, r5\n\tumaal " w3 ", " carry ", r11, r6\n\t"
#define STORE(word, place) "str " word ", [sp, #" place "]\n\t"
#define LOAD(word, place) "ldr " word ", [sp, #" place "]\n\t"
#define LIMB "ldr r11, [r1], #4\n\t"
#define ROW(w0, w1, w2, w3, carry, place) LIMB "mov " carry ", #0\n\t" PRODUCTS(w0, w1, w2, w3, carry) STORE(w0, place)
#define UNUSED __attribute__((unused))
__attribute__((naked)) APART void fe_multiply_bare(limb *r UNUSED, const limb *a UNUSED, const limb *b UNUSED) {
  __asm__ volatile(
      "push {r0, lr}\n\tsub sp, #48\n\tldm r2!, {r3-r6}\n\t"
      LIMB "umull r7, r8, r11, r3\n\tmov r9, #0\n\tumaal r8, r9, r11, r4\n\tmov r10, #0\n\t"
      "umaal r9, r10, r11, r5\n\tmov r12, #0\n\tumaal r10, r12, r11, r6\n\t" STORE("r7", "0")
      ROW("r8", "r9", "r10", "r12", "r7", "4")
      ROW("r9", "r10", "r12", "r7", "r8", "8")
      ROW("r10", "r12", "r7", "r8", "r9", "12")
      ROW("r12", "r7", "r8", "r9", "r10", "16")
      ROW("r7", "r8", "r9", "r10", "r12", "20")
      ROW("r8", "r9", "r10", "r12", "r7", "24")
      ROW("r9", "r10", "r12", "r7", "r8", "28")
      /* r10 r12 r7 r8: words 8 to 11; the first stays where it is. */
      "sub r1, #32\n\tldm r2, {r3-r6}\n\t"
      STORE("r12", "36") STORE("r7", "40") STORE("r8", "44")
      LOAD("r7", "16") LOAD("r8", "20") LOAD("r9", "24") LOAD("r12", "28")
      ROW("r7", "r8", "r9", "r12", "lr", "16")
      ROW("r8", "r9", "r12", "lr", "r7", "20")
      ROW("r9", "r12", "lr", "r7", "r8", "24")
      ROW("r12", "lr", "r7", "r8", "r9", "28")
      LIMB PRODUCTS("lr", "r7", "r8", "r9", "r10") STORE("lr", "32")
      LOAD("r12", "36") LIMB PRODUCTS("r7", "r8", "r9", "r10", "r12") STORE("r7", "36")
      LOAD("r7", "40") LIMB PRODUCTS("r8", "r9", "r10", "r12", "r7")
      LOAD("lr", "44") LIMB PRODUCTS("r9", "r10", "r12", "r7", "lr")
      /* r8 r9 r10 r12 r7 lr: words 10 to 15. Word 7 first: lr becomes 19 times what it carries past bit 255. */
      LOAD("r11", "28") LOAD("r0", "0") LOAD("r1", "4") LOAD("r2", "8") LOAD("r3", "12") LOAD("r4", "32")
      "mov r5, #38\n\tmov r6, #0\n\tumaal r11, r6, r5, lr\n\tlsl r6, r6, #1\n\torr r6, r6, r11, lsr #31\n\t"
      "add lr, r6, r6, lsl #1\n\tadd lr, lr, r6, lsl #4\n\tbic r11, r11, #0x80000000\n\t" LOAD("r6", "36")
      "umaal r0, lr, r5, r4\n\tumaal r1, lr, r5, r6\n\tumaal r2, lr, r5, r8\n\tumaal r3, lr, r5, r9\n\t"
      LOAD("r4", "16") LOAD("r6", "20") LOAD("r8", "24") LOAD("r9", "48")
      "umaal r4, lr, r5, r10\n\tumaal r6, lr, r5, r12\n\tumaal r8, lr, r5, r7\n\tadd r11, r11, lr\n\t"
      "stm r9, {r0-r4, r6, r8, r11}\n\tadd sp, #52\n\tpop {pc}");
}
#undef PRODUCTS
#undef STORE
#undef LOAD
#undef LIMB
#undef ROW
#else
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

#endif

#if !KERNEL_SMALL
/* By columns: what a product carries waits in a word of its own for the next column, which has a place for each, so that
 * nothing is ever added apart. Column k of the products of different limbs comes out of SQUARE_COLUMN; two at a time they are
 * doubled onto the square of one limb. */
APART void fe_squares(limb *r, const limb *a, u32 times) {
  do {
  const u32 a0 = a[0], a1 = a[1], a2 = a[2], a3 = a[3], a4 = a[4], a5 = a[5], a6 = a[6], a7 = a[7], two = 2;
  u32 t[16], w0, w1, w2, w3, w4, low, high, carry = 0;
#define TWICE(k, square, even, odd)                                   \
  do {                                                                \
    const u64 wide = (u64)(square) * (square);                        \
    low = (u32)wide, high = (u32)(wide >> 32);                        \
    MULTIPLY_ADD(low, carry, even, two);                              \
    MULTIPLY_ADD(high, carry, odd, two);                              \
    t[k] = low, t[(k) + 1] = high;                                    \
  } while (0)
  u32 zero = 0, even, odd;
  w0 = 0;
  w1 = 0;
  MULTIPLY_ADD(w0, w1, a0, a1);
  odd = w0;
  TWICE(0, a0, zero, odd);
  w0 = 0;
  MULTIPLY_ADD(w1, w0, a0, a2);
  even = w1;
  w1 = 0;
  MULTIPLY_ADD(w0, w1, a0, a3);
  w2 = 0;
  MULTIPLY_ADD(w0, w2, a1, a2);
  odd = w0;
  TWICE(2, a1, even, odd);
  MULTIPLY_ADD(w1, w2, a0, a4);
  w0 = 0;
  MULTIPLY_ADD(w1, w0, a1, a3);
  even = w1;
  MULTIPLY_ADD(w2, w0, a0, a5);
  w1 = 0;
  MULTIPLY_ADD(w2, w1, a1, a4);
  w3 = 0;
  MULTIPLY_ADD(w2, w3, a2, a3);
  odd = w2;
  TWICE(4, a2, even, odd);
  MULTIPLY_ADD(w0, w1, a0, a6);
  MULTIPLY_ADD(w0, w3, a1, a5);
  w2 = 0;
  MULTIPLY_ADD(w0, w2, a2, a4);
  even = w0;
  MULTIPLY_ADD(w1, w3, a0, a7);
  MULTIPLY_ADD(w1, w2, a1, a6);
  w0 = 0;
  MULTIPLY_ADD(w1, w0, a2, a5);
  w4 = 0;
  MULTIPLY_ADD(w1, w4, a3, a4);
  odd = w1;
  TWICE(6, a3, even, odd);
  MULTIPLY_ADD(w3, w2, a1, a7);
  MULTIPLY_ADD(w3, w0, a2, a6);
  MULTIPLY_ADD(w3, w4, a3, a5);
  even = w3;
  MULTIPLY_ADD(w2, w0, a2, a7);
  MULTIPLY_ADD(w2, w4, a3, a6);
  w1 = 0;
  MULTIPLY_ADD(w2, w1, a4, a5);
  odd = w2;
  TWICE(8, a4, even, odd);
  MULTIPLY_ADD(w0, w4, a3, a7);
  MULTIPLY_ADD(w0, w1, a4, a6);
  even = w0;
  MULTIPLY_ADD(w4, w1, a4, a7);
  w0 = 0;
  MULTIPLY_ADD(w4, w0, a5, a6);
  odd = w4;
  TWICE(10, a5, even, odd);
  MULTIPLY_ADD(w1, w0, a5, a7);
  even = w1;
  w1 = 0;
  MULTIPLY_ADD(w0, w1, a6, a7);
  odd = w0;
  TWICE(12, a6, even, odd);
  TWICE(14, a7, w1, zero);
  fe_fold(r, t);
  a = r;
  } while (--times);
}
#undef TWICE
#endif

#if !KERNEL_SMALL
void fe_square(limb *r, const limb *a) { fe_squares(r, a, 1); }
#endif

#ifdef __arm__
/* a + b in r4-r11. What passes bit 255 comes back 19 times; the result stays below 2^255 + 57. */
#define SUM(right)                                                                                        \
  "ldm " right "!, {r12, lr}\n\tadds r4, r4, r12\n\tadcs r5, r5, lr\n\t"                                    \
  "ldm " right "!, {r12, lr}\n\tadcs r6, r6, r12\n\tadcs r7, r7, lr\n\t"                                    \
  "ldm " right "!, {r12, lr}\n\tadcs r8, r8, r12\n\tadcs r9, r9, lr\n\t"                                    \
  "ldm " right "!, {r12, lr}\n\tadcs r10, r10, r12\n\tadcs r11, r11, lr\n\t"                                \
  "mov r12, #0\n\tadc r12, r12, r12\n\tlsl r12, r12, #1\n\torr r12, r12, r11, lsr #31\n\t"               \
  "add lr, r12, r12, lsl #1\n\tadd r12, lr, r12, lsl #4\n\tbic r11, r11, #0x80000000\n\t"                 \
  "adds r4, r4, r12\n\tadcs r5, r5, #0\n\tadcs r6, r6, #0\n\tadcs r7, r7, #0\n\t"                         \
  "adcs r8, r8, #0\n\tadcs r9, r9, #0\n\tadcs r10, r10, #0\n\tadc r11, r11, #0\n\t"
/* a - b. 2^255 is kept back, so that 19 times what lies above (from -2 to 1) never takes it below zero. */
#define DIFFERENCE(right)                                                                                 \
  "ldm " right "!, {r12, lr}\n\tsubs r4, r4, r12\n\tsbcs r5, r5, lr\n\t"                                    \
  "ldm " right "!, {r12, lr}\n\tsbcs r6, r6, r12\n\tsbcs r7, r7, lr\n\t"                                    \
  "ldm " right "!, {r12, lr}\n\tsbcs r8, r8, r12\n\tsbcs r9, r9, lr\n\t"                                    \
  "ldm " right "!, {r12, lr}\n\tsbcs r10, r10, r12\n\tsbcs r11, r11, lr\n\t" FOLD_DIFFERENCE
#define FOLD_DIFFERENCE                                                                                   \
  "sbc r12, r12, r12\n\tmov lr, #1\n\tsub lr, lr, r12, lsl #1\n\tsub lr, lr, r11, lsr #31\n\t"           \
  "add r12, lr, lr, lsl #1\n\tadd r12, r12, lr, lsl #4\n\torr r11, r11, #0x80000000\n\t"                  \
  "subs r4, r4, r12\n\tsbcs r5, r5, #0\n\tsbcs r6, r6, #0\n\tsbcs r7, r7, #0\n\t"                         \
  "sbcs r8, r8, #0\n\tsbcs r9, r9, #0\n\tsbcs r10, r10, #0\n\tsbc r11, r11, #0\n\t"
__attribute__((naked)) APART void fe_add_bare(limb *r UNUSED, const limb *a UNUSED, const limb *b UNUSED) {
  __asm__ volatile("push {lr}\n\tldm r1, {r4-r11}\n\t" SUM("r2") "stm r0, {r4-r11}\n\tpop {pc}");
}

__attribute__((naked)) APART void fe_subtract_bare(limb *r UNUSED, const limb *a UNUSED, const limb *b UNUSED) {
  __asm__ volatile("push {lr}\n\tldm r1, {r4-r11}\n\t" DIFFERENCE("r2") "stm r0, {r4-r11}\n\tpop {pc}");
}

#if !KERNEL_SMALL
/* Both in one pass, in 96 cycles instead of 122: the difference carries in the flags, the sum in r2, which begins with 19
 * times what the top limbs pass bit 255 by. */
#define LIMB(a, subtract)                                                             \
  "ldr r12, [r3], #4\n\tmov lr, " a "\n\tumaal lr, r2, r12, r1\n\tstr lr, [r0], #4\n\t" \
  subtract " " a ", " a ", r12\n\t"
__attribute__((naked)) APART void fe_both_bare(
    limb *sum UNUSED, limb *difference UNUSED, const limb *a UNUSED, const limb *b UNUSED) {
  __asm__ volatile(
      "push {r1, lr}\n\tldm r2, {r4-r11}\n\tldr r12, [r3, #28]\n\tadds lr, r11, r12\n\tmov r2, #0\n\tadc r2, r2, r2\n\t"
      "lsl r2, r2, #1\n\torr r2, r2, lr, lsr #31\n\tadd r1, r2, r2, lsl #1\n\tadd r2, r1, r2, lsl #4\n\tmov r1, #1\n\t"
      LIMB("r4", "subs") LIMB("r5", "sbcs") LIMB("r6", "sbcs") LIMB("r7", "sbcs")
      LIMB("r8", "sbcs") LIMB("r9", "sbcs") LIMB("r10", "sbcs")
      "ldr r12, [r3]\n\tadd lr, r11, r12\n\tbic lr, lr, #0x80000000\n\tadd lr, lr, r2\n\tstr lr, [r0]\n\t"
      "sbcs r11, r11, r12\n\t" FOLD_DIFFERENCE "pop {r1}\n\tstm r1, {r4-r11}\n\tpop {pc}");
}
#endif
#undef LIMB
#undef FOLD_DIFFERENCE
#undef SUM
#undef DIFFERENCE

/* Calls one of the above, which keep no register: who calls many of them saves all registers once instead of each time,
 * 16 cycles a call. */
#define BARE_REGISTERS "r4", "r5", "r6", "r7", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory"
#define BARE_CALL(name, a, b, c)                                                                             \
  register const limb *first __asm__("r0") = a;                                                              \
  register const limb *second __asm__("r1") = b;                                                             \
  register const limb *third __asm__("r2") = c;                                                              \
  __asm__ volatile("bl " name : "+r"(first), "+r"(second), "+r"(third) : : "r3", BARE_REGISTERS)
INLINE void quick_multiply(limb *r, const limb *a, const limb *b) { BARE_CALL("fe_multiply_bare", r, a, b); }
INLINE void quick_add(limb *r, const limb *a, const limb *b) { BARE_CALL("fe_add_bare", r, a, b); }
INLINE void quick_subtract(limb *r, const limb *a, const limb *b) { BARE_CALL("fe_subtract_bare", r, a, b); }
#if KERNEL_SMALL
INLINE void quick_both(limb *sum, limb *difference, const limb *a, const limb *b) {
  quick_add(sum, a, b);
  quick_subtract(difference, a, b);
}
#else
INLINE void quick_both(limb *sum, limb *difference, const limb *a, const limb *b) {
  register const limb *first __asm__("r0") = sum;
  register const limb *second __asm__("r1") = difference;
  register const limb *third __asm__("r2") = a;
  register const limb *fourth __asm__("r3") = b;
  __asm__ volatile("bl fe_both_bare" : "+r"(first), "+r"(second), "+r"(third), "+r"(fourth) : : BARE_REGISTERS);
}
#endif
APART void fe_multiply(limb *r, const limb *a, const limb *b) { quick_multiply(r, a, b); }
#if KERNEL_SMALL
/* 450 bytes less than products of their own. */
APART void fe_squares(limb *r, const limb *a, u32 times) {
  do {
    quick_multiply(r, a, a);
    a = r;
  } while (--times);
}
INLINE void quick_square(limb *r, const limb *a) { quick_multiply(r, a, a); }
#else
INLINE void quick_square(limb *r, const limb *a) { fe_square(r, a); }
#endif
APART void fe_add(limb *r, const limb *a, const limb *b) { quick_add(r, a, b); }
APART void fe_subtract(limb *r, const limb *a, const limb *b) { quick_subtract(r, a, b); }
APART void fe_both(limb *sum, limb *difference, const limb *a, const limb *b) { quick_both(sum, difference, a, b); }
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

void fe_both(limb *sum, limb *difference, const limb *a, const limb *b) {
  fe_add(sum, a, b);
  fe_subtract(difference, a, b);
}
#endif

#if !KERNEL_SMALL
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
#endif

void fe_decode(limb *r, const u8 *bytes) {
  memcpy(r, bytes, 32);
  r[7] &= 0x7fffffff;
}

/* Adds 19 times what lies above bit 255, which it clears; twice gives the least residue but for p itself and above. */
APART static void fe_carry(limb *r, u32 above) {
  u32 carry;
  r[7] &= 0x7fffffff;
  r[0] = __builtin_addc(r[0], 19 * above, 0, &carry);
#pragma GCC unroll 7
  for (u32 i = 1; i < 8; i++) r[i] = __builtin_addc(r[i], 0, carry, &carry);
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
