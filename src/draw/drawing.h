/* A canvas that becomes an SVG: rectangles, lines, paths and text with the classes of one style sheet, which has a
 * light and a dark version and colours that colour-blind readers can distinguish (Okabe & Ito 2008, "Color universal
 * design").
 *
 * Lengths are in pixels of the view box, y grows downwards. A drawing begins as {0} and ends with drawing_finish, which
 * reports its first failure: functions that draw need not be checked. */
#ifndef DRAW_DRAWING_H
#define DRAW_DRAWING_H

#include "base/writer.h"

enum {
    DRAWING_WIDTH = 480, /* shown on a phone at eight tenths of its size, with letters above ten pixels */
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

/* The title of a picture, and its description for those who cannot see it. */
typedef struct caption {
    const char *title, *description;
} caption;

/* Appends the whole SVG to out, or reports the failure to it, and releases the drawing. */
void drawing_finish(writer *out, drawing *d, double width, double height, caption words);
/* Records that memory for drawing is not available. */
void drawing_fail_memory(drawing *d);

/* Height of a line of text, and its width as estimated. */
double text_height(text_kind kind);
double text_width(text_kind kind, heed_bytes text);
/* A text on its baseline. A text wider than room (0: no limit) is cut in the middle and has the whole text as its
 * <title>. */
void drawing_text(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room);
/* The same, turned to be read upwards: (x, y) is where the line's baseline begins, ends or has its middle. */
void drawing_text_upwards(drawing *d, double x, double y, text_kind kind, anchor at, heed_bytes text, double room);
/* A text of the program. */
void drawing_words(drawing *d, double x, double y, text_kind kind, anchor at, const char *words);
/* The title of the picture at its top; returns the bottom of its line. */
double drawing_title(drawing *d, const char *title);

/* classes: of the style sheet, separated by blanks; opacity 0 to 1. */
void drawing_rectangle(drawing *d, const char *classes, box b, double opacity);
void drawing_line(drawing *d, const char *classes, double x1, double y1, double x2, double y2);

/* Everything drawn between begin and end has these classes and this tooltip (data NULL: none). */
void drawing_begin(drawing *d, const char *classes, heed_bytes tooltip);
void drawing_end(drawing *d);

/* Begins a group whose lines and marks differ from those of other series in colour, dashes and shape:
 * 28 series look different. tooltip NULL: none. */
void drawing_series_begin(drawing *d, size_t series, const char *tooltip);
/* A polyline; points that are not finite break it, points nearer than a third of a pixel are left out. */
void drawing_polyline(drawing *d, const double *x, const double *y, size_t count);
void drawing_mark(drawing *d, size_t series, double x, double y);

#endif
