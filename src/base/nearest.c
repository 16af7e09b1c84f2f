#include "base/nearest.h"

#include <string.h>

enum { LONGEST = 64 };

static size_t edit_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    size_t row[LONGEST + 1];
    for (size_t j = 0; j <= b_size; j++)
        row[j] = j;
    for (size_t i = 0; i < a_size; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b_size; j++) {
            size_t change = diagonal + (a[i] != b[j]);
            diagonal = row[j + 1];
            size_t shorter = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            row[j + 1] = change < shorter ? change : shorter;
        }
    }
    return row[b_size];
}

const char *nearest_word(heed_bytes typed, const char *const *words, size_t count)
{
    const char *nearest = count > 0 ? words[0] : "";
    size_t least = SIZE_MAX, size = typed.size < LONGEST ? typed.size : LONGEST;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(words[i]);
        size_t distance = edit_distance(typed.data, size, words[i], length < LONGEST ? length : LONGEST);
        if (distance < least) {
            least = distance;
            nearest = words[i];
        }
    }
    return nearest;
}
