#include "tokenizer/clusters.h"

#include "tokenizer/token_points.h"

static cluster_class class_of(uint32_t point)
{
    enum { FIRST_SYLLABLE = 0xAC00, LAST_SYLLABLE = 0xD7A3, TAILS = 28, JOINER = 0x200D, MASK = 15 };
    if (point >= FIRST_SYLLABLE && point <= LAST_SYLLABLE)
        return (point - FIRST_SYLLABLE) % TAILS == 0 ? CLUSTER_LEAD_VOWEL : CLUSTER_LEAD_VOWEL_TAIL;
    return point == JOINER ? CLUSTER_JOINER : (cluster_class)(token_point_bits(point) >> TOKEN_CLUSTER_SHIFT & MASK);
}

/* Whether letters of Hangul are one syllable. */
static bool is_syllable(cluster_class a, cluster_class b)
{
    if (a == CLUSTER_LEAD)
        return b == CLUSTER_LEAD || b == CLUSTER_VOWEL || b == CLUSTER_LEAD_VOWEL || b == CLUSTER_LEAD_VOWEL_TAIL;
    if (a == CLUSTER_VOWEL || a == CLUSTER_LEAD_VOWEL)
        return b == CLUSTER_VOWEL || b == CLUSTER_TAIL;
    return (a == CLUSTER_TAIL || a == CLUSTER_LEAD_VOWEL_TAIL) && b == CLUSTER_TAIL;
}

static bool extends(cluster_class a)
{
    return a == CLUSTER_EXTENDS || a == CLUSTER_LINKER || a == CLUSTER_JOINER;
}

/* What the characters before one have been, of those that more than the last one counts of. */
typedef struct cluster_before {
    bool picture;           /* a picture, and what extends it */
    bool consonant, linked; /* a consonant, what extends it, and a linker among that */
} cluster_before;

static cluster_before pass(cluster_before before, cluster_class class)
{
    if (extends(class)) {
        before.linked = before.linked || (before.consonant && class == CLUSTER_LINKER);
        return before;
    }
    return (cluster_before){.picture = class == CLUSTER_PICTURE, .consonant = class == CLUSTER_CONSONANT};
}

static bool goes_on(cluster_before before, cluster_class a, cluster_class b)
{
    if (a == CLUSTER_CONTROL || b == CLUSTER_CONTROL)
        return false;
    return extends(b) || b == CLUSTER_SPACING || a == CLUSTER_PREPENDED || is_syllable(a, b) ||
           (before.linked && b == CLUSTER_CONSONANT) || (before.picture && a == CLUSTER_JOINER && b == CLUSTER_PICTURE);
}

size_t cluster_end(const normal_character *characters, size_t from, size_t count)
{
    cluster_class last = class_of(characters[from].point);
    cluster_before before = pass((cluster_before){0}, last);
    size_t end = from + 1;
    if (characters[from].point == '\r' && end < count && characters[end].point == '\n')
        return end + 1;
    for (; end < count; end++) {
        cluster_class class = class_of(characters[end].point);
        if (!goes_on(before, last, class))
            break;
        before = pass(before, class);
        last = class;
    }
    return end;
}
