/* Verifying a range proof: one sum of scalars times points that must be the identity (circuits/proof/range.verify.ts).
 *
 * Nothing here is secret. With combs the variable points take four odd multiples each; without, all points do, in chunks.
 */
#include "kernel.h"

/* Points whose multiples and digits are kept at once where the table has none: 13 make a verification of 32 bits fit 13 kB. */
enum { VERIFY_WIDTH = 4, VERIFY_MULTIPLES = 4, CHUNK_POINTS_MAX = 13 };
enum { VERIFY_PARSE, VERIFY_POINTS, VERIFY_SCALARS, VERIFY_SUM };
/* Field multiplications that a decoding takes, and its multiples. */
enum { COST_DECODE = 310 };
/* Of all scalars: the small kernel takes three times as long. */
enum { COST_VERIFY_SCALARS = KERNEL_SMALL ? 6000 : 4 * COST_DECODE };

typedef struct {
  sc y, z, e, inverse, rounds[ROUNDS_MAX], inverses[ROUNDS_MAX];
  struct sponge transcript;
} Challenges;

typedef struct {
  u32 stage, step;
  Sum sum;
  Challenges challenges;
  u8 generators[2 * RANGE_SIZE_MAX + 4];
  u32 arrays[];
} Verifier;

/* Where the arrays lie: made anew for each slice, as scratch may have moved. */
typedef struct {
  const u8 *proof;
  const RangeStatement *statement;
  const Table *table;
  Verifier *state;
  RangeShape shape;
  u32 variable; /* points that only this proof has */
  u32 fixed;
  u32 *scalars; /* of the fixed points with combs, of variable and fixed ones without */
  u32 *digits;
  Cached *multiples;
  u32 chunk; /* points at once */
} Verification;

static u32 verification_open(Verification *v, const u8 *proof, const RangeStatement *statement, const Table *table, u8 *scratch) {
  v->proof = proof;
  v->statement = statement;
  v->table = table;
  v->state = (Verifier *)scratch;
  v->shape = range_shape(statement, table);
  if (!v->shape.size) return 0;
  v->variable = statement->lanes + 3 + 2 * v->shape.rounds;
  v->fixed = 2 * v->shape.size + 2;
  v->scalars = v->state->arrays;
  const u32 all = table_teeth(table) ? v->fixed : v->fixed + v->variable;
  const u32 chunks = (all + CHUNK_POINTS_MAX - 1) / CHUNK_POINTS_MAX;
  v->chunk = table_teeth(table) ? v->variable : (all + chunks - 1) / chunks;
  v->digits = v->scalars + 8 * all;
  v->multiples = (Cached *)(v->digits + DIGIT_WORDS * v->chunk);
  return (u32)((const u8 *)(v->multiples + VERIFY_MULTIPLES * v->chunk) - scratch);
}

u32 range_verify_scratch(const RangeStatement *statement, const Table *table) {
  Verification v;
  return verification_open(&v, 0, statement, table, 0);
}

/* The encoding of variable point i: the commitments, A, A1, B, L_1, R_1, ... */
static const u8 *verify_encoded(const Verification *v, u32 i) {
  const u32 lanes = v->statement->lanes;
  if (i < lanes) return v->statement->commitments + 32 * i;
  return v->proof + 32 * (i - lanes < 3 ? PROOF_A + i - lanes : PROOF_ROUNDS + i - lanes - 3);
}

static int verify_parse(const Verification *v) {
  static const u8 scalars[3] = {PROOF_D1, PROOF_R1, PROOF_S1};
  sc value;
  for (u32 i = 0; i < 3; i++)
    if (!sc_decode(value, v->proof + 32 * scalars[i])) return FAULT_SCALAR;
  return 0;
}

/* The point of a term: variable ones first. 0 for one that must be refused. */
static u32 verify_point(Point *r, const void *context, u32 term) {
  const Verification *v = context;
  if (term >= v->variable) return table_point(r, v->table, v->state->generators[term - v->variable]);
  return ristretto_decode(r, verify_encoded(v, term)) && (term < v->statement->lanes || !ristretto_is_identity(r));
}

/* With combs the multiples of all variable points are made first. */
static int verify_multiples(const Verification *v, u32 term) {
  Point point;
  if (!verify_point(&point, v, term)) return FAULT_POINT;
  /* Of B, whose scalar is 1, the first suffices. */
  const u32 multiples = term == v->statement->lanes + 2 ? 1 : VERIFY_MULTIPLES;
  ge_odd_multiples(v->multiples + VERIFY_MULTIPLES * term, &point, multiples);
  return 0;
}

