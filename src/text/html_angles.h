/* The markup of HEED_TEXT_RULES_PYTHON, as version 0.1.0 had it: nearly anything in angle brackets is a tag. */
#ifndef TEXT_HTML_ANGLES_H
#define TEXT_HTML_ANGLES_H

#include "heed.h"
#include "text/html_markup.h"

/* The tag, comment or entity at the begin of the text, which is a "<" or a "&". *comments: true for a new text. */
html_markup html_angles_at(heed_bytes text, bool *comments);

#endif
