/* An explanation on a terminal: with colours, or only with marks. */
#ifndef EXPLAIN_DRAW_TERMINAL_H
#define EXPLAIN_DRAW_TERMINAL_H

#include "base/writer.h"

/* picture: HEED_PICTURE_TEXT, HEED_PICTURE_COLOURS or HEED_PICTURE_TRUECOLOUR. */
void draw_terminal(writer *w, const heed_explanation_info *info, heed_picture picture);

#endif
