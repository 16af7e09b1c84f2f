/* Groups of rows that are about the same thing, as reviews of one film are, by the rare words that they share: names
 * above all. A split that keeps them whole shows what a model does on films that it has not seen. */
#ifndef DATA_LIKENESS_H
#define DATA_LIKENESS_H

#include "data/corpus.h"

/* The group of each of these rows of the corpus, [count]; free() releases it; NULL: memory.
 *
 * Rare words are those in at least 2 of the N rows and at most in sqrt(N) or a hundredth of them, whichever is more,
 * and never in more than 250. A word in n rows weighs log(N / n) (1 + log times) in a row that has it so many times.
 * Two rows are as alike as the sum over their words of the product of these weights, divided by the root of the product
 * of their lengths: by the sum alone long texts would be alike, by their cosine short ones that share a single word.
 * Each row is tied to the 3 rows that it is most like, if they are alike by at least log(N) / 2; the strongest ties
 * make groups first, which get at most a four-hundredth of the rows (or 5). The corpus's own groups (equal texts) are
 * never divided, and number the groups. A row without such ties stays in the group that it had. with_texts: groups that
 * have the same text (group_set_join_texts) are joined first. */
uint64_t *likeness_groups(const heed_corpus *corpus, const uint32_t *rows, size_t count, bool with_texts);

#endif
