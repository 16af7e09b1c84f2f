/* The file: header, dictionary (words and labels with counts and types, each ended by NUL), one byte that says whether
 * matrices are quantised, the input matrix (a row for every word, then one for every bucket of sub-words), and what
 * word vectors do without. All of it little-endian. It is read once, in its order: first the dictionary says which rows
 * make up which wanted words, then the rows pass by and are added up. */
#include "vectors/subword_model.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "vectors/vector_row.h"

enum { MODEL_SUPERVISED = 3, ENTRY_TAIL = 9, MATRIX_HEADER = 17, MOST_PARTS = 1 << 28 };

/* What is known while a model is read. */
typedef struct subword_reading {
    subword_header header;
    vectors *v;
    vector_input *in;
    uint32_t *row; /* [words of v]: the word's row of the matrix, or VECTORS_NONE */
    size_t row_capacity;
    uint64_t *part; /* matrix row << 32 | row of v->values, to be added to it; sorted for reading */
    size_t part_count, part_capacity;
    uint32_t *divisor; /* [v->stored]: how many rows were added up */
    uint32_t *owner;   /* [v->stored]: the word's number */
} subword_reading;

/* ---- header */

static uint32_t little32(const char *data)
{
    const unsigned char *b = (const unsigned char *)data;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
}

static uint64_t little64(const char *data)
{
    return (uint64_t)little32(data) | (uint64_t)little32(data + 4) << 32;
}

heed_status subword_header_parse(subword_header *out, const char *data, const char *name, heed_error *error)
{
    uint32_t version = little32(data + 4), labels = little32(data + 72);
    uint64_t pruned = little64(data + 84);
    *out = (subword_header){.dimensions = little32(data + 8),
                            .buckets = little32(data + 40),
                            .shortest = little32(data + 44),
                            .longest = little32(data + 48),
                            .entries = little32(data + 64),
                            .words = little32(data + 68)};
    if (version != 11 && version != 12)
        return fail(error, HEED_BAD_DATA, "%s: found version %u of fastText's .bin, expected 11 or 12", name, version);
    if (version == 11 && little32(data + 36) == MODEL_SUPERVISED) /* as fastText itself reads these */
        out->longest = 0;
    if (out->buckets == 0 || out->longest > INT32_MAX)
        out->longest = 0;
    if (pruned != UINT64_MAX)
        return fail(error, HEED_BAD_DATA,
                    "%s: found a pruned fastText model; give the .bin from before 'fasttext quantize'", name);
    if (out->dimensions < 1 || out->dimensions > MOST_DIMENSIONS)
        return fail(error, HEED_BAD_DATA, "%s: found %u dimensions, expected 1 to %d", name, out->dimensions,
                    MOST_DIMENSIONS);
    if (out->words > INT32_MAX || labels > INT32_MAX || out->entries != out->words + labels || out->buckets > INT32_MAX)
        return fail(error, HEED_BAD_DATA,
                    "%s: found a dictionary of %u entries, %u words, %u labels and %u buckets; is it damaged?", name,
                    out->entries, out->words, labels, out->buckets);
    return HEED_OK;
}

/* ---- sub-words */

/* FNV-1a, but that bytes count as signed: above 127 they set the upper 24 bits too. Stored models rely on it. */
uint32_t subword_bucket(const subword_header *h, heed_bytes subword)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < subword.size; i++) {
        uint32_t byte = (unsigned char)subword.data[i];
        hash ^= byte < 128 ? byte : byte | 0xFFFFFF00u;
        hash *= 16777619u;
    }
    return hash % h->buckets;
}

static heed_status add_part(subword_reading *r, uint32_t matrix_row, heed_error *error)
{
    if (r->part_count == MOST_PARTS)
        return fail(error, HEED_BAD_DATA, "%s: its words have more than %d sub-words in all", r->in->name, MOST_PARTS);
    heed_status status = memory_grow(&r->part, &r->part_capacity, r->part_count + 1, sizeof *r->part, error);
    if (status == HEED_OK)
        r->part[r->part_count++] = (uint64_t)matrix_row << 32 | r->v->stored;
    return status;
}

static size_t character_end(const char *text, size_t size, size_t at)
{
    for (at++; at < size && (text[at] & 0xC0) == 0x80; at++)
        ;
    return at;
}

