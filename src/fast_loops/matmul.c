/* matmul for float32 and float64. The buffers belong to the call, so two
   threads (NumPy releases Python's lock) do not disturb each other. */
#include "vectors.h"

#include <stddef.h>

/* The allocator, of which the page's Python has one; nothing else of the C
   library is used. The tests put others in its place. */
#ifdef __wasm__
#define IMPORTED(name) \
  __attribute__((import_module("env"), import_name(#name)))
#else
#define IMPORTED(name)
#endif
#ifndef ALLOCATE
IMPORTED(malloc) extern void *malloc(size_t);
IMPORTED(free) extern void free(void *);
#define ALLOCATE malloc
#define RELEASE free
#endif

#define ROWS 4
/* Blocks of b: 384 x 256, of a: 128 x 384; the larger caches hold both. */
#define BLOCK_ROWS 128
#define BLOCK_COLUMNS 256
#define BLOCK_DEPTH 384
/* Small products do without the allocator. STACK_DEPTH rows of the smallest
   blocks must fit: 64 x (4 + 8) floats, 64 x (4 + 4) doubles. */
#define STACK_BYTES 8192
#define STACK_DEPTH 64

/* A square of numbers from rows `step` apart to rows `to_step` apart: what were
   rows become columns. */
INLINE void f32_transpose(const float *from, intptr_t step, float *to,
                          intptr_t to_step) {
  f32x4 a = f32_load(from), b = f32_load(from + step);
  f32x4 c = f32_load(from + 2 * step), d = f32_load(from + 3 * step);
#define PICK(x, y, ...) __builtin_shufflevector(x, y, __VA_ARGS__)
  f32x4 ab_low = PICK(a, b, 0, 4, 1, 5), ab_high = PICK(a, b, 2, 6, 3, 7);
  f32x4 cd_low = PICK(c, d, 0, 4, 1, 5), cd_high = PICK(c, d, 2, 6, 3, 7);
  f32_store(to, PICK(ab_low, cd_low, 0, 1, 4, 5));
  f32_store(to + to_step, PICK(ab_low, cd_low, 2, 3, 6, 7));
  f32_store(to + 2 * to_step, PICK(ab_high, cd_high, 0, 1, 4, 5));
  f32_store(to + 3 * to_step, PICK(ab_high, cd_high, 2, 3, 6, 7));
#undef PICK
}

INLINE void f64_transpose(const double *from, intptr_t step, double *to,
                          intptr_t to_step) {
  f64x2 a = f64_load(from), b = f64_load(from + step);
  f64_store(to, __builtin_shufflevector(a, b, 0, 2));
  f64_store(to + to_step, __builtin_shufflevector(a, b, 1, 3));
}

#define ELEMENT float
#define VECTOR f32x4
#define LANES 4
#define NAME(name) f32_##name
#define LOAD f32_load
#define STORE f32_store
#define SPLAT f32_splat
#define FMA f32_fma
#define TRANSPOSE f32_transpose
#include "gemm.inc"
#undef ELEMENT
#undef VECTOR
#undef LANES
#undef NAME
#undef LOAD
#undef STORE
#undef SPLAT
#undef FMA
#undef TRANSPOSE

#define ELEMENT double
#define VECTOR f64x2
#define LANES 2
#define NAME(name) f64_##name
#define LOAD f64_load
#define STORE f64_store
#define SPLAT f64_splat
#define FMA f64_fma
#define TRANSPOSE f64_transpose
#include "gemm.inc"