/* All challenges, and the inverses of y and of the rounds' by one inversion. */
APART static u32 verify_challenges(const Verification *v, Challenges *c) {
  range_transcript(&c->transcript, v->statement);
  u32 good = range_challenge_bits(&c->transcript, v->proof + 32 * PROOF_A, c->y, c->z);
  sc product;
  sc_copy(product, c->y);
  for (u32 i = 0; i < v->shape.rounds; i++) {
    good &= range_challenge_round(&c->transcript, v->proof + 32 * (PROOF_ROUNDS + 2 * i), c->rounds[i]);
    sc_copy(c->inverses[i], product);
    sc_montgomery(product, product, c->rounds[i]);
  }
  good &= range_challenge_end(&c->transcript, v->proof, c->e);
  sc_invert(c->inverse, product);
  for (u32 i = v->shape.rounds; i-- > 0;) {
    sc_montgomery(c->inverses[i], c->inverses[i], c->inverse);
    sc_montgomery(c->inverse, c->inverse, c->rounds[i]);
  }
  return good;
}

/* The scalar of a variable point, entered on its way in. */
static void verify_put(const Verification *v, u32 i, const u32 *entered) {
  if (!table_teeth(v->table)) {
    sc_leave(v->scalars + 8 * i, entered);
    return;
  }
  sc plain;
  sc_leave(plain, entered);
  sum_digits(v->digits + DIGIT_WORDS * i, plain, VERIFY_WIDTH);
}

/* All signs are turned, so that B has the scalar 1: e^2 z^(2(j+1)) y^(N+1) of V_j, e^2 of A, e of A1, e^2 e_j^2 and
 * e^2 e_j^-2 of L_j and R_j. */
APART static void verify_variable(const Verification *v, const Challenges *c, const u32 *square, const u32 *lift) {
  const u32 lanes = v->statement->lanes;
  sc t;
  sc_montgomery(t, square, lift);
  for (u32 lane = 0; lane < lanes; lane++) {
    sc_montgomery(t, t, c->z);
    sc_montgomery(t, t, c->z);
    verify_put(v, lane, t);
  }
  verify_put(v, lanes, square);
  verify_put(v, lanes + 1, c->e);
  verify_put(v, lanes + 2, sc_one_entered);
  for (u32 i = 0; i < v->shape.rounds; i++)
    for (u32 side = 0; side < 2; side++) {
      const u32 *round = side ? c->inverses[i] : c->rounds[i];
      sc_montgomery(t, square, round);
      sc_montgomery(t, t, round);
      verify_put(v, lanes + 3 + 2 * i + side, t);
    }
}

/* s_i in the places of G_i: the product of e_j or its inverse by the bits of i, highest first. */
static void verify_folded(const Verification *v, const Challenges *c, u32 *folded) {
  sc square;
  sc_copy(folded, sc_one_entered);
  for (u32 i = 0; i < v->shape.rounds; i++) sc_montgomery(folded, folded, c->inverses[i]);
  for (u32 i = 0; i < v->shape.rounds; i++) {
    const u32 *round = c->rounds[v->shape.rounds - 1 - i];
    sc_montgomery(square, round, round);
    for (u32 j = 0; j < 1u << i; j++) sc_montgomery(folded + 8 * (j + (1 << i)), folded + 8 * j, square);
  }
}

/* -G_i: e r1 y^-i s_i + e^2 z. -H_i: e s1 s_(N-1-i) - e^2 (d_i y^(N-i) + z), d_i = z^(2(j+1)) 2^i. Leaves in `constant`
 * y^(N+1) z * sum of d + (z^2 - z) * sum of y^i for i = 1 to N, and in `lift` y^(N+1). */
