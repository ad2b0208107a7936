/* The most that one thread can multiply and add, without any memory: twelve
   sums in registers, each of four numbers, none waiting for another. */
#include "vectors.h"

#define SUMS 12

/* Of one round of all twelve. */
EXPORT intptr_t operations(void) { return SUMS * 4 * 2; }

EXPORT float peak(intptr_t rounds) {
  f32x4 sum[SUMS], factor = f32_splat(0.75f), more = f32_splat(0.25f);
  UNROLL for (int i = 0; i < SUMS; i++) sum[i] = f32_splat((float)i);
  for (; rounds > 0; rounds--)
    UNROLL for (int i = 0; i < SUMS; i++)
      sum[i] = f32_fma(sum[i], factor, more);
  float total = 0;
  UNROLL for (int i = 0; i < SUMS; i++) total += sum[i][0];
  return total;
}