/* Every run of shortest ... longest characters of <word>, but for a lone < or >. */
static heed_status add_subwords(subword_reading *r, heed_bytes word, heed_error *error)
{
    const subword_header *h = &r->header;
    char text[LONGEST_VECTOR_WORD + 2];
    size_t size = word.size + 2;
    if (word.size > LONGEST_VECTOR_WORD || h->longest == 0 || (word.size == 4 && memcmp(word.data, "</s>", 4) == 0))
        return HEED_OK;
    text[0] = '<';
    if (word.size > 0)
        memcpy(text + 1, word.data, word.size);
    text[size - 1] = '>';
    for (size_t from = 0; from < size; from = character_end(text, size, from)) {
        size_t to = from;
        for (uint32_t count = 1; to < size && count <= h->longest; count++) {
            to = character_end(text, size, to);
            if (count < h->shortest || (count == 1 && (from == 0 || to == size)))
                continue;
            uint32_t bucket = subword_bucket(h, (heed_bytes){text + from, to - from});
            heed_status status = add_part(r, h->words + bucket, error);
            if (status != HEED_OK)
                return status;
        }
    }
    return HEED_OK;
}

/* ---- dictionary */

static heed_status set_row(subword_reading *r, uint32_t number, uint32_t row, uint32_t known, heed_error *error)
{
    uint32_t count = vectors_words(r->v)->count;
    heed_status status = memory_grow(&r->row, &r->row_capacity, count, sizeof *r->row, error);
    for (uint32_t i = known; i < count && status == HEED_OK; i++)
        r->row[i] = VECTORS_NONE;
    if (status != HEED_OK || number == INTERN_NONE)
        return status;
    if (r->row[number] == VECTORS_NONE)
        r->row[number] = row;
    else
        r->v->repeated++;
    return HEED_OK;
}

/* One entry of the window, `size` bytes with its NUL: a word is looked up, a label passed over. */
static heed_status take_entry(subword_reading *r, uint32_t row, heed_bytes word, heed_error *error)
{
    vectors *v = r->v;
    v->rows++;
    if (word.size > LONGEST_VECTOR_WORD || utf8_check(word.data, word.size) != word.size) {
        vectors_skip(v, word.size <= LONGEST_VECTOR_WORD);
        return HEED_OK;
    }
    uint32_t number, known = vectors_words(v)->count;
    heed_status status = vectors_number(&number, v, word, error);
    return status == HEED_OK ? set_row(r, number, row, known, error) : status;
}

static heed_status read_dictionary(subword_reading *r, heed_error *error)
{
    vector_input *in = r->in;
    heed_status status = set_row(r, INTERN_NONE, 0, 0, error);
    for (uint32_t i = 0; i < r->header.entries && status == HEED_OK; i++) {
        heed_bytes window = vector_input_window(in);
        const char *end;
        while ((end = memchr(window.data, '\0', window.size)) == NULL && !in->ended && window.size < VECTOR_WINDOW) {
            if ((status = vector_input_fill(in, error)) != HEED_OK)
                return status;
            window = vector_input_window(in);
        }
        if (end == NULL || (size_t)(end - window.data) > VECTOR_WINDOW - 1 - ENTRY_TAIL)
            return fail(error, HEED_BAD_DATA, "%s: it ends inside its dictionary; is it cut short?", in->name);
        size_t size = (size_t)(end - window.data);
        if ((status = vector_input_require(in, size + 1 + ENTRY_TAIL, "its dictionary", error)) != HEED_OK)
            return status;
        const char *at = vector_input_window(in).data;
        bool label = at[size + ENTRY_TAIL] != 0;
        if (label != (i >= r->header.words))
            return fail(error, HEED_BAD_DATA, "%s: entry %u of its dictionary is a %s; is it damaged?", in->name, i + 1,
                        label ? "label" : "word");
        vector_input_take(in, size + 1 + ENTRY_TAIL);
        if (!label)
            status = take_entry(r, i, (heed_bytes){at, size}, error);
    }
    return status;
}

/* ---- matrix */

static heed_status read_matrix_header(uint64_t *rows, subword_reading *r, heed_error *error)
{
    const subword_header *h = &r->header;
    heed_status status = vector_input_require(r->in, MATRIX_HEADER, "its dictionary", error);
    if (status != HEED_OK)
        return status;
    const char *data = vector_input_window(r->in).data;
    *rows = little64(data + 1);
    uint64_t columns = little64(data + 9);
    if (data[0] != 0)
        return fail(error, HEED_BAD_DATA,
                    "%s: found a quantised fastText model; give the .bin from before 'fasttext quantize'", r->in->name);
    if (columns != h->dimensions || *rows < (uint64_t)h->words + (h->longest > 0 ? h->buckets : 0) ||
        *rows > r->in->most / 4 / columns)
        return fail(error, HEED_BAD_DATA,
                    "%s: found a matrix of %" PRIu64 " x %" PRIu64
                    " numbers for %u words and %u buckets of %u dimensions; is it cut short or damaged?",
                    r->in->name, *rows, columns, h->words, h->buckets, h->dimensions);
    vector_input_take(r->in, MATRIX_HEADER);
    return HEED_OK;
}

