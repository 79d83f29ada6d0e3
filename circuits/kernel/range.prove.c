/* Making a range proof (circuits/proof/range.prove.ts, the same bytes). Constant time: values, blindings and all that comes
 * of them choose between places of memory, never between instructions.
 *
 * The generators are never folded: each L, R and A1 is a sum over the table's own points, whose scalars carry the folding
 * along (foldedG, foldedH). With combs that costs no more than folding once, and without it saves the memory of the points.
 */
#include "kernel.h"

enum { PROVE_BLINDINGS, PROVE_BITS, PROVE_SHIFT, PROVE_ROUNDS };
/* What a round sums. After the last round come A1 and B. */
enum { SIDE_L, SIDE_R };
enum { BLINDING_ALPHA, BLINDING_ROUNDS };
enum { COST_BIT = 20, COST_SCALARS = 400, COST_BASE = 6000 };

typedef struct {
  u32 stage;
  u32 step;      /* of the bits, or of the rounds: L and R of each, then A1 and B */
  u32 count;     /* terms of the running sum; 0 until its scalars are made */
  Sum sum;
  struct sponge transcript;
  sc y, inverse, alpha;
  sc blindings[5 + 2 * ROUNDS_MAX]; /* alpha, dL and dR of each round, r, s, delta, eta; entered */
  u8 generators[2 * RANGE_SIZE_MAX + 4];
  u32 arrays[];
} Prover;

typedef struct {
  u8 *proof;
  const RangeStatement *statement;
  const RangeWitness *witness;
  const Table *table;
  Prover *state;
  RangeShape shape;
  u32 chunk;
  u32 *a, *b; /* size + 1 places each: the vector from below, entered; the folding factors of G and H from above, plain */
  u32 *scalars;
  Cached *room;
} Proving;

/* Multiples for so many terms at once are kept where the table has none: 18 make L or R of 16 values one chunk. */
enum { CHUNK_MAX = 18, PROVE_WIDTH = 4, PROVE_MULTIPLES = 4 };

static u32 proving_open(Proving *p, const RangeStatement *statement, const Table *table, u8 *scratch) {
  p->statement = statement;
  p->table = table;
  p->state = (Prover *)scratch;
  p->shape = range_shape(statement, table);
  if (!p->shape.size) return 0;
  const u32 size = p->shape.size, chunks = (size + 2 + CHUNK_MAX - 1) / CHUNK_MAX;
  p->chunk = (size + 2 + chunks - 1) / chunks;
  p->a = p->state->arrays;
  p->b = p->a + 8 * (size + 1);
  p->scalars = p->b + 8 * (size + 1);
  p->room = (Cached *)(p->scalars + 8 * (2 * size + 2));
  const u8 *end = (const u8 *)(p->room + PROVE_MULTIPLES * (table_teeth(table) ? 0 : p->chunk));
  return (u32)(end - scratch);
}

u32 range_prove_scratch(const RangeStatement *statement, const Table *table) {
  Proving p;
  return proving_open(&p, statement, table, 0);
}

static u32 blinding_count(const Proving *p) { return 5 + 2 * p->shape.rounds; }

APART static int prove_blindings(const Proving *p) {
  const RangeWitness *witness = p->witness;
  const u32 bits = p->statement->bits;
  u32 outside = 0;
  for (u32 lane = 0; lane < p->statement->lanes && bits < 32; lane++) outside |= witness->values[lane] >> bits;
  if (outside) return FAULT_FUNDS;
  struct sponge *sponge = &p->state->transcript;
  prf_begin(sponge, witness->key, "range blindings", witness->prfContextLength);
  sponge_absorb(sponge, witness->prfContext, witness->prfContextLength);
  sponge_end(sponge, SHAKE256);
  for (u32 i = 0; i < blinding_count(p); i++) {
    u8 wide[64];
    sponge_squeeze(sponge, wide, 64);
    sc_reduce_entered(p->state->blindings[i], wide);
    wipe(wide, sizeof wide);
  }
  return 0;
}

static u32 prove_bit(const Proving *p, u32 i) {
  const u32 bits = p->statement->bits, bit = i % bits;
  return bit < 32 ? p->witness->values[i / bits] >> bit & 1 : 0;
}

/* r = a where the bit is 1, else b; both are read. */
static void words_choose(u32 *r, const u8 *a, const u8 *b, u32 bit) {
  const u32 *one = (const u32 *)a, *zero = (const u32 *)b, mask = 0 - bit;
  for (u32 i = 0; i < 24; i++) r[i] = (one[i] & mask) | (zero[i] & ~mask);
}

