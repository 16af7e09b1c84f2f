#include "command_options.h"

#include <stddef.h>
#include <string.h>

#include "base/suggest.h"
#include "options/choices.h"
#include "options/option_table.h"
#include "settings.h"

/* ---------------------------------------------------------------- the program's own options */

/* A bit for each command, which says that it takes a row. */
enum {
#define COMMAND_NUMBER(name) NUMBER_##name,
    COMMANDS(COMMAND_NUMBER)
#undef COMMAND_NUMBER
};
enum {
    TRAIN = 1 << NUMBER_train,
    EVALUATE = 1 << NUMBER_evaluate,
    PREDICT = 1 << NUMBER_predict,
    EXPLAIN = 1 << NUMBER_explain,
    SERVE = 1 << NUMBER_serve,
    COMPARE = 1 << NUMBER_compare,
    TUNE = 1 << NUMBER_tune,
    INSPECT = 1 << NUMBER_inspect,
    CLEAN = 1 << NUMBER_clean,
    VECTORS = 1 << NUMBER_vectors,
    DEMO = 1 << NUMBER_demo,
    HELP = 1 << NUMBER_help,
    RUNS = TRAIN | COMPARE | TUNE, /* those that train */
    STAGES = RUNS | CLEAN | VECTORS,
    ALL = (1 << (NUMBER_help + 1)) - 1
};

typedef struct program_option {
    option option;
    unsigned commands;
    char letter;       /* '\0': none */
    const char *after; /* the option of heed.h that it follows in its group; NULL: it comes before those */
} program_option;

#define PLACE(field) HOME_PROGRAM, .offset = offsetof(settings, field)

static const names answer_format_names = NAMES("tsv", "csv", "jsonl", "fasttext");
static const names explain_format_names = NAMES("auto", "terminal", "html", "svg", "json");
static const names colour_names = NAMES("auto", "always", "never");
static const names vectors_format_names = NAMES("auto", "text", "binary");

