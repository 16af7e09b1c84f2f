#include "model/model_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "base/memory.h"
#include "base/status.h"
#include "model/model_digest.h"
#include "model/model_read.h"
#include "model/model_tensors.h"
#include "model/model_write.h"

enum { MAX_FILE = INT32_MAX }; /* 2 GiB */

/* ---- reading */

/* Whether its header is as model_write writes it. */
static heed_status is_own_header(bool *out, const safetensors *file, heed_bytes bytes, heed_error *error)
{
    *out = file->metadata_count == 2 && strcmp(file->metadata[0].key, CONFIG_KEY) == 0 &&
           strcmp(file->metadata[1].key, DIGEST_KEY) == 0;
    return *out ? safetensors_is_as_written(out, file, bytes.data, bytes.size, error) : HEED_OK;
}

/* A digest that does not hold shows damage, unless the header it is of is not there any more. */
static heed_status check_digest(const safetensors *file, heed_bytes bytes, heed_error *error)
{
    bool own;
    heed_status status = digest_check(bytes.data, bytes.size, error), asked;
    if (status != HEED_BAD_DATA || safetensors_metadata(file, DIGEST_KEY) == NULL)
        return status;
    asked = is_own_header(&own, file, bytes, error);
    if (asked != HEED_OK || own)
        return asked != HEED_OK ? asked : status;
    return fail(error, HEED_BAD_DATA,
                "its header was written anew by another program, so that its digest (heed.digest) cannot hold; use the "
                "file as heed wrote it");
}

/* gives_back: as in safetensors. */
static heed_status read_bytes(heed_model *out, heed_bytes bytes, bool gives_back, heed_error *error)
{
    safetensors file;
    heed_status status;
    TRY(safetensors_parse(&file, bytes.data, bytes.size, error));
    if (safetensors_metadata(&file, CONFIG_KEY) != NULL) /* files of other programs have no digest either */
        TRY(check_digest(&file, bytes, error));
    file.gives_back = gives_back;
    TRY(model_read(out, &file, error));
    model_fill_info(out);
done:
    safetensors_release(&file);
    return status;
}

static heed_status parse(heed_model **out, heed_bytes bytes, bool gives_back, const char *name, heed_error *error)
{
    heed_error detail = {""};
    heed_model *m = memory_array(1, sizeof *m);
    heed_status status = m == NULL ? fail_memory(&detail, "a model") : read_bytes(m, bytes, gives_back, &detail);
    *out = NULL;
    if (status == HEED_OK) {
        *out = m;
        return HEED_OK;
    }
    heed_model_free(m);
    const file_kind *kind = status == HEED_BAD_DATA ? file_kind_of(bytes) : NULL;
    if (kind != NULL)
        return file_kind_refuse(kind, name, FILE_OF_MODEL, error);
    return fail(error, status == HEED_USAGE ? HEED_BAD_DATA : status, "%s: not a usable model: %s", name,
                detail.message);
}

heed_status model_parse(heed_model **out, const char *data, size_t size, const char *name, heed_error *error)
{
    return parse(out, (heed_bytes){data, size}, false, name, error);
}

heed_status heed_model_load(heed_model **out, const char *path, heed_error *error)
{
    char *data = NULL;
    size_t size;
    heed_status status;
    *out = NULL;
    TRY(file_read(&data, &size, path, MAX_FILE, error));
    TRY(parse(out, (heed_bytes){data, size}, true, path, error));
    if ((*out)->encoder != NULL) {
        shared_encoder_keep((*out)->encoder, data, size); /* its weights are used where they are */
        data = NULL;
    }
done:
    free(data);
    return status;
}

/* ---- writing */

heed_status model_print(writer *out, const heed_model *model, heed_error *error)
{
    heed_status status = model_write(out, model, error);
    return status == HEED_OK ? digest_put(out->data, out->size, error) : status;
}

/* The bytes that are to replace a file, which may be the only copy of a model, are read back, and have to give the
 * configuration that the model has: an allocation that fails unseen, in a library, can leave out a part of them. */
static heed_status check_printed(const heed_model *model, heed_bytes bytes, const char *path, heed_error *error)
{
    heed_error detail = {""};
    heed_model *read = NULL;
    char *own = NULL, *again = NULL;
    heed_status status;
    TRY(model_parse(&read, bytes.data, bytes.size, "what was to be written", &detail));
    TRY(model_print_config(&own, model, &detail));
    TRY(model_print_config(&again, read, &detail));
    if (strcmp(own, again) != 0)
        status = fail(&detail, HEED_FAILED, "what was to be written has another configuration than the model");
done:
    free(own);
    free(again);
    heed_model_free(read);
    return status == HEED_OK ? status : fail(error, HEED_FAILED, "%.300s: not written: %.600s", path, detail.message);
}

heed_status heed_model_save(const heed_model *model, const char *path, heed_error *error)
{
    writer bytes = {.limit = MAX_FILE};
    heed_status status;
    TRY(model_print(&bytes, model, error));
    TRY(check_printed(model, (heed_bytes){bytes.data, bytes.size}, path, error));
    TRY(file_write(path, bytes.data, bytes.size, error));
done:
    writer_release(&bytes);
    return status;
}
