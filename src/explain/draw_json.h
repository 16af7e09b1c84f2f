/* An explanation as one JSON object on a line. */
#ifndef EXPLAIN_DRAW_JSON_H
#define EXPLAIN_DRAW_JSON_H

#include "base/writer.h"

void draw_json(writer *w, const heed_explanation_info *info);

#endif
