#include "base/suggest.h"

#include <string.h>

enum { LONGEST = 64 };

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

size_t edit_distance(heed_bytes a, heed_bytes b)
{
    size_t rows[3][LONGEST + 1]; /* the last three rows of the table [a + 1][b + 1] */
    a.size = smaller(a.size, LONGEST);
    b.size = smaller(b.size, LONGEST);
    for (size_t j = 0; j <= b.size; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i - 1) % 3], *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            row[j] = smaller(above[j - 1] + (a.data[i - 1] != b.data[j - 1]), smaller(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && a.data[i - 1] == b.data[j - 2] && a.data[i - 2] == b.data[j - 1])
                row[j] = smaller(row[j], two_above[j - 2] + 1);
        }
    }
    return rows[a.size % 3][b.size];
}

const char *suggest_nearest(heed_bytes typed, const char *const *words, size_t count)
{
    const char *nearest = count > 0 ? words[0] : "";
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(typed, (heed_bytes){words[i], strlen(words[i])});
        if (distance < least) {
            least = distance;
            nearest = words[i];
        }
    }
    return nearest;
}

suggestion suggest_begin(heed_bytes typed)
{
    return (suggestion){.typed = typed, .distance = typed.size / 3 + 1};
}

void suggest_offer(suggestion *s, const char *word)
{
    size_t distance = edit_distance(s->typed, (heed_bytes){word, strlen(word)});
    if (distance < s->distance || (distance == s->distance && s->word == NULL)) {
        s->distance = distance;
        s->word = word;
    }
}
