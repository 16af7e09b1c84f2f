#include "vectors/vectors.h"

#include <inttypes.h>

#include "vectors/subword_model.h"
#include "vectors/vector_read.h"

static void (*const readers[])(vectors *v, vector_input *in) = {
#define VECTOR_READER(kind, name, read) [kind] = read,
    VECTOR_KINDS(VECTOR_READER)
#undef VECTOR_READER
};

/* What the beginning of the file says. */
static void detect(vectors *v, vector_input *in)
{
    vector_format format = {0};
    if (vector_input_need(in, VECTOR_WINDOW))
        in->status = vector_format_detect(&format, vector_input_window(in), in->ended, in->name, in->error);
    v->kind = format.kind;
    v->dimensions = format.dimensions;
    v->declared = format.declared;
    vector_input_take(in, format.header);
}

static void check_rows(const vectors *v, vector_input *in)
{
    if (v->rows == 0)
        vector_input_fail(in, HEED_BAD_DATA, "%s: found no row, expected word vectors", in->name);
    if (v->bad > v->rows / 100)
        vector_input_fail(in, HEED_BAD_DATA,
                          "%s: %" PRIu64 " of %" PRIu64 " rows are bad, the first is row %" PRIu64
                          "; expected a word and %u finite numbers, at most 1%% bad rows",
                          in->name, v->bad, v->rows, v->first_bad, v->dimensions);
}

/* The bytes after the vectors are not needed, but are part of the digest. */
static void read_rest(vector_input *in)
{
    while (!in->ended) {
        vector_input_take(in, in->end - in->begin);
        if (!vector_input_fill(in))
            break;
    }
}

heed_status vectors_read_input(vectors *out, vector_input *in, const intern *wanted, uint32_t width)
{
    vectors_begin(out, in, wanted, width);
    detect(out, in);
    if (vector_input_fine(in))
        readers[out->kind](out, in);
    check_rows(out, in);
    read_rest(in);
    if (!vector_input_fine(in)) {
        vectors_release(out);
        return in->status;
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
        status = vectors_read_input(out, &in, wanted, width);
    vector_input_release(&in);
    return status;
}

void vectors_fill_info(heed_vectors *vectors)
{
    const struct vectors *v = &vectors->vectors;
    vectors->info = (heed_vectors_info){.format = vector_kind_name(v->kind),
                                        .dimensions = v->dimensions,
                                        .rows = v->rows,
                                        .declared = v->declared,
                                        .bad = v->bad,
                                        .not_utf8 = v->not_utf8,
                                        .repeated = v->repeated,
                                        .found = v->found,
                                        .composed = v->composed,
                                        .tokens = v->tokens};
}
