/* The files that an encoder's tensors lie in: model.safetensors, or those that model.safetensors.index.json names. */
#ifndef ENCODER_WEIGHT_FILES_H
#define ENCODER_WEIGHT_FILES_H

#include "base/file_map.h"
#include "base/safetensors.h"

typedef struct weight_file {
    char *name; /* as messages show it */
    file_map map;
    safetensors tensors; /* borrow the file's bytes */
} weight_file;

/* Begins as {0}. */
typedef struct weight_files {
    weight_file *files;
    size_t count;
} weight_files;

/* Maps the files of a folder into memory. HEED_BAD_DATA: a missing or broken file, an index that does not fit its
 * files. weight_files_close releases it, in any case. */
heed_status weight_files_open(weight_files *out, const char *folder, heed_error *error);
void weight_files_close(weight_files *w);
/* NULL: no file has a tensor of this name. file: the one that has it. */
const stored_tensor *weight_files_find(const weight_files *w, const char *name, const weight_file **file);

/* Whether the text of an index fits: {"weight_map": {tensor: file}} with every tensor of the files, each in its own.
 * HEED_BAD_DATA, with the index's name in front, if not. */
heed_status weight_index_check(const weight_files *w, heed_bytes json, const char *name, heed_error *error);

#endif
