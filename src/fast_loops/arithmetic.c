/* add, subtract, multiply and divide for float32 and float64.

   NumPy in the page is compiled without vector instructions. These loops use
   them, and give the same bits: a vector rounds like its elements, and a sum
   adds up in NumPy's own order. */
#include "vectors.h"

#define ELEMENT float
#define VECTOR f32x4
#define LANES 4
#define TYPED(name) f32_##name
#define LOAD f32_load
#define STORE f32_store
#define SPLAT f32_splat
#include "arithmetic.inc"
#undef ELEMENT
#undef VECTOR
#undef LANES
#undef TYPED
#undef LOAD
#undef STORE
#undef SPLAT

#define ELEMENT double
#define VECTOR f64x2
#define LANES 2
#define TYPED(name) f64_##name
#define LOAD f64_load
#define STORE f64_store
#define SPLAT f64_splat
#include "arithmetic.inc"
#undef ELEMENT
#undef VECTOR
#undef LANES
#undef TYPED
#undef LOAD
#undef STORE
#undef SPLAT
