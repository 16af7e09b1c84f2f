/* Writes rows as they are in the files that they are read from: header, delimiter, quotes, encoding and line ends; of a
 * folder the files of its texts. What is written is read back before it gets its name, so that it holds exactly the
 * rows that were added, for whoever reads it by the same options. */
#ifndef ROWS_ROW_WRITER_H
#define ROWS_ROW_WRITER_H

#include <xxhash.h>

#include "base/file.h"
#include "base/writer.h"
#include "rows/folder_writer.h"

typedef struct row_writer {
    char *path;           /* what is made: FOLDER/NAME and an extension */
    replacement file;     /* it, or */
    folder_writer folder; /* a folder of texts */
    heed_format format;
    writer shape; /* of files of columns: what all files that rows come from have in common; otherwise empty */
    writer raw;   /* a row in its encoding */
    heed_encoding encoding;
    bool encoded;         /* a row beyond ASCII was written, in this encoding */
    const char *line_end; /* of rows that have none */
    size_t number;        /* of the path that the last row came from */
    uint64_t rows;
    uint64_t digest;     /* of the rows */
    XXH3_state_t *state; /* scratch */
} row_writer;

/* Begins the file FOLDER/NAME, with the extension of the reader's first file, or a folder of texts. The reader has
 * opened that file. HEED_USAGE if it would replace a file that the reader reads, or a folder. Release it in any case.
 */
heed_status row_writer_begin(row_writer *out, const char *folder, const char *name, heed_reader *reader,
                             heed_error *error);
/* Adds a record that the reader has just given. HEED_BAD_DATA: it comes from a file with another format, other columns,
 * quotes or encoding than the first. */
heed_status row_writer_add(row_writer *w, heed_reader *reader, const heed_record *record, heed_error *error);
/* Completes it, and reads it back as the reader reads its files. HEED_BAD_DATA if other rows come, as may be where
 * quotes or encoding are found from the bytes of a file: the message says what settles that. */
heed_status row_writer_check(row_writer *w, heed_reader *reader, heed_error *error);
/* Gives it its name. A file of this name is replaced. */
heed_status row_writer_commit(row_writer *w, heed_error *error);
/* Removes what was not committed. */
void row_writer_release(row_writer *w);

#endif
