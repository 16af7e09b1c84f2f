/* Labels in any script: how wide they come out, cut to a width, written into XML. */
#ifndef DRAW_LETTERING_H
#define DRAW_LETTERING_H

#include "base/buffer.h"

/* Width of a text in font sizes (em), estimated for the wider of the usual sans-serif fonts: ASCII letters by their
 * shape, full-width characters (Unicode's East Asian Width, by utf8proc) 1, marks and other invisible ones 0. What is
 * not UTF-8 counts as the mark it is replaced by. */
double lettering_width(heed_bytes text);
/* Appends the text where it fits into `room` em, else its beginning and end with "…" between them; characters keep the
 * marks that follow them. Whether it was cut goes to *cut. */
heed_status lettering_fit(buffer *out, heed_bytes text, double room, bool *cut, heed_error *error);
/* Appends the text as XML's character data or attribute value: markup is escaped; tabs and line ends become spaces,
 * control characters, noncharacters that XML refuses and bytes that are not UTF-8 become U+FFFD. */
heed_status lettering_escape(buffer *out, heed_bytes text, heed_error *error);
/* Whether the first letter that has a direction runs from right to left (rules P2 and P3 of Unicode's annex 9). */
bool lettering_is_right_to_left(heed_bytes text);

#endif
