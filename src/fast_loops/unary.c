/* exp, tanh, log and sqrt for float32, four at a time.

   Each function reduces its argument to a short interval and sums a
   polynomial there. The coefficients are those of Cephes' single-precision
   functions (Moshier, "Methods and Programs for Mathematical Functions",
   1989); the results are within 1.5 units in the last place, as the tests
   check, and the special values are NumPy's. */
#include "vectors.h"

/* ln 2 in two parts; n times the first is exact for every n that occurs. */
#define LN2_HIGH 0.693359375f
#define LN2_LOW -2.12194440e-4f
#define LOG2_E 1.44269504088896341f
/* Adding 1.5 * 2^23 leaves no bits for a fraction: it rounds to an integer,
   which then stands in the low bits. */
#define ROUNDER 12582912.f
#define ROUNDER_BITS 0x4B400000u

/* (((c0 x + c1) x + c2) x + ...) */
INLINE f32x4 polynomial(f32x4 x, const float *c, int count) {
  f32x4 sum = f32_splat(c[0]);
  UNROLL for (int i = 1; i < count; i++) sum = f32_fma(sum, x, f32_splat(c[i]));
  return sum;
}

/* 2^n as a float, for n from -126 to 127. */
INLINE f32x4 power_of_two(i32x4 n) {
  return (f32x4)((u32x4)(n + 127) << 23);
}

/* e^x = 2^n e^r with n = round(x / ln 2), so that |r| <= ln(2) / 2. */
INLINE f32x4 exp_lanes(f32x4 x) {
  static const float c[] = {1.9875691500e-4f, 1.3981999507e-3f,
                            8.3334519073e-3f, 4.1665795894e-2f,
                            1.6666665459e-1f, 5.0000001201e-1f};
  /* Beyond these e^x is infinite or 0. */
  f32x4 near = f32_select(x > 89.f, f32_splat(89.f), x);
  near = f32_select(near < -104.f, f32_splat(-104.f), near);
  f32x4 shifted = near * LOG2_E + ROUNDER, n = shifted - ROUNDER;
  f32x4 r = near - n * LN2_HIGH - n * LN2_LOW;
  f32x4 e = f32_fma(polynomial(r, c, 6) * r, r, r) + 1.f;
  /* n reaches -150, below the smallest exponent: two steps get there. */
  i32x4 whole = (i32x4)((u32x4)shifted - ROUNDER_BITS), half = whole >> 1;
  f32x4 result = e * power_of_two(half) * power_of_two(whole - half);
  /* With relaxed SIMD the compiler makes minimum and maximum of the selects
     above, and what those make of NaN is the processor's choice. */
  return f32_select(x != x, x, result);
}

/* Near 0 an odd polynomial; elsewhere (1 - e^-2|x|) / (1 + e^-2|x|), which
   cannot overflow. */
INLINE f32x4 tanh_lanes(f32x4 x) {
  static const float c[] = {-5.70498872745e-3f, 2.06390887954e-2f,
                            -5.37397155531e-2f, 1.33314422036e-1f,
                            -3.33332819422e-1f};
  u32x4 sign = (u32x4)x & 0x80000000u;
  f32x4 size = (f32x4)((u32x4)x & 0x7fffffffu), square = x * x;
  f32x4 e = exp_lanes(size * -2.f), quotient = (1.f - e) / (1.f + e);
  f32x4 near = f32_fma(polynomial(square, c, 5) * square, size, size);
  f32x4 positive = f32_select(size < 0.625f, near, quotient);
  return (f32x4)((u32x4)positive | sign); /* -0 keeps its sign this way */
}

/* log x = e ln 2 + log(1 + m), where x = 2^e (1 + m) and 1 + m lies between
   sqrt(1/2) and sqrt(2). */
INLINE f32x4 log_lanes(f32x4 x) {
  static const float c[] = {7.0376836292e-2f,  -1.1514610310e-1f,
                            1.1676998740e-1f,  -1.2420140846e-1f,
                            1.4249322787e-1f,  -1.6668057665e-1f,
                            2.0000714765e-1f,  -2.4999993993e-1f,
                            3.3333331174e-1f};
  const uint32_t root_half = 0x3f3504f3u, mantissa = 0x007fffffu;
  /* Denormal numbers have no leading bit: give them one. */
  i32x4 tiny = x < 1.17549435e-38f;
  u32x4 bits = (u32x4)f32_select(tiny, x * 8388608.f, x) - root_half;
  f32x4 e = __builtin_convertvector(((i32x4)bits >> 23) - (tiny & 23), f32x4);
  f32x4 m = (f32x4)((bits & mantissa) + root_half) - 1.f, square = m * m;
  f32x4 tail = polynomial(m, c, 9) * m * square + e * LN2_LOW - square * 0.5f;
  f32x4 result = m + tail + e * LN2_HIGH;
  result = f32_select(x == 0.f, f32_splat(-__builtin_inff()), result);
  result = f32_select(x < 0.f, f32_splat(__builtin_nanf("")), result);
  return f32_select((x == __builtin_inff()) | (x != x), x, result);
}

INLINE f32x4 sqrt_lanes(f32x4 x) {
#ifdef __wasm__
  return __builtin_wasm_sqrt_f32x4(x);
#else
  UNROLL for (int i = 0; i < 4; i++) x[i] = __builtin_sqrtf(x[i]);
  return x;
#endif
}

INLINE f32x4 gather(const char *from, intptr_t step, intptr_t count) {
  f32x4 v = f32_splat(1.f); /* lanes beyond the end: 1 troubles none of them */
  for (intptr_t i = 0; i < count; i++) v[i] = *(const float *)(from + i * step);
  return v;
}

INLINE void scatter(f32x4 v, char *to, intptr_t step, intptr_t count) {
  for (intptr_t i = 0; i < count; i++) *(float *)(to + i * step) = v[i];
}

#define DEFINE_LOOP(name, lanes)                                              \
  EXPORT void name(char **args, const intptr_t *dims, const intptr_t *steps,  \
                   void *data) {                                              \
    (void)data;                                                               \
    intptr_t count = dims[0], in_step = steps[0], out_step = steps[1], i = 0; \
    char *in = args[0], *out = args[1];                                       \
    float_flags flags;                                                        \
    keep_flags(&flags);                                                       \
    intptr_t together =                                                       \
        vectors_are_safe(in, in_step, out, out_step, count, 4) ? 4 : 1;       \
    if (together == 4 && in_step == 4 && out_step == 4)                       \
      for (; i + 4 <= count; i += 4, in += 16, out += 16)                     \
        f32_store(out, lanes(f32_load(in)));                                  \
    for (; i < count; i += together) {                                        \
      intptr_t now = count - i < together ? count - i : together;             \
      scatter(lanes(gather(in, in_step, now)), out, out_step, now);           \
      in += now * in_step;                                                    \
      out += now * out_step;                                                  \
    }                                                                         \
    restore_flags(&flags);                                                    \
  }
DEFINE_LOOP(f32_exp, exp_lanes)
DEFINE_LOOP(f32_tanh, tanh_lanes)
DEFINE_LOOP(f32_log, log_lanes)
DEFINE_LOOP(f32_sqrt, sqrt_lanes)
