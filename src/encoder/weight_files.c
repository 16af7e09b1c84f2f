#include "encoder/weight_files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/file_kind.h"
#include "base/json_memory.h"
#include "base/memory.h"
#include "base/path.h"
#include "base/status.h"

#define ONE_FILE "model.safetensors"
#define INDEX ONE_FILE ".index.json"
enum { MAX_INDEX = 1 << 24, MAX_FILES = 256 };
/* A file of weights: as large as can be addressed. */
static const size_t max_file = PTRDIFF_MAX;

/* FOLDER/NAME; free() releases it. */
static char *path_in(const char *folder, const char *name)
{
    char *path = NULL;
    return asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : path;
}

/* The next file of the list, by its path, which it takes over. */
static heed_status add_file(weight_files *w, char *path, heed_error *error)
{
    weight_file *file = &w->files[w->count];
    heed_error detail;
    if (path == NULL)
        return fail_memory(error, "a file's name");
    *file = (weight_file){.name = path};
    w->count++;
    heed_status status = file_map_open(&file->map, path, max_file, error);
    if (status != HEED_OK)
        return status;
    status = safetensors_parse_any(&file->tensors, file->map.data, file->map.size, &detail);
    const file_kind *kind = status == HEED_BAD_DATA ? file_kind_of((heed_bytes){file->map.data, file->map.size}) : NULL;
    if (kind != NULL)
        return file_kind_refuse(kind, path, FILE_OF_ENCODER, error);
    return status == HEED_OK ? status : fail(error, status, "%s: %s", path, detail.message);
}

static heed_status make_room(weight_files *w, size_t count, heed_error *error)
{
    w->files = memory_array(count, sizeof *w->files);
    return w->files == NULL ? fail_memory(error, "a list of files") : HEED_OK;
}

void weight_files_close(weight_files *w)
{
    for (size_t i = 0; i < w->count; i++) {
        safetensors_release(&w->files[i].tensors);
        file_map_close(&w->files[i].map);
        free(w->files[i].name);
    }
    free(w->files);
    *w = (weight_files){0};
}

const stored_tensor *weight_files_find(const weight_files *w, const char *name, const weight_file **file)
{
    for (size_t i = 0; i < w->count; i++) {
        const stored_tensor *t = safetensors_find(&w->files[i].tensors, name);
        *file = &w->files[i];
        if (t != NULL)
            return t;
    }
    return NULL;
}

/* ---- an index */

/* Its "weight_map", which belongs to the root, and that has to be released. */
static heed_status weight_map_of(json_t **root, json_t **map, heed_bytes json, const char *name, heed_error *error)
{
    json_error_t where;
    heed_status status = json_parse(root, json, JSON_REJECT_DUPLICATES, &where, error);
    *map = json_object_get(*root, "weight_map");
    if (status == HEED_BAD_DATA)
        return fail(error, status, "%s: line %d: broken JSON: %s", name, where.line, where.text);
    if (status == HEED_OK && !json_is_object(*map))
        return fail(error, HEED_BAD_DATA, "%s: no \"weight_map\", expected an object of tensors and their files", name);
    return status;
}

static const weight_file *file_named(const weight_files *w, const char *name)
{
    for (size_t i = 0; i < w->count; i++)
        if (strcmp(path_name(w->files[i].name), name) == 0)
            return &w->files[i];
    return NULL;
}

static heed_status check_map(const weight_files *w, const json_t *map, const char *name, heed_error *error)
{
    size_t tensors = 0;
    const char *tensor;
    json_t *value;
    for (size_t i = 0; i < w->count; i++)
        tensors += w->files[i].tensors.count;
    if (w->count == 0)
        return fail(error, HEED_BAD_DATA, "%s: names no file of tensors", name);
    if (tensors != json_object_size(map))
        return fail(error, HEED_BAD_DATA, "%s: %zu tensors, expected the %zu that its files hold", name,
                    json_object_size(map), tensors);
    json_object_foreach((json_t *)(uintptr_t)map, tensor, value)
    {
        const weight_file *file = json_is_string(value) ? file_named(w, json_string_value(value)) : NULL;
        if (file == NULL || safetensors_find(&file->tensors, tensor) == NULL)
            return fail(error, HEED_BAD_DATA, "%s: tensor %s is not in the file that the index names", name, tensor);
    }
    return HEED_OK;
}

heed_status weight_index_check(const weight_files *w, heed_bytes json, const char *name, heed_error *error)
{
    json_t *root, *map;
    heed_status status;
    TRY(weight_map_of(&root, &map, json, name, error));
    status = check_map(w, map, name, error);
done:
    json_decref(root);
    return status;
}

/* A name that stays in the folder. */
static bool is_plain_name(const char *name)
{
    return name != NULL && *name != '\0' && *name != '.' && strchr(name, '/') == NULL;
}

static heed_status add_named_files(weight_files *w, const char *folder, const json_t *map, const char *index,
                                   heed_error *error)
{
    heed_status status;
    const char *tensor;
    json_t *value;
    TRY(make_room(w, MAX_FILES, error));
    json_object_foreach((json_t *)(uintptr_t)map, tensor, value)
    {
        const char *name = json_string_value(value);
        if (!is_plain_name(name))
            return fail(error, HEED_BAD_DATA, "%s: tensor %s: expected the name of a file in the same folder", index,
                        tensor);
        if (file_named(w, name) != NULL)
            continue;
        if (w->count == MAX_FILES)
            return fail(error, HEED_BAD_DATA, "%s: more than %d files", index, MAX_FILES);
        TRY(add_file(w, path_in(folder, name), error));
    }
done:
    return status;
}

static heed_status open_index(weight_files *w, const char *folder, const char *index, heed_error *error)
{
    char *text = NULL;
    size_t size;
    json_t *root = NULL, *map;
    heed_status status;
    TRY(file_read(&text, &size, index, MAX_INDEX, error));
    TRY(weight_map_of(&root, &map, (heed_bytes){text, size}, index, error));
    TRY(add_named_files(w, folder, map, index, error));
    TRY(check_map(w, map, index, error));
done:
    json_decref(root);
    free(text);
    return status;
}

/* What is there instead decides what the message says. */
static heed_status refuse_folder(const char *folder, heed_error *error)
{
    char *pickled = path_in(folder, "pytorch_model.bin");
    bool found = pickled != NULL && access(pickled, F_OK) == 0;
    free(pickled);
    if (found)
        return fail(error, HEED_BAD_DATA,
                    "%s: found pytorch_model.bin, expected " ONE_FILE "; save it again with transformers' "
                    "save_pretrained",
                    folder);
    return fail(error, HEED_BAD_DATA, "%s: neither " ONE_FILE " nor " INDEX " is there", folder);
}

heed_status weight_files_open(weight_files *out, const char *folder, heed_error *error)
{
    char *one = path_in(folder, ONE_FILE), *index = path_in(folder, INDEX);
    heed_status status;
    *out = (weight_files){0};
    if (one == NULL || index == NULL)
        status = fail_memory(error, "a file's name");
    else if (access(one, F_OK) == 0) {
        TRY(make_room(out, 1, error));
        status = add_file(out, one, error);
        one = NULL;
    } else
        status = access(index, F_OK) == 0 ? open_index(out, folder, index, error) : refuse_folder(folder, error);
done:
    free(one);
    free(index);
    return status;
}
