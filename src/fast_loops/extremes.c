/* maximum and minimum for float32 and float64.

   NumPy's own loops branch on every element. On numbers of random sign, as
   in a ReLU, the processor guesses wrong half the time; a select has nothing
   to guess. */
#include "vectors.h"

/* As NumPy has it: the first operand when equal, and NaN before numbers. */
#define ONE(a, b) ((a)BEFORE(b) || (a) != (a) ? (a) : (b))
#define LANES_OF(a, b) SELECT(((a)BEFORE(b)) | ((a) != (a)), a, b)

#define ELEMENT float
#define VECTOR f32x4
#define LANES 4
#define LOAD f32_load
#define STORE f32_store
#define SPLAT f32_splat
#define SELECT f32_select

#define NAME(name) f32_maximum_##name
#define LOOP f32_maximum
#define BEFORE >=
#include "extremes.inc"

#define NAME(name) f32_minimum_##name
#define LOOP f32_minimum
#define BEFORE <=
#include "extremes.inc"

#undef ELEMENT
#undef VECTOR
#undef LANES
#undef LOAD
#undef STORE
#undef SPLAT
#undef SELECT
#define ELEMENT double
#define VECTOR f64x2
#define LANES 2
#define LOAD f64_load
#define STORE f64_store
#define SPLAT f64_splat
#define SELECT f64_select

#define NAME(name) f64_maximum_##name
#define LOOP f64_maximum
#define BEFORE >=
#include "extremes.inc"

#define NAME(name) f64_minimum_##name
#define LOOP f64_minimum
#define BEFORE <=
#include "extremes.inc"

#undef ELEMENT
#undef VECTOR
#undef LANES
#undef LOAD
#undef STORE
#undef SPLAT
#undef SELECT
#undef ONE
#undef LANES_OF
