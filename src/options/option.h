/* An option of a struct of heed.h. One row describes it completely, and is used by the command line, its help, man
 * pages and completion, JSON files of options, range checks, presets, copies, the record in a model file and the ranges
 * of heed_tune. A new option is a field in heed.h, a row in option_table.c, and its use. */
#ifndef OPTIONS_OPTION_H
#define OPTIONS_OPTION_H

#include "base/names.h"

/* The kind of a value, and the type of its field. */
typedef enum option_kind {
    OPTION_FLAG,      /* bool: becomes true */
    OPTION_NO_FLAG,   /* bool: becomes false */
    OPTION_TEXT,      /* const char *; NULL: none */
    OPTION_JOINED,    /* the same, texts joined by commas: may be repeated on the command line */
    OPTION_LIST,      /* text_list: may be repeated */
    OPTION_WHOLE,     /* uint32_t within [min, max], or what `word` says */
    OPTION_SEED,      /* uint64_t within [min, max] */
    OPTION_REAL,      /* double within [min, max] */
    OPTION_CHOICE,    /* an enum, by the names of its values */
    OPTION_VALIDATION /* "auto", "none", or a part after "", "last:" or "grouped:", the part within [min, max]: two
                         fields of heed_train_options */
} option_kind;

/* The struct that a field is in is named by its kind; the program has options of its own besides. */
#define HOME_PROGRAM ((heed_options_kind)(HEED_OPTIONS_REPORT + 1))

/* The headings of the help, in its order. X(name, heading) */
#define OPTION_GROUPS(X)                                                                                               \
    X(GROUP_MAIN, "Options")                                                                                           \
    X(GROUP_ROWS, "Reading rows")                                                                                      \
    X(GROUP_STAGES, "Cleaning text")                                                                                   \
    X(GROUP_WORDS, "Words and lengths")                                                                                \
    X(GROUP_TRAINING, "Training")                                                                                      \
    X(GROUP_OUTPUT, "Output")                                                                                          \
    X(GROUP_LIMITS, "Limits")                                                                                          \
    X(GROUP_COMMON, "Common")

typedef enum option_group {
#define OPTION_GROUP_NAME(name, heading) name,
    OPTION_GROUPS(OPTION_GROUP_NAME)
#undef OPTION_GROUP_NAME
        GROUP_COUNT
} option_group;

/* What an option touches, as bits: a command takes all options that touch what it does. */
enum {
    TOUCHES_READING = 1 << 0,     /* how the rows of a file are found */
    TOUCHES_LABELS = 1 << 1,      /* what the label of a row is */
    TOUCHES_ANSWERS = 1 << 2,     /* the names of rows and of what is predicted */
    TOUCHES_PARTS = 1 << 3,       /* which rows train, and how much they count */
    TOUCHES_CLEANING = 1 << 4,    /* what cleaning makes of a text */
    TOUCHES_COUNTING = 1 << 5,    /* how words are counted */
    TOUCHES_IDS = 1 << 6,         /* how words become ids */
    TOUCHES_TRAINING = 1 << 7,    /* a training */
    TOUCHES_SEED = 1 << 8,        /* random numbers of a training */
    TOUCHES_THREADS = 1 << 9,     /* the threads of any work */
    TOUCHES_VECTORS = 1 << 10,    /* learning word vectors */
    TOUCHES_EXPLAINING = 1 << 11, /* explanations and their faithfulness */
    TOUCHES_COMPARING = 1 << 12,  /* a comparison */
    TOUCHES_TUNING = 1 << 13,     /* a search for options */
    TOUCHES_HELD_OUT = 1 << 16,   /* which training rows validate instead */
    TOUCHES_DATA = 1 << 14,       /* in addition: another value gives other training data */
    TOUCHES_SHAPE = 1 << 15       /* in addition: the shapes of a network's layers */
};

/* How it is recorded in a model file. */
typedef enum option_record {
    RECORD_NEVER,
    RECORD_ALWAYS, /* under its name with _ for -, or under record_name */
    RECORD_LATE,   /* the same, after the others of its struct, where 0.1.0 wrote it */
    RECORD_SET,    /* the same, but only if the field is not 0; for newer options, where 0 must mean what 0.1.0 did */
    RECORD_CHANGED /* the same, but only if the field has not the default preset's value, which it gets where a file says
                      nothing; for newer options of what 0.1.0 had not */
} option_record;

