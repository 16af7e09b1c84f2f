/* Labels in any script: their width, cutting them to a width, writing them to XML. */
#ifndef DRAW_LETTERING_H
#define DRAW_LETTERING_H

#include "base/writer.h"

/* Width of a text in font sizes (em), estimated for the wider of the usual sans-serif fonts: ASCII letters by their
 * shape, full-width characters (Unicode's East Asian Width, by utf8proc) 1, marks and other invisible ones 0. Bytes
 * that are not UTF-8 count like the mark that replaces them. */
double lettering_width(heed_bytes text);
/* The text as XML's character data or attribute value, on one line: tabs and line ends become spaces, the rest is
 * escaped by escape_markup. */
void lettering_escape(writer *out, heed_bytes text);
/* The same for a text that fits into `room` em; a wider one becomes its beginning and end with an ellipsis between
 * them, and characters keep their combining marks. Returns whether it was cut. */
bool lettering_fit(writer *out, heed_bytes text, double room);
/* Whether the first letter that has a direction runs from right to left (rules P2 and P3 of Unicode's annex 9). */
bool lettering_is_right_to_left(heed_bytes text);

#endif
