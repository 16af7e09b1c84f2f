/* The commands of the program: one table, from which main, the help and the completion work. */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "options/serve_options.h"

struct settings;

/* One bit a command, for the table of options. */
enum {
    COMMAND_TRAIN = 1,
    COMMAND_EVALUATE = 2,
    COMMAND_PREDICT = 4,
    COMMAND_INSPECT = 8,
    COMMAND_CLEAN = 16,
    COMMAND_DEMO = 32,
    COMMAND_HELP = 64,
    COMMAND_VECTORS = 128,
    COMMAND_COMPARE = 256,
    COMMAND_TUNE = 512,
    COMMAND_EXPLAIN = 1024,
    COMMAND_SERVE = 2048
};

typedef struct command {
    const char *name;
    const char *alias; /* NULL: none */
    unsigned bit;
    heed_status (*run)(struct settings *settings, heed_error *error);
    unsigned least, most; /* number of arguments that are no options */
    const char *arguments; /* as the usage line shows them */
    const char *summary;   /* one line */
    const char *about;     /* paragraphs, separated by an empty line */
    const char *examples;  /* command lines, one a line */
} command;

/* NULL where there is none of this name. */
const command *command_find(const char *name);
/* All of them, in the order of the help. */
const command *command_list(size_t *count);
/* Serves until a signal ends it: what heed serve runs, which is not the commands' own. */
typedef heed_status server_entry(const serve_options *options, heed_error *error);
/* Runs one command line without the program's name: arguments[0] is the command. */
heed_status command_line(int count, char **arguments, server_entry *serve, heed_error *error);

heed_status train_command(struct settings *settings, heed_error *error);
heed_status compare_command(struct settings *settings, heed_error *error);
heed_status tune_command(struct settings *settings, heed_error *error);
heed_status evaluate_command(struct settings *settings, heed_error *error);
heed_status predict_command(struct settings *settings, heed_error *error);
heed_status explain_command(struct settings *settings, heed_error *error);
heed_status serve_command(struct settings *settings, heed_error *error);
heed_status inspect_command(struct settings *settings, heed_error *error);
heed_status clean_command(struct settings *settings, heed_error *error);
heed_status vectors_command(struct settings *settings, heed_error *error);
/* heed vectors train, in vectors_train.c. */
heed_status vectors_train(struct settings *settings, heed_error *error);
heed_status demo_command(struct settings *settings, heed_error *error);
heed_status help_command(struct settings *settings, heed_error *error);

#endif
