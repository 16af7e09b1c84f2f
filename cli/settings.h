/* What a command line asks for: parsed, checked and laid over the defaults. */
#ifndef CLI_SETTINGS_H
#define CLI_SETTINGS_H

#include "command.h"
#include "heed.h"

typedef struct string_list {
    const char **items;
    size_t count;
} string_list;

/* What heed tune judges a training by, of the validation rows. */
typedef enum tune_goal { GOAL_LOSS, GOAL_ACCURACY, GOAL_AUC } tune_goal;

typedef enum answer_format { ANSWER_TSV, ANSWER_CSV, ANSWER_JSONL, ANSWER_FASTTEXT } answer_format;

typedef enum explain_format { EXPLAIN_AUTO, EXPLAIN_TERMINAL, EXPLAIN_HTML, EXPLAIN_SVG, EXPLAIN_JSON } explain_format;

typedef enum colour_choice { COLOURS_AUTO, COLOURS_ALWAYS, COLOURS_NEVER } colour_choice;

typedef enum vectors_format { VECTORS_AUTO, VECTORS_TEXT, VECTORS_BINARY } vectors_format;

struct option;

enum { FOLDS_MOST = 100 };

/* An option as it was named: those of the config file, then those of the command line in their order. */
typedef struct naming {
    const struct option *option;
    const char *value; /* NULL for a flag of the line; "true" or "false" for one of the file */
    bool from_config;
} naming;

typedef struct settings {
    const command *command;
    heed_preset preset;
    heed_rows_options rows;
    heed_text_options text;
    heed_train_options train;
    heed_vectors_options learn; /* its seed and threads are those of train */

    string_list operands;
    string_list train_files;
    string_list requirements;
    string_list architectures;
    string_list variants;
    string_list ranges;
    string_list column_names;
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
    const char *vectors_file;
    string_list explain_files;
    const char *explain_file; /* heed explain's output */
    const char *explain_label;
    const char *explain_against;
    const char *faithfulness_file;
    heed_erase erase;
    uint32_t sample_rows;
    bool store;
    heed_method explain_method;
    explain_format explain_format;
    colour_choice colours;
    uint32_t explain_steps;
    uint32_t folds;
    uint32_t seeds;
    uint32_t trials;
    uint32_t resamples;
    double minutes;
    tune_goal goal;
    uint32_t top_k;
    const char *threshold; /* "P" or "LABEL=P,..."; NULL: the model's own */
    heed_storage storage;
    heed_weights weights;
    serve_options serve; /* its models, threads, storage, weights and quiet are those of the line */
    server_entry *server;
    answer_format output_format;
    vectors_format vectors_format;
    bool quiet, json, brief, append, all_scores, with_text, spans, history, labels, help, man, pages, completion;
    bool show_config;
    bool resume;

    naming *namings;
    size_t naming_count;
    string_list config_texts; /* values of the config file; owned */
    char *columns; /* the text columns named, joined by commas */
} settings;

/* Parses what stands behind the command's name, and the config file that it names. Strings are borrowed from arguments.
 * Release it in any case. */
heed_status settings_init(settings *s, const command *c, int count, char **arguments, heed_error *error);
void settings_release(settings *s);
/* Defaults of a preset without any command line, as the help shows them. */
void settings_default(settings *s, heed_preset preset);
/* Lays one value over what is there, as the line would have it (a flag of a config file: "true" or "false"). */
heed_status settings_store(settings *s, const struct option *o, const char *value, heed_error *error);
/* Whether the command line, or its config file, names this option. */
bool settings_named(const settings *s, const char *option);
/* Loads the model that the first argument names. */
heed_status settings_model_load(heed_model **out, const settings *s, heed_error *error);
/* Reads rows as the model was trained on them, but for what the command line says. */
heed_status settings_rows_of_model(settings *s, const heed_model *model, heed_error *error);
/* Trains as the model was trained, but for what the command line says. HEED_USAGE for an option of the line that cannot
 * hold, since texts go on being read as the model reads them. */
heed_status settings_start_from(settings *s, const heed_model *model, heed_error *error);
/* Opens a reader for a model's rows, after settings_rows_of_model. */
heed_status settings_reader_open(heed_reader **out, const settings *s, const char *const *paths, size_t count,
                                 heed_error *error);
#endif
