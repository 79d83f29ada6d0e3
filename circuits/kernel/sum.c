/* Sums of many scalars times points, in slices.
 *
 * With combs, all terms share the doublings (50 for five teeth). Without, secret scalars take three bits a window from four
 * multiples built for a chunk of the terms, and public ones go into buckets, which need no multiples.
 *
 * Measured in the cycle model, for 34 generators and 12 other points: see npx mite bench kernel.
 */
#include "kernel.h"

/* Field multiplications of one step. */
enum { COST_DOUBLE = 8, COST_ADD = 9 };

/* Steps of a sum: `position` counts rounds, `term` what is done within a round. */
INLINE u32 sum_is_over(i32 *left, i32 cost) {
  *left -= cost;
  return *left <= 0;
}

/* Terms and where their combs lie. */
typedef struct {
  const FixedTerms *terms;
  const u8 *entries;
  u32 bytes;
  u32 how; /* PUBLIC, or 0 */
} Combs;

static Combs combs_of(const Table *table, const FixedTerms *terms) {
  const Combs combs = {terms, table->entries, comb_bytes(table_teeth(table)), terms->chunk ? 0 : PUBLIC};
  return combs;
}

static void sum_recode(const FixedTerms *terms, u32 bits) {
  for (u32 i = 0; i < terms->count; i++) sc_recode(terms->scalars + 8 * i, terms->scalars + 8 * i, bits);
}

/* Adds one column of every comb, from sum->term on. A doubling follows, but for the lowest column. */
static int sum_column(Sum *sum, const Places *places, const Combs *combs, i32 *left) {
  const FixedTerms *terms = combs->terms;
  const u32 is_lowest = places->word[0] + places->shift[0] == 0;
  u32 i = sum->term;
  const u32 *scalar = terms->scalars + 8 * i;
  for (; i < terms->count; scalar += 8) {
    const u8 *comb = combs->entries + combs->bytes * terms->generators[i++];
    const u32 is_last = i == terms->count && !is_lowest;
    ge_add_column(&sum->sum, comb, scalar, places, combs->how | (is_last ? GE_WITHOUT_T : 0));
    if (sum_is_over(left, COST_ADD)) {
      sum->term = i;
      return MORE;
    }
  }
  sum->term = 0;
  return 0;
}

static int sum_combs(Sum *sum, const Table *table, const FixedTerms *terms, i32 *left) {
  const u32 columns = comb_columns(table_teeth(table));
  const Combs combs = combs_of(table, terms);
  if (sum->chunk == 0) {
    sum->chunk = 1;
    sum_recode(terms, columns * table_teeth(table));
    ge_identity(&sum->sum);
  }
  for (; sum->position < columns; sum->position++) {
    if (sum->position && sum->term == 0) ge_double(&sum->sum, &sum->sum, 1);
    const Places places = comb_places(table, columns - 1 - sum->position);
    if (sum_column(sum, &places, &combs, left)) return MORE;
  }
  return 0;
}

/* One chunk by windows: round 0 builds the multiples, the others are the windows from the highest. */
static int sum_chunk(Sum *sum, const Table *table, const FixedTerms *terms, i32 *left) {
  const u32 first = (sum->chunk - 1) * terms->chunk, rest = terms->count - first;
  const u32 count = rest < terms->chunk ? rest : terms->chunk;
  for (; sum->position <= WINDOWS; sum->position++) {
    const Places places = sc_places(WINDOW_BITS * (WINDOWS - sum->position), 1, WINDOW_BITS);
    if (sum->position > 1 && sum->term == 0) ge_doubles(&sum->sum, WINDOW_BITS);
    while (sum->term < count) {
      const u32 i = sum->term++;
      Cached *multiples = terms->room + WINDOW_MULTIPLES * i;
      if (sum->position == 0) {
        Point point;
        table_point(&point, table, terms->generators[first + i]);
        ge_odd_multiples(multiples, &point, WINDOW_MULTIPLES);
      } else {
        const u32 how = sum->term == count && sum->position < WINDOWS ? GE_WITHOUT_T : 0;
        ge_add_window(&sum->sum, multiples, terms->scalars + 8 * (first + i), &places, how);
      }
      if (sum_is_over(left, sum->position ? COST_ADD : 4 * COST_ADD)) return MORE;
    }
    sum->term = 0;
  }
  return 0;
}

