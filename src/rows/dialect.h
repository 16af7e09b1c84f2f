/* The dialect of a delimited file: how it is found, and how records are read while it is not quite known. A file that
 * can be read ahead is judged by its beginning; a pipe is not waited for, so the choice is made at the first record
 * that reads differently by quoting. Either way it depends on the bytes alone. */
#ifndef ROWS_DIALECT_H
#define ROWS_DIALECT_H

#include "rows/swallow.h"

enum { DIALECT_QUOTINGS = HEED_QUOTING_NONE + 1 };

typedef struct dialect {
    delimited_dialect by[DIALECT_QUOTINGS]; /* by quoting, except HEED_QUOTING_AUTO */
    bool possible[DIALECT_QUOTINGS];        /* quotings that read all records so far alike */
    bool automatic;                         /* the quoting was not given */
    size_t columns;                         /* 0: not known yet */
    swallow swallow;
    delimited_record other; /* a record under another quoting */
    heed_bytes other_field[DELIMITED_COLUMNS];
} dialect;

/* The beginning of a file. */
typedef struct dialect_sample {
    heed_bytes bytes;
    bool at_end;    /* nothing follows them */
    bool no_header; /* the first record is a row */
} dialect_sample;

void dialect_release(dialect *d);
/* Sets the delimiter and the quoting; with HEED_QUOTING_AUTO all are possible. */
void dialect_set(dialect *d, char delimiter, heed_quoting quoting);
/* The quoting that records are read by. */
heed_quoting dialect_quoting(const dialect *d);
/* Chooses the quoting of a file by its beginning: the first of minimal, backslash and none by which all records have as
 * many fields as the first, nothing follows a closing quote, and no quote stays open or swallows rows; else the first
 * of minimal and backslash by which that holds once quotes that swallow rows are ordinary; else minimal. Returns
 * whether there is one. */
bool dialect_choose(dialect *d, delimited_record *r, dialect_sample sample);
/* delimited_parse by the quoting, which may be chosen by this record. If the quoting was not given, a quote that
 * swallows rows is an ordinary character. */
delimited_result dialect_parse(dialect *d, delimited_record *r, const char *data, size_t size, bool at_end);
/* Whether a record that delimited_parse found in these bytes by dialect_quoting is what dialect_parse finds, too.
 * (Minimal and backslash read a record alike that has no backslash.) */
bool dialect_is_sure(const dialect *d, const delimited_record *r, const char *data);
/* The quoting by which the record at data would have so many fields, or HEED_QUOTING_AUTO. */
heed_quoting dialect_fitting(dialect *d, const char *data, size_t size, bool at_end);

/* What may separate fields besides the delimiter of the format, the likeliest first. */
extern const char dialect_delimiters[];
/* How well a delimiter reads the sample's first `most` records: fields of the first one, and the share of the others
 * with as many. False if the bytes end before that. */
bool dialect_try(size_t *columns, double *share, dialect *d, dialect_sample sample, size_t most);

#endif
