/* The settings of a command line: parsed, checked and applied to the defaults. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "commands.h"
#include "options/option.h"
#include "options/serve_options.h"

typedef enum answer_format { ANSWER_TSV, ANSWER_CSV, ANSWER_JSONL, ANSWER_FASTTEXT } answer_format;

typedef enum explain_format { EXPLAIN_AUTO, EXPLAIN_TERMINAL, EXPLAIN_HTML, EXPLAIN_SVG, EXPLAIN_JSON } explain_format;

typedef enum colour_choice { COLOURS_AUTO, COLOURS_ALWAYS, COLOURS_NEVER } colour_choice;

/* Which recipe chooses; the word after "recipe ". */
typedef enum recipe_choice { RECIPE_CHOICE_DEFAULT, RECIPE_CHOICE_FAST, RECIPE_CHOICE_BEST } recipe_choice;

typedef enum vectors_format { VECTORS_AUTO, VECTORS_TEXT, VECTORS_BINARY } vectors_format;
typedef enum export_format { EXPORT_HUGGINGFACE } export_format;

/* An option as it was given: those of the config file, then those of the command line in their order. */
typedef struct naming {
    const option *option;
    const char *value; /* NULL for a flag of the command line; "true" or "false" for one of the file */
    bool from_config;
} naming;

typedef struct settings {
    const command *command;
    heed_preset preset;
    recipe_choice recipe;
    heed_rows_options rows;
    heed_text_options text;
    heed_train_options train;
    heed_vectors_options learn; /* its seed and threads are those of train */
    heed_explain_options explain;
    heed_faithfulness_options faithfulness;
    heed_compare_options compare;
    heed_tune_options tune;

    text_list operands;
    text_list train_files;
    text_list validation_files; /* of heed check, which takes several */
    text_list test_files;
    text_list requirements;
    text_list architectures;
    text_list variants;
    text_list ranges;
    const char *config;
    const char *model;
    const char *validation_file;
    const char *test_file;
    const char *start_model;
    const char *table_file;
    const char *best_file;
    const char *history_file;
    const char *picture_file;
    const char *learning_file;
    const char *cache;
    const char *probabilities_file;
    const char *curves_file;
    const char *report_folder;
    const char *graph_file;
    const char *output_folder;
    const char *clean_folder;
    const char *page_file;
    const char *parts; /* "train=0.8,test=0.2" */
    const char *vectors_file;
    text_list explain_files;
    text_list texts;          /* --text */
    const char *explain_file; /* heed explain's output */
    const char *explain_against;
    const char *faithfulness_file;
    bool store;
    explain_format explain_format;
    colour_choice colours;
    uint32_t folds;
    uint32_t resamples;
    uint32_t top_k;
    uint32_t label_count;  /* of an architecture without a model */
    const char *threshold; /* "P" or "LABEL=P,..."; NULL: the model's own */
    heed_precision storage;
    heed_precision weights;
    text_list serve_hosts, serve_origins;
    serve_options serve; /* its models, threads, storage, weights and quiet come from the command line */
    server_entry *server;
    answer_format output_format;
    vectors_format vectors_format;
    export_format export_format;
    bool quiet, json, brief, append, all_scores, with_text, spans, history, labels, help, man, pages, completion;
    bool show_config;
    bool no_labels;

    naming *namings;
    size_t naming_count;
    text_list config_texts; /* values of the config file; owned */
    char *columns;          /* the given text columns, joined by commas */
} settings;

/* The struct that an option's field is in. */
void *settings_home(settings *s, const option *o);
const void *settings_home_of(const settings *s, const option *o);
/* Defaults of a preset without any command line, as the help shows them; command is set. */
void settings_default(settings *s, heed_preset preset);
/* Whether the command line or its config file has this option. */
bool settings_named(const settings *s, const char *option);
/* The last naming of an option; NULL: none. */
const naming *naming_last(const settings *s, const char *option);
/* Applies one naming; if a value of the config file is refused, the message names the file. */
heed_status naming_lay(settings *s, const naming *n, heed_error *error);
/* Applies all namings, or only those of options for reading rows. */
heed_status settings_override(settings *s, bool rows_only, heed_error *error);
/* Replaces the dashes in a message about a value of the config file by the file's name; returns status. */
heed_status config_blame(const char *source, heed_status status, heed_error *error);
void settings_release(settings *s);

#endif
