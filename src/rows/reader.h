/* Parts of the reader that heed.h does not have. */
#ifndef ROWS_READER_H
#define ROWS_READER_H

#include "base/clock.h"
#include "heed.h"

/* heed_reader_next into a record of the caller's. */
heed_status reader_next(heed_reader *reader, heed_record *out, heed_error *error);
/* The same without waiting: *got is false if the next record is not there yet. */
heed_status reader_poll(heed_reader *reader, bool *got, heed_record *out, heed_error *error);
/* As in heed_reader_info. */
uint64_t reader_progress(const heed_reader *reader, uint64_t *total);
/* Tells the listener of it, several times a second at most. HEED_STOPPED, with this text, if the listener wants that;
 * listener NULL: nobody hears it. */
heed_status reader_tell(const heed_reader *reader, heed_stage stage, const heed_listener *listener, stopwatch *watch,
                        const char *stopped, heed_error *error);
uint64_t reader_skipped(const heed_reader *reader);
/* What the header has over a label column that is named by its number; data NULL if it has no header, or is named. */
heed_bytes reader_label_header(const heed_reader *reader);
/* The column or key that labels are read from, for messages: of the open file, borrowed as long as it is open; data
 * NULL if it has none, or its name is not known. */
heed_bytes reader_label_column(const heed_reader *reader);
/* From now on every bad row is given as a bad record and counted as skipped, however many there are. */
void reader_give_bad_rows(heed_reader *reader);
/* The header of the open file as it is there (in UTF-8), without its end of line; data NULL: it has none. */
heed_bytes reader_header(const heed_reader *reader);
/* The number, from 0, of the path that is read, and the path. */
size_t reader_path_number(const heed_reader *reader);
const char *reader_path(const heed_reader *reader);
/* The file of the last record: that of the path, or the text's own in a folder. */
const char *reader_place(const heed_reader *reader);
/* Whether a file of this name is there, and is one that it reads. */
bool reader_reads(const heed_reader *reader, const char *path);
/* Opens one file as this reader, with the path of this number, reads it: by the same options, as this format. */
heed_status reader_open_like(heed_reader **out, const heed_reader *reader, size_t number, const char *path,
                             heed_format format, heed_error *error);
/* Whether a row may have any number of labels: label_separator is set. */
bool reader_takes_multilabel(const heed_reader *reader);

#endif
