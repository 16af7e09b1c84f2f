/* Writing a picture of an explanation: bytes whose first failure is kept, text that nobody obeys, and what all pictures
 * say alike. */
#ifndef EXPLAIN_PEN_H
#define EXPLAIN_PEN_H

#include "base/buffer.h"

typedef struct pen {
    buffer out;
    heed_status status; /* the first failure; nothing is written behind it */
    heed_error *error;
} pen;

/* Text as it is, text made by a format (up to 511 bytes), and text from outside: for terminals with control characters
 * and those that turn the direction of writing as '?', for markup escaped, with them as U+FFFD. Line ends and tabs
 * stay. */
void pen_text(pen *p, const char *text);
void pen_bytes(pen *p, heed_bytes text);
void pen_print(pen *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void pen_visible(pen *p, heed_bytes text);
void pen_markup(pen *p, heed_bytes text);
/* One of the two. */
typedef void pen_writer(pen *p, heed_bytes text);

/* How far a character goes, in cells of a terminal: 0 to 2. */
int point_cells(uint32_t point);

/* ---- what a picture says of an explanation */

/* The hue of a segment: none where it has no score worth showing. */
typedef enum hue { HUE_NONE, HUE_LOOKED, HUE_FOR, HUE_AGAINST } hue;

/* The largest score without its sign; scores under a twentieth of it are not shown. */
double scale_of(const heed_explanation_info *info);
/* Attention alone says nothing for or against. */
bool is_signed(const heed_explanation_info *info);
hue segment_hue(const heed_explanation_info *info, const heed_segment *s, double scale);
/* Its part of the largest, 0 to 1. */
double segment_share(const heed_segment *s, double scale);
/* A piece that the model did not read at all. */
bool segment_is_dropped(const heed_segment *s);
heed_bytes segment_text(const heed_explanation_info *info, const heed_segment *s);
/* "pos 0.9312" */
void write_answer(pen *p, const heed_explanation_info *info, pen_writer *write);
/* "attention: where the model looked" */
void write_method(pen *p, const heed_explanation_info *info, pen_writer *write);
/* "great +0.4213, read as great": what there is to know about a segment. */
void write_segment(pen *p, const heed_explanation_info *info, const heed_segment *s, pen_writer *write);
/* The strongest words of one sign (+1, -1), such as "great +0.42, love +0.31"; false where there are none. */
bool write_strongest(pen *p, const heed_explanation_info *info, int sign, pen_writer *write);

/* ---- the pictures */

void draw_terminal(pen *p, const heed_explanation_info *info, heed_picture picture);
void draw_html(pen *p, const heed_explanation_info *items, size_t count);
/* A segment of one, for other pages: <b> with the class f (for), a (against) or l (looked at) and the share of its score
 * as --a, <span> without a score, <u> unknown, <s> dropped, <i> cut off. scale: scale_of(info). */
void draw_html_segment(pen *p, const heed_explanation_info *info, const heed_segment *s, double scale);
void draw_svg(pen *p, const heed_explanation_info *items, size_t count);
void draw_json(pen *p, const heed_explanation_info *info);

#endif
