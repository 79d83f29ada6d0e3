/* Field arithmetic that is called seldom, as data: a call takes some twelve bytes of code, a step here takes two.
 *
 * A step is an operation and three registers of four bits: 0 to 8 are the caller's room, 12 to 15 a point's X Y Z T. Flags are
 * bits that EQUAL, ODD and CALL push from below; SELECT asks whether any under its mask is set. What is executed depends on
 * no value. Programs are numbered in their order.
 */
#include "kernel.h"

enum { END, MULTIPLY, ADD, SUBTRACT, SQUARES, EQUAL, ODD, SELECT, CONSTANT, SET, NEGATE, COPY, CALL };
enum { X = 12, Y, Z, T };
#define STEP(operation, r, a, b) ((operation) << 12 | (r) << 8 | (a) << 4 | (b))
/* r = |r|, by way of t. */
#define ABSOLUTE(r, t) STEP(ODD, 0, r, 0), STEP(NEGATE, t, r, 0), STEP(SELECT, r, t, 1)

static const u32 field_constants[][8] = {
#define ROOT_OF_MINUS_ONE 0
    {0x4a0ea0b0, 0xc4ee1b27, 0xad2fe478, 0x2f431806, 0x3dfbd7a7, 0x2b4d0099, 0x4fc1df0b, 0x2b832480},
#define CURVE_D 1
    {0x135978a3, 0x75eb4dca, 0x4141d8ab, 0x00700a4d, 0x7779e898, 0x8cc74079, 0x2b6ffe73, 0x52036cee},
/* 1/sqrt(-d - 1) */
#define INVERSE_ROOT 2
    {0x805d40ea, 0x99c8fdaa, 0x5a4172be, 0x9d2f1617, 0xfe01d840, 0x16c27b91, 0xcfaffca2, 0x786c8905},
#if !KERNEL_SMALL
/* 1 - d^2, (d - 1)^2, sqrt(-d - 1) */
#define ONE_MINUS_D_SQUARED 3
    {0x945fc176, 0xe27c09c1, 0xcd5e350f, 0x2c81a138, 0xbe70dfe4, 0x9994abdd, 0xb2b3e0d7, 0x029072a8},
#define D_MINUS_ONE_SQUARED 4
    {0x44ed4d20, 0x31ad5aaa, 0xb01e1999, 0xd29e4a2c, 0x529b4eeb, 0x4cdcd32f, 0xf66c2241, 0x5968b37a},
#define ROOT_OF_MINUS_D_MINUS_ONE 5
    {0x497b2e1b, 0x7e97f6a0, 0x1b7854bd, 0xaf9d8e0c, 0x31f5d1fd, 0x0f3cfcc9, 0x2b8348ac, 0x376931bf},
#endif
};

static const u8 square_counts[] = {2, 3, 5, 10, 20, 50, 100};
enum { TIMES_2, TIMES_3, TIMES_5, TIMES_10, TIMES_20, TIMES_50, TIMES_100 };

enum { PROGRAM_CHAIN, PROGRAM_ROOT, PROGRAM_INVERT, PROGRAM_ED_ENCODE, PROGRAM_ED_DECODE, PROGRAM_ENCODE, PROGRAM_DECODE, PROGRAM_MAP };