static const program_option options[] = {
    {{"train", OPTION_LIST, PLACE(train_files), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "A file of labelled rows to train on; may be repeated, files are joined in their order. \"-\" is "
              "standard input, a folder is read by label, .gz is unpacked."},
     .commands = RUNS},
    {{"model", OPTION_TEXT, PLACE(model), .group = GROUP_MAIN, .value = "OUT", .fallback = "",
      .help = "Where the model goes, such as reviews.safetensors. An existing file is replaced when the new model is "
              "complete."},
     .commands = TRAIN},
    {{"architecture", OPTION_LIST, PLACE(architectures), .group = GROUP_MAIN, .value = "TEXT",
      .fallback = "that of the preset",
      .help = "An architecture to compare; may be repeated, the first is what the others are measured against. Two "
              "yardsticks join them by themselves: linear, and where all of them attend, the first without its "
              "attention."},
     .commands = COMPARE},
    {{"against", OPTION_LIST, PLACE(variants), .group = GROUP_MAIN, .value = "OPTIONS", .fallback = "",
      .help = "A further contender: the first architecture with other training options, as JSON such as "
              "'{\"vectors\": \"glove.txt\"}' or a file of it; may be repeated."},
     .commands = COMPARE},
    {{"test", OPTION_TEXT, PLACE(test_file), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "A file of labelled rows to measure on. Without it and without a test part in --split-column, the "
              "validation rows are measured."},
     .commands = COMPARE},
    {{"range", OPTION_LIST, PLACE(ranges), .group = GROUP_MAIN, .value = "NAME=RANGE", .fallback = "",
      .help = "Search the values of an option of training, words or cleaning: {LOW..HIGH} draws a number, {A,B,C} "
              "one of these texts; around braces there may be more text, and without any braces all of RANGE stands "
              "in them. Numbers are whole where the option is, or where both ends are written so, and drawn on a "
              "logarithmic scale where LOW is above 0 and HIGH at least ten times LOW, else evenly. A backslash "
              "takes the meaning from a comma or a brace. May be repeated."},
     .commands = TUNE},
    {{"init-from", OPTION_TEXT, PLACE(start_model), .group = GROUP_MAIN, .value = "MODEL", .fallback = "",
      .help = "Start from a model in place of random weights: its text pipeline, words and architecture, its weights "
              "by layer, word and label. New rows may bring more words and labels."},
     .commands = TRAIN},
    {{"table", OPTION_TEXT, PLACE(table_file), .group = GROUP_OUTPUT, .value = "FILE.csv", .fallback = "",
      .help = "Where a row goes as each training ends; it must not be there yet, but for --resume."},
     .commands = TUNE},
    {{"resume", OPTION_FLAG, PLACE(resume), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Take up the search of --table: what it holds is not trained again. Seed and ranges are checked, the "
              "other options have to be the same too; --trials and --minutes may be more than before."},
     .commands = TUNE},
    {{"best", OPTION_TEXT, PLACE(best_file), .group = GROUP_OUTPUT, .value = "FILE.json", .fallback = "",
      .help = "Write the options of the best trial for heed train --config."},
     .commands = TUNE},
    {{"table", OPTION_TEXT, PLACE(table_file), .group = GROUP_OUTPUT, .value = "FILE.csv", .fallback = "",
      .help = "Write a row a trial as CSV."},
     .commands = COMPARE},
    {{"preset", OPTION_CHOICE, PLACE(preset), .group = GROUP_MAIN, .choices = &preset_names, .fallback = "default",
      .help = "Where the other options start from, wherever it stands on the line. tutorial repeats the tutorial's "
              "steps and settings exactly, quirks included, and knows its three files by their columns."},
     .commands = STAGES,
     .after = "goal"},
    {{"config", OPTION_TEXT, PLACE(config), .group = GROUP_MAIN, .value = "FILE.json", .fallback = "",
      .help = "Take options from a JSON file, under their long names: {\"epochs\": 5, \"mask\": false}. Those of the "
              "line override them, wherever --config stands; a list of the line replaces the file's."},
     .commands = RUNS,
     .after = "goal"},
    {{"show-config", OPTION_FLAG, PLACE(show_config), .group = GROUP_MAIN, .fallback = "",
      .help = "Print all options as they stand after preset, --config and line, as JSON that --config reads, and do "
              "no more."},
     .commands = RUNS,
     .after = "goal"},
    {{"threshold", OPTION_TEXT, PLACE(threshold), .group = GROUP_MAIN, .value = "P|LABEL=P,...",
      .fallback = "the model's",
      .help = "The probability above which a label is answered: the positive one of two, or each of several a row; "
              "LABEL=P sets that of one label and leaves the others as the model has them."},
     .commands = EVALUATE | PREDICT},
    {{"top-k", OPTION_WHOLE, PLACE(top_k), .group = GROUP_MAIN, .value = "K", .min = 1, .max = 65536,
      .help = "Answer with the K likeliest labels, likeliest first, whatever the thresholds of several labels a row."},
     .commands = PREDICT},
    {{"file", OPTION_LIST, PLACE(explain_files), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "Explain the texts of a file, or of - standard input; may be repeated. They are read as heed predict "
              "reads them."},
     .commands = EXPLAIN},
    {{"against", OPTION_TEXT, PLACE(explain_against), .group = GROUP_MAIN, .value = "TEXT", .fallback = "",
      .help = "Show how each text differs from this one: what they share is aligned, and a word's score is its own "
              "less that of the same word there."},
     .commands = EXPLAIN,
     .after = "label"},
    {{"faithfulness", OPTION_TEXT, PLACE(faithfulness_file), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "Explain nothing, but measure on texts of a file how far each method of the model can be trusted: what "
              "the answer's probability loses without a method's top words (comprehensiveness) and with them alone "
              "(sufficiency), beside words in random order."},
     .commands = EXPLAIN,
     .after = "steps"},
    {{"store", OPTION_FLAG, PLACE(store), .group = GROUP_MAIN, .fallback = "",
      .help = "With --faithfulness: keep the most faithful method in the model, for heed explain to take by itself. "
              "Exit with status 4, and leave the model as it is, where none is better than random order."},
     .commands = EXPLAIN,
     .after = "erase"},
    {{"vectors", OPTION_TEXT, PLACE(train.vectors), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "The file of word vectors in which near looks."},
     .commands = VECTORS},
    {{"top-k", OPTION_WHOLE, PLACE(top_k), .group = GROUP_MAIN, .value = "K", .min = 1, .max = 65536,
      .help = "How many near words to print."},
     .commands = VECTORS},
    {{"output", OPTION_TEXT, PLACE(vectors_file), .group = GROUP_MAIN, .value = "OUT", .fallback = "",
      .help = "Where train writes the vectors. An existing file is replaced when the new one is complete."},
     .commands = VECTORS},
    {{"all-scores", OPTION_FLAG, PLACE(all_scores), .group = GROUP_MAIN, .fallback = "",
      .help = "Behind the label and its score, write the scores of all labels, in the order of heed inspect --labels."},
     .commands = PREDICT},
    {{"address", OPTION_TEXT, PLACE(serve.address), .group = GROUP_MAIN, .value = "ADDRESS",
      .help = "Where to listen, in digits. Others than this machine reach the server at 0.0.0.0 or ::, without "
              "encryption and without passwords."},
     .commands = SERVE},
    {{"port", OPTION_WHOLE, PLACE(serve.port), .group = GROUP_MAIN, .value = "N", .max = 65535,
      .help = "The port; 0: any free one, which is printed."},
     .commands = SERVE},
    {{"storage", OPTION_CHOICE, PLACE(storage), .group = GROUP_MAIN, .choices = &storage_names,
      .help = "How the first layer's products of the model's words are kept in memory. bfloat16 takes half of "
              "float32 and int8 a quarter; answers may differ a little from the model's."},
     .commands = EVALUATE | PREDICT | SERVE},
    {{"weights", OPTION_CHOICE, PLACE(weights), .group = GROUP_MAIN, .choices = &weights_names,
      .help = "What recurrent layers multiply by. bfloat16 rounds their weights, and what these are multiplied by, "
              "to 8 significant bits: faster where the processor multiplies bfloat16 (AVX512_BF16), slower "
              "elsewhere. Answers may differ a little from the model's."},
     .commands = EVALUATE | PREDICT | SERVE},
    {{"require", OPTION_LIST, PLACE(requirements), .group = GROUP_MAIN, .value = "NAME=VALUE", .fallback = "",
      .help = "Exit with status 4 unless a figure is at least this much (loss: at most): accuracy, macro_f1, auc, "
              "f1:LABEL and so on; may be repeated."},
     .commands = EVALUATE},
    {{"resamples", OPTION_WHOLE, PLACE(resamples), .group = GROUP_MAIN, .value = "N", .max = 100000,
      .help = "Resamples of the bootstrap over rows that the intervals come from; 0: no intervals."},
     .commands = EVALUATE},
    {{"seed", OPTION_SEED, PLACE(train.seed), .group = GROUP_MAIN, .value = "N", .max = MAX_SEED,
      .help = "Start of the random numbers of the bootstrap."},
     .commands = EVALUATE},
    {{"labels", OPTION_FLAG, PLACE(labels), .group = GROUP_MAIN, .fallback = "",
      .help = "Print the labels, one a line."},
     .commands = INSPECT},
    {{"history", OPTION_FLAG, PLACE(history), .group = GROUP_MAIN, .fallback = "",
      .help = "Print the training history as CSV, a row an epoch."},
     .commands = INSPECT},
    {{"output", OPTION_TEXT, PLACE(output_folder), .group = GROUP_MAIN, .value = "FOLDER",
      .help = "Where the demo's files go; other files there are left alone."},
     .commands = DEMO},
    {{"man", OPTION_FLAG, PLACE(man), .group = GROUP_MAIN, .fallback = "", .help = "Print a man page."},
     .commands = HELP},
    {{"pages", OPTION_FLAG, PLACE(pages), .group = GROUP_MAIN, .fallback = "",
      .help = "Print the names of the man pages."},
     .commands = HELP},
    {{"bash-completion", OPTION_FLAG, PLACE(completion), .group = GROUP_MAIN, .fallback = "",
      .help = "Print the completion for bash."},
     .commands = HELP},
    {{"cache", OPTION_TEXT, PLACE(cache), .group = GROUP_ROWS, .value = "FOLDER", .fallback = "",
      .help = "Keep the cleaned rows in a file of this folder, which is made where it is missing; a later run with "
              "the same bytes and options reads that file. The eight files used last stay; standard input and "
              "folders are never kept."},
     .commands = RUNS,
     .after = "weight-column"},
    {{"validation-file", OPTION_TEXT, PLACE(validation_file), .group = GROUP_TRAINING, .value = "FILE", .fallback = "",
      .help = "A file of rows to validate with, in place of --validation."},
     .commands = RUNS,
     .after = "train-share"},
    {{"folds", OPTION_WHOLE, PLACE(folds), .group = GROUP_TRAINING, .value = "K", .min = 2, .max = HEED_MAX_FOLDS,
      .fallback = "",
      .help = "Cross-validate first: train K times, each time validating with another of K parts, and print figures, "
              "mean and standard deviation. With --model a last model is then trained on all rows, for the mean of "
              "the best epochs."},
     .commands = TRAIN,
     .after = "train-share"},
    {{"history", OPTION_TEXT, PLACE(history_file), .group = GROUP_OUTPUT, .value = "FILE.csv", .fallback = "",
      .help = "Write the training history as CSV, a row an epoch."},
     .commands = TRAIN},
    {{"picture", OPTION_TEXT, PLACE(picture_file), .group = GROUP_OUTPUT, .value = "FILE.svg", .fallback = "",
      .help = "Draw what happened: loss, counts, accuracy, precision, recall and area over the epochs, or each "
              "contender's accuracy and difference. The ending says the format: .svg, and with librsvg .png or .pdf."},
     .commands = TRAIN | COMPARE | INSPECT},
    {{"learning-curve", OPTION_TEXT, PLACE(learning_file), .group = GROUP_OUTPUT, .value = "FILE.svg", .fallback = "",
      .help = "Train every contender on all training rows, a half, a quarter and an eighth of them, and draw its "
              "accuracy over the rows, mean and standard deviation over the seeds. Would more rows help?"},
     .commands = COMPARE},
    {{"picture", OPTION_TEXT, PLACE(picture_file), .group = GROUP_OUTPUT, .value = "FILE.svg", .fallback = "",
      .help = "With --faithfulness: draw the figures. The ending says the format: .svg, and with librsvg .png or "
              ".pdf."},
     .commands = EXPLAIN},
    {{"probabilities", OPTION_TEXT, PLACE(probabilities_file), .group = GROUP_OUTPUT, .value = "FILE.tsv",
      .fallback = "",
      .help = "Write a row a record: its id or number, true label, predicted label, and the probability of every "
              "label. An existing file is replaced when the table is complete."},
     .commands = EVALUATE},
    {{"curves", OPTION_TEXT, PLACE(curves_file), .group = GROUP_OUTPUT, .value = "FILE.csv", .fallback = "",
      .help = "Write the ROC, precision-recall and calibration curves as CSV: a row a point, with the columns curve, "
              "label, x, y, threshold and rows."},
     .commands = EVALUATE},
    {{"report", OPTION_TEXT, PLACE(report_folder), .group = GROUP_OUTPUT, .value = "FOLDER", .fallback = "",
      .help = "Write a report on the model and this test: report.html, a page that needs nothing else, the same as "
              "report.json, and its pictures. The folder is made where it is missing."},
     .commands = EVALUATE},
    {{"output-format", OPTION_CHOICE, PLACE(output_format), .group = GROUP_OUTPUT, .choices = &answer_format_names,
      .help = "How answers are written, one line a record."},
     .commands = PREDICT},
    {{"output-format", OPTION_CHOICE, PLACE(vectors_format), .group = GROUP_OUTPUT, .choices = &vectors_format_names,
      .help = "Which of word2vec's formats train writes; auto: binary where the name ends in .bin."},
     .commands = VECTORS},
    {{"output", OPTION_TEXT, PLACE(explain_file), .group = GROUP_OUTPUT, .value = "FILE", .fallback = "standard output",
      .help = "Where the explanations go. An existing file is replaced when they are complete."},
     .commands = EXPLAIN},
    {{"output-format", OPTION_CHOICE, PLACE(explain_format), .group = GROUP_OUTPUT, .choices = &explain_format_names,
      .help = "auto goes by the name of --output (.html, .svg, .json), else terminal; html and svg put all texts "
              "into one page or picture, json writes one object a line."},
     .commands = EXPLAIN},
    {{"colors", OPTION_CHOICE, PLACE(colours), .group = GROUP_OUTPUT, .choices = &colour_names,
      .help = "Whether terminal output has colours in place of marks; auto: where it is a terminal and NO_COLOR is "
              "not set."},
     .commands = EXPLAIN},
    {{"append", OPTION_FLAG, PLACE(append), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Write the input again with label and score added: as further columns of TSV and CSV, as further keys "
              "of JSONL, behind a tab otherwise. Names that the input has already are not given again: "
              "predicted_label, then predicted_label_2 and so on."},
     .commands = PREDICT},
    {{"json", OPTION_FLAG, PLACE(json), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Write JSON: one object, or one a line for heed clean and heed vectors near."},
     .commands = COMPARE | TUNE | EVALUATE | EXPLAIN | INSPECT | CLEAN | VECTORS},
    {{"graph", OPTION_TEXT, PLACE(graph_file), .group = GROUP_OUTPUT, .value = "FILE", .fallback = "",
      .help = "Draw the layers with their shapes, in the format that FILE ends in: .dot, or through Graphviz .svg, "
              ".png or .pdf."},
     .commands = INSPECT},
    {{"brief", OPTION_FLAG, PLACE(brief), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Print the first figures alone, without the report by label and the confusion matrix."},
     .commands = EVALUATE},
    {{"with-text", OPTION_FLAG, PLACE(with_text), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Write the text as it was in front, and a tab."},
     .commands = CLEAN},
    {{"spans", OPTION_FLAG, PLACE(spans), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Write each token as BEGIN:END:TOKEN, the bytes of the text that it comes from."},
     .commands = CLEAN},
    {{"max-body", OPTION_WHOLE, PLACE(serve.max_body), .group = GROUP_LIMITS, .value = "BYTES", .min = 1,
      .max = 1u << 30, .help = "The longest body of a request."},
     .commands = SERVE},
    {{"max-texts", OPTION_WHOLE, PLACE(serve.max_texts), .group = GROUP_LIMITS, .value = "N", .min = 1, .max = 1000000,
      .help = "Texts in a request."},
     .commands = SERVE},
    {{"queue", OPTION_WHOLE, PLACE(serve.queue), .group = GROUP_LIMITS, .value = "N", .min = 1, .max = 1000000,
      .help = "Texts that may wait; while there are so many, further requests get status 429."},
     .commands = SERVE},
    {{"connections", OPTION_WHOLE, PLACE(serve.connections), .group = GROUP_LIMITS, .value = "N", .min = 1,
      .max = 10000, .help = "Connections at a time; more have to wait."},
     .commands = SERVE},
    {{"connections-each", OPTION_WHOLE, PLACE(serve.connections_each), .group = GROUP_LIMITS, .value = "N",
      .max = 10000,
      .help = "Connections of one address at a time, more are closed; 0: no such limit, for a server behind a proxy."},
     .commands = SERVE},
    {{"header-seconds", OPTION_REAL, PLACE(serve.header_seconds), .group = GROUP_LIMITS, .value = "S", .min = 0.1L,
      .max = 3600, .help = "How long a connection may take for the headers of a request, and may be idle between two."},
     .commands = SERVE},
    {{"request-seconds", OPTION_REAL, PLACE(serve.request_seconds), .group = GROUP_LIMITS, .value = "S", .min = 0.1L,
      .max = 3600, .help = "How long a request may take from then on until its answer is read."},
     .commands = SERVE},
    {{"drain-seconds", OPTION_REAL, PLACE(serve.drain_seconds), .group = GROUP_LIMITS, .value = "S", .max = 3600,
      .help = "How long SIGTERM waits for what was accepted."},
     .commands = SERVE},
    {{"quiet", OPTION_FLAG, PLACE(quiet), .group = GROUP_COMMON, .fallback = "",
      .help = "No progress on standard error; warnings and errors are still told."},
     .commands = RUNS | EVALUATE | PREDICT | EXPLAIN | SERVE | VECTORS | DEMO,
     .letter = 'q',
     .after = "threads"},
    {{"help", OPTION_FLAG, PLACE(help), .group = GROUP_COMMON, .fallback = "", .help = "Print this help."},
     .commands = ALL,
     .letter = 'h',
     .after = "threads"},
};

static const struct {
    const char *spelling, *answer;
} fasttext[] = {
    {"-input", "--train FILE"},
    {"-output", "--model OUT.safetensors"},
    {"-epoch", "--epochs N"},
    {"-lr", "--learning-rate RATE"},
    {"-dim", "--architecture 'embed N | ...'"},
    {"-thread", "--threads N"},
    {"-seed", "--seed N"},
    {"-minCount", "--min-count N"},
    {"-pretrainedVectors", "--vectors FILE"},
    {"-bucket", "--max-words N (words have ids, nothing is hashed)"},
    {"-verbose", "--quiet for silence"},
    {"-wordNgrams", "nothing (the network reads words in their order)"},
    {"-minn", "nothing (words are whole; --lemmas reduces them)"},
    {"-maxn", "nothing (words are whole; --lemmas reduces them)"},
    {"-loss", "nothing (two labels: sigmoid, more: softmax; --label-separator: a sigmoid each)"},
    {"-label", "--format fasttext (labels begin with __label__)"},
    {"-autotune-validation", "--validation-file FILE with --keep best"},
};

const char *option_of_fasttext(const char *spelling)
{
    for (size_t i = 0; i < sizeof fasttext / sizeof *fasttext; i++)
        if (strcmp(fasttext[i].spelling, spelling) == 0)
            return fasttext[i].answer;
    return NULL;
}

const option_pair *option_rivals(void)
{
    static const char folds[] = ": every fold validates with its own part";
    static const option_pair rivals[] = {
        {"validation-file", "validation", ""},
        {"validation-file", "folds", folds},
        {"validation", "folds", folds},
        {"tune-thresholds", "folds", ": the model of all rows has no validation rows to tune on"},
        {"init-from", "vectors", ""},
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

/* c NULL: any command does. */
static bool takes(const command *c, const option *o)
{
    if (is_own(o))
        return c == NULL || (own(o)->commands & bit_of(c)) != 0;
    for (const char *const *name = c == NULL ? NULL : c->without; name != NULL && *name != NULL; name++)
        if (strcmp(*name, o->name) == 0)
            return false;
    return c == NULL ? o->touches != 0 : (o->touches & c->touches & ~(unsigned)TOUCHES_DATA) != 0;
}

/* Goes through all options in the order of the help: group by group, first the program's own without a place, then
 * those of heed.h, each with those of the program that come after it. */
typedef struct walk {
    const command *command; /* NULL: all options */
    size_t left;            /* so many are passed over */
    const option *found;
} walk;

static bool walk_ends(walk *w, const option *o)
{
    if (takes(w->command, o) && w->left-- == 0)
        w->found = o;
    return w->found != NULL;
}

static bool walk_own(walk *w, option_group group, const char *after)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        const program_option *p = &options[i];
        bool here = after == NULL ? p->after == NULL : p->after != NULL && strcmp(p->after, after) == 0;
        if (here && p->option.group == group && walk_ends(w, &p->option))
            return true;
    }
    return false;
}

static const option *walk_to(const command *c, size_t number)
{
    walk w = {.command = c, .left = number};
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
