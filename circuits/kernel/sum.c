/* Sums of many scalars times points, in slices: the multiples of as many points as there is room for, a walk over the bits
 * with them, and the next ones.
 */
#include "kernel.h"

/* One chunk: its multiples, then its walk. */
static int sum_chunk(Sum *sum, Chunks *chunks, i32 *left) {
  Terms *terms = &chunks->terms;
  const u32 first = sum->first, rest = chunks->total - first, each = 1u << (terms->width - 2);
  if (rest < terms->count) terms->count = rest;
  if (terms->secret) terms->digits = chunks->scalars + 8 * first;
  for (; sum->built < terms->count; *left -= (i32)each * COST_ADD) {
    if (*left <= 0) return MORE;
    const u32 term = sum->built++;
    u32 *scalar = chunks->scalars + 8 * (first + term);
    Point point;
    if (!chunks->point(&point, chunks->context, first + term)) return FAULT_POINT;
    ge_odd_multiples((Cached *)terms->multiples + each * term, &point, each);
    if (terms->secret) sum_recode(scalar, scalar);
    else sum_digits((u32 *)terms->digits + DIGIT_WORDS * term, scalar, terms->width);
    if (sum->built == terms->count) walk_begin(&sum->sum, &sum->place, terms);
  }
  return walk(&sum->sum, &sum->place, terms, left);
}

int sum_chunks(Sum *sum, Chunks *chunks, i32 *left) {
  if (!sum->first && !sum->built) ge_identity(&sum->earlier);
  for (; sum->first < chunks->total; sum->first += chunks->terms.count) {
    const int fault = sum_chunk(sum, chunks, left);
    if (fault) return fault;
    ge_add(&sum->earlier, &sum->earlier, &sum->sum);
    sum->built = 0;
  }
  sum->sum = sum->earlier;
  return 0;
}

#if KERNEL_COMBS
int sum_combs(Sum *sum, const Terms *terms, i32 *left) {
  const Combs *combs = terms->combs;
  if (!sum->built) {
    sum->built = 1;
    comb_recode(combs->scalars, combs->count, combs->table->teeth);
    walk_begin(&sum->sum, &sum->place, terms);
  }
  return walk(&sum->sum, &sum->place, terms, left);
}
#else
int sum_combs(Sum *sum, const Terms *terms, i32 *left) { return (void)sum, (void)terms, (void)left, 0; }
#endif
