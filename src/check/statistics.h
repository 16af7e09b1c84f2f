/* Probabilities that differences are due to chance. */
#ifndef CHECK_STATISTICS_H
#define CHECK_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

/* Whether two samples have the same shares of categories: Pearson's chi-squared test over all of them, which finds many
 * small differences, and over each against the rest, which finds one in many categories (Pearson 1900). p is for both,
 * by Bonferroni's inequality. */
typedef struct shares_test {
    double statistic, p;
    unsigned degrees; /* of freedom */
    double distance;  /* the total variation distance of the shares: half the sum of their differences, 0 to 1 */
    size_t most;      /* the category whose shares differ most */
} shares_test;

/* one and other: [count], how many each sample has of each category; both have some. Categories of which a sample is
 * expected to have fewer than 5 are put together (Cochran 1954). */
shares_test shares_compare(const uint64_t *one, const uint64_t *other, size_t count);

/* The probability of a chi-squared variable of so many degrees of freedom to be at least x. */
double chi_squared_tail(double x, unsigned degrees);
/* The probability of a standard normal variable to be at least z. */
double normal_tail(double z);

#endif
