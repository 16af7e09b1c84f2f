/* The file: header, dictionary (words and labels with counts and types, each ended by NUL), one byte that says whether
 * matrices are quantised, the input matrix (a row for every word, then one for every bucket of sub-words), and parts
 * that word vectors do not need. Everything is little-endian. The file is read once, from front to back: the dictionary
 * says which rows belong to which wanted words, then the rows are streamed and added up. */
#include "vectors/subword_model.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

enum { HEADER = 92, MODEL_SUPERVISED = 3, ENTRY_TAIL = 9, MATRIX_HEADER = 17, MAX_PARTS = 1 << 28 };

typedef struct subword_header {
    uint32_t dimensions, buckets, shortest, longest; /* characters of a sub-word; longest 0: no sub-words */
    uint32_t entries, words;                         /* of the dictionary; words come first, then labels */
} subword_header;

/* State while a model is read. */
typedef struct subword_reading {
    subword_header header;
    vectors *v;
    vector_input *in;
    uint32_t *row; /* [words of v]: the row of the word in the matrix, or VECTORS_NONE */
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

/* Refuses headers of models that cannot be read here. */
static void check_header(const subword_header *h, const char *data, vector_input *in)
{
    uint32_t version = little32(data + 4), labels = little32(data + 72);
    uint64_t pruned = little64(data + 84);
    if (version != 11 && version != 12)
        vector_input_fail(in, HEED_BAD_DATA, "%s: found version %u of fastText's .bin, expected 11 or 12", in->name,
                          version);
    if (pruned != UINT64_MAX)
        vector_input_fail(in, HEED_BAD_DATA,
                          "%s: found a pruned fastText model; use the .bin from before 'fasttext quantize'", in->name);
    if (h->dimensions < 1 || h->dimensions > MAX_DIMENSIONS)
        vector_input_fail(in, HEED_BAD_DATA, "%s: found %u dimensions, expected 1 to %d", in->name, h->dimensions,
                          MAX_DIMENSIONS);
    if (h->words > INT32_MAX || labels > INT32_MAX || h->entries != h->words + labels || h->buckets > INT32_MAX)
        vector_input_fail(in, HEED_BAD_DATA,
                          "%s: found a dictionary of %u entries, %u words, %u labels and %u buckets; is it damaged?",
                          in->name, h->entries, h->words, labels, h->buckets);
}

static void read_header(subword_reading *r)
{
    subword_header *h = &r->header;
    if (!vector_input_require(r->in, HEADER, "its header"))
        return;
    const char *data = vector_input_window(r->in).data;
    *h = (subword_header){.dimensions = little32(data + 8),
                          .buckets = little32(data + 40),
                          .shortest = little32(data + 44),
                          .longest = little32(data + 48),
                          .entries = little32(data + 64),
                          .words = little32(data + 68)};
    if (little32(data + 4) == 11 && little32(data + 36) == MODEL_SUPERVISED) /* as fastText itself reads these */
        h->longest = 0;
    if (h->buckets == 0 || h->longest > INT32_MAX)
        h->longest = 0;
    check_header(h, data, r->in);
    r->v->dimensions = h->dimensions;
    r->v->declared = h->words;
    vector_input_take(r->in, HEADER);
    vectors_check_width(r->v, r->in);
}

/* ---- sub-words */

/* The bucket of a sub-word: FNV-1a, except that bytes are signed: those above 127 set the upper 24 bits too. Stored
 * models rely on it. */
static uint32_t subword_bucket(const subword_header *h, heed_bytes subword)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < subword.size; i++) {
        uint32_t byte = (unsigned char)subword.data[i];
        hash ^= byte < 128 ? byte : byte | 0xFFFFFF00u;
        hash *= 16777619u;
    }
    return hash % h->buckets;
}

static void add_part(subword_reading *r, uint32_t matrix_row)
{
    if (r->part_count == MAX_PARTS)
        vector_input_fail(r->in, HEED_BAD_DATA, "%s: its words have more than %d sub-words in total", r->in->name,
                          MAX_PARTS);
    if (vector_input_grow(r->in, &r->part, &r->part_capacity, r->part_count + 1, sizeof *r->part))
        r->part[r->part_count++] = (uint64_t)matrix_row << 32 | r->v->stored;
}

static size_t character_end(const char *text, size_t size, size_t at)
{
    for (at++; at < size && (text[at] & 0xC0) == 0x80; at++)
        ;
    return at;
}

/* Every run of shortest ... longest characters of <word>, except a single < or >. */
static void add_subwords(subword_reading *r, heed_bytes word)
{
    const subword_header *h = &r->header;
    char text[LONGEST_VECTOR_WORD + 2];
    size_t size = word.size + 2;
    if (word.size > LONGEST_VECTOR_WORD || h->longest == 0 || (word.size == 4 && memcmp(word.data, "</s>", 4) == 0))
        return;
    text[0] = '<';
    if (word.size > 0)
        memcpy(text + 1, word.data, word.size);
    text[size - 1] = '>';
    for (size_t from = 0; from < size; from = character_end(text, size, from)) {
        size_t to = from;
        for (uint32_t count = 1; to < size && count <= h->longest; count++) {
            to = character_end(text, size, to);
            if (count >= h->shortest && !(count == 1 && (from == 0 || to == size)))
                add_part(r, h->words + subword_bucket(h, (heed_bytes){text + from, to - from}));
        }
    }
}

/* ---- dictionary */

/* Words from `known` on have no rows yet. */
static void grow_rows(subword_reading *r, uint32_t known)
{
    uint32_t count = vectors_words(r->v)->count;
    if (!vector_input_grow(r->in, &r->row, &r->row_capacity, count, sizeof *r->row))
        return;
    for (uint32_t i = known; i < count; i++)
        r->row[i] = VECTORS_NONE;
}

