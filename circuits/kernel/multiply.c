/* One scalar times one point, tables of multiples, and the digits that all sums are made of. */
#include "kernel.h"

/* 2^256 modulo l. */
static const u32 sc_one_entered[8] = {0x8d98951d, 0xd6ec3174, 0x737dcf70, 0xc6ef5bf4,
                                      0xfffffffe, 0xffffffff, 0xffffffff, 0x0fffffff};
static const u32 base_point[16] = {0x8f25d51a, 0xc9562d60, 0x9525a7b2, 0x692cc760, 0xfdd6dc5c, 0xc0a4e231,
                                   0xcd6e53fe, 0x216936d3, 0x66666658, 0x66666666, 0x66666666, 0x66666666,
                                   0x66666666, 0x66666666, 0x66666666, 0x66666666};

/* Multiples that a multiplication keeps on the stack: 3 bits a window, 512 bytes. Four bits would save 0.7 of 12 ms. */
enum { WINDOW_BITS = 3, WINDOW_MULTIPLES = 4, WINDOWS = 85 };

static u32 comb_columns(u32 teeth) { return (254 + teeth) / teeth; }

static u32 comb_bytes(u32 teeth) { return teeth ? 96 << (teeth - 1) : 64; }

Table table_open(const u8 *entries, u32 shape) {
  const Table table = {entries, shape & 255, shape >> 8 & 255, shape >> 16 & 255};
  return table;
}

static void point_load(Point *r, const u32 *affine) {
  fe x, y;
  ge_affine(r, fe_load(x, affine), fe_load(y, affine + 8));
}

/* An entry of a table. */
INLINE const Niels *niels_load(Niels *room, const u32 *words) {
#ifdef __wasm__
  fe_load(room->plus, words);
  fe_load(room->minus, words + 8);
  fe_load(room->product, words + 16);
#else
  memcpy(room, words, sizeof *room);
#endif
  return room;
}

/* One entry of a comb. On Thumb it stays in flash: no board of this kind has a data cache, so that its address takes no
 * time. Elsewhere a secret index reads them all. */
INLINE const Niels *comb_entry(Niels *room, const u8 *entries, u32 index, u32 teeth, u32 secret) {
#ifdef __arm__
  (void)room, (void)teeth, (void)secret;
  return (const Niels *)(entries + 96 * index);
#else
  const u32 *words = (const u32 *)entries;
  u32 chosen[24] = {0};
  if (!secret) memcpy(chosen, words + 24 * index, 96);
  for (u32 entry = 0; secret && entry < 1u << (teeth - 1); entry++) {
    const u32 mask = 0 - (((entry ^ index) - 1) >> 31);
    for (u32 i = 0; i < 24; i++) chosen[i] |= words[24 * entry + i] & mask;
  }
  return niels_load(room, chosen);
#endif
}

/* r = a/2 modulo l. */
static void sc_halve(u32 *r, const u32 *a) {
  const u32 mask = 0 - (a[0] & 1);
  u32 carry = 0;
  for (u32 i = 0; i < 8; i++) {
    const u64 sum = (u64)a[i] + (sc_order[i] & mask) + carry;
    r[i] = (u32)sum;
    carry = (u32)(sum >> 32);
  }
  for (u32 i = 0; i < 8; i++) r[i] = r[i] >> 1 | (i < 7 ? r[i + 1] << 31 : 0);
}

/* c = (k + 2^n - 1)/2 modulo l, for n = 255, 256 or 258: bit i of c stands for -2^i or 2^i. */
static void sc_recode(u32 *r, const u32 *k, u32 n) {
  sc t, power, one;
  sc_set(one, 1);
  sc_copy(power, sc_one_entered);
  if (n == 255) sc_halve(power, power);
  for (u32 i = 256; i < n; i++) sc_add(power, power, power);
  sc_add(t, k, power);
  sc_subtract(t, t, one);
  sc_halve(r, t);
}

INLINE u32 sc_bit(const u32 *c, u32 bit) { return bit < 256 ? c[bit >> 5] >> (bit & 31) & 1 : 0; }

typedef struct {
  u32 index;
  u32 negative;
} Digit;

/* `teeth` bits of c from `first` on, `step` apart: the highest is the sign. */
INLINE Digit sc_digit(const u32 *c, u32 first, u32 step, u32 teeth) {
  u32 bits = 0;
  for (u32 i = teeth; i-- > 0; ) bits = bits << 1 | sc_bit(c, first + i * step);
  const u32 negative = 1 - (bits >> (teeth - 1));
  const Digit digit = {(bits ^ (0 - negative)) & ((1u << (teeth - 1)) - 1), negative};
  return digit;
}

void ge_odd_multiples(Cached *r, const Point *p, u32 count) {
  Point twice, next;
  Cached step;
  ge_cache(r, p);
  ge_double(&twice, p, 1);
  ge_cache(&step, &twice);
  next = *p;
  for (u32 i = 1; i < count; i++) {
    ge_add_cached(&next, &next, &step, 0);
    ge_cache(r + i, &next);
  }
}

/* One of four multiples by a secret index; see comb_entry. */
INLINE const Cached *window_entry(Cached *room, const Cached *multiples, u32 index) {
#ifdef __arm__
  (void)room;
  return multiples + index;
#else
  *room = multiples[0];
  for (u32 entry = 1; entry < WINDOW_MULTIPLES; entry++) {
    const u32 is_it = ((entry ^ index) - 1) >> 31;
    for (u32 i = 0; i < 4; i++) fe_select(room->plus + FIELD_LIMBS * i, multiples[entry].plus + FIELD_LIMBS * i, is_it);
  }
  return room;
#endif
}

