/* The kernel under AddressSanitizer: whole-message calls with mutated messages, in slices, with a scratch that moves.
 *
 * Usage: fuzz <cases> <rounds> <seed> [deep | control]
 * Addresses of a parameter block have 32 bits, so everything lies in one low mapping. Between two pieces of memory lie 64
 * poisoned bytes: a read or a write outside ends the program. `deep` takes every signature and every digest for right, so
 * that mutants reach what lies behind them. `control` reads one byte beside a piece, and must not return.
 *
 * A file of cases: u32 number of cases; each: operation, bytes of scratch, number of words; each word: its kind, then
 * 0 value | 1 length, bytes (a piece) | 2 length (zeros) | 3 length, bytes (a piece to mutate, and its length) | 4 number of words,
 * words.
 */
#include <sanitizer/asan_interface.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static void *(*const copy)(void *, const void *, size_t) = memcpy;
static int is_deep;

#ifndef __clang__
/* Built in by clang alone. */
static unsigned add_carry(unsigned a, unsigned b, unsigned carry, unsigned *out) {
  unsigned long long sum = (unsigned long long)a + b + carry;
  *out = (unsigned)(sum >> 32);
  return (unsigned)sum;
}
static unsigned subtract_carry(unsigned a, unsigned b, unsigned carry, unsigned *out) {
  unsigned long long difference = (unsigned long long)a - b - carry;
  *out = (unsigned)(difference >> 63);
  return (unsigned)difference;
}
#define __builtin_addc add_carry
#define __builtin_subc subtract_carry
#endif

/* The kernel brings its own, under other names here: the sanitizer watches those of the library. */
#define memcpy kernel_memcpy
#define memset kernel_memset
#include "../../../circuits/kernel/bytes.c"

/* Reads both, as a comparison does. */
static u32 equal_or_deep(const void *a, const void *b, u32 length) { return equal(a, b, length) | (u32)is_deep; }

#include "../../../circuits/kernel/field.word.c"
#include "../../../circuits/kernel/field.c"
#include "../../../circuits/kernel/program.c"
#include "../../../circuits/kernel/scalar.c"
#include "../../../circuits/kernel/group.c"
#include "../../../circuits/kernel/ristretto.c"
#include "../../../circuits/kernel/comb.c"
#include "../../../circuits/kernel/multiply.c"
#include "../../../circuits/kernel/sum.c"
#include "../../../circuits/kernel/sha2.c"
#include "../../../circuits/kernel/keccak.c"
#include "../../../circuits/kernel/transcript.c"
#include "../../../circuits/kernel/chacha.c"
#include "../../../circuits/kernel/x25519.c"
#include "../../../circuits/kernel/signature.c"
#include "../../../circuits/kernel/range.c"
#include "../../../circuits/kernel/range.prove.c"
#include "../../../circuits/kernel/range.verify.c"
#include "../../../circuits/kernel/shape.c"
static u32 verify_or_deep(const u8 *key, const struct pieces *message, const u8 *signature) {
  return is_deep ? signature[63] != 0x55 : ed25519_verify(key, message, signature);
}
static u32 open_or_deep(const struct frame *frame) { return frame_open(frame) | (u32)is_deep; }
#define equal equal_or_deep
#define ed25519_verify verify_or_deep
#define frame_open open_or_deep
#include "../../../circuits/kernel/message.c"
#include "../../../circuits/kernel/list.c"
#include "../../../circuits/kernel/claim.c"
#include "../../../circuits/kernel/naming.c"
#include "../../../circuits/kernel/idle.c"
#include "../../../circuits/kernel/check.c"
#include "../../../circuits/kernel/message.entry.c"
#include "../../../circuits/kernel/link.c"
#include "../../../circuits/kernel/entry.c"
#undef memcpy
#undef memset

enum { ARENA = 8 << 20, REDZONE = 64 };
static u8 *arena;
static u32 top;

static u64 dice_state;
static u32 dice(u32 limit) {
  dice_state = dice_state * 6364136223846793005u + 1442695040888963407u;
  return limit ? (u32)(dice_state >> 33) % limit : 0;
}

static u8 *place(u32 length) {
  u8 *at = arena + top;
  top += ((length + 7) & ~7u) + REDZONE;
  if (top > ARENA) abort();
  __asan_unpoison_memory_region(at, length);
  return at;
}

static void clear(void) {
  __asan_poison_memory_region(arena, top);
  top = REDZONE;
}

struct file {
  const u8 *bytes;
  u32 at;
};

static u32 next(struct file *file) {
  u32 word;
  copy(&word, file->bytes + file->at, 4);
  file->at += 4;
  return word;
}

