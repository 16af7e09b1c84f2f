/* Models as the bytes of a file. */
#ifndef MODEL_MODEL_FILE_H
#define MODEL_MODEL_FILE_H

#include "base/writer.h"

/* The model of a file's bytes; name is for messages. HEED_BAD_DATA for whatever is not exactly as docs/MODEL_FILE.md
 * has it. */
heed_status model_parse(heed_model **out, const char *data, size_t size, const char *name, heed_error *error);
/* A model's file, in memory; out is empty before. */
heed_status model_print(writer *out, const heed_model *model, heed_error *error);

#endif