INLINE void ge_add_window(Point *sum, const Cached *multiples, const u32 *c, u32 window) {
  Cached room;
  const Digit digit = sc_digit(c, WINDOW_BITS * window, 1, WINDOW_BITS);
  ge_add_cached(sum, sum, window_entry(&room, multiples, digit.index), digit.negative);
}

INLINE void ge_doubles(Point *r, u32 times) {
  while (times--) ge_double(r, r, times == 0);
}

void ge_multiply(Point *r, const Point *p, const u32 *k) {
  Cached multiples[WINDOW_MULTIPLES];
  sc c;
  sc_recode(c, k, WINDOWS * WINDOW_BITS);
  ge_odd_multiples(multiples, p, WINDOW_MULTIPLES);
  ge_identity(r);
  for (u32 window = WINDOWS; window-- > 0;) {
    if (window < WINDOWS - 1) ge_doubles(r, WINDOW_BITS);
    ge_add_window(r, multiples, c, window);
  }
  wipe(c, sizeof c);
}

/* Adds what one column of a comb says. */
INLINE void ge_add_column(Point *sum, const Table *table, u32 generator, const u32 *c, u32 column, u32 secret) {
  Niels room;
  const Digit digit = sc_digit(c, column, comb_columns(table->teeth), table->teeth);
  const u8 *entries = table->entries + comb_bytes(table->teeth) * generator;
  ge_add_niels(sum, sum, comb_entry(&room, entries, digit.index, table->teeth, secret), digit.negative);
}

void table_multiply(Point *r, const Table *table, u32 generator, const u32 *k) {
  if (!table->teeth) {
    point_load(r, (const u32 *)(table->entries + 64 * generator));
    ge_multiply(r, r, k);
    return;
  }
  const u32 columns = comb_columns(table->teeth);
  sc c;
  sc_recode(c, k, columns * table->teeth);
  ge_identity(r);
  for (u32 column = columns; column-- > 0;) {
    if (column < columns - 1) ge_double(r, r, 1);
    ge_add_column(r, table, generator, c, column, 1);
  }
  wipe(c, sizeof c);
}

void ge_multiply_base(Point *r, const Table *table, const u32 *k) {
  if (table && table->entries) {
    table_multiply(r, table, 0, k);
    return;
  }
  point_load(r, base_point);
  ge_multiply(r, r, k);
}

void table_point(Point *r, const Table *table, u32 generator) {
  if (table->teeth) {
    sc one;
    sc_set(one, 1);
    table_multiply(r, table, generator, one);
    return;
  }
  point_load(r, (const u32 *)(table->entries + 64 * generator));
}

void sum_digits(u32 *digits, const u32 *scalar, u32 width) {
  memset(digits, 0, 4 * DIGIT_WORDS);
  u32 *codes = digits + DIGIT_WORDS / 2, carry = 0, bit = 0;
  while (bit < 256) {
    if (sc_bit(scalar, bit) == carry) {
      bit++;
      continue;
    }
    u32 value = carry;
    for (u32 i = 0; i < width; i++) value += sc_bit(scalar, bit + i) << i;
    carry = value >> (width - 1);
    /* Odd and below 2^(width - 1) in size: its code is half of it, and the sign above. */
    const u32 size = carry ? (1u << width) - value : value, code = size >> 1 | carry << (width - 2);
    digits[bit >> 5] |= 1u << (bit & 31);
    codes[bit >> 5] |= code << (bit & 31);
    if ((bit & 31) > 32 - width) codes[(bit >> 5) + 1] |= code >> (32 - (bit & 31));
    bit += width;
  }
}

/* Adds what a sparse digit at this bit says, if there is one. */
INLINE u32 ge_add_sparse(Point *sum, const Cached *multiples, const u32 *digits, u32 bit, u32 width) {
  if (!(digits[bit >> 5] >> (bit & 31) & 1)) return 0;
  const u32 *codes = digits + DIGIT_WORDS / 2 + (bit >> 5);
  u32 code = codes[0] >> (bit & 31);
  if (bit & 31) code |= codes[1] << (32 - (bit & 31));
  const u32 index = code & ((1u << (width - 2)) - 1), negative = code >> (width - 2) & 1;
  ge_add_cached(sum, sum, multiples + index, negative);
  return 1;
}

/* Both points by four odd multiples each: 1 kB of stack. */
void ge_multiply_two(Point *r, const u32 *a, const Point *p, const u32 *b) {
  enum { WIDTH = 4, MULTIPLES = 4 };
  Cached multiples[2][MULTIPLES];
  u32 digits[2][DIGIT_WORDS];
  sum_digits(digits[0], a, WIDTH);
  sum_digits(digits[1], b, WIDTH);
  ge_odd_multiples(multiples[0], p, MULTIPLES);
  point_load(r, base_point);
  ge_odd_multiples(multiples[1], r, MULTIPLES);
  ge_identity(r);
  for (u32 bit = 256; bit-- > 0;) {
    const u32 word = bit >> 5, any = (digits[0][word] | digits[1][word]) >> (bit & 31) & 1;
    ge_double(r, r, any || bit == 0);
    for (u32 i = 0; any && i < 2; i++) ge_add_sparse(r, multiples[i], digits[i], bit, WIDTH);
  }
}
