#include "command_options.h"

#include <string.h>

#include "base/suggest.h"
#include "options/option_table.h"
#include "program_options.h"

const option_pair *option_rivals(void)
{
    static const char folds[] = ": every fold validates on its own part";
    static const option_pair rivals[] = {
        {"validation-file", "validation", ""},
        {"validation-file", "folds", folds},
        {"validation", "folds", folds},
        {"tune-thresholds", "folds", ": a model trained on all rows has no validation rows to tune on"},
        {NULL, NULL, NULL},
    };
    return rivals;
}

/* ---------------------------------------------------------------- what a command takes */

static unsigned bit_of(const command *c)
{
    unsigned bit = 1;
    for (const command *const *at = command_list(); *at != c; at++)
        bit <<= 1;
    return bit;
}

static bool is_own(const option *o)
{
    return o->home == HOME_PROGRAM;
}

static const program_option *own(const option *o)
{
    return (const program_option *)(const void *)o; /* its first member */
}

/* c NULL: any command. */
static bool takes(const command *c, const option *o)
{
    if (is_own(o))
        return c == NULL || (own(o)->commands & bit_of(c)) != 0;
    for (const char *const *name = c == NULL ? NULL : c->without; name != NULL && *name != NULL; name++)
        if (strcmp(*name, o->name) == 0)
            return false;
    return c == NULL ? o->touches != 0 : (o->touches & c->touches & ~(unsigned)TOUCHES_DATA) != 0;
}

/* Walks all options in the order of the help, by group: first the program's own without .after, then those of heed.h,
 * each followed by the program's own that come after it. */
typedef struct option_walk {
    const command *command; /* NULL: all options */
    size_t left;            /* number of options still to skip */
    const option *found;
} option_walk;

static bool walk_ends(option_walk *w, const option *o)
{
    if (takes(w->command, o) && w->left-- == 0)
        w->found = o;
    return w->found != NULL;
}

static bool walk_own(option_walk *w, option_group group, const char *after)
{
    for (size_t i = 0; i < program_option_count; i++) {
        const program_option *p = &program_options[i];
        bool here = after == NULL ? p->after == NULL : p->after != NULL && strcmp(p->after, after) == 0;
        if (here && p->option.group == group && walk_ends(w, &p->option))
            return true;
    }
    return false;
}

static const option *walk_to(const command *c, size_t number)
{
    option_walk w = {.command = c, .left = number};
    size_t count;
    const option *library = option_table(&count);
    for (option_group group = 0; group < GROUP_COUNT; group++) {
        if (walk_own(&w, group, NULL))
            return w.found;
        for (size_t i = 0; i < count; i++)
            if (library[i].group == group && (walk_ends(&w, &library[i]) || walk_own(&w, group, library[i].name)))
                return w.found;
    }
    return NULL;
}

const option *command_option(const command *c, size_t number)
{
    return walk_to(c, number);
}

const option *any_option(size_t number)
{
    return walk_to(NULL, number);
}

static const option *find(const command *c, const char *name, size_t size)
{
    const option *o;
    for (size_t i = 0; (o = walk_to(c, i)) != NULL; i++)
        if (strlen(o->name) == size && memcmp(o->name, name, size) == 0)
            return o;
    return NULL;
}

const option *command_option_named(const command *c, const char *name, size_t size)
{
    return find(c, name, size);
}

const option *any_option_named(const char *name, size_t size)
{
    return find(NULL, name, size);
}

char option_letter(const option *o)
{
    return is_own(o) ? own(o)->letter : '\0';
}

const option *command_option_by_letter(const command *c, char letter)
{
    const option *o;
    for (size_t i = 0; (o = walk_to(c, i)) != NULL; i++)
        if (letter != '\0' && option_letter(o) == letter)
            return o;
    return NULL;
}

const char *command_option_suggest(const command *c, const char *name, size_t size)
{
    suggestion near = suggest_begin((heed_bytes){name, size});
    const option *o;
    for (size_t i = 0; (o = walk_to(c, i)) != NULL; i++)
        suggest_offer(&near, o->name);
    return near.word;
}