/* Every wanted word that is made up of rows gets its place, and its rows are noted. */
static heed_status list_parts(subword_reading *r, heed_error *error)
{
    vectors *v = r->v;
    const intern *words = vectors_words(v);
    r->divisor = memory_array(words->count, sizeof *r->divisor);
    r->owner = memory_array(words->count, sizeof *r->owner);
    heed_status status = r->divisor == NULL || r->owner == NULL ? fail_memory(error, r->in->name) : HEED_OK;
    for (uint32_t i = 0; i < words->count && status == HEED_OK; i++) {
        size_t before = r->part_count;
        if (r->row[i] != VECTORS_NONE)
            status = add_part(r, r->row[i], error);
        if (status == HEED_OK)
            status = add_subwords(r, intern_word(words, i), error);
        if (status != HEED_OK || r->part_count == before)
            continue;
        r->divisor[v->stored] = (uint32_t)(r->part_count - before);
        r->owner[v->stored] = i;
        v->composed += r->row[i] == VECTORS_NONE;
        float *values;
        status = vectors_add(&values, v, i, error);
    }
    return status;
}

static int compare_parts(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* The rows pass by; each is added to the words that it is part of. */
static heed_status add_rows(subword_reading *r, uint64_t rows, heed_error *error)
{
    size_t width = r->header.dimensions, next = 0;
    float *values = memory_array(width, sizeof *values);
    if (values == NULL)
        return fail_memory(error, r->in->name);
    heed_status status = HEED_OK;
    for (uint64_t row = 0; row < rows; row++) {
        if ((status = vector_input_require(r->in, width * 4, "its matrix", error)) != HEED_OK)
            break;
        if (next < r->part_count && r->part[next] >> 32 == row)
            vector_row_decode(values, (uint32_t)width, (heed_bytes){0}, vector_input_window(r->in).data);
        for (; next < r->part_count && r->part[next] >> 32 == row; next++) {
            float *sum = r->v->values + (size_t)(uint32_t)r->part[next] * width;
            for (size_t i = 0; i < width; i++)
                sum[i] += values[i];
        }
        vector_input_take(r->in, width * 4);
    }
    free(values);
    return status;
}

/* Sums become means; a word whose numbers are not finite has no vector. */
static void finish_means(subword_reading *r)
{
    vectors *v = r->v;
    for (uint32_t place = 0; place < v->stored; place++) {
        float *values = v->values + (size_t)place * v->dimensions, share = (float)(1.0 / r->divisor[place]);
        bool finite = true;
        for (uint32_t i = 0; i < v->dimensions; i++) {
            values[i] *= share;
            finite = finite && isfinite(values[i]);
        }
        if (finite)
            continue;
        uint32_t number = r->owner[place];
        v->place[number] = VECTORS_NONE;
        v->found--;
        v->composed -= r->row[number] == VECTORS_NONE;
        vectors_skip(v, false);
    }
}

heed_status subword_model_read(vectors *v, vector_input *in, heed_error *error)
{
    subword_reading r = {.v = v, .in = in};
    uint64_t rows = 0;
    heed_status status = vector_input_require(in, SUBWORD_HEADER, "its header", error);
    if (status == HEED_OK)
        status = subword_header_parse(&r.header, vector_input_window(in).data, in->name, error);
    if (status != HEED_OK)
        return status;
    v->dimensions = r.header.dimensions;
    v->declared = r.header.words;
    vector_input_take(in, SUBWORD_HEADER);
    status = vectors_check_width(v, in->name, error);
    if (status == HEED_OK)
        status = read_dictionary(&r, error);
    if (status == HEED_OK)
        status = read_matrix_header(&rows, &r, error);
    if (status == HEED_OK)
        status = list_parts(&r, error);
    if (status == HEED_OK) {
        if (r.part_count > 0)
            qsort(r.part, r.part_count, sizeof *r.part, compare_parts);
        status = add_rows(&r, rows, error);
    }
    if (status == HEED_OK)
        finish_means(&r);
    free(r.row);
    free(r.part);
    free(r.divisor);
    free(r.owner);
    return status;
}