static int sum_windows(Sum *sum, const Table *table, const FixedTerms *terms, i32 *left) {
  if (sum->chunk == 0) {
    sum->chunk = 1;
    sum_recode(terms, WINDOWS * WINDOW_BITS);
    ge_identity(&sum->sum);
    ge_identity(&sum->earlier);
  }
  for (;;) {
    if (sum_chunk(sum, table, terms, left)) return MORE;
    ge_add(&sum->sum, &sum->sum, &sum->earlier);
    if (sum->chunk * terms->chunk >= terms->count) return 0;
    sum->earlier = sum->sum;
    sum->chunk++;
    sum->position = 0;
    ge_identity(&sum->sum);
  }
}

int sum_fixed(Sum *sum, const Table *table, const FixedTerms *terms, i32 *left) {
  return (table_teeth(table) ? sum_combs : sum_windows)(sum, table, terms, left);
}

static u32 bucket_windows(u32 window) { return (253 + window) / window; }

/* Half a window is added to every digit but the highest, so that digits are signed without carries between them. */
static void sum_shift(const BucketTerms *terms) {
  sc shift = {0};
  for (u32 i = 0; i + 1 < bucket_windows(terms->window); i++) {
    const u32 bit = terms->window * (i + 1) - 1;
    shift[bit >> 5] |= 1u << (bit & 31);
  }
  for (u32 i = 0; i < terms->count; i++) {
    u32 *c = terms->scalars + 8 * i, carry = 0;
    for (u32 j = 0; j < 8; j++) {
      const u64 total = (u64)c[j] + shift[j] + carry;
      c[j] = (u32)total;
      carry = (u32)(total >> 32);
    }
  }
}

/* The neutral element plus or minus q, by one multiplication: 4 times x, y, 1 and xy. The small ones also carry, on wasm:
 * sums of sums would come too close to 64 bits where two such points meet. */
static void ge_from_niels(Point *r, const Niels *q, u32 negative) {
  const limb *sums = q->plus;
  const u32 plus = FIELD_LIMBS * negative, minus = FIELD_LIMBS - plus;
  fe x, y;
  fe_subtract(x, sums + plus, sums + minus);
  fe_add(y, sums + plus, sums + minus);
  fe_multiply(r->T, x, y);
  fe_multiply_small(r->X, x, 2);
  fe_multiply_small(r->Y, y, 2);
  fe_set(r->Z, 4);
}

static void bucket_add(Sum *sum, const BucketTerms *terms, u32 term, u32 first, u32 is_top) {
  const u32 *c = terms->scalars + 8 * term;
  u32 value = 0;
  for (u32 i = terms->window; i-- > 0;) value = value << 1 | sc_bit(c, first + i);
  const i32 digit = (i32)value - (is_top ? 0 : 1 << (terms->window - 1));
  if (digit == 0) return;
  const u32 negative = digit < 0, bucket = (u32)(negative ? -digit : digit) - 1;
  u32 *filled = sum->filled + (bucket >> 5), mask = 1u << (bucket & 31);
  Point *point = terms->buckets + bucket;
  if (*filled & mask) ge_add_niels(point, terms->points + term, negative);
  else ge_from_niels(point, terms->points + term, negative);
  *filled |= mask;
}

