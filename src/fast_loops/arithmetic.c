/* add, subtract, multiply and divide for float32.

   NumPy in the page is compiled without vector instructions. These loops use
   them, and give the same bits: a vector rounds like its elements, and a sum
   adds up in NumPy's own order. For float64 a vector is two numbers only, and
   memory is what most of them wait for. */
#include "vectors.h"

#define ELEMENT float
#define VECTOR f32x4
#define LANES 4
#define LOAD f32_load
#define STORE f32_store
#define SPLAT f32_splat
#define OPERATE(a, b) ((a)OPERATOR(b))
#define ONE OPERATE
#define LANES_OF OPERATE

#define NAME(name) f32_add_##name
#define OPERATOR +
#include "pairwise.inc"

/* The sum of many numbers: up to 128 in eight sums side by side, more in two
   halves, so that few additions follow one another. NumPy's own sum does just
   that, one number at a time; eight sums are a few vectors. */
static ELEMENT NAME(up)(const char *from, intptr_t step, intptr_t count) {
  if (count > 128) {
    intptr_t half = count / 2 / 8 * 8;
    return NAME(up)(from, step, half) +
           NAME(up)(from + half * step, step, count - half);
  }
  intptr_t i = 0;
  ELEMENT total = -0.f; /* nothing changes what it is added to, not even -0 */
  if (count >= 8) {
    VECTOR sums[8 / LANES];
    UNROLL for (int k = 0; k < 8 / LANES; k++)
      sums[k] = NAME(gather)(from, step, k * LANES);
    for (i = 8; i + 8 <= count; i += 8)
      UNROLL for (int k = 0; k < 8 / LANES; k++)
        sums[k] += NAME(gather)(from, step, i + k * LANES);
    ELEMENT s[8];
    UNROLL for (int k = 0; k < 8; k++) s[k] = sums[k / LANES][k % LANES];
    total = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
  }
  for (; i < count; i++) total += *NAME(at)(from, step, i);
  return total;
}

EXPORT void f32_add(char **args, const intptr_t *dims, const intptr_t *steps,
                    void *data) {
  (void)data;
  /* np.add.reduce: the output is the first operand, a single number. */
  if (dims[0] > 0 && args[0] == args[2] && steps[0] == 0 && steps[2] == 0) {
    if (steps[1] == sizeof(ELEMENT))
      *(ELEMENT *)args[2] += NAME(up)(args[1], sizeof(ELEMENT), dims[0]);
    else
      *(ELEMENT *)args[2] += NAME(up)(args[1], steps[1], dims[0]);
  } else {
    NAME(pairs)(args, dims[0], steps);
  }
}
#undef NAME
#undef OPERATOR

#define DEFINE_LOOP(name)                                      \
  EXPORT void f32_##name(char **args, const intptr_t *dims,    \
                         const intptr_t *steps, void *data) {  \
    (void)data;                                                \
    f32_##name##_pairs(args, dims[0], steps);                  \
  }

#define NAME(name) f32_subtract_##name
#define OPERATOR -
#include "pairwise.inc"
DEFINE_LOOP(subtract)
#undef NAME
#undef OPERATOR

#define NAME(name) f32_multiply_##name
#define OPERATOR *
#include "pairwise.inc"
DEFINE_LOOP(multiply)
#undef NAME
#undef OPERATOR

#define NAME(name) f32_divide_##name
#define OPERATOR /
#include "pairwise.inc"
DEFINE_LOOP(divide)
#undef NAME
#undef OPERATOR

#undef DEFINE_LOOP
#undef ONE
#undef LANES_OF
#undef OPERATE
#undef ELEMENT
#undef VECTOR
#undef LANES
#undef LOAD
#undef STORE
#undef SPLAT