/* Looks up a word of the dictionary, whose vector is this row of the matrix. */
static void take_word(subword_reading *r, uint32_t row, heed_bytes word)
{
    vectors *v = r->v;
    v->rows++;
    if (word.size > LONGEST_VECTOR_WORD || utf8_check(word.data, word.size) != word.size) {
        vectors_skip(v, word.size <= LONGEST_VECTOR_WORD);
        return;
    }
    uint32_t known = vectors_words(v)->count, number = vectors_number(v, r->in, word);
    grow_rows(r, known);
    if (number == INTERN_NONE || !vector_input_fine(r->in))
        return;
    if (r->row[number] == VECTORS_NONE)
        r->row[number] = row;
    else
        v->repeated++;
}

/* The bytes of the next word; fills the window to its end. */
static bool find_entry(size_t *size, vector_input *in)
{
    heed_bytes window = vector_input_window(in);
    const char *end;
    while ((end = memchr(window.data, '\0', window.size)) == NULL && !in->ended && window.size < VECTOR_WINDOW) {
        if (!vector_input_fill(in))
            return false;
        window = vector_input_window(in);
    }
    if (end == NULL || (size_t)(end - window.data) > VECTOR_WINDOW - 1 - ENTRY_TAIL) {
        vector_input_fail(in, HEED_BAD_DATA, "%s: it ends inside its dictionary; is it cut short?", in->name);
        return false;
    }
    *size = (size_t)(end - window.data);
    return vector_input_require(in, *size + 1 + ENTRY_TAIL, "its dictionary");
}

static void read_dictionary(subword_reading *r)
{
    vector_input *in = r->in;
    size_t size;
    grow_rows(r, 0);
    for (uint32_t i = 0; i < r->header.entries && vector_input_fine(in) && find_entry(&size, in); i++) {
        const char *at = vector_input_window(in).data;
        bool label = at[size + ENTRY_TAIL] != 0;
        if (label != (i >= r->header.words))
            vector_input_fail(in, HEED_BAD_DATA, "%s: entry %u of its dictionary is a %s; is it damaged?", in->name,
                              i + 1, label ? "label" : "word");
        vector_input_take(in, size + 1 + ENTRY_TAIL);
        if (!label && vector_input_fine(in))
            take_word(r, i, (heed_bytes){at, size});
    }
}

/* ---- matrix */

/* Returns how many rows it has. */
static uint64_t read_matrix_header(subword_reading *r)
{
    const subword_header *h = &r->header;
    vector_input *in = r->in;
    if (!vector_input_require(in, MATRIX_HEADER, "its dictionary"))
        return 0;
    const char *data = vector_input_window(in).data;
    uint64_t rows = little64(data + 1), columns = little64(data + 9);
    if (data[0] != 0)
        vector_input_fail(in, HEED_BAD_DATA,
                          "%s: found a quantised fastText model; use the .bin from before 'fasttext quantize'",
                          in->name);
    if (columns != h->dimensions || rows < (uint64_t)h->words + (h->longest > 0 ? h->buckets : 0) ||
        rows > in->most / 4 / columns)
        vector_input_fail(in, HEED_BAD_DATA,
                          "%s: found a matrix of %" PRIu64 " x %" PRIu64
                          " numbers for %u words and %u buckets of %u dimensions; is it cut short or damaged?",
                          in->name, rows, columns, h->words, h->buckets, h->dimensions);
    vector_input_take(in, MATRIX_HEADER);
    return rows;
}

/* Gives a wanted word that has rows its place, and notes its rows. */
static void list_word(subword_reading *r, uint32_t number)
{
    vectors *v = r->v;
    size_t before = r->part_count;
    if (r->row[number] != VECTORS_NONE)
        add_part(r, r->row[number]);
    add_subwords(r, intern_word(vectors_words(v), number));
    if (r->part_count == before)
        return;
    r->divisor[v->stored] = (uint32_t)(r->part_count - before);
    r->owner[v->stored] = number;
    v->composed += r->row[number] == VECTORS_NONE;
    vectors_add(v, r->in, number);
}

static void list_words(subword_reading *r)
{
    uint32_t count = vectors_words(r->v)->count;
    r->divisor = memory_array(count, sizeof *r->divisor);
    r->owner = memory_array(count, sizeof *r->owner);
    if (r->divisor == NULL || r->owner == NULL)
        vector_input_fail_memory(r->in);
    for (uint32_t i = 0; i < count && vector_input_fine(r->in); i++)
        list_word(r, i);
}

static int compare_parts(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Streams the rows; each is added to the words that it is part of. */
static void add_rows(subword_reading *r, uint64_t rows)
{
    size_t width = r->header.dimensions, next = 0;
    float *values = memory_array(width, sizeof *values);
    if (values == NULL)
        vector_input_fail_memory(r->in);
    if (r->part_count > 0)
        qsort(r->part, r->part_count, sizeof *r->part, compare_parts);
    for (uint64_t row = 0; row < rows && vector_input_require(r->in, width * 4, "its matrix"); row++) {
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
}

/* Turns sums into means; a word with numbers that are not finite gets no vector. */
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

void subword_model_read(vectors *v, vector_input *in)
{
    subword_reading r = {.v = v, .in = in};
    read_header(&r);
    if (vector_input_fine(in))
        read_dictionary(&r);
    uint64_t rows = read_matrix_header(&r);
    if (vector_input_fine(in))
        list_words(&r);
    if (vector_input_fine(in))
        add_rows(&r, rows);
    if (vector_input_fine(in))
        finish_means(&r);
    free(r.row);
    free(r.part);
    free(r.divisor);
    free(r.owner);
}