#if KERNEL_COMBS
INLINE void prove_add_entry(Point *sum, const u32 *words, u32 negative) {
  Niels room;
  ge_add_niels(sum, niels_load(&room, words), negative);
}
#else
INLINE void prove_add_entry(Point *sum, const u32 *words, u32 negative) { (void)sum, (void)words, (void)negative; }
#endif

/* Adds G_i where the bit is 1, takes H_i away where it is 0: the same instructions for both. A comb holds no generator itself:
 * its entries 1 and 0 differ by twice it, so that with combs the sum is twice what it should be. */
APART static void prove_add_bit(const Proving *p, u32 i) {
  Point *sum = &p->state->sum.sum;
  const Table *table = p->table;
  const u32 bit = prove_bit(p, i);
  const u32 g = range_generator(p->statement, table, 0, i), h = range_generator(p->statement, table, 1, i);
  if (table_teeth(table)) {
    const u32 stride = comb_bytes(table_teeth(table));
    u32 words[24];
    for (u32 entry = 0; entry < 2; entry++) {
      const u8 *entries = table->entries + 96 * entry;
      words_choose(words, entries + stride * g, entries + stride * h, bit);
      prove_add_entry(sum, words, entry == 0 ? bit : 1 - bit);
    }
    wipe(words, sizeof words);
    return;
  }
  Point point, other;
  Cached cached;
  table_point(&point, table, h);
  table_point(&other, table, g);
  fe_select(point.X, other.X, bit);
  fe_select(point.Y, other.Y, bit);
  fe_select(point.Z, other.Z, bit);
  fe_select(point.T, other.T, bit);
  ge_cache(&cached, &point);
  ge_add_cached(sum, &cached, 1 - bit);
  wipe(&point, sizeof point);
  wipe(&cached, sizeof cached);
}

/* A = sum over the bits + alpha*G. With combs the sum is halved: times 1/2 modulo l. */
APART static void prove_bits_end(const Proving *p) {
  Sum *sum = &p->state->sum;
  sc plain;
  if (table_teeth(p->table)) {
    sc_set(plain, 1);
    sc_halve(plain, plain);
    ge_multiply(&sum->sum, &sum->sum, plain);
  }
  sc_leave(plain, p->state->blindings[BLINDING_ALPHA]);
  table_multiply(&sum->earlier, p->table, BLIND_BASE, plain);
  ge_add(&sum->sum, &sum->sum, &sum->earlier);
  ristretto_encode(p->proof + 32 * PROOF_A, &sum->sum);
  wipe(plain, sizeof plain);
}

static u32 *folded_G(const Proving *p, u32 q) { return p->a + 8 * (p->shape.size - q); }
static u32 *folded_H(const Proving *p, u32 q) { return p->b + 8 * (p->shape.size - q); }

/* a_i = bit - z; b_i = bit - 1 + z + d_i y^(N-i), d_i = z^(2(j+1)) 2^i; alpha += y^(N+1) * sum of z^(2(j+1)) g_j. */
APART static int prove_shift(const Proving *p) {
  Prover *state = p->state;
  const u32 size = p->shape.size, bits = p->statement->bits;
  sc z, weight, power, lane, sum = {0}, t, lift;
  range_transcript(&state->transcript, p->statement);
  if (!range_challenge_bits(&state->transcript, p->proof + 32 * PROOF_A, state->y, z)) return FAULT_PROOF;
  sc_invert(state->inverse, state->y);
  sc_squares(power, state->y, p->shape.rounds);
  sc_montgomery(lift, power, state->y);
  sc_copy(lane, sc_one_entered);
  for (u32 i = 0; i < size; i++) {
    u32 *a = p->a + 8 * i, *b = p->b + 8 * i;
    if (i % bits == 0) {
      sc_montgomery(lane, lane, z);
      sc_montgomery(lane, lane, z);
      sc_copy(weight, lane);
      sc_decode(t, p->witness->blindings + 32 * (i / bits));
      sc_enter(t, t);
      sc_add_product(sum, t, lane);
    } else sc_add(weight, weight, weight);
    const u32 mask = 0 - prove_bit(p, i);
    for (u32 j = 0; j < 8; j++) t[j] = sc_one_entered[j] & mask;
    sc_subtract(a, t, z);
    sc_subtract(t, t, sc_one_entered);
    sc_add(t, t, z);
    sc_add_product(t, weight, power);
    sc_copy(b, t);
    sc_montgomery(power, power, state->inverse);
  }
  sc_montgomery(sum, sum, lift);
  sc_add(state->alpha, state->blindings[BLINDING_ALPHA], sum);
  sc_set(folded_G(p, 0), 1);
  sc_set(folded_H(p, 0), 1);
  wipe(sum, sizeof sum);
  wipe(t, sizeof t);
  return 0;
}

