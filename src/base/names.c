#include "base/names.h"

#include <stdio.h>
#include <string.h>

static bool find(unsigned *out, const char *const *items, unsigned count, const char *name)
{
    for (unsigned i = 0; i < count; i++)
        if (items[i] != NULL && strcmp(items[i], name) == 0) {
            *out = i;
            return true;
        }
    return false;
}

bool names_have(const names *n, unsigned value)
{
    return value < n->count && n->items[value] != NULL;
}

bool names_find(unsigned *out, const names *n, const char *name)
{
    return find(out, n->items, n->count, name);
}

bool names_find_any(unsigned *out, const names *n, const char *name)
{
    return names_find(out, n, name) || (n->shown != NULL && find(out, n->shown, n->count, name));
}

const char *names_of(const names *n, unsigned value)
{
    return names_have(n, value) ? n->items[value] : "unknown";
}

const char *names_shown(const names *n, unsigned value)
{
    return n->shown != NULL && names_have(n, value) ? n->shown[value] : names_of(n, value);
}

void names_list(char *out, size_t size, const names *n)
{
    const char *const *words = n->shown != NULL ? n->shown : n->items;
    size_t used = 0;
    *out = '\0';
    for (unsigned i = 0; i < n->count && used + 1 < size; i++) {
        if (words[i] == NULL)
            continue;
        int written = snprintf(out + used, size - used, "%s%s", i == 0 ? "" : "|", words[i]);
        used += written > 0 ? (size_t)written : 0;
    }
}
