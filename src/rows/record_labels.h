/* The labels of a record, gathered one by one under the rules for labels: one, or with label_separator any number. */
#ifndef ROWS_RECORD_LABELS_H
#define ROWS_RECORD_LABELS_H

#include "rows/record_draft.h"

/* A label as the input has it; its bytes must stay until record_labels_finish. Blanks around one of several go; an
 * empty one is passed over, and so is one of several that came before. It may drop the record; one that the map does
 * not know, that holds the separator, or that is one too many makes the record bad. */
void record_label(record_draft *r, heed_bytes label);
/* The same with all the labels of a cell: the whole of it, or with label_separator its parts. */
void record_label_cell(record_draft *r, heed_bytes cell);
/* The cell, or the label that label_from makes of a cell with a rating, as the rules want it. */
void record_label_by_rules(record_draft *r, heed_bytes cell, heed_bytes rating);
/* Whether labels are read at all: label_column "" says that none is. */
bool record_wants_label(const record_draft *r);
/* Puts what was gathered into the record, which is bad if it has no label and needs one. */
void record_labels_finish(record_draft *r);

#endif