static void prove_term(const Proving *p, u32 term, u32 generator, const u32 *left, const u32 *right) {
  sc_montgomery(p->scalars + 8 * term, left, right);
  p->state->generators[term] = (u8)generator;
}

/* The last two terms: an entered scalar of the value base, and a blinding of the blind base. */
static u32 prove_bases(const Proving *p, u32 term, const u32 *value, u32 blinding) {
  sc one;
  sc_set(one, 1);
  prove_term(p, term, VALUE_BASE, value, one);
  prove_term(p, term + 1, BLIND_BASE, p->state->blindings[blinding], one);
  return term + 2;
}

/* y^half, or its inverse: half is a power of two. */
static void prove_power(const Proving *p, u32 *r, u32 half, u32 inverted) {
  u32 times = 0;
  while (half >> times > 1) times++;
  sc_squares(r, inverted ? p->state->inverse : p->state->y, times);
}

/* L: a_low y^-h to G_high, b_high to H_low, and the sum of a_low y^(i+1) b_high to the value base. R: low and high change
 * places, y^h, y^(h+i+1). */
APART static u32 prove_round_terms(const Proving *p, u32 round, u32 side) {
  const u32 half = p->shape.size >> (round + 1), copies = 1u << round;
  sc shift, power, cross = {0}, t;
  prove_power(p, shift, half, side == SIDE_L);
  sc_copy(power, p->state->y);
  if (side == SIDE_R) sc_montgomery(power, power, shift);
  u32 term = 0;
  for (u32 i = 0; i < half; i++) {
    const u32 near = i + (side == SIDE_L ? 0 : half), far = i + (side == SIDE_L ? half : 0);
    const u32 *a = p->a + 8 * near, *b = p->b + 8 * far;
    sc_montgomery(t, a, power);
    sc_add_product(cross, t, b);
    sc_montgomery(power, power, p->state->y);
    sc_montgomery(t, a, shift);
    for (u32 q = 0; q < copies; q++) {
      const u32 at = 2 * half * q;
      prove_term(p, term++, range_generator(p->statement, p->table, 0, at + far), t, folded_G(p, q));
      prove_term(p, term++, range_generator(p->statement, p->table, 1, at + near), b, folded_H(p, q));
    }
  }
  term = prove_bases(p, term, cross, BLINDING_ROUNDS + 2 * round + side);
  wipe(t, sizeof t);
  wipe(cross, sizeof cross);
  return term;
}

/* A1 = r*G + s*H + (r y b + s y a)*value base + delta*blind base. B = r y s*value base + eta*blind base. */
APART static u32 prove_last_terms(const Proving *p, u32 is_B) {
  const u32 last = blinding_count(p) - 4;
  u32(*blindings)[8] = p->state->blindings;
  const u32 *r = blindings[last], *s = blindings[last + 1];
  sc mixed;
  u32 term = 0;
  if (is_B) {
    sc_montgomery(mixed, r, s);
  } else {
    for (u32 q = 0; q < p->shape.size; q++) {
      prove_term(p, term++, range_generator(p->statement, p->table, 0, q), r, folded_G(p, q));
      prove_term(p, term++, range_generator(p->statement, p->table, 1, q), s, folded_H(p, q));
    }
    sc_montgomery(mixed, r, p->b);
    sc_add_product(mixed, s, p->a);
  }
  sc_montgomery(mixed, mixed, p->state->y);
  term = prove_bases(p, term, mixed, last + 2 + is_B);
  wipe(mixed, sizeof mixed);
  return term;
}

/* r = x*low + y*high */
static void prove_mix(u32 *low, const u32 *x, const u32 *high, const u32 *y) {
  sc_montgomery(low, low, x);
  sc_add_product(low, high, y);
}

/* a' = e a_low + e^-1 y^h a_high; b' = e^-1 b_low + e b_high; G' = e^-1 G_low + e y^-h G_high; H' = e H_low + e^-1 H_high;
 * alpha += dL e^2 + dR e^-2. */
APART static int prove_fold(const Proving *p, u32 round) {
  Prover *state = p->state;
  const u32 half = p->shape.size >> (round + 1);
  const u32 *blindings = state->blindings[BLINDING_ROUNDS + 2 * round];
  sc e, inverse, up, down, square;
  if (!range_challenge_round(&state->transcript, p->proof + 32 * (PROOF_ROUNDS + 2 * round), e)) return FAULT_PROOF;
  sc_invert(inverse, e);
  sc_montgomery(square, e, e);
  sc_add_product(state->alpha, blindings, square);
  sc_montgomery(square, inverse, inverse);
  sc_add_product(state->alpha, blindings + 8, square);
  prove_power(p, up, half, 0);
  sc_montgomery(up, up, inverse);
  prove_power(p, down, half, 1);
  sc_montgomery(down, down, e);
  for (u32 i = 0; i < half; i++) {
    prove_mix(p->a + 8 * i, e, p->a + 8 * (i + half), up);
    prove_mix(p->b + 8 * i, inverse, p->b + 8 * (i + half), e);
  }
  for (u32 q = 1u << round; q-- > 0;) {
    sc_montgomery(folded_G(p, 2 * q + 1), folded_G(p, q), down);
    sc_montgomery(folded_G(p, 2 * q), folded_G(p, q), inverse);
    sc_montgomery(folded_H(p, 2 * q + 1), folded_H(p, q), inverse);
    sc_montgomery(folded_H(p, 2 * q), folded_H(p, q), e);
  }
  return 0;
}