static const u16 field_programs[] = {
    /* 3 = 3^((p-5)/8) = 3^(2^252 - 3); 4 5 6 change. */
    STEP(MULTIPLY, 4, 3, 3), STEP(SQUARES, 5, 4, TIMES_2), STEP(MULTIPLY, 5, 5, 3), STEP(MULTIPLY, 4, 5, 4),
    STEP(MULTIPLY, 4, 4, 4), STEP(MULTIPLY, 4, 4, 5), /* 2^5 - 1 */
    STEP(SQUARES, 5, 4, TIMES_5), STEP(MULTIPLY, 4, 5, 4), /* 2^10 - 1 */
    STEP(SQUARES, 5, 4, TIMES_10), STEP(MULTIPLY, 5, 5, 4), /* 2^20 - 1 */
    STEP(SQUARES, 6, 5, TIMES_20), STEP(MULTIPLY, 5, 6, 5), /* 2^40 - 1 */
    STEP(SQUARES, 5, 5, TIMES_10), STEP(MULTIPLY, 4, 5, 4), /* 2^50 - 1 */
    STEP(SQUARES, 5, 4, TIMES_50), STEP(MULTIPLY, 5, 5, 4), /* 2^100 - 1 */
    STEP(SQUARES, 6, 5, TIMES_100), STEP(MULTIPLY, 5, 6, 5), /* 2^200 - 1 */
    STEP(SQUARES, 5, 5, TIMES_50), STEP(MULTIPLY, 4, 5, 4), /* 2^250 - 1 */
    STEP(SQUARES, 4, 4, TIMES_2), STEP(MULTIPLY, 3, 4, 3), END,

    /* RFC 9496, 4.2. 2 = the even root of u/v, or of i*u/v, for u in 0 and v in 1, which stay; 1 in the first case (also for
     * u = 0). 3 4 5 6 change. */
    STEP(MULTIPLY, 3, 1, 1), STEP(MULTIPLY, 3, 3, 1), STEP(MULTIPLY, 2, 3, 0), STEP(MULTIPLY, 3, 3, 3),
    STEP(MULTIPLY, 3, 3, 1), STEP(MULTIPLY, 3, 3, 0), /* u v^7 */
    STEP(CALL, 0, 0, PROGRAM_CHAIN), STEP(MULTIPLY, 2, 2, 3),
    STEP(MULTIPLY, 3, 2, 2), STEP(MULTIPLY, 3, 3, 1), STEP(EQUAL, 0, 3, 0), STEP(NEGATE, 4, 0, 0), STEP(EQUAL, 0, 3, 4),
    STEP(CONSTANT, 5, 0, ROOT_OF_MINUS_ONE), STEP(MULTIPLY, 4, 4, 5), STEP(EQUAL, 0, 3, 4),
    STEP(MULTIPLY, 4, 2, 5), STEP(SELECT, 2, 4, 3), ABSOLUTE(2, 4), END | 12,

    /* 3 = 1/3, by p - 2 = 8*(p-5)/8 + 3; 0 4 5 6 change. */
    STEP(MULTIPLY, 0, 3, 3), STEP(MULTIPLY, 0, 0, 3), STEP(CALL, 0, 0, PROGRAM_CHAIN), STEP(SQUARES, 3, 3, TIMES_3),
    STEP(MULTIPLY, 3, 3, 0), END,

    /* Ed25519: 1 = y; whether x is odd. */
    STEP(COPY, 3, Z, 0), STEP(CALL, 0, 0, PROGRAM_INVERT), STEP(MULTIPLY, 1, Y, 3), STEP(MULTIPLY, 0, X, 3),
    STEP(ODD, 0, 0, 0), END | 1,

    /* Ed25519: the point of this y, its x with the sign in the flags. Leaves the flags: sign, is a square, x = 0. */
    STEP(SET, Z, 0, 1), STEP(MULTIPLY, 0, Y, Y), STEP(CONSTANT, 1, 0, CURVE_D), STEP(MULTIPLY, 1, 1, 0),
    STEP(SUBTRACT, 0, 0, Z), STEP(ADD, 1, 1, Z), STEP(CALL, 0, 0, PROGRAM_ROOT), STEP(COPY, X, 2, 0),
    STEP(SET, 3, 0, 0), STEP(EQUAL, 0, X, 3), STEP(NEGATE, 3, X, 0), STEP(SELECT, X, 3, 4), STEP(MULTIPLY, T, X, Y), END,

    /* RFC 9496, 4.3.2: 2 = s. */
    STEP(ADD, 2, Z, Y), STEP(SUBTRACT, 3, Z, Y), STEP(MULTIPLY, 7, 2, 3), STEP(MULTIPLY, 8, X, Y), /* u1 u2 */
    STEP(MULTIPLY, 1, 8, 8), STEP(MULTIPLY, 1, 1, 7), STEP(SET, 0, 0, 1), STEP(CALL, 0, 0, PROGRAM_ROOT),
    STEP(MULTIPLY, 7, 7, 2), STEP(MULTIPLY, 8, 8, 2), /* den1 den2 */
    STEP(MULTIPLY, 0, 7, 8), STEP(MULTIPLY, 0, 0, T), /* 1/Z */
    STEP(CONSTANT, 5, 0, ROOT_OF_MINUS_ONE), STEP(MULTIPLY, 3, Y, 5), STEP(MULTIPLY, 4, X, 5),
    STEP(CONSTANT, 1, 0, INVERSE_ROOT), STEP(MULTIPLY, 7, 7, 1), STEP(MULTIPLY, 1, T, 0), STEP(ODD, 0, 1, 0), /* rotate */
    STEP(SELECT, 8, 7, 1), STEP(COPY, 1, X, 0), STEP(SELECT, 1, 3, 1), STEP(COPY, 2, Y, 0), STEP(SELECT, 2, 4, 1),
    STEP(MULTIPLY, 1, 1, 0), STEP(ODD, 0, 1, 0), STEP(NEGATE, 3, 2, 0), STEP(SELECT, 2, 3, 1),
    STEP(SUBTRACT, 2, Z, 2), STEP(MULTIPLY, 2, 2, 8), ABSOLUTE(2, 3), END,

    /* RFC 9496, 4.3.1, for s in X. Leaves the flags: is a square, x was odd, t is odd, y = 0. */
    STEP(SET, 0, 0, 1), STEP(MULTIPLY, 2, X, X), STEP(SUBTRACT, Y, 0, 2), STEP(ADD, Z, 0, 2), /* u1 u2 */
    STEP(MULTIPLY, 2, Z, Z), STEP(MULTIPLY, T, Y, Y), STEP(CONSTANT, 3, 0, CURVE_D), STEP(MULTIPLY, T, T, 3),
    STEP(ADD, T, T, 2), STEP(NEGATE, T, T, 0), STEP(MULTIPLY, 1, T, 2), STEP(CALL, 0, 0, PROGRAM_ROOT),
    STEP(MULTIPLY, 3, 2, Z), STEP(MULTIPLY, 4, 2, 3), STEP(MULTIPLY, 4, 4, T), /* den_x den_y */
    STEP(ADD, X, X, X), STEP(MULTIPLY, X, X, 3), ABSOLUTE(X, 3), STEP(MULTIPLY, Y, Y, 4),
    STEP(SET, Z, 0, 1), STEP(MULTIPLY, T, X, Y), STEP(ODD, 0, T, 0), STEP(SET, 3, 0, 0), STEP(EQUAL, 0, Y, 3), END,

#if !KERNEL_SMALL
    /* RFC 9496, 4.3.4, MAP, for t in X. */
    STEP(MULTIPLY, Y, X, X), STEP(CONSTANT, 3, 0, ROOT_OF_MINUS_ONE), STEP(MULTIPLY, Y, Y, 3), /* r */
    STEP(SET, Z, 0, 1), STEP(CONSTANT, T, 0, CURVE_D),
    STEP(ADD, 0, Y, Z), STEP(CONSTANT, 3, 0, ONE_MINUS_D_SQUARED), STEP(MULTIPLY, 0, 0, 3), /* u */
    STEP(MULTIPLY, 1, Y, T), STEP(ADD, 1, 1, Z), STEP(NEGATE, 1, 1, 0), STEP(ADD, 3, Y, T), STEP(MULTIPLY, 1, 1, 3), /* v */
    STEP(CALL, 0, 0, PROGRAM_ROOT), STEP(MULTIPLY, 3, 2, X), STEP(ODD, 0, 3, 0), STEP(NEGATE, 4, 3, 0),
    STEP(SELECT, 4, 3, 1), STEP(SELECT, 4, 2, 2), /* s */
    STEP(NEGATE, 5, Z, 0), STEP(COPY, 6, Y, 0), STEP(SELECT, 6, 5, 2), /* c */
    STEP(SUBTRACT, 5, Y, Z), STEP(MULTIPLY, 5, 5, 6), STEP(CONSTANT, 3, 0, D_MINUS_ONE_SQUARED), STEP(MULTIPLY, 5, 5, 3),
    STEP(SUBTRACT, 5, 5, 1), STEP(MULTIPLY, 1, 1, 4), STEP(ADD, 1, 1, 1), /* N w0 */
    STEP(CONSTANT, 3, 0, ROOT_OF_MINUS_D_MINUS_ONE), STEP(MULTIPLY, 5, 5, 3), /* w1 */
    STEP(MULTIPLY, 4, 4, 4), STEP(SUBTRACT, 6, Z, 4), STEP(ADD, 4, Z, 4), /* w2 w3 */
    STEP(MULTIPLY, X, 1, 4), STEP(MULTIPLY, Y, 6, 5), STEP(MULTIPLY, Z, 5, 4), STEP(MULTIPLY, T, 1, 6), END,
#endif
};
#undef STEP
#undef ABSOLUTE

