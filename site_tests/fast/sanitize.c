/* The loops on operands that lie in memory of exactly their size, compiled
   with the address and undefined-behavior sanitizers: a read or write outside
   ends the program. test_sanitizers.py builds and runs it. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef NO_MEMORY /* the way without the allocator */
#define ALLOCATE(size) (0)
#define RELEASE(at) ((void)(at))
#endif
#include "matmul.c"
#undef ELEMENT
#undef VECTOR
#undef LANES
#undef LOAD
#undef STORE
#undef SPLAT
#undef NAME
#include "extremes.c"
#include "arithmetic.c"
#include "unary.c"
#include "pooling.c"

static unsigned long long state = 88172645463325252ull;
static unsigned any(unsigned limit) { /* xorshift64, Marsaglia 2003 */
  state ^= state << 13;
  state ^= state >> 7;
  state ^= state << 17;
  return (unsigned)(state >> 33) % limit;
}

/* rows x columns in one of five layouts, in a block without a byte to spare. */
typedef struct {
  char *block, *at;
  intptr_t row, column;
} operand;

static operand make(intptr_t rows, intptr_t columns, intptr_t size) {
  intptr_t gap = any(3) == 0 ? 2 : 1;
  operand x = {0, 0, columns * gap * size, gap * size};
  switch (any(4)) {
    case 0: x.row = gap * size, x.column = rows * gap * size; break;
    case 1: x.column = -x.column; break;
    case 2: x.row = -x.row; break;
  }
  intptr_t down = x.row * (rows - 1), right = x.column * (columns - 1);
  intptr_t low = (down < 0 ? down : 0) + (right < 0 ? right : 0);
  intptr_t high = (down > 0 ? down : 0) + (right > 0 ? right : 0);
  size_t bytes = (size_t)(high - low + size);
  x.block = malloc(bytes);
  x.at = x.block - low;
  for (size_t i = 0; i < bytes / (size_t)size; i++) {
    double value = (any(2001) - 1000.) / 500;
    if (size == 4)
      ((float *)x.block)[i] = (float)value;
    else
      ((double *)x.block)[i] = value;
  }
  return x;
}

static double get(operand x, intptr_t i, intptr_t j, intptr_t size) {
  char *at = x.at + i * x.row + j * x.column;
  return size == 4 ? *(float *)at : *(double *)at;
}

static void check(int holds, const char *what) {
  if (holds) return;
  printf("wrong: %s\n", what);
  exit(1);
}

static intptr_t length(void) {
  static const intptr_t deep[] = {383, 385, 500};
  return any(12) == 0 ? deep[any(3)] : 1 + (intptr_t)any(40);
}

static void product(intptr_t size) {
  intptr_t m = length(), k = length(), n = length();
  operand a = make(m, k, size), b = make(k, n, size), c = make(m, n, size);
  char *args[] = {a.at, b.at, c.at};
  intptr_t dims[] = {1, m, k, n};
  intptr_t steps[] = {0, 0, 0, a.row, a.column, b.row, b.column, c.row,
                      c.column};
  (size == 4 ? f32_matmul : f64_matmul)(args, dims, steps, 0);
  for (int tries = 0; tries < 20; tries++) {
    intptr_t i = any((unsigned)m), j = any((unsigned)n);
    double sum = 0, bound = 0;
    for (intptr_t p = 0; p < k; p++) {
      double term = get(a, i, p, size) * get(b, p, j, size);
      sum += term;
      bound += fabs(term);
    }
    check(fabs(get(c, i, j, size) - sum) <= 1e-4 * bound + 1e-6, "matmul");
  }
  free(a.block), free(b.block), free(c.block);
}

static void line(intptr_t size) {
  static numpy_loop *const two[] = {f32_maximum, f32_minimum, f64_maximum,
                                    f64_minimum};
  static numpy_loop *const one[] = {f32_exp, f32_tanh, f32_log, f32_sqrt};
  intptr_t n = length();
  operand a = make(1, n, size), b = make(1, n, size), c = make(1, n, size);
  intptr_t which = any(4);
  if (any(4) == 0) b.column = 0;
  if (any(8) == 0) a.column = 0;
  char *args[] = {a.at, b.at, c.at};
  intptr_t steps[] = {a.column, b.column, c.column};
  int minimum = which & 1;
  two[(size == 8 ? 2 : 0) + minimum](args, &n, steps, 0);
  for (intptr_t i = 0; i < n; i++) {
    double left = get(a, 0, i, size), right = get(b, 0, i, size);
    double wanted = (left >= right) == !minimum ? left : right;
    check(get(c, 0, i, size) == wanted, "maximum or minimum");
  }
  if (size == 4) {
    static numpy_loop *const four[] = {f32_add, f32_subtract, f32_multiply,
                                       f32_divide};
    four[which](args, &n, steps, 0);
    for (intptr_t i = 0; i < n; i++) {
      double l = get(a, 0, i, 4), r = get(b, 0, i, 4), got = get(c, 0, i, 4);
      float results[] = {l + r, l - r, l * r, l / r}, right = results[which];
      check(got == right || (isnan(got) && isnan(right)), "arithmetic");
    }
    char *sum[] = {c.at, a.at, c.at};
    intptr_t sum_steps[] = {0, a.column, 0};
    f32_add(sum, &n, sum_steps, 0);
    char *in_out[] = {a.at, c.at};
    intptr_t in_out_steps[] = {a.column, c.column};
    one[which](in_out, &n, in_out_steps, 0);
    double x = get(a, 0, n - 1, 4), y = get(c, 0, n - 1, 4);
    double wanted[] = {exp(x), tanh(x), log(x), sqrt(x)};
    check(isnan(wanted[which]) ? isnan(y) : y == wanted[which] ||
              fabs(y - wanted[which]) < 2e-6 * (1 + fabs(y)), "a function");
  }
  free(a.block), free(b.block), free(c.block);
}

static void pool(void) {
  intptr_t count = 1 + any(3), height = any(12), width = 8 + any(20);
  intptr_t pixels = count * height * width;
  intptr_t windows = count * (height / 2) * (width / 2);
  float *pixel = malloc((size_t)pixels * 4), *back = calloc((size_t)pixels, 4);
  float *best = malloc((size_t)windows * 4), *one = malloc((size_t)windows * 4);
  for (intptr_t i = 0; i < windows; i++) one[i] = 1;
  for (intptr_t i = 0; i < pixels; i++) pixel[i] = (float)any(9) - 4;
  f32_max_pool(count, height, width, pixel, best);
  f32_max_pool_backward(count, height, width, pixel, best, one, back);
  double sum = 0, wanted = 0;
  for (intptr_t i = 0; i < pixels; i++) sum += back[i] * pixel[i];
  for (intptr_t i = 0; i < windows; i++) wanted += best[i];
  check(fabs(sum - wanted) < 1e-9 * (1 + fabs(wanted)), "max pooling");
  free(pixel), free(back), free(best), free(one);
}

int main(void) {
  float bits[] = {NAN, INFINITY, -INFINITY, 3e38f, -3e38f, 1e-45f, -0.f, 0.f};
  float out[8];
  char *args[] = {(char *)bits, (char *)out};
  intptr_t eight = 8, steps[] = {4, 4};
  f32_exp(args, &eight, steps, 0), f32_tanh(args, &eight, steps, 0);
  f32_log(args, &eight, steps, 0), f32_sqrt(args, &eight, steps, 0);
  for (int i = 0; i < 1500; i++) {
    product(i % 2 ? 4 : 8);
    line(i % 2 ? 4 : 8);
    pool();
  }
  puts("clean");
  return 0;
}
