/* What a check knows of its rows, and what it finds. */
#ifndef CHECK_CHECK_STATE_H
#define CHECK_CHECK_STATE_H

#include "base/intern.h"
#include "check/findings.h"
#include "check/label_table.h"
#include "check/text_marks.h"
#include "check/text_spool.h"
#include "text/cleaner.h"

enum { PARTS = 3 }; /* training, validation, test: as numbers 0, 1, 2 */

#define NO_LABEL UINT32_MAX

/* A row. */
typedef struct checked {
    heed_checked_row shown; /* its label and file are set at the end */
    uint64_t exact;         /* digest of its text */
    uint64_t at;            /* its text in the spool */
    size_t size;
    uint32_t group;  /* rows of one group are equal once normalised */
    uint32_t label;  /* number of its set of labels; NO_LABEL: it has none */
    uint64_t column; /* digest of its group column; 0: it has none */
    uint32_t file;
    uint32_t words;
    unsigned marks; /* text_marks.h */
    bool open;      /* neither its file nor a split column sets its part */
} checked;

/* Rows by group: of group g rows[first[g]] up to rows[first[g + 1]], in their order. */
typedef struct row_groups {
    uint32_t *rows;
    uint32_t *first; /* [groups + 1] */
} row_groups;

struct heed_check {
    heed_cleaner *cleaner; /* gives the words by which texts are compared */
    text_spool texts;
    checked *rows;
    size_t row_count, row_capacity;
    intern groups;      /* digests of normalised texts; group g is word g */
    uint32_t *sketches; /* [groups][SKETCH] */
    size_t sketch_capacity;
    intern files;      /* names */
    intern label_sets; /* the labels of a row, sorted, each with a NUL after it */
    char **set_names;  /* [label_sets]: at the end, for people */
    char **file_names; /* [files]: likewise */
    writer set_key;    /* scratch */
    uint64_t rows_of[PARTS];
    uint64_t bad;
    heed_error first_bad;
    uint64_t misfits; /* files in another encoding than they should be */
    heed_error first_misfit;
    double validate_last; /* the share of the open rows that validates; 0: none */
    bool several;         /* rows have any number of labels */
    bool finished;
    row_groups by_group;
    label_table labels;
    findings found;
    heed_check_info info;
};

static inline unsigned part_of(const checked *row)
{
    return (unsigned)row->shown.part - HEED_PART_TRAIN;
}
static inline bool row_is_empty(const checked *row)
{
    return (row->marks & TEXT_EMPTY) != 0;
}

#endif
