/* For tests of the files of one kind of model: what does not fit is refused, whatever the digest says. The test fills
 * bytes. */
#ifndef UNIT_LYING_FILE_H
#define UNIT_LYING_FILE_H

#include "unit/made_rows.h"
#include "unit/sealed_model.h"

#include "model/model_file.h"
#include "base/safetensors.h"

static writer bytes; /* a model's file */

static inline int tear_down(void **state)
{
    (void)state;
    writer_release(&bytes);
    return 0;
}

static inline stored_tensor *tensor_of(safetensors *file, const char *name)
{
    stored_tensor *t = (stored_tensor *)(uintptr_t)safetensors_find(file, name);
    assert_non_null(t);
    return t;
}

static inline void check_refused(const char *data, size_t size, const char *piece, const char *what)
{
    heed_model *out = NULL;
    must_refuse(model_parse(&out, data, size, "the/file", &made_error), HEED_BAD_DATA, piece, what);
    assert_null(out);
}

/* Writes the changed file, sealed, and sees it refused. */
static inline void check_changed(const safetensors *file, const char *piece, const char *what)
{
    writer out = {0};
    safetensors_write(&out, file);
    must(writer_check(&out, &made_error));
    assert_true(seal_model(out.data, out.size));
    check_refused(out.data, out.size, piece, what);
    writer_release(&out);
}

static inline void cut_files_are_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < bytes.size; size += size < 256 ? 1 : 41) {
        char *cut = malloc(size + 1); /* of its own, so that a sanitizer sees what is read after it */
        memcpy(cut, bytes.data, size);
        check_refused(cut, size, "", "a cut file");
        free(cut);
    }
}

typedef struct lying_bits {
    const char *tensor;
    size_t place; /* of four bytes */
    uint32_t bits;
    const char *piece; /* of the message */
} lying_bits;

static inline void check_bits(const lying_bits *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        safetensors file;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        stored_tensor *t = tensor_of(&file, cases[i].tensor);
        char *copy = malloc(t->size);
        memcpy(copy, t->data, t->size);
        assert_in_range(4 * cases[i].place, 0, t->size - 4);
        memcpy(copy + 4 * cases[i].place, &cases[i].bits, 4);
        t->data = copy;
        check_changed(&file, cases[i].piece, cases[i].piece);
        free(copy);
        safetensors_release(&file);
    }
}

typedef struct lying_shape {
    const char *tensor;
    uint64_t shape[2];
    int rank;
    tensor_type type;
    const char *piece;
} lying_shape;

static inline void check_shapes(const lying_shape *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        safetensors file;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        stored_tensor *t = tensor_of(&file, cases[i].tensor);
        t->type = cases[i].type;
        t->rank = cases[i].rank;
        memcpy(t->shape, cases[i].shape, sizeof cases[i].shape);
        t->size = (size_t)(t->shape[0] * (t->rank == 2 ? t->shape[1] : 1)) * 4;
        check_changed(&file, cases[i].piece, cases[i].piece);
        safetensors_release(&file);
    }
}

typedef struct lying_text {
    const char *from, *to, *piece;
} lying_text;

/* Tensors under other names. */
static inline void check_names(const lying_text *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        safetensors file;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        snprintf(tensor_of(&file, cases[i].from)->name, TENSOR_NAME, "%s", cases[i].to);
        check_changed(&file, cases[i].piece, cases[i].to);
        safetensors_release(&file);
    }
}

/* Each replaces one piece of the configuration by another. */
static inline void check_configurations(const lying_text *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        safetensors file;
        char *changed = NULL;
        must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
        stored_text *config = &file.metadata[strcmp(file.metadata[0].key, "heed.config") == 0 ? 0 : 1];
        char *before = config->value, *at = strstr(before, cases[i].from);
        assert_non_null(at);
        assert_true(
            asprintf(&changed, "%.*s%s%s", (int)(at - before), before, cases[i].to, at + strlen(cases[i].from)) > 0);
        config->value = changed;
        check_changed(&file, cases[i].piece, cases[i].to);
        config->value = before;
        free(changed);
        safetensors_release(&file);
    }
}

/* The harness itself changes nothing: returns what it rewrote, loaded. */
static inline heed_model *load_rewritten(void)
{
    safetensors file;
    writer out = {0};
    heed_model *m = NULL;
    must(safetensors_parse(&file, bytes.data, bytes.size, &made_error));
    safetensors_write(&out, &file);
    must(writer_check(&out, &made_error));
    assert_true(seal_model(out.data, out.size));
    must(model_parse(&m, out.data, out.size, "m", &made_error));
    writer_release(&out);
    safetensors_release(&file);
    return m;
}

#endif
