/* One layer in the text of an architecture: a keyword, numbers, and names each with a number; or a keyword and a name.
 */
#ifndef NETWORK_LAYER_TEXT_H
#define NETWORK_LAYER_TEXT_H

#include "base/writer.h"
#include "network/layer_class.h"

/* The text between two marks: [text, end), without blanks around it. */
typedef struct layer_text {
    const char *text, *end;
    int column; /* in the architecture, from 1 */
} layer_text;

/* Where the text's keyword ends, if it is that of this class; NULL otherwise. */
const char *layer_text_match(const layer_text *t, const layer_class *class);
/* Fills the numbers or the name of a layer, whose class is set, from the text after the keyword. */
heed_status layer_text_read(layer_spec *out, const layer_text *t, heed_error *error);
/* The canonical text. */
void layer_text_print(writer *out, const layer_spec *l);

#endif
