/* An explanation as one JSON object on a line. */
#ifndef EXPLAIN_DRAW_JSON_H
#define EXPLAIN_DRAW_JSON_H

#include "base/writer.h"
#include "explain/explanation.h"

void draw_json(writer *w, const heed_explanation *e);

#endif
