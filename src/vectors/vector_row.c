#include "vectors/vector_row.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

/* Without CR and spaces at its end: word2vec and fastText write a space after every number. */
static heed_bytes trim_end(heed_bytes line)
{
    if (line.size > 0 && line.data[line.size - 1] == '\r')
        line.size--;
    while (line.size > 0 && line.data[line.size - 1] == ' ')
        line.size--;
    return line;
}

/* Removes the last field and the space before it from the line. False if it is the only one. */
static bool take_last(heed_bytes *field, heed_bytes *line)
{
    const char *space = line->size == 0 ? NULL : memrchr(line->data, ' ', line->size);
    if (space == NULL)
        return false;
    size_t left = (size_t)(space - line->data);
    *field = (heed_bytes){space + 1, line->size - left - 1};
    line->size = left;
    return true;
}

static vector_row check_word(heed_bytes word)
{
    if (word.size > LONGEST_VECTOR_WORD)
        return VECTOR_ROW_BAD;
    return utf8_check(word.data, word.size) == word.size ? VECTOR_ROW_FINE : VECTOR_ROW_NOT_UTF8;
}

vector_row vector_row_parse(heed_bytes *word, float *values, uint32_t dimensions, heed_bytes line)
{
    heed_bytes left = trim_end(line), field;
    for (uint32_t i = dimensions; i-- > 0;)
        if (!take_last(&field, &left) || !number_parse_float(&values[i], field))
            return VECTOR_ROW_BAD;
    *word = left;
    if (take_last(&field, &left) && number_is(field))
        return VECTOR_ROW_BAD;
    return check_word(*word);
}

vector_row vector_row_decode(float *values, uint32_t dimensions, heed_bytes word, const char *numbers)
{
    const unsigned char *b = (const unsigned char *)numbers;
    bool finite = true;
    for (uint32_t i = 0; i < dimensions; i++, b += 4) {
        uint32_t bits = (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 | (uint32_t)b[3] << 24;
        memcpy(&values[i], &bits, sizeof bits);
        finite = finite && isfinite(values[i]);
    }
    return finite ? check_word(word) : VECTOR_ROW_BAD;
}

uint32_t vector_row_width(heed_bytes line)
{
    heed_bytes left = trim_end(line), field;
    uint32_t width = 0;
    while (width < UINT32_MAX && take_last(&field, &left) && number_is(field))
        width++;
    return width;
}
