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
  return room;
#else
  (void)room;
  return (const Niels *)words;
#endif
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

/* Where the bits of one digit lie: `count` of them, the highest is its sign. */
typedef struct {
  u8 word[6], shift[6];
  u32 count;
} Places;

/* From bit `first` on, `step` apart. Bits above the top one are read as the top one: no scalar has it. */
static Places sc_places(u32 first, u32 step, u32 count) {
  Places places;
  places.count = count;
  for (u32 i = 0; i < count; i++, first += step) {
    const u32 bit = first < 255 ? first : 255;
    places.word[i] = (u8)(bit >> 5);
    places.shift[i] = bit & 31;
  }
  return places;
}

INLINE Digit sc_digit(const u32 *c, const Places *places) {
  u32 bits = 0, i = places->count;
  do {
    i--;
    bits = bits << 1 | (c[places->word[i]] >> places->shift[i] & 1);
  } while (i);
  const u32 negative = 1 - (bits >> (places->count - 1));
  const Digit digit = {(bits ^ (0 - negative)) & ((1u << (places->count - 1)) - 1), negative};
  return digit;
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

static void ge_add_window(Point *sum, const Cached *multiples, const u32 *c, const Places *places, u32 withoutT) {
  Cached room;
  const Digit digit = sc_digit(c, places);
  ge_add_cached(sum, window_entry(&room, multiples, digit.index), digit.negative | withoutT);
}

INLINE void ge_doubles(Point *r, u32 times) {
  while (times--) ge_double(r, r, times == 0);
}

/* As ge_multiply; four multiples lie where the caller says. */
static void ge_multiply_at(Cached *multiples, Point *r, const Point *p, const u32 *k) {
  sc c;
  sc_recode(c, k, WINDOWS * WINDOW_BITS);
  ge_odd_multiples(multiples, p, WINDOW_MULTIPLES);
  ge_identity(r);
  for (u32 window = WINDOWS; window-- > 0;) {
    const Places places = sc_places(WINDOW_BITS * window, 1, WINDOW_BITS);
    if (window < WINDOWS - 1) ge_doubles(r, WINDOW_BITS);
    ge_add_window(r, multiples, c, &places, window ? GE_WITHOUT_T : 0);
  }
  wipe(c, sizeof c);
}

void ge_multiply(Point *r, const Point *p, const u32 *k) {
  Cached multiples[WINDOW_MULTIPLES];
  ge_multiply_at(multiples, r, p, k);
  wipe(multiples, sizeof multiples);
}

static Places comb_places(const Table *table, u32 column) {
  return sc_places(column, comb_columns(table_teeth(table)), table_teeth(table));
}

/* Adds what one column of a comb says. `how` may be GE_WITHOUT_T, and PUBLIC where no digit is secret. */
enum { PUBLIC = 4 };
INLINE void ge_add_column(Point *sum, const u8 *comb, const u32 *c, const Places *places, u32 how) {
  Niels room;
  const Digit digit = sc_digit(c, places);
  const Niels *entry = comb_entry(&room, comb, digit.index, places->count, !(how & PUBLIC));
  ge_add_niels(sum, entry, digit.negative | (how & GE_WITHOUT_T));
}

void table_multiply(Point *r, const Table *table, u32 generator, const u32 *k) {
  const u8 *entries = table->entries + comb_bytes(table_teeth(table)) * generator;
  if (!table_teeth(table)) {
    point_load(r, (const u32 *)entries);
    ge_multiply(r, r, k);
    return;
  }
  const u32 columns = comb_columns(table_teeth(table));
  sc c;
  sc_recode(c, k, columns * table_teeth(table));
  ge_identity(r);
  for (u32 column = columns; column-- > 0;) {
    const Places places = comb_places(table, column);
    if (column < columns - 1) ge_double(r, r, 1);
    ge_add_column(r, entries, c, &places, column ? GE_WITHOUT_T : 0);
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
  if (table_teeth(table)) {
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
    /* To the next bit that differs from the carry. */
    const u32 ahead = (scalar[bit >> 5] ^ (0 - carry)) >> (bit & 31);
    if (!ahead) {
      bit = (bit | 31) + 1;
      continue;
    }
    bit += (u32)__builtin_ctz(ahead);
    const u32 word = bit >> 5, shift = bit & 31;
    const u32 above = shift && word < 7 ? scalar[word + 1] << (32 - shift) : 0;
    const u32 value = carry + ((scalar[word] >> shift | above) & ((1u << width) - 1));
    carry = value >> (width - 1);
    /* Odd and below 2^(width - 1) in size: its code is half of it, and the sign above. */
    const u32 size = carry ? (1u << width) - value : value, code = size >> 1 | carry << (width - 2);
    digits[bit >> 5] |= 1u << (bit & 31);
    codes[bit >> 5] |= code << (bit & 31);
    if ((bit & 31) > 32 - width) codes[(bit >> 5) + 1] |= code >> (32 - (bit & 31));
    bit += width;
  }
}

/* The digit that begins at this bit. */
static Digit sparse_digit(const u32 *digits, u32 bit, u32 width) {
  const u32 *codes = digits + DIGIT_WORDS / 2 + (bit >> 5);
  u32 code = codes[0] >> (bit & 31);
  if (bit & 31) code |= codes[1] << (32 - (bit & 31));
  const Digit digit = {code & ((1u << (width - 2)) - 1), code >> (width - 2) & 1};
  return digit;
}

/* y + x | y - x | 2dxy of the base point, 3, 5 and 7 times. */
static const u32 base_multiples[4][24] = {
    {0xf58c3b85, 0x2fbc93c6, 0xfb8c0e19, 0xcf932dc6, 0x643d42c2, 0x270b4898, 0x33d4ba65, 0x07cf9d3a,
     0xd740913e, 0x9d103905, 0xd140beb3, 0xfd399f05, 0x688f8a09, 0xa5c18434, 0x98f81267, 0x44fd2f92,
     0x877aaa68, 0xabc91205, 0xccaac49e, 0x26d9e823, 0xdd43598c, 0x5a1b7dcb, 0x9f0c65a8, 0x6f117b68},
    {0x4cee9730, 0xaf25b0a8, 0xe8864b8a, 0x025a8430, 0x9f016732, 0xc11b5002, 0x9a80f8f4, 0x7a164e1b,
     0xa4fcd265, 0x56611fe8, 0xe5c1ba7d, 0x3bd353fd, 0x214bd6bd, 0x8131f31a, 0x555bda62, 0x2ab91587,
     0x0dd0d889, 0x14ae933f, 0x1c35da62, 0x58942322, 0x8cf2db4c, 0xd170e545, 0x12b9b4c6, 0x5a2826af},
    {0x08a5bb33, 0xa212bc44, 0xc75eed02, 0x8d5048c3, 0x5abfec44, 0xdd1beb0c, 0x46e206eb, 0x2945ccf1,
     0xa447d6ba, 0x7f9182c3, 0x4b2729b7, 0xd50014d1, 0xb864a087, 0xe33cf11c, 0xeb1b55f3, 0x154a7e73,
     0x812a8285, 0xbcbbdbf1, 0xd0bdd1fc, 0x270e0807, 0x1bbda72d, 0xb41b670b, 0x6b3bb69a, 0x43aabe69},
    {0x944ea3bf, 0x6b1a5cd0, 0xb39dc0d2, 0x7470353a, 0x28542e49, 0x71b25282, 0x283c927e, 0x461bea69,
     0xaa3221b1, 0xba6f2c9a, 0x3bba23a7, 0x6ca02153, 0x92192c3a, 0x9dea764f, 0x2e5317e0, 0x1d6edd5d,
     0x01b8b3a2, 0xf1836dc8, 0x053ea49a, 0xb3035f47, 0x5877adf3, 0x529c41ba, 0x6a0f90a7, 0x7a9fbb1c}};

/* Both points by four odd multiples each, those of the base point in flash: 0.8 kB of stack. */
void ge_multiply_two(Point *r, const u32 *a, const Point *p, const u32 *b) {
  /* Two multiples and not four: 0.3 ms more at 64 MHz, for 256 bytes of stack. */
  enum { WIDTH = 3, MULTIPLES = 2, BASE_WIDTH = 4 };
  Cached multiples[MULTIPLES];
  u32 digits[2][DIGIT_WORDS];
  Niels room;
  sum_digits(digits[0], a, WIDTH);
  sum_digits(digits[1], b, BASE_WIDTH);
  ge_odd_multiples(multiples, p, MULTIPLES);
  ge_identity(r);
  for (u32 bit = 256; bit-- > 0;) {
    const u32 any = sc_bit(digits[0], bit) | sc_bit(digits[1], bit);
    ge_double(r, r, any || bit == 0);
    if (sc_bit(digits[0], bit)) {
      const Digit digit = sparse_digit(digits[0], bit, WIDTH);
      ge_add_cached(r, multiples + digit.index, digit.negative);
    }
    if (sc_bit(digits[1], bit)) {
      const Digit digit = sparse_digit(digits[1], bit, BASE_WIDTH);
      ge_add_niels(r, niels_load(&room, base_multiples[digit.index]), digit.negative);
    }
  }
}
