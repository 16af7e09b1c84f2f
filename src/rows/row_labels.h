/* The labels of a record, gathered one by one under the rules for labels: one, or with label_separator any number. */
#ifndef ROWS_ROW_LABELS_H
#define ROWS_ROW_LABELS_H

#include "rows/row_file.h"

/* Another record begins: it has none. */
void row_labels_clear(row_file *f);
/* Takes a label as it stands in the input, which stays where it is until row_labels_finish. Blanks around one of
 * several go; an empty one is passed over, and so is one of several that came before. ROW_DROPPED for a label that
 * drops its row; ROW_BAD for one that the map does not know, that holds the separator, or that is one too many. */
heed_status row_labels_add(row_file *f, heed_bytes label, row_outcome *outcome, heed_error *error);
/* The same with all the labels of a cell: it alone, or with label_separator its parts. */
heed_status row_labels_split(row_file *f, heed_bytes cell, row_outcome *outcome, heed_error *error);
/* Puts what was gathered into the record; ROW_BAD where it has no label and needs one. */
row_outcome row_labels_finish(row_file *f, heed_record *out, heed_error *error);

#endif
