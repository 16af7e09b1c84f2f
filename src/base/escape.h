/* Text from outside, written so that it can only be taken for text: one function for each kind of output. Where
 * characters matter, bytes that are not UTF-8 are written as a mark, U+FFFD or '?'. */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include "base/writer.h"

/* A JSON string with its quotes. The text is UTF-8. */
void escape_json(writer *w, heed_bytes text);
/* Character data or an attribute value of HTML, XML and SVG: & < > " ' are escaped; control characters, direction
 * overrides, and what XML does not allow become U+FFFD; line ends and tabs stay, CR LF and CR as LF. */
void escape_markup(writer *w, heed_bytes text);
/* For terminals: control characters and direction overrides become '?'; line ends and tabs stay, CR LF and CR as LF. */
void escape_terminal(writer *w, heed_bytes text);
/* The same for a text within a line: line ends and tabs become '?' too. */
void escape_terminal_line(writer *w, heed_bytes text);
/* How many columns of a terminal escape_terminal_line takes. */
size_t escape_columns(heed_bytes text);
/* A field of TSV or CSV, in quotes if it needs them, with quotes doubled. */
void escape_field(writer *w, heed_bytes text, char delimiter);
/* A field of a format without quoting: characters that would end it become spaces. */
void escape_bare_field(writer *w, heed_bytes text, char delimiter);
/* One line stays one line: LF becomes a space. */
void escape_line(writer *w, heed_bytes text);
/* One column stays one column: TAB, CR and LF become spaces. */
void escape_column(writer *w, heed_bytes text);

/* A label in a line of fields: LF, CR, TAB and backslash are written \n \r \t \\, so that the line stays one, the field
 * stays one, and unescape_label gives the label back. */
void escape_label(writer *w, heed_bytes label);
/* The label that escape_label wrote; other backslashes stay as they are. */
void unescape_label(writer *w, heed_bytes text);

/* The width of a character on a terminal: 0 to 2 columns. */
int point_columns(uint32_t point);

#endif
