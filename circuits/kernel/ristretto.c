/* ristretto255: the group of prime order on edwards25519, RFC 9496. */
#include "kernel.h"

/* Variable time for bytes that are no encoding. */
u32 ristretto_decode(Point *r, const u8 *bytes) {
  Room room;
  if (!fe_decode_least(r->X, bytes, 0) || bytes[0] & 1) return 0;
  return (field_run(room, r, PROGRAM_DECODE, 0) & 11) == 8;
}

void ristretto_encode(u8 *bytes, const Point *p) {
  Room room;
  field_run(room, (Point *)p, PROGRAM_ENCODE, 0);
  fe_encode(bytes, room[2]);
}

u32 ristretto_is_identity(const Point *p) { return fe_is_zero(p->X) | fe_is_zero(p->Y); }

#if !KERNEL_SMALL
void ristretto_map(Point *r, const u8 *uniform) {
  Point second;
  Room room;
  fe_decode(second.X, uniform + 32);
  field_run(room, &second, PROGRAM_MAP, 0);
  fe_decode(r->X, uniform);
  field_run(room, r, PROGRAM_MAP, 0);
  ge_add(r, r, &second);
}

/* 4.3.3 */
u32 ristretto_equal(const Point *p, const Point *q) {
  fe a, b;
  fe_multiply(a, p->X, q->Y);
  fe_multiply(b, p->Y, q->X);
  const u32 same = fe_is_equal(a, b);
  fe_multiply(a, p->Y, q->Y);
  fe_multiply(b, p->X, q->X);
  return same | fe_is_equal(a, b);
}
#endif
