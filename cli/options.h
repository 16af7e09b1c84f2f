/* The one table of options: parsing, help, man pages and completion work from it. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include "settings.h"

typedef enum option_type {
    OPTION_FLAG,       /* bool: becomes true */
    OPTION_NO_FLAG,    /* bool: becomes false */
    OPTION_TEXT,       /* const char * */
    OPTION_LIST,       /* string_list: may be repeated */
    OPTION_WHOLE,      /* uint32_t within [least, most] */
    OPTION_LENGTH,     /* uint32_t within [least, most], or "mean", which is 0 */
    OPTION_FREEZE,     /* uint32_t within [least, most], or "always", which is UINT32_MAX */
    OPTION_SEED,       /* uint64_t within [least, most] */
    OPTION_REAL,       /* double within [least, most] */
    OPTION_CHOICE,     /* an enum: value holds the names in its order, separated by | */
    OPTION_VALIDATION  /* "none", a fraction or "last:" and a fraction: heed_train_options */
} option_type;

/* The headings of the help, in its order. X(name, heading) */
#define OPTION_GROUPS(X)              \
    X(GROUP_MAIN, "Options")          \
    X(GROUP_ROWS, "Reading rows")     \
    X(GROUP_STAGES, "Cleaning text")  \
    X(GROUP_WORDS, "Words and lengths") \
    X(GROUP_TRAINING, "Training")     \
    X(GROUP_OUTPUT, "Output")         \
    X(GROUP_LIMITS, "Limits")         \
    X(GROUP_COMMON, "Common")

typedef enum option_group {
#define OPTION_GROUP_NAME(name, heading) name,
    OPTION_GROUPS(OPTION_GROUP_NAME)
#undef OPTION_GROUP_NAME
        GROUP_COUNT
} option_group;

/* JSON's whole numbers, and so the model's, end there. */
#define SEED_MOST 9223372036854775807.0L

typedef struct option {
    const char *name;
    char letter; /* '\0': none */
    option_type type;
    unsigned commands; /* bits of those that take it */
    option_group group;
    size_t offset; /* into settings */
    const char *value; /* name of the value in the help; the choices; NULL for a flag */
    long double least, most; /* long: whole numbers of 63 bits fit */
    const char *fallback; /* default as the help shows it; NULL: read from the presets; "": none */
    const char *help;
} option;

const option *option_list(size_t *count);
/* Two options of which a run takes one, and why where that is not plain (""). */
typedef struct option_pair {
    const char *one, *other, *why;
} option_pair;

const option_pair *option_rivals(size_t *count);
/* By long name (size bytes, without dashes) among those of a command; NULL: none. */
const option *option_find(unsigned command, const char *name, size_t size);
const option *option_by_letter(unsigned command, char letter);
/* The number of a choice in value, -1: none. */
int choice_find(const char *choices, const char *name);
/* The number-th choice, as it stands in choices. */
heed_bytes choice_name(const char *choices, unsigned number);
/* What to say of one of fastText's spellings, such as "-epoch"; NULL: not one. */
const char *option_of_fasttext(const char *spelling);
/* The name nearest to an unknown one, NULL where none is near. */
const char *option_suggest(unsigned command, const char *name, size_t size);
#endif
