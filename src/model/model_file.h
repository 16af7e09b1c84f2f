/* Models as the bytes of a file. */
#ifndef MODEL_MODEL_FILE_H
#define MODEL_MODEL_FILE_H

#include "base/writer.h"

/* The model of a file's bytes; name is for messages. If it has an encoder, the bytes are borrowed as long as anybody
 * has that. HEED_BAD_DATA for anything that is not exactly as in docs/MODEL_FILE.md. */
heed_status model_parse(heed_model **out, const char *data, size_t size, const char *name, heed_error *error);
/* A model's file, in memory; out must be empty. */
heed_status model_print(writer *out, const heed_model *model, heed_error *error);

#endif
