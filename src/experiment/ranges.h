/* The ranges of heed_tune: options whose value has braces, {LOW..HIGH} or {A,B,C}, and the values drawn from them. */
#ifndef EXPERIMENT_RANGES_H
#define EXPERIMENT_RANGES_H

#include "options/option.h"

typedef enum piece_kind { PIECE_TEXT, PIECE_CHOICE, PIECE_WHOLE, PIECE_REAL } piece_kind;

/* The text between braces, or the contents of one pair. */
typedef struct range_piece {
    piece_kind kind;
    heed_bytes text;    /* as it was written, without the braces */
    size_t choices;     /* PIECE_CHOICE */
    heed_bytes ends[2]; /* PIECE_WHOLE, PIECE_REAL: LOW and HIGH as written, */
    double low, high;   /* and as numbers */
} range_piece;

/* "learning-rate={0.0003..0.01}" */
typedef struct range {
    const option *option;
    const char *role; /* "--range" or "--architecture": the option that text is the value of */
    const char *text; /* borrowed; columns count from its start */
    range_piece *pieces;
    size_t piece_count;
} range;

typedef struct range_list {
    range *items;
    size_t count;
} range_list;

/* The options that ranges change. */
typedef struct trial_options {
    heed_text_options text;
    heed_train_options train;
} trial_options;

/* Parses the ranges and, if it has braces, the architecture. HEED_USAGE names the range and the column. Release the
 * list in any case. */
heed_status ranges_init(range_list *out, const heed_tune_options *options, heed_error *error);
void ranges_release(range_list *ranges);
/* Checks both ends of every range of numbers and every choice as options: HEED_USAGE (HEED_BAD_DATA for a missing file)
 * if one cannot be used. Combinations of ranges are not checked. */
heed_status ranges_check(const range_list *ranges, const trial_options *options, heed_error *error);

/* The values of a trial (from 1), [count] and NULL, in the order of the ranges: a function of seed, trial, range and
 * brace only. Numbers have three significant digits; they are drawn on a logarithmic scale if LOW > 0 and HIGH is at
 * least 10 LOW, else uniformly. NULL: no memory. */
char **ranges_draw(const range_list *ranges, uint64_t seed, uint32_t trial);
void ranges_values_free(char **values);
/* Sets them in the options, which borrow them. */
heed_status ranges_lay(trial_options *out, const range_list *ranges, char **values, heed_error *error);
/* A training of so many epochs; where an encoder learns, and its own epochs are not given, these. */
void trial_set_epochs(trial_options *o, unsigned epochs);
/* Whether this option has a range. */
bool ranges_have(const range_list *ranges, const char *name);
/* Whether a range's values change how texts are read. */
bool range_is_of_text(const range *r);

#endif
