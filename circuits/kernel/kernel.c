/* The whole kernel as one translation unit, so that the compiler sees what is used once. The entry comes first: see link/kernel.ld. */
#include "kernel.h"
#include "bytes.c"
#ifdef __wasm__
#include "field.wasm.c"
#else
#include "field.word.c"
#endif
#include "field.c"
#include "program.c"
#include "scalar.c"
#if KERNEL_SMALL
SIZE_BEGIN
#endif
#include "group.c"
#include "comb.c"
#include "multiply.c"
#include "sum.c"
#include "sha2.c"
#include "keccak.c"

/* What follows calls the above and takes no time itself: on boards its size alone counts. 1.2 kB less, and nothing slower;
 * scalar.c in here would cost 4 % of a proof. */
#if !KERNEL_SMALL
SIZE_BEGIN
#endif
#include "ristretto.c"
#include "transcript.c"
#include "chacha.c"
#include "x25519.c"
#include "signature.c"
#include "range.c"
#include "range.prove.c"
#include "range.verify.c"
#include "shape.c"
#include "message.c"
#include "list.c"
#include "claim.c"
#include "naming.c"
#include "idle.c"
#include "check.c"
#include "message.entry.c"
#include "link.c"
#include "entry.c"
SIZE_END
