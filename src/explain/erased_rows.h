/* Rows of ids whose words were erased in an order: without the top 10, 20 and 50% of the words, and with only those. */
#ifndef EXPLAIN_ERASED_ROWS_H
#define EXPLAIN_ERASED_ROWS_H

#include "base/random.h"
#include "explain/token_map.h"
#include "network/batch.h"

enum { ERASED_SHARES = 3, ERASED_VARIANTS = 2 * ERASED_SHARES };

/* A word's place in an order: highest score first, equal ones by their tie. */
typedef struct ranked_word {
    double score;
    uint32_t tie, word;
} ranked_word;

typedef struct erased_rows {
    const token_map *text;
    const token_map_word *words; /* [word_count]: those of the text that have tokens */
    size_t word_count;
    heed_erase erase;
    batch_row *rows; /* [orders][ERASED_VARIANTS]: without the top words of each share, then with only them */
    uint32_t *ids;   /* [orders][ERASED_VARIANTS][tokens]: the rows' */
    ranked_word *ranked;
    uint32_t *ties;
    bool *marked; /* [tokens] */
} erased_rows;

/* Text and words are borrowed. false: no memory. Release it in any case. */
bool erased_rows_init(erased_rows *e, const token_map *text, const token_map_word *words, size_t word_count,
                      size_t orders, heed_erase erase);
void erased_rows_release(erased_rows *e);
/* Writes the rows of an order: words by score, highest first, and equal ones as the key shuffles them; all of them if
 * scores is NULL. */
void erased_rows_write(erased_rows *e, size_t order, const double *scores, random_key key);

#endif