APART static void verify_fixed(const Verification *v, const Challenges *c, const u32 *square, u32 *constant, u32 *lift) {
  const u32 size = v->shape.size, bits = v->statement->bits;
  u32 *G = v->scalars + 8 * (table_teeth(v->table) ? 0 : v->variable), *H = G + 8 * size;
  sc left, right, weight, sum = {0}, weights = {0}, t, power, lane, plain;
  verify_folded(v, c, G);
  /* Plain times entered is plain. */
  sc_decode(t, v->proof + 32 * PROOF_S1);
  sc_montgomery(right, c->e, t);
  sc_decode(t, v->proof + 32 * PROOF_R1);
  sc_montgomery(left, c->e, t);
  for (u32 i = 0; i < size; i++) sc_montgomery(H + 8 * i, right, G + 8 * (size - 1 - i));
  sc_squares(power, c->y, v->shape.rounds);
  sc_montgomery(lift, power, c->y);
  sc_leave(plain, square);
  sc_montgomery(right, plain, c->z);
  sc_copy(lane, sc_one_entered);
  for (u32 i = 0; i < size; i++) {
    if (i % bits == 0) {
      sc_montgomery(lane, lane, c->z);
      sc_montgomery(lane, lane, c->z);
      sc_copy(weight, lane);
    } else sc_add(weight, weight, weight);
    u32 *forG = G + 8 * i, *forH = H + 8 * i;
    sc_montgomery(forG, left, forG);
    sc_add(forG, forG, right);
    sc_montgomery(left, left, c->inverse);
    sc_montgomery(t, weight, power);
    sc_add(t, t, c->z);
    sc_montgomery(t, t, plain);
    sc_subtract(forH, t, forH);
    sc_negate(forG, forG);
    sc_add(sum, sum, power);
    sc_add(weights, weights, weight);
    sc_montgomery(power, power, c->inverse);
  }
  sc_montgomery(constant, lift, c->z);
  sc_montgomery(constant, constant, weights);
  sc_montgomery(t, c->z, c->z);
  sc_subtract(t, t, c->z);
  sc_add_product(constant, t, sum);
}

/* Of minus the value base: r1 y s1 + e^2 * constant; of minus the blind base: d1. */
static void verify_bases(const Verification *v, const Challenges *c, const u32 *square, const u32 *constant) {
  u32 *value = v->scalars + 8 * ((table_teeth(v->table) ? 0 : v->variable) + 2 * v->shape.size), *blind = value + 8;
  sc r1, s1;
  sc_decode(r1, v->proof + 32 * PROOF_R1);
  sc_decode(s1, v->proof + 32 * PROOF_S1);
  sc_enter(r1, r1);
  sc_montgomery(r1, r1, c->y);
  sc_montgomery(value, r1, s1);
  sc_montgomery(r1, square, constant);
  sc_leave(r1, r1);
  sc_add(value, value, r1);
  sc_negate(value, value);
  sc_decode(blind, v->proof + 32 * PROOF_D1);
  sc_negate(blind, blind);
}

APART static void verify_generators(const Verification *v) {
  u8 *generators = v->state->generators;
  const u32 size = v->shape.size;
  for (u32 i = 0; i < 2 * size; i++) generators[i] = range_generator(v->statement, v->table, i >= size, i % size);
  generators[2 * size] = VALUE_BASE;
  generators[2 * size + 1] = BLIND_BASE;
}

APART static int verify_scalars(const Verification *v) {
  Challenges *c = &v->state->challenges;
  sc square, constant, lift;
  if (!verify_challenges(v, c)) return FAULT_PROOF;
  sc_montgomery(square, c->e, c->e);
  verify_fixed(v, c, square, constant, lift);
  verify_bases(v, c, square, constant);
  verify_variable(v, c, square, lift);
  verify_generators(v);
  return 0;
}

static int verify_sum(const Verification *v, i32 *left) {
  Verifier *state = v->state;
  const Combs combs = {v->table, state->generators, v->scalars, v->fixed, 0};
  const Terms terms = {
      v->digits, v->multiples, v->chunk, VERIFY_WIDTH, 0, table_teeth(v->table) ? &combs : 0};
  Chunks chunks = {terms, v->scalars, v->variable + v->fixed, verify_point, v};
  const int fault = terms.combs ? sum_combs(&state->sum, &terms, left) : sum_chunks(&state->sum, &chunks, left);
  if (fault) return fault;
  return ristretto_is_identity(&state->sum.sum) ? 0 : FAULT_PROOF;
}

static int verify_step(const Verification *v, i32 *left) {
  Verifier *state = v->state;
  int fault = 0;
  switch (state->stage) {
    case VERIFY_PARSE:
      memset(state, 0, sizeof *state);
      fault = verify_parse(v);
      state->stage++;
      break;
    case VERIFY_POINTS:
      if (table_teeth(v->table)) {
        fault = verify_multiples(v, state->step++);
        *left -= COST_DECODE;
      } else state->step = v->variable;
      if (state->step == v->variable) state->stage++;
      break;
    case VERIFY_SCALARS:
      fault = verify_scalars(v);
      *left -= COST_VERIFY_SCALARS;
      state->stage++;
      break;
    default: return verify_sum(v, left);
  }
  return fault ? fault : MORE;
}

int range_verify(const u8 *proof, const RangeStatement *statement, const Table *table, u8 *scratch, i32 *left) {
  Verification v;
  const u32 length = verification_open(&v, proof, statement, table, scratch);
  if (!length) return FAULT_TIER;
  int result;
  do result = verify_step(&v, left);
  while (result == MORE && *left > 0);
  if (result != MORE) wipe(scratch, length);
  return result;
}
