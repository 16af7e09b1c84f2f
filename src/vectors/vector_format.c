#include "vectors/vector_format.h"

#include <inttypes.h>
#include <string.h>

#include "base/file_kind.h"
#include "base/status.h"
#include "base/utf8.h"
#include "rows/line_scan.h"
#include "vectors/vector_row.h"

enum { LINES_LOOKED_AT = 16 };

const char *vector_kind_name(vector_kind kind)
{
#define VECTOR_NAME(kind, name, read) name,
    static const char *const kind_names[] = {VECTOR_KINDS(VECTOR_NAME)};
#undef VECTOR_NAME
    return kind_names[kind];
}

/* Removes the first line from the data; its end is not part of it. False if there is no complete line. */
static bool take_line(heed_bytes *line, heed_bytes *data, bool whole)
{
    size_t next;
    if (!text_line_find(line, &next, data->data, data->size, whole, '\n'))
        return false;
    *data = (heed_bytes){data->data + next, data->size - next};
    return true;
}

/* Removes a whole number of at most 18 digits from the beginning of the text. */
static bool take_number(uint64_t *out, heed_bytes *text)
{
    size_t digits = 0;
    *out = 0;
    for (; digits < text->size && text->data[digits] >= '0' && text->data[digits] <= '9' && digits < 18; digits++)
        *out = *out * 10 + (uint64_t)(text->data[digits] - '0');
    text->data += digits;
    text->size -= digits;
    return digits > 0;
}

/* "ROWS DIMENSIONS" followed only by white space. */
static bool read_header(uint64_t *rows, uint64_t *dimensions, heed_bytes line)
{
    if (!take_number(rows, &line) || line.size == 0 || line.data[0] != ' ')
        return false;
    line.data++;
    line.size--;
    if (!take_number(dimensions, &line))
        return false;
    for (; line.size > 0; line.size--)
        if (line.data[line.size - 1] != ' ' && line.data[line.size - 1] != '\r')
            return false;
    return true;
}

/* Is it text or floats after a header? Text has a line that ends in so many numbers, or at least bytes that occur in
 * texts. */
static bool looks_text(heed_bytes data, bool whole, uint32_t dimensions)
{
    heed_bytes rest = data, line;
    for (int i = 0; i < LINES_LOOKED_AT && take_line(&line, &rest, whole); i++)
        if (vector_row_width(line) == dimensions)
            return true;
    for (size_t i = 0; i < data.size; i++)
        if ((unsigned char)data.data[i] < 0x20 && memchr("\t\n\r", data.data[i], 3) == NULL)
            return false;
    size_t fine = utf8_check(data.data, data.size);
    return fine == data.size || (!whole && data.size - fine < 4); /* the last character may be cut */
}

/* The most frequent number of numbers per line; some of the first lines may have a word with spaces, or be broken. */
static uint32_t common_width(heed_bytes data, bool whole)
{
    uint32_t width[LINES_LOOKED_AT], best = 0;
    int count = 0, most = 0;
    heed_bytes line;
    while (count < LINES_LOOKED_AT && take_line(&line, &data, whole))
        width[count++] = vector_row_width(line);
    for (int i = 0; i < count; i++) {
        int same = 0;
        for (int j = 0; j < count; j++)
            same += width[j] == width[i];
        if (same > most) {
            best = width[i];
            most = same;
        }
    }
    return best;
}

static bool begins(heed_bytes data, const char *magic, size_t size)
{
    return data.size >= size && memcmp(data.data, magic, size) == 0;
}

heed_status vector_format_detect(vector_format *out, heed_bytes data, bool whole, const char *name, heed_error *error)
{
    *out = (vector_format){0};
    if (begins(data, "\xBA\x16\x4F\x2F", 4)) {
        out->kind = VECTORS_FASTTEXT;
        return HEED_OK;
    }
    const file_kind *kind = file_kind_of(data);
    if (kind != NULL)
        return file_kind_refuse(kind, name, FILE_OF_VECTORS, error);
    heed_bytes unmarked = utf8_unmarked(data), rest = unmarked, line;
    uint64_t rows, dimensions;
    if (take_line(&line, &rest, whole) && read_header(&rows, &dimensions, line)) {
        out->declared = rows;
        out->header = data.size - rest.size;
        out->kind = VECTORS_WORD2VEC_TEXT;
        if (dimensions >= 1 && dimensions <= MAX_DIMENSIONS && !looks_text(rest, whole, (uint32_t)dimensions))
            out->kind = VECTORS_WORD2VEC_BINARY;
    } else {
        out->header = data.size - unmarked.size;
        dimensions = common_width(unmarked, whole);
        if (dimensions == 0)
            return fail(error, HEED_BAD_DATA,
                        "%s: its first lines are not words followed by numbers; expected word vectors of GloVe, "
                        "word2vec or fastText",
                        name);
    }
    if (dimensions < 1 || dimensions > MAX_DIMENSIONS)
        return fail(error, HEED_BAD_DATA, "%s: found %" PRIu64 " dimensions, expected 1 to %d", name, dimensions,
                    MAX_DIMENSIONS);
    out->dimensions = (uint32_t)dimensions;
    return HEED_OK;
}
