/* The picture of a measurement of explanations. */
#ifndef DRAW_PICTURES_FAITHFULNESS_H
#define DRAW_PICTURES_FAITHFULNESS_H

#include "base/writer.h"
#include "explain/faithfulness.h"

/* As heed_faithfulness_picture. */
void picture_faithfulness(writer *out, const heed_faithfulness *f);

#endif