/* sum += 1*bucket 1 + 2*bucket 2 + ..., from the highest: each enters a running sum, which enters the total. */
static void bucket_collect(Sum *sum, const BucketTerms *terms) {
  Point running;
  Cached cached;
  ge_identity(&running);
  for (u32 bucket = 1u << (terms->window - 1), begun = 0; bucket-- > 0;) {
    if (sum->filled[bucket >> 5] >> (bucket & 31) & 1) {
      if (begun) ge_add(&running, &running, terms->buckets + bucket);
      else running = terms->buckets[bucket];
      begun = 1;
    }
    if (!begun) continue;
    ge_cache(&cached, &running);
    ge_add_cached(&sum->sum, &cached, 0);
  }
}

int sum_buckets(Sum *sum, const BucketTerms *terms, i32 *left) {
  const u32 windows = bucket_windows(terms->window);
  if (sum->chunk == 0) {
    sum->chunk = 1;
    sum_shift(terms);
    ge_identity(&sum->sum);
  }
  for (; sum->position < windows; sum->position++) {
    while (sum->term < terms->count) {
      bucket_add(sum, terms, sum->term++, terms->window * (windows - 1 - sum->position), sum->position == 0);
      if (sum_is_over(left, COST_ADD)) return MORE;
    }
    if (sum->position) ge_doubles(&sum->sum, terms->window);
    bucket_collect(sum, terms);
    memset(sum->filled, 0, sizeof sum->filled);
    sum->term = 0;
    *left -= COST_ADD << terms->window;
  }
  return 0;
}

/* Is there a sparse digit at this bit? */
static u32 mixed_any(const MixedTerms *terms, u32 bit) {
  const u32 *digits = terms->digits + (bit >> 5);
  u32 any = 0;
  for (u32 i = 0; i < terms->count; i++, digits += DIGIT_WORDS) any |= *digits;
  return any >> (bit & 31) & 1;
}

/* Adds the sparse digits of one bit, from sum->term on. */
static int mixed_digits(Sum *sum, const MixedTerms *terms, u32 bit, i32 *left) {
  const u32 *digits = terms->digits + DIGIT_WORDS * sum->term;
  for (u32 i = sum->term; i < terms->count; i++, digits += DIGIT_WORDS) {
    if (!(digits[bit >> 5] >> (bit & 31) & 1)) continue;
    const Digit digit = sparse_digit(digits, bit, terms->width);
    ge_add_cached(&sum->sum, terms->multiples + (i << (terms->width - 2)) + digit.index, digit.negative);
    if (sum_is_over(left, COST_ADD)) {
      sum->term = i + 1;
      return MORE;
    }
  }
  sum->term = 0;
  return 0;
}

/* What comes next at a bit; kept in `filled`, which only buckets use. */
enum { MIXED_DOUBLE, MIXED_DIGITS, MIXED_COLUMN };

/* Doubles once a bit from 255 down; combs join at their highest column. */
int sum_mixed(Sum *sum, const Table *table, const MixedTerms *terms, i32 *left) {
  const u32 columns = terms->fixed.count ? comb_columns(table_teeth(table)) : 0;
  const Combs combs = combs_of(table, &terms->fixed);
  u32 *next = sum->filled;
  if (sum->chunk == 0) {
    sum->chunk = 1;
    sum_recode(&terms->fixed, columns ? columns * table_teeth(table) : 256);
    ge_identity(&sum->sum);
  }
  for (; sum->position < 256; sum->position++) {
    const u32 bit = 255 - sum->position;
    if (*next == MIXED_DOUBLE) {
      ge_double(&sum->sum, &sum->sum, bit < columns || bit == 0 || mixed_any(terms, bit));
      *next = MIXED_DIGITS;
      if (sum_is_over(left, COST_DOUBLE)) return MORE;
    }
    if (*next == MIXED_DIGITS) {
      if (mixed_digits(sum, terms, bit, left)) return MORE;
      *next = MIXED_COLUMN;
    }
    if (bit < columns) {
      const Places places = comb_places(table, bit);
      if (sum_column(sum, &places, &combs, left)) return MORE;
    }
    *next = MIXED_DOUBLE;
  }
  return 0;
}
