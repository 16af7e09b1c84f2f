/* The type of the network's numbers. The sources of the layers and kernels_plain.c compile for float and, with
 * HEED_DOUBLE, for double, where the tests check gradients by finite differences. */
#ifndef MATH_REAL_H
#define MATH_REAL_H

#ifdef HEED_DOUBLE
typedef double real;
#else
typedef float real;
#endif

#endif
