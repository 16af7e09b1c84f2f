/* A canvas that becomes an SVG: rectangles, lines, paths and text with the classes of one style sheet, which has a light
 * and a dark side and colours that colour-blind readers tell apart (Okabe & Ito 2008, "Color universal design").
 *
 * Lengths are in pixels of the view box, y grows downwards. What goes wrong is kept: after a failure nothing more is
 * drawn, and drawing_finish says what it was. */
#ifndef DRAW_DRAWING_H
#define DRAW_DRAWING_H

#include "base/buffer.h"

enum { DRAWING_WIDTH = 480 }; /* what a phone shows at eight tenths, its letters still above ten pixels */

typedef struct drawing {
    buffer body;
    buffer scratch; /* of one text */
    heed_status status;
    heed_error *error;
} drawing;

typedef struct box {
    double x, y, width, height;
} box;

typedef enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } anchor; /* start is left, in any script */

typedef enum text_kind { TEXT_PLAIN, TEXT_SMALL, TEXT_CELL, TEXT_TITLE, TEXT_KINDS } text_kind;

void drawing_init(drawing *d, heed_error *error);
void drawing_release(drawing *d);
/* The whole SVG, appended to out. title names the picture, description says it to those who cannot see it. */
heed_status drawing_finish(buffer *out, drawing *d, double width, double height, const char *title,
                           const char *description);

/* Height of a line of text, and its width as estimated. */
double text_height(text_kind kind);
double text_width(text_kind kind, heed_bytes text);
/* A text on its baseline, cut in the middle where it is wider than room (0: never), then with the whole of it as its
 * <title>. */
void drawing_text(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room);
/* The same, turned to be read upwards: (x, y) is where the line's baseline begins, ends or has its middle. */
void drawing_text_upwards(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room);
/* Text of the program's own. */
void drawing_words(drawing *d, double x, double y, text_kind kind, anchor at, const char *words);

/* classes: of the style sheet, separated by blanks; opacity 0 to 1. */
void drawing_rectangle(drawing *d, const char *classes, box b, double opacity);
void drawing_line(drawing *d, const char *classes, double x1, double y1, double x2, double y2);

/* What stands between begin and end is told by a tooltip (NULL: none) and has these classes. */
void drawing_begin(drawing *d, const char *classes, const char *tooltip, size_t tooltip_size);
void drawing_end(drawing *d);

/* Series are told apart by colour, dashes and marks together: 28 of them before two look alike. */
void drawing_series_begin(drawing *d, size_t series, const char *tooltip);
/* A polyline; points that are not finite break it, points nearer than a third of a pixel are left out. */
void drawing_polyline(drawing *d, const double *x, const double *y, size_t count);
void drawing_mark(drawing *d, size_t series, double x, double y);

heed_bytes words_of(const char *text);

#endif
