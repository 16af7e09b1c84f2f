/* A canvas that becomes an SVG: rectangles, lines, paths and text with the classes of one style sheet, which has a
 * light and a dark side and colours that colour-blind readers tell apart (Okabe & Ito 2008, "Color universal design").
 *
 * Lengths are in pixels of the view box, y grows downwards. A drawing begins as {0} and ends with drawing_finish, which
 * passes its failure on: nothing that draws has to be asked whether it could. */
#ifndef DRAW_DRAWING_H
#define DRAW_DRAWING_H

#include "base/writer.h"

enum {
    DRAWING_WIDTH = 480, /* what a phone shows at eight tenths, its letters still above ten pixels */
    DRAWING_MARGIN = 16
};

typedef struct drawing {
    writer body;
} drawing;

typedef struct box {
    double x, y, width, height;
} box;

typedef enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END } anchor; /* start is left, in any script */

typedef enum text_kind { TEXT_PLAIN, TEXT_SMALL, TEXT_CELL, TEXT_TITLE, TEXT_KINDS } text_kind;

/* What a picture is called, and what it says to those who cannot see it. */
typedef struct caption {
    const char *title, *description;
} caption;

/* Appends the whole SVG to out, or passes on to it what failed, and releases the drawing. */
void drawing_finish(writer *out, drawing *d, double width, double height, caption words);
/* Memory that drawing needs cannot be had. */
void drawing_fail_memory(drawing *d);

/* Height of a line of text, and its width as estimated. */
double text_height(text_kind kind);
double text_width(text_kind kind, heed_bytes text);
/* A text on its baseline. One that is wider than room (0: none is) is cut in the middle and has all of it as its
 * <title>. */
void drawing_text(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room);
/* The same, turned to be read upwards: (x, y) is where the line's baseline begins, ends or has its middle. */
void drawing_text_upwards(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room);
/* Text of the program's own. */
void drawing_words(drawing *d, double x, double y, text_kind kind, anchor at, const char *words);
/* The title of the picture at its top; returns the bottom of its line. */
double drawing_title(drawing *d, const char *title);

/* classes: of the style sheet, separated by blanks; opacity 0 to 1. */
void drawing_rectangle(drawing *d, const char *classes, box b, double opacity);
void drawing_line(drawing *d, const char *classes, double x1, double y1, double x2, double y2);

/* What is drawn between begin and end has these classes and this tooltip (data NULL: none). */
void drawing_begin(drawing *d, const char *classes, heed_bytes tooltip);
void drawing_end(drawing *d);

/* Begins a group whose lines and marks are told apart from those of other series by colour, dashes and shape together:
 * 28 series look different. tooltip NULL: none. */
void drawing_series_begin(drawing *d, size_t series, const char *tooltip);
/* A polyline; points that are not finite break it, points nearer than a third of a pixel are left out. */
void drawing_polyline(drawing *d, const double *x, const double *y, size_t count);
void drawing_mark(drawing *d, size_t series, double x, double y);

#endif