static void prove_put(const Proving *p, u32 place, const u32 *entered) {
  sc plain;
  sc_leave(plain, entered);
  sc_encode(p->proof + 32 * place, plain);
}

/* r1 = r + a e; s1 = s + b e; d1 = eta + delta e + alpha e^2. */
APART static int prove_end(const Proving *p) {
  Prover *state = p->state;
  u32(*last)[8] = state->blindings + blinding_count(p) - 4;
  sc e;
  if (!range_challenge_end(&state->transcript, p->proof, e)) return FAULT_PROOF;
  sc_add_product(last[0], p->a, e);
  prove_put(p, PROOF_R1, last[0]);
  sc_add_product(last[1], p->b, e);
  prove_put(p, PROOF_S1, last[1]);
  sc_add_product(last[2], state->alpha, e);
  sc_add_product(last[3], last[2], e);
  prove_put(p, PROOF_D1, last[3]);
  return 0;
}

static u32 prove_point(Point *r, const void *context, u32 term) {
  const Proving *p = context;
  return table_point(r, p->table, p->state->generators[term]);
}

static int prove_walk(const Proving *p, i32 *left) {
  Prover *state = p->state;
  if (table_teeth(p->table)) {
    const Combs combs = {p->table, state->generators, p->scalars, state->count, 1};
    const Terms terms = {.combs = &combs};
    return sum_combs(&state->sum, &terms, left);
  }
  const Terms terms = {.multiples = p->room, .count = p->chunk, .width = PROVE_WIDTH, .secret = 1};
  Chunks chunks = {terms, p->scalars, state->count, prove_point, p};
  return sum_chunks(&state->sum, &chunks, left);
}

/* One sum: its scalars, then its slices, then what its encoding leads to. MORE, 0 after the last, or a fault. */
static int prove_sum(const Proving *p, i32 *left) {
  Prover *state = p->state;
  const u32 round = state->step >> 1, side = state->step & 1, is_last = round == p->shape.rounds;
  if (!state->count) {
    memset(&state->sum, 0, sizeof state->sum);
    state->count = is_last ? prove_last_terms(p, side) : prove_round_terms(p, round, side);
    *left -= COST_SCALARS;
  }
  const int unfinished = prove_walk(p, left);
  if (unfinished) return unfinished;
  const u32 place = is_last ? PROOF_A1 + side : PROOF_ROUNDS + state->step;
  ristretto_encode(p->proof + 32 * place, &state->sum.sum);
  *left -= COST_SCALARS;
  state->count = 0;
  state->step++;
  if (side == SIDE_L) return MORE;
  if (is_last) return prove_end(p);
  const int fault = prove_fold(p, round);
  return fault ? fault : MORE;
}

static int prove_step(const Proving *p, i32 *left) {
  Prover *state = p->state;
  int fault = 0;
  switch (state->stage) {
    case PROVE_BLINDINGS:
      memset(state, 0, sizeof *state);
      fault = prove_blindings(p);
      ge_identity(&state->sum.sum);
      *left -= COST_SCALARS;
      state->stage++;
      break;
    case PROVE_BITS:
      prove_add_bit(p, state->step++);
      *left -= COST_BIT;
      if (state->step < p->shape.size) break;
      prove_bits_end(p);
      *left -= COST_BASE;
      state->step = 0;
      state->stage++;
      break;
    case PROVE_SHIFT:
      fault = prove_shift(p);
      *left -= COST_SCALARS;
      state->stage++;
      break;
    default: return prove_sum(p, left);
  }
  return fault ? fault : MORE;
}

int range_prove(
    u8 *proof, const RangeStatement *statement, const RangeWitness *witness, const Table *table, u8 *scratch, i32 *left) {
  Proving p;
  const u32 length = proving_open(&p, statement, table, scratch);
  if (!length) return FAULT_TIER;
  p.proof = proof;
  p.witness = witness;
  int result;
  do result = prove_step(&p, left);
  while (result == MORE && *left > 0);
  if (result != MORE) wipe(scratch, length);
  return result;
}
