/* The group of edwards25519 (-x^2 + y^2 = 1 + d x^2 y^2) in extended coordinates, and Ed25519's encoding of it.
 *
 * The formulas are those of Hisil, Wong, Carter and Dawson (2008), complete for this curve: no case is apart.
 * A negative addend is never built: its two sums change places, as do the two sums that its product goes into. Which of
 * two places is read depends on the sign, what is executed does not.
 */
#include "kernel.h"

APART void ge_identity(Point *r) {
  memset(r, 0, sizeof *r);
  r->Y[0] = r->Z[0] = 1;
}

void ge_negate(Point *r, const Point *p) {
  fe_negate(r->X, p->X);
  fe_copy(r->Y, p->Y);
  fe_copy(r->Z, p->Z);
  fe_negate(r->T, p->T);
}

/* Three elements of stack: what goes into products stands in the result. */
APART void ge_double(Point *r, const Point *p, u32 withT) {
  fe E, G, H;
  quick_add(E, p->X, p->Y);
  quick_square(E, E);
  quick_square(r->X, p->X);
  quick_square(r->Y, p->Y);
  quick_square(r->Z, p->Z);
  quick_add(r->Z, r->Z, r->Z);
  quick_both(H, G, r->X, r->Y);
  quick_subtract(E, H, E);
  quick_add(r->Z, r->Z, G);
  quick_multiply(r->X, E, r->Z);
  quick_multiply(r->Y, G, H);
  quick_multiply(r->Z, r->Z, G);
  if (withT) quick_multiply(r->T, E, H);
}

/* The common part of both additions; r->Z is already 2 * Z * (Z of the addend). Two elements of stack. */
INLINE void ge_add_common(Point *r, const limb *sums, const limb *product, u32 how) {
  fe sides[2];
  const u32 negative = how & GE_NEGATIVE, plus = FIELD_LIMBS * negative, minus = FIELD_LIMBS - plus;
  quick_both(sides[1], sides[0], r->Y, r->X);
  quick_multiply(r->X, sides[0], sums + minus);
  quick_multiply(r->Y, sides[1], sums + plus);
  quick_multiply(r->T, r->T, product);
  quick_both(sides[negative], sides[1 - negative], r->Z, r->T);
  const limb *G = sides[0], *F = sides[1];
  /* H and E stand in Z and T. */
  quick_both(r->Z, r->T, r->Y, r->X);
  quick_multiply(r->X, r->T, F);
  quick_multiply(r->Y, G, r->Z);
  if (!(how & GE_WITHOUT_T)) quick_multiply(r->T, r->T, r->Z);
  quick_multiply(r->Z, F, G);
}

#if KERNEL_COMBS
APART void ge_add_niels(Point *r, const Niels *q, u32 how) {
  quick_add(r->Z, r->Z, r->Z);
  ge_add_common(r, q->plus, q->product, how);
}
#endif

APART void ge_add_cached(Point *r, const Cached *q, u32 how) {
  quick_multiply(r->Z, r->Z, q->twice);
  ge_add_common(r, q->plus, q->product, how);
}

APART void ge_cache(Cached *r, const Point *p) {
  fe room;
  fe_add(r->plus, p->Y, p->X);
  fe_subtract(r->minus, p->Y, p->X);
  fe_add(r->twice, p->Z, p->Z);
  fe_multiply(r->product, p->T, fe_load(room, field_constants[CURVE_D]));
  fe_add(r->product, r->product, r->product);
}

void ge_add(Point *r, const Point *p, const Point *q) {
  Cached cached;
  ge_cache(&cached, q);
  if (r != p) *r = *p;
  ge_add_cached(r, &cached, 0);
}

/* The point of affine x and y. */
APART static void ge_affine(Point *r, const limb *x, const limb *y) {
  fe_copy(r->X, x);
  fe_copy(r->Y, y);
  fe_set(r->Z, 1);
  fe_multiply(r->T, x, y);
}

/* What these 32 bytes say without their top bit; 1 where they are its least residue. */
APART static u32 fe_decode_least(limb *r, const u8 *bytes, u32 top) {
  u8 again[32];
  fe_decode(r, bytes);
  fe_encode(again, r);
  again[31] |= (u8)(top << 7);
  return equal(again, bytes, 32);
}

u32 ge_decode(Point *r, const u8 *bytes) {
  Room room;
  const u32 sign = bytes[31] >> 7, is_least = fe_decode_least(r->Y, bytes, sign);
  const u32 flags = field_run(room, r, PROGRAM_ED_DECODE, sign);
  /* x = 0 has no sign. */
  return is_least & flags >> 1 & (1 - (flags & flags >> 2 & 1));
}

void ge_encode(u8 *bytes, const Point *p) {
  Room room;
  const u32 odd = field_run(room, (Point *)p, PROGRAM_ED_ENCODE, 0);
  fe_encode(bytes, room[1]);
  bytes[31] |= (u8)(odd << 7);
}

u32 ge_is_identity(const Point *p) { return fe_is_zero(p->X) & fe_is_equal(p->Y, p->Z); }

/* r = 8p */
static void ge_clear(Point *r, const Point *p) {
  ge_double(r, p, 0);
  ge_double(r, r, 0);
  ge_double(r, r, 1);
}

u32 ge_is_small(const Point *p) {
  Point t;
  ge_clear(&t, p);
  return ge_is_identity(&t);
}
