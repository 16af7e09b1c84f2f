/* A pretrained encoder, frozen: from a folder in Hugging Face's layout (config.json and safetensors), read-only from
 * then on and shared by threads. encoder_pass.h computes with it. */
#ifndef ENCODER_ENCODER_H
#define ENCODER_ENCODER_H

#include "encoder/encoder_weights.h"
#include "encoder/weight_files.h"

typedef struct encoder {
    encoder_config config;
    encoder_weights weights; /* most tensors lie in the files' mapped pages */
    weight_files files;
} encoder;

/* Opens a folder. Its files stay mapped until encoder_free and may not be shortened before. Every failure is one line
 * that begins with the file: HEED_BAD_DATA for a missing file and whatever encoder_config_parse and
 * encoder_weights_find refuse, HEED_FAILED for memory. */
heed_status encoder_open(encoder **out, const char *folder, heed_error *error);
/* The same from the text of config.json and the tensors of a file whose names begin with `prefix` (of at most 64 bytes;
 * "": all); others are not looked at. The file's bytes, but not the list of its tensors, are borrowed as long as the
 * encoder lives. name: in messages, in place of the folder. */
heed_status encoder_from_tensors(encoder **out, const char *name, heed_bytes config, const safetensors *file,
                                 const char *prefix, heed_error *error);
/* The same from the bytes of one file of nothing else. */
heed_status encoder_from_bytes(encoder **out, const char *name, heed_bytes config, heed_bytes tensors,
                               heed_error *error);
void encoder_free(encoder *e);

/* The same encoder with all its weights rounded to bfloat16, in memory of its own: to the bit what encoder_from_tensors
 * makes of a file that has them so. HEED_BAD_DATA: a weight that is then infinite. */
heed_status encoder_rounded(encoder **out, const encoder *e, heed_error *error);

/* The word embedding of an id below the vocabulary becomes out [width]. */
void encoder_word(const encoder *e, uint32_t id, real *out);

/* Whether tokens look at each other; those of static encoders do not. */
bool encoder_has_attention(const encoder *e);

/* Multiplications of a pass for each token of a text of so many: every weight of the blocks once, and with each other
 * token, for its weight and for what it gets; the features of a static encoder. */
uint64_t encoder_token_products(const encoder *e, size_t tokens);

/* Family and sizes: "bert 6x384", "static 64"; cut to size. */
void encoder_describe(const encoder *e, char *out, size_t size);

/* ---- to write an encoder into a file of tensors */

/* A config.json of all that is read of one: the same text for the same encoder, whatever its folder's was like. free()
 * releases it. */
heed_status encoder_config_text(char **out, const encoder *e, heed_error *error);

typedef struct encoder_tensor {
    char name[TENSOR_NAME + 1]; /* to be written after the prefix of encoder_from_tensors */
    tensor_type type; /* TENSOR_F32; word embeddings that lie as bfloat16: TENSOR_BF16; the mapping of a static encoder:
                         TENSOR_I32 */
    int rank;
    uint64_t shape[2];
    const void *data; /* borrowed */
} encoder_tensor;

/* The tensors, in the order of the digest. A file that has been written of them has just as many that begin with its
 * prefix; encoder_from_tensors would not see others. TENSOR_F32 may be stored as TENSOR_BF16, rounded: then the encoder
 * in the file is that of encoder_rounded. */
size_t encoder_tensor_count(const encoder *e);
void encoder_tensor_at(const encoder *e, size_t i, encoder_tensor *out);

#endif
