#include "text/unicode.h"

#include <stddef.h>
#include <utf8proc.h>

#include "base/blanks.h"

bool unicode_is_space(uint32_t point)
{
    return point_is_blank(point);
}

bool unicode_is_cluster_end(uint32_t before, uint32_t after, int32_t *state)
{
    if ((point_bits(after) & POINT_EXTENDS) == 0)
        return true; /* the character before is a visible one, and so none that joins what follows */
    return state == NULL ? utf8proc_grapheme_break((utf8proc_int32_t)before, (utf8proc_int32_t)after)
                         : utf8proc_grapheme_break_stateful((utf8proc_int32_t)before, (utf8proc_int32_t)after, state);
}

uint32_t unicode_lower(uint32_t point)
{
    return (point_bits(point) & POINT_LOWERS) == 0 ? point : (uint32_t)utf8proc_tolower((utf8proc_int32_t)point);
}
