#include "tokenizer/byte_level.h"

#include "tokenizer/token_points.h"

/* ---- bytes. Those without a character of their own are, in their order, U+0100 ... U+0143: 0 to 0x20, 0x7F to 0xA0,
 * and 0xAD. */

enum { FIRST_MADE = 0x100, LOW = 0x21, HIGH_BEGIN = 0x7F, HIGH = 0x22, MADE = LOW + HIGH + 1, HYPHEN = 0xAD };

uint32_t byte_level_point(unsigned char byte)
{
    if (byte < LOW)
        return FIRST_MADE + byte;
    if (byte >= HIGH_BEGIN && byte < HIGH_BEGIN + HIGH)
        return FIRST_MADE + LOW + (byte - HIGH_BEGIN);
    return byte == HYPHEN ? FIRST_MADE + MADE - 1 : byte;
}

int byte_level_byte(uint32_t point)
{
    if (point < FIRST_MADE)
        return byte_level_point((unsigned char)point) == point ? (int)point : -1;
    point -= FIRST_MADE;
    if (point < LOW)
        return (int)point;
    if (point < LOW + HIGH)
        return (int)(point - LOW + HIGH_BEGIN);
    return point == MADE - 1 ? HYPHEN : -1;
}

/* ---- words: 's|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+ */

typedef enum byte_level_kind { KIND_BLANK, KIND_NAME, KIND_DIGIT, KIND_SIGN } byte_level_kind;

static byte_level_kind kind_of(uint32_t point)
{
    unsigned bits = token_point_bits(point);
    return (bits & TOKEN_LETTER) != 0   ? KIND_NAME
           : (bits & TOKEN_NUMBER) != 0 ? KIND_DIGIT
           : (bits & TOKEN_SPACE) != 0  ? KIND_BLANK
                                        : KIND_SIGN;
}

/* Characters of an ending such as 'll that begin here; 0: none. */
static size_t ending(const normal_character *c, size_t from, size_t count)
{
    if (c[from].point != '\'' || from + 1 == count)
        return 0;
    uint32_t first = c[from + 1].point, second = from + 2 < count ? c[from + 2].point : 0;
    if (first == 's' || first == 't' || first == 'm' || first == 'd')
        return 2;
    return ((first == 'r' || first == 'v') && second == 'e') || (first == 'l' && second == 'l') ? 3 : 0;
}

/* Of white space the last character is left to what follows: with a word if it is a space, else by itself. */
static size_t blanks(const normal_character *c, size_t from, size_t count)
{
    size_t end = from + 1;
    while (end < count && kind_of(c[end].point) == KIND_BLANK)
        end++;
    return end < count && end > from + 1 ? end - 1 : end;
}

size_t byte_level_word(const normal_character *characters, size_t from, size_t count)
{
    size_t short_end = ending(characters, from, count), begin = from;
    if (short_end > 0)
        return from + short_end;
    if (characters[from].point == ' ' && from + 1 < count && kind_of(characters[from + 1].point) != KIND_BLANK)
        begin++;
    byte_level_kind kind = kind_of(characters[begin].point);
    if (kind == KIND_BLANK)
        return blanks(characters, from, count);
    size_t end = begin + 1;
    while (end < count && kind_of(characters[end].point) == kind)
        end++;
    return end;
}
