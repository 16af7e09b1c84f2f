/* Rules for labels as read: dropping rows by label, mapping labels, computing labels from a rating in an id. */
#ifndef ROWS_LABEL_RULES_H
#define ROWS_LABEL_RULES_H

#include "base/writer.h"

typedef struct label_pair {
    heed_bytes from, to;
} label_pair;

typedef enum label_comparison {
    LABEL_GREATER_EQUAL,
    LABEL_LESS_EQUAL,
    LABEL_EQUAL,
    LABEL_GREATER,
    LABEL_LESS
} label_comparison;

typedef struct label_rules {
    label_pair *map; /* [map_count]; into the strings of the options */
    heed_bytes *drop;
    size_t map_count, drop_count;
    bool others_pass; /* the map has a star: labels that it does not name stay as they are */
    bool keep_blanks;
    bool composes;   /* labels are brought to NFC */
    writer composed; /* those of the rules that were not in it */
    heed_bytes rated; /* the column with the rating; data NULL: labels are read as they are */
    label_comparison comparison;
    int64_t threshold;
} label_rules;

/* Parses the three options; each may be NULL; the strings are borrowed. HEED_USAGE for an invalid one. */
heed_status label_rules_init(label_rules *rules, const heed_rows_options *options, heed_error *error);
void label_rules_release(label_rules *rules);

/* "1" or "0" by the integer after the last underscore of an id, quotes at its end stripped; false if there is none.
 */
bool label_rules_rate(const label_rules *rules, heed_bytes id, heed_bytes *label);
bool label_rules_drop(const label_rules *rules, heed_bytes label);
/* Replaces the label by its value in the map; false if it is not in the map, which has no star. */
bool label_rules_map(const label_rules *rules, heed_bytes *label);

#endif
