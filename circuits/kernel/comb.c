/* Sums over generators whose multiples a board keeps in flash, as signed combs (circuits/kernel/tables.ts): all share the
 * doublings, 50 for five teeth, with whatever points walk beside them. Boards without tables have none of this.
 */
#include "kernel.h"

/* Field multiplications of one step. */
enum { COST_DOUBLE = 8, COST_ADD = 9 };

typedef struct {
  u32 index;
  u32 negative;
} Digit;

static u32 comb_bytes(u32 teeth) { return teeth ? 96 << (teeth - 1) : 64; }

#if KERNEL_COMBS
static u32 comb_columns(u32 teeth) { return (254 + teeth) / teeth; }

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

/* One entry of a comb: see term_multiple. */
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

/* c = (k + 2^n - 1)/2 modulo l, n = teeth * columns: bit i of c stands for -2^i or 2^i. */
static void sc_recode(u32 *r, const u32 *k, u32 teeth) {
  const u32 n = teeth * comb_columns(teeth);
  sc t, power, one;
  sc_set(one, 1);
  sc_copy(power, sc_one_entered);
  if (n == 255) sc_halve(power, power);
  for (u32 i = 256; i < n; i++) sc_add(power, power, power);
  sc_add(t, k, power);
  sc_subtract(t, t, one);
  sc_halve(r, t);
}

static void comb_recode(u32 *scalars, u32 count, u32 teeth) {
  for (u32 i = 0; i < count; i++) sc_recode(scalars + 8 * i, scalars + 8 * i, teeth);
}

/* Where the bits of one column's digits lie: `count` of them, the highest is the sign. */
typedef struct {
  u8 word[TEETH_MAX], shift[TEETH_MAX];
  u32 count;
} Places;

/* Bits above the top one are read as the top one: no scalar has it. */
static Places comb_places(u32 column, u32 teeth) {
  Places places;
  places.count = teeth;
  for (u32 i = 0; i < teeth; i++, column += comb_columns(teeth)) {
    const u32 bit = column < 255 ? column : 255;
    places.word[i] = (u8)(bit >> 5);
    places.shift[i] = bit & 31;
  }
  return places;
}

INLINE Digit comb_digit(const u32 *c, const Places *places) {
  u32 bits = 0, i = places->count;
  do {
    i--;
    bits = bits << 1 | (c[places->word[i]] >> places->shift[i] & 1);
  } while (i);
  const u32 negative = 1 - (bits >> (places->count - 1));
  const Digit digit = {(bits ^ (0 - negative)) & ((1u << (places->count - 1)) - 1), negative};
  return digit;
}

static u32 comb_first(const Terms *terms) { return comb_columns(terms->combs->table->teeth) - 1; }

INLINE u32 comb_has_column(const Terms *terms, u32 bit) {
  return terms->combs && bit < comb_columns(terms->combs->table->teeth);
}

/* Adds one column of every comb; place->term counts them behind the other terms. */
static int comb_add_column(Point *sum, Place *place, const Terms *terms, i32 *left) {
  const Combs *combs = terms->combs;
  const u32 teeth = combs->table->teeth, bytes = comb_bytes(teeth);
  const Places places = comb_places(place->bit, teeth);
  u32 i = place->term - terms->count;
  if (place->term < terms->count) i = 0;
  const u32 *scalar = combs->scalars + 8 * i;
  for (; i < combs->count; scalar += 8) {
    Niels room;
    const Digit digit = comb_digit(scalar, &places);
    const u8 *entries = combs->table->entries + bytes * combs->generators[i++];
    /* A doubling follows the last one, but for the lowest column. */
    const u32 how = i == combs->count && place->bit ? GE_WITHOUT_T : 0;
    ge_add_niels(sum, comb_entry(&room, entries, digit.index, teeth, combs->secret), digit.negative | how);
    *left -= COST_ADD;
    if (*left <= 0) {
      place->term = terms->count + i;
      return MORE;
    }
  }
  return 0;
}

#else
INLINE u32 comb_first(const Terms *terms) { return (void)terms, 0; }
INLINE u32 comb_has_column(const Terms *terms, u32 bit) { return (void)terms, (void)bit, 0; }
INLINE int comb_add_column(Point *sum, Place *place, const Terms *terms, i32 *left) {
  return (void)sum, (void)place, (void)terms, (void)left, 0;
}
INLINE void comb_multiply(Point *r, const Table *table, u32 generator, const u32 *k) {
  (void)r, (void)table, (void)generator, (void)k;
}
#endif
