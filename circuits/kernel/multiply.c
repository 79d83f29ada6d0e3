/* Scalars as digits, and the one walk over their bits that every multiplication and every sum here is.
 *
 * Each point brings its multiples 1, 3, 5, ... and each scalar its digits, which are odd: public scalars have them where the
 * scalar's bits begin (sparse), secret ones at every third bit, so that what is executed depends on no secret.
 */
#include "kernel.h"

static const u32 base_point[16] = {0x8f25d51a, 0xc9562d60, 0x9525a7b2, 0x692cc760, 0xfdd6dc5c, 0xc0a4e231,
                                   0xcd6e53fe, 0x216936d3, 0x66666658, 0x66666666, 0x66666666, 0x66666666,
                                   0x66666666, 0x66666666, 0x66666666, 0x66666666};

/* A digit of a secret scalar has three bits: its multiples take 512 bytes. Four bits would save 0.7 of 12 ms. */
enum { SECRET_BITS = 3, SECRET_WIDTH = 4, SECRET_FIRST = 252 };
static void point_load(Point *r, const u32 *affine) {
  fe x, y;
  ge_affine(r, fe_load(x, affine), fe_load(y, affine + 8));
}

/* A shape that no set has is that of an empty one: base points then come without it, range proofs are refused. */
Table table_open(const u8 *entries, u32 shape) {
  if ((shape & 255) > TEETH_MAX || (shape >> 8 & 255) > TABLE_BITS_MAX || shape >> 24 > (shape >> 8 & 255)) shape = 0;
  const u32 bits = shape >> 8 & 255, plain = shape >> 24;
  const Table table = {entries, shape & 255, bits, shape >> 16 & 255, plain ? plain : bits};
  return table;
}

/* One of a set without teeth. Bases count as the two bits before the first row. 0 where the set holds no encoding of a point. */
APART static u32 table_point(Point *r, const Table *table, u32 generator) {
  enum { BASES = 2 };
  const u32 i = generator - BASES, row = i / table->bits, bit = i % table->bits, plain = table->plain;
  const u8 *entries = table->entries;
  if (generator >= BASES) {
    generator = BASES + row * plain + bit;
    if (bit >= plain) {
      entries += 64 * (BASES + 2 * table->parties * plain);
      return ristretto_decode(r, entries + 32 * (row * (table->bits - plain) + bit - plain));
    }
  }
  point_load(r, (const u32 *)(entries + 64 * generator));
  return 1;
}

APART void ge_odd_multiples(Cached *r, const Point *p, u32 count) {
  Point next;
  /* The step stands where the last one will: 128 bytes of stack less. */
  Cached *step = r + count - 1;
  ge_double(&next, p, 1);
  ge_cache(step, &next);
  next = *p;
  for (u32 i = 0; i < count; i++) {
    if (i) ge_add_cached(&next, step, 0);
    ge_cache(r + i, &next);
  }
}

/* `count` bits of an array of words, from this one on. */
INLINE_HOT u32 words_bits(const u32 *words, u32 bit, u32 count) {
  const u32 *word = words + (bit >> 5), shift = bit & 31;
  u32 bits = word[0] >> shift;
  if (shift + count > 32) bits |= word[1] << (32 - shift);
  return bits & ((1u << count) - 1);
}

/* c with k = sum over its 255 bits of (2*c_i - 1) * 2^i modulo l: an odd k' = k or k + l is 2*c + 1 - 2^255. */
APART void sum_recode(u32 *c, const u32 *k) {
  words_add_order(c, k, 1 - (k[0] & 1));
  words_halve(c, c);
  c[7] |= 1u << 30;
}

APART void sum_digits(u32 *digits, const void *scalar, u32 width) {
  u32 *codes = digits + 8, carry = 0, words[9];
  memset(digits, 0, 4 * DIGIT_WORDS);
  memcpy(words, scalar, 32);
  words[8] = 0;
  for (u32 bit = 0; bit < 256;) {
    const u32 value = carry + words_bits(words, bit, width);
    if (!(value & 1)) {
      bit++;
      continue;
    }
    carry = value >> (width - 1);
    /* Odd and below 2^(width - 1) in size: its code is half of it, and the sign above. */
    const u32 size = carry ? (1u << width) - value : value, code = size >> 1 | carry << (width - 2);
    u32 *word = codes + (bit >> 5), shift = bit & 31;
    digits[bit >> 5] |= 1u << shift;
    word[0] |= code << shift;
    if (shift + width > 32) word[1] |= code >> (32 - shift);
    bit += width;
  }
}

/* The first term from this one on that has a digit at this bit. */
INLINE_HOT u32 next_term(const Terms *terms, u32 term, u32 bit) {
  if (terms->secret) return bit % SECRET_BITS ? terms->count : term;
  const u32 *digits = terms->digits + DIGIT_WORDS * term + (bit >> 5);
  for (; term < terms->count && !(*digits >> (bit & 31) & 1); term++) digits += DIGIT_WORDS;
  return term;
}

