/* Files that are not text, known by their first bytes, whatever their name is. */
#ifndef BASE_FILE_KIND_H
#define BASE_FILE_KIND_H

#include "heed.h"

/* What was expected in place of such a file. */
typedef enum file_use { FILE_OF_ROWS, FILE_OF_VECTORS, FILE_OF_MODEL, FILE_OF_ENCODER } file_use;

typedef struct file_kind file_kind;

/* The kind of a file that begins with these bytes; NULL: it may be text. */
const file_kind *file_kind_of(heed_bytes begin);
/* Whether more bytes could make it a kind, or another one: a pipe may give few at a time. */
bool file_kind_is_open(heed_bytes begin);
/* HEED_BAD_DATA, with what was found, what was expected, and the command that converts it. */
heed_status file_kind_refuse(const file_kind *kind, const char *name, file_use use, heed_error *error);

#endif
