/* Labels in any script: how wide they come out, cut to a width, written into XML. */
#ifndef DRAW_LETTERING_H
#define DRAW_LETTERING_H

#include "base/writer.h"

/* Width of a text in font sizes (em), estimated for the wider of the usual sans-serif fonts: ASCII letters by their
 * shape, full-width characters (Unicode's East Asian Width, by utf8proc) 1, marks and other invisible ones 0. What is
 * not UTF-8 counts as the mark it is replaced by. */
double lettering_width(heed_bytes text);
/* The text as XML's character data or attribute value, on one line: tabs and line ends become spaces, the rest is as
 * escape_markup has it. */
void lettering_escape(writer *out, heed_bytes text);
/* The same for a text that fits into `room` em; of a wider one its beginning and end with an ellipsis between them,
 * whose characters keep the marks after them. Returns whether it was cut. */
bool lettering_fit(writer *out, heed_bytes text, double room);
/* Whether the first letter that has a direction runs from right to left (rules P2 and P3 of Unicode's annex 9). */
bool lettering_is_right_to_left(heed_bytes text);

#endif
