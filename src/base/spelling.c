#include "base/spelling.h"

#include <utf8proc.h>

#include "base/blanks.h"
#include "base/compose.h"
#include "base/utf8.h"

/* Takes a character, or a byte that is not part of one, off the front; small letters for capitals. */
static uint32_t take_point(heed_bytes *b)
{
    uint32_t point;
    size_t length = utf8_decode(b->data, b->size, &point);
    bool character = length > 0;
    if (!character) {
        point = UINT32_MAX - (unsigned char)b->data[0];
        length = 1;
    }
    *b = (heed_bytes){b->data + length, b->size - length};
    return character ? (uint32_t)utf8proc_tolower((utf8proc_int32_t)point) : point;
}

static bool same_letters(heed_bytes a, heed_bytes b)
{
    while (a.size > 0 && b.size > 0)
        if (take_point(&a) != take_point(&b))
            return false;
    return a.size == b.size;
}

bool spelled_alike(heed_bytes a, heed_bytes b)
{
    writer of_a = {0}, of_b = {0};
    bool alike = same_letters(compose(&of_a, spaces_trim(a)), compose(&of_b, spaces_trim(b)));
    writer_release(&of_a);
    writer_release(&of_b);
    return alike;
}
