#include "tokenizer/token_trim.h"

#include "base/utf8.h"
#include "tokenizer/byte_level.h"
#include "tokenizer/token_points.h"

/* Where the character before `at` begins; at > 0. */
static size_t step_back(heed_bytes text, size_t at)
{
    do
        at--;
    while (at > 0 && ((unsigned char)text.data[at] & 0xC0) == 0x80);
    return at;
}

/* Where the character after the one at `at` begins; at < size. */
static size_t step_on(heed_bytes text, size_t at)
{
    do
        at++;
    while (at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80);
    return at;
}

/* Whether the character at `at` is a space, or stands for one. */
static bool is_space(heed_bytes written, size_t at)
{
    uint32_t point;
    return utf8_decode(written.data + at, written.size - at, &point) > 0 &&
           (point == byte_level_point(' ') || (token_point_bits(point) & TOKEN_SPACE) != 0);
}

void token_trim(size_t *begin, size_t *end, heed_bytes written, heed_bytes text, bool keeps_one)
{
    size_t leading = 0, trailing = 0, back = *end;
    for (size_t at = 0; at < written.size && is_space(written, at); at = step_on(written, at))
        leading++;
    for (size_t at = written.size; at > 0 && is_space(written, step_back(written, at)); at = step_back(written, at))
        trailing++;
    if (leading == 1 && keeps_one)
        leading = 0;
    for (; leading > 0 && *begin < *end; leading--)
        *begin = step_on(text, *begin);
    for (; trailing > 0 && back > 0; trailing--)
        back = step_back(text, back);
    if (trailing == 0) /* `tokenizers` trims nothing where the text has fewer characters */
        *end = back > *begin ? back : *begin;
}
