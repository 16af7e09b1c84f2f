/* All formats, one file each. */
#ifndef ROWS_FORMATS_H
#define ROWS_FORMATS_H

#include "rows/format_class.h"

/* HEED_FORMATS is the table: tsv_format and csv_format (delimited_format.c), jsonl_format, and so on. */
#define FORMAT_DECLARE(name, word, extensions, meaning) extern const format_class word##_format;
HEED_FORMATS(FORMAT_DECLARE)
#undef FORMAT_DECLARE

/* The class of a format, which is not HEED_FORMAT_AUTO. */
const format_class *format_class_of(heed_format format);
/* The format that HEED_FORMAT_AUTO selects for this path. */
heed_format format_of_path(const char *path);
/* The extension of another file of this format: that of the path, without .gz and .zst, if it is one of the format's;
 * else the format's first. "" for a folder. */
heed_bytes format_extension(heed_format format, const char *path);

#endif