/* The value if the option is not given. */
typedef struct option_initial {
    long double number; /* flags, numbers, choices; OPTION_VALIDATION: the part */
    const char *text;   /* texts; OPTION_VALIDATION: "last:", or NULL for "auto" */
} option_initial;

typedef struct option {
    const char *name; /* without dashes */
    option_kind kind;
    heed_options_kind home;
    size_t offset; /* of its field in the struct of its home */
    option_group group;
    unsigned touches;
    const char *value;    /* name of the value in the help; NULL for a flag, and for a choice whose names are listed */
    const names *choices; /* OPTION_CHOICE */
    long double min, max; /* long: whole numbers of 63 bits fit */
    const char *word;     /* OPTION_WHOLE: a word for a number out of the range; NULL: none */
    uint32_t word_number;
    bool zero_is_unset;               /* numbers: 0 in the field means not set, and is not checked */
    option_initial initial, tutorial; /* the default preset's, and the tutorial's */
    option_initial recipe;            /* the recipe's, if it is not 0 or NULL; else it is that of the default preset */
    bool needs_network;               /* it is for a network: where it is given, the recipe has one */
    bool serves_encoder;              /* but not where there is an encoder, which it is for, too */
    bool needs_encoder;               /* it is for an encoder that learns */
    const char *fallback;             /* the default shown in the help; NULL: that of the presets; "": none */
    bool is_tokenizers;               /* of heed_text_options: with a tokenizer it decides this by itself */
    bool always_on;                   /* of heed_text_options: set by HEED_PRESET_OFF too, as it is no stage */
    const char *help;
    heed_status (*check)(const char *value, heed_error *error); /* a further check of a text; NULL: none */
    option_record record;
    const char *record_name; /* NULL: the name with _ for - */
    bool empty_is_value;     /* texts: an empty one too */
    size_t empty_sets;       /* texts: offset of the flag that an empty value sets; 0: an empty value is refused */
    size_t file;             /* choices: offset of the path that the last one has, written "NAME:FILE"; 0: none has */
} option;

enum { OPTION_NAMES = 400 }; /* room for the names of a choice */

/* JSON's whole numbers, and so the model's, end there. */
#define MAX_SEED 9223372036854775807.0L

/* A list that an option fills: the items are borrowed. */
typedef struct text_list {
    const char **items;
    size_t count;
} text_list;

heed_status text_list_add(text_list *list, const char *item, heed_error *error);
void text_list_release(text_list *list);

static inline void *option_place(const option *o, void *home)
{
    return (char *)home + o->offset;
}
static inline const void *option_field(const option *o, const void *home)
{
    return (const char *)home + o->offset;
}

/* What is written before the part of rows that is drawn like this, such as "last:"; NULL: no part is drawn. */
const char *option_validation_prefix(heed_validation kind);
/* Bytes of the field, or of the two of OPTION_VALIDATION, which follow each other. */
size_t option_size(const option *o);
/* Sets the field in home to a value as given on the command line: for a flag NULL, "true" or "false"; texts are
 * borrowed. HEED_USAGE for a value that the option does not accept: "--name: found 'x', expected ...". */
heed_status option_store(const option *o, void *home, const char *value, heed_error *error);
/* The FILE of a value such as "wordpiece:FILE"; NULL: it has none. */
const char *option_file_named(const option *o, const char *value);
/* The path of a choice whose value has one; NULL: none. */
const char *option_file(const option *o, const void *home);
/* Whether the field in home is within the option's range or choices: HEED_USAGE if not, with the option's name. */
heed_status option_check(const option *o, const void *home, heed_error *error);
/* Sets the field to the value of a preset. */
void option_preset(const option *o, void *home, heed_preset preset);
/* The name of its field in the record. */
void option_record_name(char out[64], const option *o);
/* Whether two fields are equal. */
bool option_equal(const option *o, const void *home, const void *other);
/* The value as text, "yes" or "no" for a flag, "" if there is none; cut to size. */
void option_print(char *out, size_t size, const option *o, const void *home);
/* The name of the value in the help: "N", "adam|adamw|sgd"; NULL for a flag. */
const char *option_value_name(char scratch[OPTION_NAMES], const option *o);

#endif
