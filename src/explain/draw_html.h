/* Explanations as one self-contained page, for light and dark screens and paper. */
#ifndef EXPLAIN_DRAW_HTML_H
#define EXPLAIN_DRAW_HTML_H

#include "base/writer.h"
#include "explain/explanation.h"

void draw_html(writer *w, const heed_explanation *const *items, size_t count);
/* A segment of an explanation, for other pages: <b> with the class f (for), a (against) or l (looked at) and the
 * strength of its colour as --a, <span> without a score, <u> unknown, <s> dropped, <i> cut off. scale: scale_of(e).
 */
void draw_html_segment(writer *w, const heed_explanation *e, const heed_segment *s, double scale);

#endif
