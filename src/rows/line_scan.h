/* Scanning lines: plain ones, and fastText's lines, which have labels among their words. */
#ifndef ROWS_LINE_SCAN_H
#define ROWS_LINE_SCAN_H

#include "heed.h"

/* What ends the lines of these bytes: a carriage return if there is one and no line feed at all, else a line feed,
 * which a carriage return may precede. */
char text_line_end(const char *data, size_t size);
/* Finds the first line: its bytes without its end, and where the next begins. False if the data end inside it. end:
 * what text_line_end says. at_end: a last line without an end counts, an empty one does not. */
bool text_line_find(heed_bytes *line, size_t *next, const char *data, size_t size, bool at_end, char end);

/* The line end from `end` to `next`, where the next line begins: "\n", "\r\n", "\r", or "" if there is none. */
const char *text_line_end_name(const char *end, const char *next);

/* Whether it has only spaces and tabs. */
bool text_line_is_blank(heed_bytes line);

/* Takes the first __label__NAME off the rest of a fastText line, wherever it is, as fastText does: every word that
 * begins so is a label. before: the text in front of it; the blanks around the label belong to neither. False if there
 * is no label, and then nothing changes. */
bool fasttext_take_label(heed_bytes *before, heed_bytes *label, heed_bytes *rest);

#endif
