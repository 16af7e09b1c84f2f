/* Fuzz entry over vector files. The first byte chooses how many bytes come at a time; besides not falling over, a file
 * must read the same in one piece and in many, and a wanted word must get what it gets among all words. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "heed.h"
#include "base/number.h"
#include "vectors/vectors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool fine)
{
    if (!fine)
        abort();
}

static heed_status read_in_pieces(vectors *v, heed_bytes data, size_t piece, const intern *wanted)
{
    vector_input in;
    require(vector_input_memory(&in, data, piece, "fuzz", NULL) == HEED_OK);
    heed_status status = vectors_read_input(v, &in, wanted, 0);
    vector_input_release(&in);
    require(status == HEED_OK || v->values == NULL);
    return status;
}

static void check_sane(const vectors *v)
{
    require(v->dimensions >= 1 && v->dimensions <= MAX_DIMENSIONS);
    require(v->found <= v->stored && v->bad + v->not_utf8 <= v->rows);
    for (uint32_t i = 0; i < vectors_words(v)->count; i++) {
        const float *row = vectors_row(v, i);
        for (uint32_t j = 0; row != NULL && j < v->dimensions; j++)
            require(isfinite(row[j]));
    }
}

/* Every word of all, wanted or not, has the same vector in both. */
static void check_same(const vectors *all, const vectors *other)
{
    require(all->kind == other->kind && all->dimensions == other->dimensions && all->rows == other->rows);
    for (uint32_t i = 0; i < vectors_words(all)->count; i++) {
        const float *row = vectors_row(all, i);
        uint32_t number = intern_find(vectors_words(other), intern_word(vectors_words(all), i));
        if (number == INTERN_NONE)
            continue;
        const float *same = vectors_row(other, number);
        require((row == NULL) == (same == NULL));
        require(row == NULL || memcmp(row, same, all->dimensions * sizeof *row) == 0);
    }
}

static void fuzz_file(heed_bytes data, size_t piece)
{
    vectors all, again, some;
    if (read_in_pieces(&all, data, SIZE_MAX, NULL) != HEED_OK) {
        require(read_in_pieces(&again, data, piece, NULL) != HEED_OK);
        return;
    }
    check_sane(&all);
    require(read_in_pieces(&again, data, piece, NULL) == HEED_OK);
    require(memcmp(again.digest, all.digest, sizeof all.digest) == 0);
    check_same(&all, &again);
    intern wanted;
    uint32_t number;
    require(intern_init(&wanted, NULL) == HEED_OK);
    for (uint32_t i = 0; i < vectors_words(&all)->count; i += 2)
        require(intern_put(&number, &wanted, intern_word(vectors_words(&all), i), NULL) == HEED_OK);
    require(intern_put(&number, &wanted, (heed_bytes){"unheard-of", 10}, NULL) == HEED_OK);
    if (read_in_pieces(&some, data, piece, &wanted) ==
        HEED_OK) { /* a .bin counts only the bad numbers of wanted words */
        check_sane(&some);
        check_same(&all, &some);
        vectors_release(&some);
    }
    intern_release(&wanted);
    vectors_release(&all);
    vectors_release(&again);
}

/* A number has the value that strtof finds, in the C locale of this program. */
static void fuzz_number(heed_bytes data)
{
    char text[64];
    size_t size = data.size < sizeof text ? data.size : sizeof text - 1;
    memcpy(text, data.data, size);
    text[size] = '\0';
    float found;
    if (number_parse_float(&found, (heed_bytes){text, size})) {
        char *end;
        float expected = strtof(text, &end);
        require(end == text + size && memcmp(&found, &expected, sizeof found) == 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    heed_bytes data = {(const char *)bytes + 1, size - 1};
    fuzz_file(data, (size_t)bytes[0] + 1);
    fuzz_number(data);
    return 0;
}
