/* The labels of all rows, one by one, and how many rows of each part have them. */
#ifndef CHECK_LABEL_TABLE_H
#define CHECK_LABEL_TABLE_H

#include "base/intern.h"

typedef struct label_table {
    intern names;        /* in the order of the rows */
    char **texts;        /* [names] */
    uint64_t (*rows)[3]; /* [names]: of each part */
    size_t *first;       /* [sets + 1]: labels of a set are of_set[first[set]] ... */
    uint32_t *of_set;
} label_table;

/* Of these sets: words of their labels, each with a NUL after it. No rows have them yet. Release it in any case. */
heed_status label_table_init(label_table *out, const intern *sets, heed_error *error);
/* A row of a part has the labels of a set; UINT32_MAX: it has none. */
void label_table_count(label_table *t, uint32_t set, unsigned part);
void label_table_release(label_table *t);
/* The only label of a set; UINT32_MAX: it has none, or several, or there is no set. */
uint32_t label_table_only(const label_table *t, uint32_t set);

#endif
