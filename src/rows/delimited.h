/* Records of delimited text (CSV, TSV) over a range of bytes, as pandas' C parser reads them. */
#ifndef ROWS_DELIMITED_H
#define ROWS_DELIMITED_H

#include "heed.h"

enum {
    DELIMITED_COLUMNS = 1024,    /* more are counted, not kept */
    DELIMITED_FIELD = 1 << 20,   /* a longer quoted field was never closed */
    DELIMITED_SAMPLE = 256 << 10 /* size of the sample from which quoting is guessed */
};

typedef enum delimited_result {
    DELIMITED_RECORD,
    DELIMITED_MORE,       /* the bytes end inside the record */
    DELIMITED_END,        /* only blank lines */
    DELIMITED_OPEN_QUOTE, /* a quote is not closed by the end, or within DELIMITED_FIELD bytes */
    DELIMITED_NO_MEMORY   /* for the scratch */
} delimited_result;

typedef struct delimited_dialect {
    char delimiter;
    heed_quoting quoting; /* not AUTO */
    bool stop[256];       /* what ends an unquoted field */
} delimited_dialect;

/* One record; positions count from the start of the data given. */
typedef struct delimited_record {
    heed_bytes *field; /* [DELIMITED_COLUMNS], the caller's: into the data or into scratch; NULL: none are kept */
    size_t field_count;
    char *scratch; /* memory for fields that differ from the bytes of the data; at least as long as the data */
    size_t scratch_size, scratch_capacity;
    size_t begin, end;    /* the record without blank lines before it and its end of line */
    size_t next;          /* after its end of line */
    uint64_t blank_lines; /* before it */
    uint64_t lines;       /* line ends within and at its end */
    size_t quote;         /* where the last quoted field began; counts with DELIMITED_OPEN_QUOTE */
    bool quoted;          /* some field is */
    bool trailing;        /* text follows a closing quote */
} delimited_record;

/* Releases the scratch. */
void delimited_record_release(delimited_record *record);

void delimited_dialect_init(delimited_dialect *dialect, char delimiter, heed_quoting quoting);

/* Parses one record. at_end: nothing follows the data. With every result but the last two, `begin` and `blank_lines`
 * are set. A carriage return at the very end of the data ends the record; a line feed that the caller finds after it
 * belongs to it. Record ends: LF, CRLF, CR. Blank lines are skipped. If out->field is NULL, only the record's extent
 * and the number of its fields are found. */
delimited_result delimited_parse(delimited_record *record, const delimited_dialect *dialect, const char *data,
                                 size_t size, bool at_end);

/* Whether these bytes contain a whole record, whatever follows them. */
bool delimited_is_complete(const delimited_dialect *dialect, const char *data, size_t size);

/* Line ends (LF, CRLF, CR) in some bytes. */
uint64_t delimited_line_ends(const char *data, size_t size);

#endif
