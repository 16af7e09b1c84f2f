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
static bool is_own_header(const safetensors *file, const char *data, size_t size)
{
    return file->metadata_count == 2 && strcmp(file->metadata[0].key, CONFIG_KEY) == 0 &&
           strcmp(file->metadata[1].key, DIGEST_KEY) == 0 && safetensors_is_as_written(file, data, size);
}

/* A digest that does not hold shows damage, unless the header it is of is not there any more. */
static heed_status check_digest(const safetensors *file, const char *data, size_t size, heed_error *error)
{
    heed_status status = digest_check(data, size, error);
    if (status != HEED_BAD_DATA || safetensors_metadata(file, DIGEST_KEY) == NULL || is_own_header(file, data, size))
        return status;
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
        TRY(check_digest(&file, bytes.data, bytes.size, error));
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

heed_status heed_model_save(const heed_model *model, const char *path, heed_error *error)
{
    writer bytes = {.limit = MAX_FILE};
    heed_status status;
    TRY(model_print(&bytes, model, error));
    TRY(file_write(path, bytes.data, bytes.size, error));
done:
    writer_release(&bytes);
    return status;
}
