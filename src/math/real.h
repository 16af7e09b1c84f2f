/* The type of the network's numbers: float, or with HEED_DOUBLE double, in which the tests check gradients by finite
 * differences. */
#ifndef MATH_REAL_H
#define MATH_REAL_H

#ifdef HEED_DOUBLE
typedef double real;
#else
typedef float real;
#endif

#endif