APART u32 field_run(fe *room, Point *point, u32 program, u32 flags) {
  const u16 *next = field_programs;
  while (program) program -= *next++ >> 4 == 0;
  for (;;) {
    const u32 step = *next++, b = step & 15;
    fe *registers[3];
    for (u32 i = 0; i < 3; i++) {
      const u32 number = step >> (8 - 4 * i) & 15;
      registers[i] = number < X ? room + number : &point->X + (number - X);
    }
    limb *r = *registers[0], *first = *registers[1], *second = *registers[2];
    switch (step >> 12) {
      case MULTIPLY: fe_multiply(r, first, second); break;
      case ADD: fe_add(r, first, second); break;
      case SUBTRACT: fe_subtract(r, first, second); break;
      case SQUARES: fe_squares(r, first, square_counts[b]); break;
      case EQUAL: flags = flags << 1 | fe_is_equal(first, second); break;
      case ODD: flags = flags << 1 | fe_is_odd(first); break;
      case SELECT: fe_select(r, first, ((flags & b) + 15) >> 4); break;
      case CONSTANT: {
        fe loaded;
        fe_copy(r, fe_load(loaded, field_constants[b]));
        break;
      }
      case SET: fe_set(r, b); break;
      case NEGATE: fe_negate(r, first); break;
      case COPY: fe_copy(r, first); break;
      case CALL: flags = flags << 1 | field_run(room, point, b, 0); break;
      default: return b ? ((flags & b) + 15) >> 4 : flags;
    }
  }
}

/* The room of a program, and what is left in it. */
typedef fe Room[9];

#if !KERNEL_SMALL
void fe_invert(limb *r, const limb *a) {
  Room room;
  fe_copy(room[3], a);
  field_run(room, 0, PROGRAM_INVERT, 0);
  fe_copy(r, room[3]);
}
#endif
