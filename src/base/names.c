#include "base/names.h"

#include <stdio.h>
#include <string.h>

bool names_find(unsigned *out, const names *n, const char *name)
{
    for (unsigned i = 0; i < n->count; i++)
        if (strcmp(n->items[i], name) == 0) {
            *out = i;
            return true;
        }
    return false;
}

const char *names_of(const names *n, unsigned value)
{
    return value < n->count ? n->items[value] : "unknown";
}

void names_list(char *out, size_t size, const names *n)
{
    size_t used = 0;
    *out = '\0';
    for (unsigned i = 0; i < n->count && used + 1 < size; i++) {
        int written = snprintf(out + used, size - used, "%s%s", i == 0 ? "" : "|", n->items[i]);
        used += written > 0 ? (size_t)written : 0;
    }
}