static u8 scrap[1 << 16];

/* Flips, sets, cuts, doubles and heads that lie; the new length. */
static u32 mutate(u8 *bytes, u32 length, u32 most) {
  static const u8 heads[] = {0x58, 0x59, 0x5a, 0x98, 0x99, 0x9a, 0x9f, 0xf6, 0xf4, 0xf5, 0x40, 0x44, 0x80, 0xff, 0x00, 0x01};
  /* Most pieces stay whole, so that the others are reached. */
  if (dice(3)) return length;
  for (u32 times = 1 + dice(3); times > 0 && length > 0; times--) {
    u32 at = dice(length), count = dice(40);
    switch (dice(6)) {
      case 0: bytes[at] ^= 1 << dice(8); break;
      case 1: bytes[at] = (u8)dice(256); break;
      case 2: bytes[at] = heads[dice(sizeof heads)]; break;
      case 3: length = at; break;
      case 4:
        if (at + count > length || length + count > most) break;
        memmove(bytes + at + count, bytes + at, length - at);
        length += count;
        break;
      default:
        if (at + count > length) break;
        memmove(bytes + at, bytes + at + count, length - at - count);
        length -= count;
    }
  }
  return length;
}

/* Words, and the pieces that they point to. */
static u32 *lay_words(struct file *file, u32 count) {
  u32 *words = (u32 *)place(4 * count);
  for (u32 i = 0; i < count; i++) {
    u32 kind = next(file), value = next(file), length = value;
    if (kind == 0) words[i] = value;
    if (kind == 4) words[i] = (u32)(size_t)lay_words(file, value);
    if (kind == 0 || kind == 4) continue;
    const u8 *source = file->bytes + file->at;
    if (kind != 2) file->at += value;
    if (kind == 3) {
      copy(scrap, source, length);
      length = mutate(scrap, length, sizeof scrap);
      source = scrap;
    }
    u8 *at = place(length);
    if (kind == 2) memset(at, 0, length);
    else copy(at, source, length);
    words[i] = (u32)(size_t)at;
    if (kind == 3) words[++i] = length;
  }
  return words;
}

/* Lays one case out; returns its operation. */
static u32 lay_out(struct file *file, u32 **block, u32 *scratch_bytes) {
  u32 operation = next(file), count;
  *scratch_bytes = next(file);
  count = next(file);
  *block = lay_words(file, count);
  return operation;
}

/* Slices of different lengths; after each the scratch and the block lie elsewhere. */
static int run(u32 operation, u32 *block, u32 scratch_bytes) {
  u8 *scratch[2] = {place(scratch_bytes), place(scratch_bytes)};
  memset(scratch[0], 0xa5, scratch_bytes);
  memset(scratch[0], 0, 4);
  for (u32 slice = 0;; slice++) {
    u8 *now = scratch[slice & 1], *later = scratch[~slice & 1];
    __asan_unpoison_memory_region(now, scratch_bytes);
    int code = kernel(operation, block, now, dice(12));
    if (code != MORE) return code;
    __asan_unpoison_memory_region(later, scratch_bytes);
    copy(later, now, scratch_bytes);
    memset(now, 0x5a, scratch_bytes);
    __asan_poison_memory_region(now, scratch_bytes);
  }
}

int main(int argc, char **argv) {
  if (argc < 4) return 2;
  FILE *stream = fopen(argv[1], "rb");
  if (!stream) return 2;
  u8 *bytes = malloc(1 << 24);
  u32 size = (u32)fread(bytes, 1, 1 << 24, stream), counts[64] = {0};
  fclose(stream);
  dice_state = strtoull(argv[3], 0, 10);
  is_deep = argc > 4 && argv[4][0] == 'd';
  arena = mmap(0, ARENA, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (arena == MAP_FAILED || (size_t)arena >> 32) return 2;
  top = ARENA;
  struct file file = {bytes, 4};
  for (u32 round = 0, rounds = (u32)atoi(argv[2]); round < rounds; round++) {
    u32 *block, scratch_bytes, operation;
    if (file.at >= size) file.at = 4;
    clear();
    operation = lay_out(&file, &block, &scratch_bytes);
    if (argc > 4 && argv[4][0] == 'c') printf("%d", ((volatile u8 *)block)[-1]);
    int code = run(operation, block, scratch_bytes);
    if (code < 0 || code >= (int)(sizeof counts / sizeof *counts)) {
      printf("code %d\n", code);
      free(bytes);
      return 3;
    }
    counts[code]++;
  }
  free(bytes);
  for (int i = 0; i < 64; i++)
    if (counts[i]) printf("%d:%u ", i, counts[i]);
  printf("\n");
  return 0;
}
