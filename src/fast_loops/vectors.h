/* What all loops share: vectors of 16 bytes, and the form NumPy calls.

   16 bytes is what WebAssembly has. GCC's and clang's vector types compile to
   its instructions in the page and to the processor's own in the tests, so
   both run the same source. */
#ifndef FAST_LOOPS_VECTORS_H
#define FAST_LOOPS_VECTORS_H

#include <stdint.h>

#define EXPORT __attribute__((visibility("default")))
#define INLINE static inline __attribute__((always_inline))

#if defined(__clang__)
#define UNROLL _Pragma("unroll")
#else
#define UNROLL _Pragma("GCC unroll 8")
#endif

typedef float f32x4 __attribute__((vector_size(16)));
typedef double f64x2 __attribute__((vector_size(16)));
typedef int32_t i32x4 __attribute__((vector_size(16)));
typedef uint32_t u32x4 __attribute__((vector_size(16)));
typedef int64_t i64x2 __attribute__((vector_size(16)));

/* An inner loop of a NumPy ufunc: where the operands begin, how often to go
   round (and, for matmul, the sizes of the matrices), and the strides in
   bytes. NumPy's npy_intp is intptr_t, four bytes in the page. */
typedef void numpy_loop(char **args, const intptr_t *dims,
                        const intptr_t *steps, void *data);

/* a * b + c. One rounding where the build may use relaxed SIMD, else two; the
   compiler itself contracts nothing, so that all machines agree to the bit. */
#ifdef __wasm_relaxed_simd__
#define f32_fma(a, b, c) __builtin_wasm_relaxed_madd_f32x4((a), (b), (c))
#define f64_fma(a, b, c) __builtin_wasm_relaxed_madd_f64x2((a), (b), (c))
#else
#define f32_fma(a, b, c) ((c) + (a) * (b))
#define f64_fma(a, b, c) ((c) + (a) * (b))
#endif

/* Written out, this is one load-and-splat instruction. The shorter
   `(f32x4){0} + x` is not: adding 0 would turn -0 into +0, so the compiler
   must keep the addition. */
INLINE f32x4 f32_splat(float x) { return (f32x4){x, x, x, x}; }
INLINE f64x2 f64_splat(double x) { return (f64x2){x, x}; }

/* NumPy promises aligned elements, not aligned vectors. */
#define DEFINE_MEMORY(name, type, vector)                                     \
  INLINE vector name##_load(const void *from) {                               \
    vector v;                                                                 \
    __builtin_memcpy(&v, from, sizeof v);                                     \
    return v;                                                                 \
  }                                                                           \
  INLINE void name##_store(void *to, vector v) {                              \
    __builtin_memcpy(to, &v, sizeof v);                                       \
  }
DEFINE_MEMORY(f32, float, f32x4)
DEFINE_MEMORY(f64, double, f64x2)

/* Both sides of a select are computed, and the one that is thrown away may
   divide by zero. WebAssembly keeps no flags of that; elsewhere they are put
   back as they were, or NumPy would warn of what did not happen. */
#ifdef __wasm__
typedef char float_flags;
INLINE void keep_flags(float_flags *flags) { (void)flags; }
INLINE void restore_flags(const float_flags *flags) { (void)flags; }
#else
#include <fenv.h>
typedef fenv_t float_flags;
INLINE void keep_flags(float_flags *flags) { feholdexcept(flags); }
INLINE void restore_flags(const float_flags *flags) { fesetenv(flags); }
#endif

/* Lane by lane: a where the mask is set, else b. */
INLINE f32x4 f32_select(i32x4 mask, f32x4 a, f32x4 b) {
  return (f32x4)((mask & (i32x4)a) | (~mask & (i32x4)b));
}
INLINE f64x2 f64_select(i64x2 mask, f64x2 a, f64x2 b) {
  return (f64x2)((mask & (i64x2)a) | (~mask & (i64x2)b));
}

/* Whether four elements at a time give what one at a time gives: the output
   must lie in place of the input or apart from it. NumPy copies operands that
   overlap otherwise, save in `accumulate`, whose every element needs the one
   before. */
INLINE int vectors_are_safe(const char *in, intptr_t in_step, const char *out,
                            intptr_t out_step, intptr_t count,
                            intptr_t size) {
  if (in == out && in_step == out_step) return 1;
  intptr_t in_span = in_step * (count - 1), out_span = out_step * (count - 1);
  uintptr_t in_low = (uintptr_t)in + (uintptr_t)(in_span < 0 ? in_span : 0);
  uintptr_t in_high = (uintptr_t)in + (uintptr_t)(in_span < 0 ? 0 : in_span);
  uintptr_t out_low = (uintptr_t)out + (uintptr_t)(out_span < 0 ? out_span : 0);
  uintptr_t out_high =
      (uintptr_t)out + (uintptr_t)(out_span < 0 ? 0 : out_span);
  return in_high + (uintptr_t)size <= out_low ||
         out_high + (uintptr_t)size <= in_low;
}

#endif
