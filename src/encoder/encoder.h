/* A pretrained encoder, frozen: from a folder in Hugging Face's layout (config.json and safetensors), read-only from
 * then on and shared by threads. encoder_pass.h computes with it. */
#ifndef ENCODER_ENCODER_H
#define ENCODER_ENCODER_H

#include "encoder/encoder_weights.h"

typedef struct encoder {
    encoder_config config;
    encoder_weights weights; /* float32 tensors lie in the files' mapped pages */
    weight_files files;
} encoder;

/* Opens a folder. Its files stay mapped until encoder_free and may not be shortened before. Every failure is one line
 * that begins with the file: HEED_BAD_DATA for a missing file and whatever encoder_config_parse and
 * encoder_weights_find refuse, HEED_FAILED for memory. */
heed_status encoder_open(encoder **out, const char *folder, heed_error *error);
/* The same from the bytes of config.json and of one file of tensors, which the caller keeps as long as the encoder.
 * name: in messages, in place of the folder. */
heed_status encoder_from_bytes(encoder **out, const char *name, heed_bytes config, heed_bytes tensors,
                               heed_error *error);
void encoder_free(encoder *e);

/* The word embedding of an id below the vocabulary [width]; borrowed. */
const real *encoder_word(const encoder *e, uint32_t id);

/* Family and sizes: "bert 6x384", "static 64"; cut to size. */
void encoder_describe(const encoder *e, char *out, size_t size);

#endif
