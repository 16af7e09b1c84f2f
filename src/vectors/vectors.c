#include "vectors/vectors.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "vectors/subword_model.h"
#include "vectors/vector_row.h"

/* ---- keeping */

static heed_status grow_places(vectors *v, uint32_t count, uint32_t known, heed_error *error)
{
    heed_status status = memory_grow(&v->place, &v->place_capacity, count, sizeof *v->place, error);
    for (uint32_t i = known; i < count && status == HEED_OK; i++)
        v->place[i] = VECTORS_NONE;
    return status;
}

heed_status vectors_number(uint32_t *out, vectors *v, heed_bytes word, heed_error *error)
{
    if (v->wanted != NULL) {
        *out = intern_find(v->wanted, word);
        return HEED_OK;
    }
    uint32_t known = v->own.count;
    heed_status status = intern_put(out, &v->own, word, error);
    return status == HEED_OK ? grow_places(v, v->own.count, known, error) : status;
}

heed_status vectors_add(float **out, vectors *v, uint32_t number, heed_error *error)
{
    size_t used = (size_t)v->stored * v->dimensions;
    heed_status status = memory_grow(&v->values, &v->value_capacity, used + v->dimensions, sizeof *v->values, error);
    if (status != HEED_OK)
        return status;
    *out = v->values + used;
    memset(*out, 0, v->dimensions * sizeof **out);
    v->place[number] = v->stored++;
    v->found++;
    return HEED_OK;
}

void vectors_skip(vectors *v, bool not_utf8)
{
    if (not_utf8) {
        v->not_utf8++;
        return;
    }
    if (v->bad++ == 0)
        v->first_bad = v->rows;
}

/* A row as it was read: kept where its word is wanted and new, or counted. */
static heed_status take_row(vectors *v, vector_row row, heed_bytes word, const float *values, heed_error *error)
{
    v->rows++;
    if (row != VECTOR_ROW_FINE) {
        vectors_skip(v, row == VECTOR_ROW_NOT_UTF8);
        return HEED_OK;
    }
    uint32_t number;
    float *kept;
    heed_status status = vectors_number(&number, v, word, error);
    if (status != HEED_OK || number == INTERN_NONE)
        return status;
    if (v->place[number] != VECTORS_NONE) {
        v->repeated++;
        return HEED_OK;
    }
    status = vectors_add(&kept, v, number, error);
    if (status == HEED_OK)
        memcpy(kept, values, v->dimensions * sizeof *kept);
    return status;
}

/* ---- rows of text and of word2vec's binary format */

static heed_status read_text(vectors *v, vector_input *in, float *values, heed_error *error)
{
    heed_status status;
    heed_bytes line, word = {0};
    while ((status = vector_input_line(in, &line, error)) == HEED_OK) {
        if (line.data != NULL && line.size == 0)
            continue;
        vector_row row =
            line.data == NULL ? VECTOR_ROW_BAD : vector_row_parse(&word, values, v->dimensions, line);
        if ((status = take_row(v, row, word, values, error)) != HEED_OK)
            break;
    }
    return status == HEED_END ? HEED_OK : status;
}

/* The word of the next row and the space behind it: its size in the window. HEED_END where no row follows. */
static heed_status find_word(size_t *size, vector_input *in, heed_error *error)
{
    for (;;) {
        heed_bytes window = vector_input_window(in);
        size_t breaks = 0;
        while (breaks < window.size && window.data[breaks] == '\n') /* word2vec ends a row with one, gensim does not */
            breaks++;
        vector_input_take(in, breaks);
        window = vector_input_window(in);
        const char *space = memchr(window.data, ' ', window.size);
        if (space != NULL) {
            *size = (size_t)(space - window.data) + 1;
            return HEED_OK;
        }
        if (in->ended && window.size == 0)
            return HEED_END;
        if (in->ended || window.size == VECTOR_WINDOW)
            return fail(error, HEED_BAD_DATA, "%s: found no end of a word; is it cut short?", in->name);
        heed_status status = vector_input_fill(in, error);
        if (status != HEED_OK)
            return status;
    }
}

