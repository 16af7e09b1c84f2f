/* Collects the labels of a record one by one, by the rules for labels: one, or with label_separator any number. */
#ifndef ROWS_RECORD_LABELS_H
#define ROWS_RECORD_LABELS_H

#include "rows/record_draft.h"

/* A label as the input has it; its bytes must stay until record_labels_finish. Blanks around it are removed, empty
 * labels are skipped, and duplicates of several labels too. A label may drop the record. A label that is not in the
 * map, that contains the separator, or that is one too many makes the record bad. */
void record_label(record_draft *r, heed_bytes label);
/* The same for all labels of a cell: the whole cell, or with label_separator its parts. */
void record_label_cell(record_draft *r, heed_bytes cell);
/* The cell, or, with label_from, the label that it gives for a cell with a rating. */
void record_label_by_rules(record_draft *r, heed_bytes cell, heed_bytes rating);
/* Whether labels are read: label_column "" means that they are not. */
bool record_wants_label(const record_draft *r);
/* Puts the collected labels into the record, which is bad if it has no label and needs one. */
void record_labels_finish(record_draft *r);

#endif
