/* Max pooling of 2 by 2 for float32, and the way back.

   No loop of NumPy's slides a window over an image. With NumPy, every window
   is written out and the winners are found place by place; here four windows
   lie side by side in a vector for each of their four pixels. */
#include "vectors.h"

#define PICK __builtin_shufflevector

/* Of the windows whose two pixels of one row begin at `at`: the first and the
   second pixel of each. */
INLINE f32x4 firsts(const float *at) {
  return PICK(f32_load(at), f32_load(at + 4), 0, 2, 4, 6);
}
INLINE f32x4 seconds(const float *at) {
  return PICK(f32_load(at), f32_load(at + 4), 1, 3, 5, 7);
}

/* As NumPy's maximum: the first operand when equal, and NaN before numbers. */
INLINE f32x4 larger(f32x4 a, f32x4 b) {
  return f32_select((a >= b) | (a != a), a, b);
}

/* Where four windows of a row begin. The last four may share some with those
   before: what they give is the same. */
INLINE intptr_t four_from(intptr_t window, intptr_t across) {
  return window > across - 4 ? across - 4 : window;
}

/* `count` images lie one after the other, row by row, at least 8 pixels wide.
   A last odd row or column is under no window. */
EXPORT void f32_max_pool(intptr_t count, intptr_t height, intptr_t width,
                         const float *x, float *largest) {
  intptr_t across = width / 2;
  for (; count > 0; count--, x += height % 2 * width)
    for (intptr_t down = height / 2; down > 0; down--) {
      for (intptr_t j = 0; j < across; j += 4) {
        intptr_t window = four_from(j, across);
        const float *above = x + 2 * window, *below = above + width;
        f32x4 best = larger(firsts(above), seconds(above));
        best = larger(larger(best, firsts(below)), seconds(below));
        f32_store(largest + window, best);
      }
      x += 2 * width;
      largest += across;
    }
}

/* What is left of the gradients goes to the pixels that are the largest. */
INLINE f32x4 take(f32x4 pixels, f32x4 largest, f32x4 *rest) {
  i32x4 wins = (pixels == largest) | (pixels != pixels);
  f32x4 taken = (f32x4)(wins & (i32x4)*rest);
  *rest = (f32x4)(~wins & (i32x4)*rest);
  return taken;
}

/* Each gradient goes to the pixel that won, the first of equals; the others
   under a window get 0. */
EXPORT void f32_max_pool_backward(intptr_t count, intptr_t height,
                                  intptr_t width, const float *x,
                                  const float *largest, const float *grad,
                                  float *grad_x) {
  intptr_t across = width / 2, odd = height % 2 * width;
  for (; count > 0; count--, x += odd, grad_x += odd)
    for (intptr_t down = height / 2; down > 0; down--) {
      for (intptr_t j = 0; j < across; j += 4) {
        intptr_t window = four_from(j, across), pixel = 2 * window;
        f32x4 best = f32_load(largest + window);
        f32x4 rest = f32_load(grad + window) + 0.f; /* 0 + -0 is 0 */
        for (int row = 0; row < 2; row++, pixel += width) {
          f32x4 first = take(firsts(x + pixel), best, &rest);
          f32x4 second = take(seconds(x + pixel), best, &rest);
          f32_store(grad_x + pixel, PICK(first, second, 0, 4, 1, 5));
          f32_store(grad_x + pixel + 4, PICK(first, second, 2, 6, 3, 7));
        }
      }
      x += 2 * width;
      grad_x += 2 * width;
      largest += across;
      grad += across;
    }
}
#undef PICK