static heed_status read_binary(vectors *v, vector_input *in, float *values, heed_error *error)
{
    size_t head = 0, body = (size_t)v->dimensions * 4;
    heed_status status;
    while ((status = find_word(&head, in, error)) == HEED_OK) {
        vector_row row = VECTOR_ROW_BAD;
        heed_bytes word = {0};
        if (head > LONGEST_VECTOR_WORD + 1) { /* its numbers may not fit into the window beside it */
            vector_input_take(in, head);
            head = 0;
        }
        if ((status = vector_input_require(in, head + body, "a row", error)) != HEED_OK)
            break;
        const char *at = vector_input_window(in).data;
        if (head > 0) {
            word = (heed_bytes){at, head - 1};
            row = vector_row_decode(values, v->dimensions, word, at + head);
        }
        vector_input_take(in, head + body);
        if ((status = take_row(v, row, word, values, error)) != HEED_OK)
            break;
    }
    return status == HEED_END ? HEED_OK : status;
}

static heed_status read_rows(vectors *v, vector_input *in, heed_error *error)
{
    float *values = memory_array(v->dimensions, sizeof *values);
    if (values == NULL)
        return fail_memory(error, in->name);
    heed_status status =
        v->kind == VECTORS_WORD2VEC_BINARY ? read_binary(v, in, values, error) : read_text(v, in, values, error);
    free(values);
    return status;
}

/* ---- a file */

static heed_status check_rows(const vectors *v, const char *name, heed_error *error)
{
    if (v->rows == 0)
        return fail(error, HEED_BAD_DATA, "%s: found no row, expected word vectors", name);
    if (v->bad > v->rows / 100)
        return fail(error, HEED_BAD_DATA,
                    "%s: %" PRIu64 " of %" PRIu64 " rows are bad, the first is row %" PRIu64
                    "; expected a word and %u finite numbers, at most 1%% bad rows",
                    name, v->bad, v->rows, v->first_bad, v->dimensions);
    return HEED_OK;
}

heed_status vectors_check_width(const vectors *v, const char *name, heed_error *error)
{
    if (v->width == 0 || v->width == v->dimensions)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "--vectors: %s has %u dimensions, but the architecture's embedding is %u wide; begin it with embed %u",
                name, v->dimensions, v->width, v->dimensions);
}

static heed_status begin(vectors *v, vector_input *in, heed_error *error)
{
    heed_status status = v->wanted != NULL ? grow_places(v, v->wanted->count, 0, error) : intern_init(&v->own, error);
    if (status == HEED_OK)
        status = vector_input_need(in, VECTOR_WINDOW, error);
    vector_format format = {0};
    if (status == HEED_OK)
        status = vector_format_detect(&format, vector_input_window(in), in->ended, in->name, error);
    v->kind = format.kind;
    v->dimensions = format.dimensions;
    v->declared = format.declared;
    vector_input_take(in, format.header);
    if (status == HEED_OK && v->kind != VECTORS_FASTTEXT) /* its dimensions stand in its header */
        status = vectors_check_width(v, in->name, error);
    return status;
}

/* What stands behind the vectors is not needed, but digested. */
static heed_status read_rest(vector_input *in, heed_error *error)
{
    heed_status status = HEED_OK;
    while (status == HEED_OK && !in->ended) {
        vector_input_take(in, in->end - in->begin);
        status = vector_input_fill(in, error);
    }
    return status;
}

heed_status vectors_read_input(vectors *out, vector_input *in, const intern *wanted, uint32_t width, heed_error *error)
{
    *out = (vectors){.wanted = wanted, .width = width};
    heed_status status = begin(out, in, error);
    if (status == HEED_OK)
        status = out->kind == VECTORS_FASTTEXT ? subword_model_read(out, in, error) : read_rows(out, in, error);
    if (status == HEED_OK)
        status = check_rows(out, in->name, error);
    if (status == HEED_OK)
        status = read_rest(in, error);
    if (status != HEED_OK) {
        vectors_release(out);
        return status;
    }
    XXH128_hash_t digest = XXH3_128bits_digest(in->digest);
    out->digest[0] = digest.high64;
    out->digest[1] = digest.low64;
    return HEED_OK;
}

heed_status vectors_read(vectors *out, const char *path, const intern *wanted, uint32_t width,
                         const heed_listener *listener, heed_error *error)
{
    vector_input in;
    *out = (vectors){0};
    heed_status status = vector_input_open(&in, path, listener, error);
    if (status == HEED_OK)
        status = vectors_read_input(out, &in, wanted, width, error);
    vector_input_release(&in);
    return status;
}

void vectors_release(vectors *v)
{
    intern_release(&v->own);
    free(v->place);
    free(v->values);
    *v = (vectors){0};
}
