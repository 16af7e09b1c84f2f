/* Text and weight of a record, checks of its bytes, and its completion; labels are in record_labels.h. */
#ifndef ROWS_RECORD_BUILD_H
#define ROWS_RECORD_BUILD_H

#include "rows/record_labels.h"

/* What to do with a file that is not UTF-8, at the end of a message. */
#define OTHER_ENCODINGS                                                                                                \
    "; other encodings: --encoding windows-1252 or latin-1; else convert it: iconv -f ENCODING -t UTF-8"

/* The record is bad if the bytes are not UTF-8; the message counts from the first of them. */
void record_check_utf8(record_draft *r, heed_bytes bytes);
/* The text, or one more part of it after a space; the bytes must stay until record_finish. */
void record_text(record_draft *r, heed_bytes part);
/* The record is bad if the text so far is longer than RECORD_TEXT. */
void record_check_text(record_draft *r);
void record_weight(record_draft *r, heed_bytes text);
/* Completes the record; returns its outcome. */
record_outcome record_finish(record_draft *r);

#endif
