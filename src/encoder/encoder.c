#include "encoder/encoder.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"

#define CONFIG "config.json"
enum { MAX_CONFIG = 1 << 20 };

static heed_status parse_config(encoder *e, const char *name, heed_bytes json, heed_error *error)
{
    heed_error detail;
    heed_status status = encoder_config_parse(&e->config, json, &detail);
    return status == HEED_OK ? status : fail(error, status, "%s/" CONFIG ": %s", name, detail.message);
}

static heed_status read_config(encoder *e, const char *folder, heed_error *error)
{
    char *path = NULL, *json = NULL;
    size_t size;
    heed_status status;
    if (asprintf(&path, "%s/" CONFIG, folder) < 0)
        return fail_memory(error, "a file's name");
    TRY(file_read(&json, &size, path, MAX_CONFIG, error));
    TRY(parse_config(e, folder, (heed_bytes){json, size}, error));
done:
    free(path);
    free(json);
    return status;
}

heed_status encoder_open(encoder **out, const char *folder, heed_error *error)
{
    heed_status status;
    *out = NULL;
    encoder *e = memory_array(1, sizeof *e);
    if (e == NULL)
        return fail_memory(error, "an encoder");
    TRY(read_config(e, folder, error));
    TRY(weight_files_open(&e->files, folder, error));
    TRY(encoder_weights_find(&e->weights, &e->config, &e->files, error));
    *out = e;
    e = NULL;
done:
    encoder_free(e);
    return status;
}

heed_status encoder_from_bytes(encoder **out, const char *name, heed_bytes config, heed_bytes tensors,
                               heed_error *error)
{
    heed_status status;
    *out = NULL;
    encoder *e = memory_array(1, sizeof *e);
    if (e == NULL)
        return fail_memory(error, "an encoder");
    TRY(parse_config(e, name, config, error));
    TRY(weight_files_borrow(&e->files, name, tensors, error));
    TRY(encoder_weights_find(&e->weights, &e->config, &e->files, error));
    *out = e;
    e = NULL;
done:
    encoder_free(e);
    return status;
}

void encoder_free(encoder *e)
{
    if (e == NULL)
        return;
    encoder_weights_release(&e->weights);
    weight_files_close(&e->files);
    free(e);
}

const real *encoder_word(const encoder *e, uint32_t id)
{
    const encoder_weights *w = &e->weights;
    return w->words + (size_t)(w->rows == NULL ? id : w->rows[id]) * (size_t)e->config.width;
}

void encoder_describe(const encoder *e, char *out, size_t size)
{
    const encoder_config *c = &e->config;
    const char *family = names_of(&encoder_family_names, c->family);
    if (c->layers == 0)
        snprintf(out, size, "%s %d", family, c->width);
    else
        snprintf(out, size, "%s %dx%d", family, c->layers, c->width);
}