INLINE_HOT Digit term_digit(const Terms *terms, u32 term, u32 bit) {
  const u32 sign = terms->width - 2;
  const u32 *codes = terms->digits + (terms->secret ? 8 * term : DIGIT_WORDS * term + 8);
  const u32 code = words_bits(codes, bit, sign + 1);
  /* Of secret ones the top bit says that it is positive, and the bits below are turned where it is not. */
  const u32 negative = code >> sign ^ terms->secret;
  const Digit digit = {(code ^ (0 - (negative & terms->secret))) & ((1u << sign) - 1), negative};
  return digit;
}

/* One of the multiples. On Thumb it is read where it stands: no board of this kind has a data cache, so that an address takes
 * no time. Elsewhere a secret index reads all four. */
INLINE const Cached *term_multiple(Cached *room, const Cached *multiples, u32 index, u32 secret) {
#ifdef __arm__
  (void)room, (void)secret;
  return multiples + index;
#else
  if (!secret) return multiples + index;
  *room = multiples[0];
  for (u32 entry = 1; entry < 1 << (SECRET_WIDTH - 2); entry++) {
    const u32 is_it = ((entry ^ index) - 1) >> 31;
    for (u32 i = 0; i < 4; i++) fe_select(room->plus + FIELD_LIMBS * i, multiples[entry].plus + FIELD_LIMBS * i, is_it);
  }
  return room;
#endif
}

static void walk_begin(Point *sum, Place *place, const Terms *terms) {
  ge_identity(sum);
  place->term = 0;
  place->bit = terms->count ? terms->secret ? SECRET_FIRST : 255 : comb_first(terms);
}

static int walk(Point *sum, Place *place, const Terms *terms, i32 *left) {
  Cached room;
  for (;; place->bit--) {
    const u32 bit = place->bit, has_column = comb_has_column(terms, bit);
    u32 term = next_term(terms, place->term, bit);
    if (!place->term) {
      ge_double(sum, sum, term < terms->count || has_column || !bit);
      *left -= COST_DOUBLE;
    }
    while (term < terms->count) {
      const Digit digit = term_digit(terms, term, bit);
      const Cached *multiples = terms->multiples + (term << (terms->width - 2));
      term = place->term = next_term(terms, term + 1, bit);
      const u32 is_last = term == terms->count && !has_column && bit;
      ge_add_cached(sum, term_multiple(&room, multiples, digit.index, terms->secret),
          digit.negative | (is_last ? GE_WITHOUT_T : 0));
      *left -= COST_ADD;
      if (*left <= 0) return MORE;
    }
    if (has_column && comb_add_column(sum, place, terms, left)) return MORE;
    place->term = 0;
    if (!bit) return 0;
  }
}

static void walk_at_once(Point *r, const Terms *terms) {
  Place place;
  i32 left = 0x7fffffff;
  walk_begin(r, &place, terms);
  walk(r, &place, terms, &left);
}

#if KERNEL_COMBS
static void comb_multiply(Point *r, const Table *table, u32 generator, const u32 *k) {
  sc c;
  const u8 index = (u8)generator;
  const Combs combs = {table, &index, c, 1, 1};
  const Terms terms = {.combs = &combs};
  sc_recode(c, k, table->teeth);
  walk_at_once(r, &terms);
  wipe(c, sizeof c);
}
#endif

void ge_multiply(Point *r, const Point *p, const u32 *k) {
  Cached multiples[1 << (SECRET_WIDTH - 2)];
  sc c;
  const Terms terms = {.digits = c, .multiples = multiples, .count = 1, .width = SECRET_WIDTH, .secret = 1};
  sum_recode(c, k);
  ge_odd_multiples(multiples, p, 1 << (SECRET_WIDTH - 2));
  walk_at_once(r, &terms);
  wipe(c, sizeof c);
  wipe(multiples, sizeof multiples);
}

void table_multiply(Point *r, const Table *table, u32 generator, const u32 *k) {
  if (table_teeth(table)) {
    comb_multiply(r, table, generator, k);
    return;
  }
  table_point(r, table, generator);
  ge_multiply(r, r, k);
}

void ge_multiply_base(Point *r, const Table *table, const u32 *k) {
  if (table && table_teeth(table) && table->entries) {
    comb_multiply(r, table, 0, k);
    return;
  }
  point_load(r, base_point);
  ge_multiply(r, r, k);
}

/* Two multiples of each point: with four it would be 0.9 ms less at 64 MHz, and 512 bytes of stack more. */
void ge_multiply_two(Point *r, const u32 *a, const Point *p, const void *b) {
  enum { WIDTH = 3, MULTIPLES = 2 };
  Cached multiples[2 * MULTIPLES];
  u32 digits[2 * DIGIT_WORDS];
  const Terms terms = {.digits = digits, .multiples = multiples, .count = 2, .width = WIDTH};
  sum_digits(digits, a, WIDTH);
  sum_digits(digits + DIGIT_WORDS, b, WIDTH);
  ge_odd_multiples(multiples, p, MULTIPLES);
  point_load(r, base_point);
  ge_odd_multiples(multiples + MULTIPLES, r, MULTIPLES);
  walk_at_once(r, &terms);
}
