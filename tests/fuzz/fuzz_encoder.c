/* Fuzz entry over an encoder's folder: four bytes with the size of config.json, its text, a file of tensors; or, after
 * four bytes of 0xff, the text of an index. An encoder that is taken has to compute states. */
#include <stdlib.h>
#include <string.h>

#include "encoder/encoder_pass.h"

enum { LENGTH = 3, MOST_NUMBERS = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool fine)
{
    if (!fine)
        abort();
}

static void require_line(heed_status status, const heed_error *error)
{
    require(status == HEED_OK || (strncmp(error->message, "seed", 4) == 0 && strchr(error->message, '\n') == NULL));
}

/* The first token and the last one; a memory that a config asks for is no fault of it. */
static void use_encoder(const encoder *e)
{
    const encoder_config *c = &e->config;
    const uint32_t ids[LENGTH] = {0, (uint32_t)c->vocabulary - 1, (uint32_t)c->vocabulary};
    const int known[] = {1, 1}, unknown[] = {LENGTH};
    encoder_pass *p = NULL;
    pool *workers = NULL;
    real *states = calloc((size_t)LENGTH * (size_t)c->width, sizeof *states);
    require(states != NULL && pool_new(&workers, 1, NULL) == HEED_OK);
    if (encoder_pass_new(&p, e, workers, LENGTH, true, NULL) == HEED_OK) {
        require(encoder_pass_run(p, &(encoder_texts){ids, known, 2, NULL}, states, NULL) == HEED_OK);
        if (encoder_has_attention(e))
            encoder_pass_attention(p, states);
        encoder_pass_backward(p, states, states);
        require(encoder_pass_run(p, &(encoder_texts){ids, unknown, 1, NULL}, states, NULL) == HEED_BAD_DATA);
    }
    encoder_pass_free(p);
    pool_free(workers);
    free(states);
}

/* Once it is rounded, it stays as it is. */
static void round_encoder(const encoder *e)
{
    encoder *once, *twice;
    if (encoder_rounded(&once, e, NULL) != HEED_OK)
        return;
    require(encoder_rounded(&twice, once, NULL) == HEED_OK);
    require(strcmp(once->weights.digest, twice->weights.digest) == 0);
    encoder_free(twice);
    encoder_free(once);
}

static void read_index(heed_bytes text)
{
    static const char file[] = "\x38\0\0\0\0\0\0\0"
                               "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}  \0\0\0";
    static char name[] = "seed";
    weight_file only = {.name = name};
    heed_error error = {""};
    require(safetensors_parse_any(&only.tensors, file, sizeof file, &error) == HEED_OK);
    require_line(weight_index_check(&(weight_files){&only, 1}, text, "seed", &error), &error);
    safetensors_release(&only.tensors);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint32_t length;
    encoder *e = NULL;
    heed_error error = {""};
    if (size < sizeof length)
        return 0;
    memcpy(&length, data, sizeof length);
    const char *text = (const char *)data + sizeof length;
    size_t rest = size - sizeof length;
    if (length == UINT32_MAX) {
        read_index((heed_bytes){text, rest});
        return 0;
    }
    if (length > rest)
        return 0;
    heed_status status =
        encoder_from_bytes(&e, "seed", (heed_bytes){text, length}, (heed_bytes){text + length, rest - length}, &error);
    require_line(status, &error);
    require((status == HEED_OK) == (e != NULL));
    if (e != NULL) {
        use_encoder(e);
        round_encoder(e);
    }
    encoder_free(e);
    return 0;
}
