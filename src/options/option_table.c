#include "options/option_table.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "options/choices.h"
#include "options/option_checks.h"

/* Where the field is. */
#define ROWS(field) HOME_ROWS, .offset = offsetof(heed_rows_options, field)
#define TEXT(field) HOME_TEXT, .offset = offsetof(heed_text_options, field)
#define TRAIN(field) HOME_TRAIN, .offset = offsetof(heed_train_options, field)
#define VECTORS(field) HOME_VECTORS, .offset = offsetof(heed_vectors_options, field)
#define EXPLAIN(field) HOME_EXPLAIN, .offset = offsetof(heed_explain_options, field)
#define FAITHFULNESS(field) HOME_FAITHFULNESS, .offset = offsetof(heed_faithfulness_options, field)
#define COMPARE(field) HOME_COMPARE, .offset = offsetof(heed_compare_options, field)
#define TUNE(field) HOME_TUNE, .offset = offsetof(heed_tune_options, field)
/* What the presets have: both the same number, or each its own. */
#define BOTH(value) .initial = {.number = (value)}, .tutorial = {.number = (value)}
#define EACH(usual, tutorials) .initial = {.number = (usual)}, .tutorial = {.number = (tutorials)}

/* " .tsv .tab" of each format. */
#define FORMAT_EXTENSIONS(name, word, extensions, meaning) " " extensions

static const option options[] = {
    {"method", OPTION_CHOICE, EXPLAIN(method), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING,
     .choices = &method_names,
     .help = "How words are scored. auto: the most faithful method where --faithfulness has stored it, else attention "
             "where "
             "the model has one, weights of a linear model, or integrated. See above."},
    {"label", OPTION_TEXT, EXPLAIN(label), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING, .value = "LABEL",
     .fallback = "the one answered", .help = "The label that words are for or against."},
    {"steps", OPTION_WHOLE, EXPLAIN(steps), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING, .value = "N", .min = 1,
     .max = 10000, .zero_is_unset = true, .fallback = "32, and up to 1024 where it takes more",
     .help =
         "Points of integrated gradients on the way from zero embeddings, rounded up to a multiple of 8. Without it "
         "points are added where scores do not add up yet to the change of the logit."},
    {"rows", OPTION_WHOLE, FAITHFULNESS(rows), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING, .value = "N",
     .min = 1, .max = 1000000, .zero_is_unset = true, BOTH(300),
     .help = "With --faithfulness: texts to measure on, drawn from the file."},
    {"seed", OPTION_SEED, FAITHFULNESS(seed), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING, .value = "N",
     .max = MAX_SEED, BOTH(1), .help = "With --faithfulness: start of its random numbers."},
    {"erase", OPTION_CHOICE, FAITHFULNESS(erase), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING,
     .choices = &erase_names, .help = "With --faithfulness: erased words are removed, or read as <unk>."},
    {"seeds", OPTION_WHOLE, COMPARE(seeds), .group = GROUP_MAIN, .touches = TOUCHES_COMPARING, .value = "N", .min = 1,
     .max = 1000, BOTH(3), .help = "Trainings of every architecture, from --seed on. All of them read the same rows."},

    {"trials", OPTION_WHOLE, TUNE(trials), .group = GROUP_MAIN, .touches = TOUCHES_TUNING, .value = "N", .min = 1,
     .max = 100000, .zero_is_unset = true, .fallback = "27, with --minutes as many as there is time for",
     .help = "Trials of the first rung, each with its own values; those that draw the same ones are trained once."},
    {"minutes", OPTION_REAL, TUNE(minutes), .group = GROUP_MAIN, .touches = TOUCHES_TUNING, .value = "M", .max = 1e6,
     .help = "Search for about M minutes of training, an equal part of them on every rung; 0: until all the trials are "
             "done."},
    {"goal", OPTION_CHOICE, TUNE(goal), .group = GROUP_MAIN, .touches = TOUCHES_TUNING, .choices = &goal_names,
     .help = "What a trial is judged by: the figure of the validation rows at the epoch that --keep keeps."},

    {"format", OPTION_CHOICE, ROWS(format), .group = GROUP_ROWS, .touches = TOUCHES_READING, .choices = &format_names,
     .record = RECORD_ALWAYS,
     .help = "How the input is written. auto goes by the name (.gz peeled off):" HEED_FORMATS(
         FORMAT_EXTENSIONS) " or a "
                            "folder with a folder of .txt files for each label; anything else is one text a line."},
    {"encoding", OPTION_CHOICE, ROWS(encoding), .group = GROUP_ROWS, .touches = TOUCHES_READING,
     .choices = &encoding_names, .record = RECORD_ALWAYS, .help = "Encoding of the input."},
    {"quoting", OPTION_CHOICE, ROWS(quoting), .group = GROUP_ROWS, .touches = TOUCHES_READING,
     .choices = &quoting_names, .record = RECORD_ALWAYS,
     .help = "Quotes in TSV and CSV: minimal doubles a quote inside quotes, backslash writes it \\\", none takes "
             "quotes as ordinary characters, auto tries them in this order."},
    {"no-header", OPTION_FLAG, ROWS(no_header), .group = GROUP_ROWS, .touches = TOUCHES_READING, .fallback = "",
     .record = RECORD_ALWAYS, .help = "TSV, CSV: the first row is a record already, and columns have numbers alone."},
    {"text-column", OPTION_JOINED, ROWS(text_columns), .group = GROUP_ROWS, .touches = TOUCHES_READING, .value = "NAME",
     .fallback = "text, review or sentence", .record = RECORD_ALWAYS, .record_name = "text_columns",
     .help = "Column of the text, by name or by number from 1. Several (repeated, or a,b) are joined by a space."},
    {"label-column", OPTION_TEXT, ROWS(label_column), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .value = "NAME",
     .fallback = "label, sentiment or class", .record = RECORD_ALWAYS, .help = "Column of the label."},
    {"label-separator", OPTION_TEXT, ROWS(label_separator), .group = GROUP_ROWS, .touches = TOUCHES_ANSWERS,
     .value = "TEXT", .fallback = "one label a row", .record = RECORD_LATE,
     .help = "Rows have any number of labels, separated by this in the label column, and so have answers: each label "
             "is a question of its own. Of fastText lines every __label__ is one, of JSONL every string of an array."},
    {"label-from", OPTION_TEXT, ROWS(label_from), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .value = "RULE",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Label by a rule such as id:rating>=5: 1 where the number behind the last _ of column id is that much, "
             "else 0."},
    {"label-map", OPTION_TEXT, ROWS(label_map), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .value = "A=B,...",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Rename labels, such as pos=1,neg=0; a row with another label is bad."},
    {"drop-label", OPTION_TEXT, ROWS(drop_labels), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .value = "A,...",
     .fallback = "", .record = RECORD_ALWAYS, .record_name = "drop_labels",
     .help = "Pass over rows with these labels (as they stand in the file), such as unsup."},
    {"id-column", OPTION_TEXT, ROWS(id_column), .group = GROUP_ROWS, .touches = TOUCHES_ANSWERS, .value = "NAME",
     .fallback = "id", .record = RECORD_ALWAYS, .help = "Column of the row's id."},
    {"split-column", OPTION_TEXT, ROWS(split_column), .group = GROUP_ROWS, .touches = TOUCHES_PARTS, .value = "NAME",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Column that says train, validation or test (or 0, 1, 2). Rows of the test part are never trained on."},
    {"group-column", OPTION_TEXT, ROWS(group_column), .group = GROUP_ROWS, .touches = TOUCHES_PARTS, .value = "NAME",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Rows with the same value here are kept on one side of the validation split. Without it, rows with "
             "equal texts are."},
    {"weight-column", OPTION_TEXT, ROWS(weight_column), .group = GROUP_ROWS, .touches = TOUCHES_PARTS, .value = "NAME",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Column of a number from 0: how much the row counts in the training loss. Validation counts every row "
             "once."},
    {"on-bad-row", OPTION_CHOICE, ROWS(on_bad_row), .group = GROUP_ROWS, .touches = TOUCHES_READING,
     .choices = &on_bad_row_names, .record = RECORD_LATE,
     .help = "What to do with a row that cannot be read. Skipped rows are counted; more than 1% of them fails all "
             "the same."},
    {"tutorial", OPTION_FLAG, ROWS(tutorial), .group = GROUP_ROWS, EACH(0, 1), .fallback = "", .record = RECORD_LATE,
     .help = "Know the tutorial's three files by their columns, and read each as it does."},
    {"need-label", OPTION_FLAG, ROWS(need_label), .group = GROUP_ROWS, .fallback = "",
     .help = "A file without labels is an error."},
    {"html", OPTION_CHOICE, TEXT(html), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING, .choices = &html_names,
     EACH(HEED_HTML_SPACE, HEED_HTML_KEEP), .record = RECORD_ALWAYS, .help = "HTML tags stay, or become a space."},
    {"punctuation", OPTION_CHOICE, TEXT(punctuation), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &punctuation_names, EACH(HEED_PUNCTUATION_KEEP, HEED_PUNCTUATION_FIRST32), .record = RECORD_ALWAYS,
     .help = "Punctuation stays, or goes: all of it, or the first 32 characters of a text (the tutorial's accident)."},
    {"case", OPTION_CHOICE, TEXT(letters), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &letters_names, BOTH(HEED_LETTERS_LOWER), .record = RECORD_ALWAYS,
     .help = "Letters stay as they are, or become small."},
    {"tokens", OPTION_CHOICE, TEXT(tokens), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &tokens_names, EACH(HEED_TOKENS_WORDS, HEED_TOKENS_SPLIT), .record = RECORD_ALWAYS,
     .help = "Where tokens end: nowhere, at spaces, or around words and other visible characters."},
    {"lemmas", OPTION_CHOICE, TEXT(lemmas), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &lemmas_names, EACH(HEED_LEMMAS_NONE, HEED_LEMMAS_NOUN_VERB), .record = RECORD_ALWAYS,
     .help = "Reduce English words to their base forms as nouns, and then as verbs. Where no --tokens are asked for, "
             "words end at spaces."},
    {"stop-words", OPTION_TEXT, TEXT(stop_words), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .value = "none|english|FILE", .check = check_stop_words, .tutorial = {.text = "english"}, .record = RECORD_ALWAYS,
     .help = "Drop frequent words: the 179 English ones of NLTK (which are in small letters, as --case lower makes "
             "them), or those of a file, a word a line. Where no --tokens are asked for, words end at spaces."},
    {"vocabulary", OPTION_CHOICE, TEXT(vocabulary), .group = GROUP_WORDS, .touches = TOUCHES_COUNTING,
     .choices = &vocabulary_names, EACH(HEED_VOCABULARY_COUNTS, HEED_VOCABULARY_KERAS), .record = RECORD_ALWAYS,
     .help = "counts: unknown words share an id. keras: as the Keras Tokenizer, unknown words are dropped."},
    {"max-words", OPTION_WHOLE, TEXT(max_words), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .value = "N",
     .max = UINT32_MAX, EACH(20000, 6000), .record = RECORD_ALWAYS,
     .help = "Ids in all, the commonest words first; padding and unknown count. 0: no limit."},
    {"min-count", OPTION_WHOLE, TEXT(min_count), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .value = "N",
     .max = UINT32_MAX, EACH(2, 0), .record = RECORD_ALWAYS, .help = "Rarer words are unknown."},
    {"max-words", OPTION_WHOLE, VECTORS(max_words), .group = GROUP_WORDS, .touches = TOUCHES_VECTORS, .value = "N",
     .max = UINT32_MAX, .help = "Vectors for the N commonest words; 0: no limit."},
    {"min-count", OPTION_WHOLE, VECTORS(min_count), .group = GROUP_WORDS, .touches = TOUCHES_VECTORS, .value = "N",
     .max = UINT32_MAX, BOTH(5), .help = "Rarer words get no vector, and are none of their neighbours' neighbours."},
    {"max-length", OPTION_WHOLE, TEXT(max_length), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .value = "N|mean",
     .min = 1, .max = 65536, .word = "mean", .word_number = 0, EACH(400, 130), .record = RECORD_ALWAYS,
     .help = "Tokens of a text that the network reads; mean is that of the training rows, rounded up."},
    {"cut", OPTION_CHOICE, TEXT(cut), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .choices = &cut_names,
     EACH(HEED_CUT_MIDDLE, HEED_CUT_PRE), .record = RECORD_ALWAYS,
     .help = "Where a longer text loses tokens; middle keeps its first quarter and its end."},
    {"pad", OPTION_CHOICE, TEXT(pad), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .choices = &pad_names,
     .record = RECORD_ALWAYS, .help = "Where a shorter text is padded, which matters with --no-mask alone."},
    {"count-all-rows", OPTION_FLAG, TEXT(count_all_rows), .group = GROUP_WORDS, EACH(0, 1), .fallback = "",
     .record = RECORD_ALWAYS, .help = "Vocabulary and mean length come from validation rows too."},
    {"architecture", OPTION_TEXT, TRAIN(architecture), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "TEXT", .initial = {.text = "embed 64 | bilstm 32 | attention additive 16 | dense 32 | dropout 0.3"},
     .tutorial = {.text = "embed 128 | bilstm 32 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05"},
     .check = heed_architecture_check,
     .help = "The network, layer by layer, separated by |; or linear: logistic regression on words and pairs of "
             "words."},
    {"vectors", OPTION_TEXT, TRAIN(vectors), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "FILE",
     .fallback = "", .check = check_file,
     .help = "Start the embedding from the word vectors of a file: GloVe, word2vec or fastText. Its dimensions must "
             "be the embedding's width."},
    {"freeze", OPTION_WHOLE, TRAIN(frozen_epochs), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "N|always", .max = 65535, .word = "always", .word_number = UINT32_MAX, .record = RECORD_ALWAYS,
     .record_name = "frozen_epochs",
     .help = "With --vectors: leave the embedding as it is for the first N epochs, or always."},
    {"method", OPTION_CHOICE, VECTORS(method), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS,
     .choices = &word2vec_names,
     .help = "A word foretells each of its neighbours, or the mean of its neighbours foretells a word, which is "
             "faster and weaker on rare words."},
    {"dimensions", OPTION_WHOLE, VECTORS(dimensions), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "N",
     .min = 1, .max = 4096, BOTH(100),
     .help = "Numbers of a vector: the width that the network's embedding has to have."},
    {"window", OPTION_WHOLE, VECTORS(window), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "N",
     .min = 1, .max = 100, BOTH(5), .help = "Neighbours on each side; for each word a number from 1 to this is drawn."},
    {"negative", OPTION_WHOLE, VECTORS(negative), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "N",
     .min = 1, .max = 64, BOTH(5), .help = "Random words that a word must not foretell."},
    {"sample", OPTION_REAL, VECTORS(sample), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "SHARE",
     .max = 1, BOTH(1e-3), .help = "Of words that are more than this share of the text many are passed over; 0: none."},
    {"epochs", OPTION_WHOLE, VECTORS(epochs), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "N",
     .min = 1, .max = 65535, BOTH(5), .help = "Times that the text is gone through."},
    {"learning-rate", OPTION_REAL, VECTORS(learning_rate), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS,
     .value = "RATE", .zero_is_unset = true, .min = 1e-9, .max = 10, .fallback = "0.025, with cbow 0.05",
     .help = "Step size at the beginning; it falls to a ten-thousandth of that."},
    {"mask", OPTION_FLAG, TRAIN(mask), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, EACH(1, 0), .fallback = "",
     .help = "Padding is never seen; the default preset's way."},
    {"no-mask", OPTION_NO_FLAG, TRAIN(mask), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .fallback = "",
     .help = "Padding is read like a word, as the tutorial does."},
    {"positive", OPTION_TEXT, TRAIN(positive), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING | TOUCHES_DATA,
     .value = "LABEL", .fallback = "the later one bytewise",
     .help = "Of two labels: the one whose probability the network gives."},
    {"epochs", OPTION_WHOLE, TRAIN(epochs), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "N",
     .min = 1, .max = 65535, EACH(20, 5), .record = RECORD_ALWAYS, .help = "Times that the training rows are read."},
    {"batch-size", OPTION_WHOLE, TRAIN(batch_size), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "N",
     .min = 1, .max = 65536, EACH(32, 100), .record = RECORD_ALWAYS,
     .help = "Rows between two steps of the optimiser."},
    {"learning-rate", OPTION_REAL, TRAIN(learning_rate), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "RATE", .min = 1e-9, .max = 1000, BOTH(0.001), .record = RECORD_ALWAYS,
     .help = "Step size of the optimiser."},
    {"optimizer", OPTION_CHOICE, TRAIN(optimizer), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .choices = &optimizer_names, .record = RECORD_ALWAYS,
     .help = "What turns gradients into steps: Adam, Adam with weight decay, or gradient descent with momentum."},
    {"weight-decay", OPTION_REAL, TRAIN(weight_decay), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "RATE", .max = 1, BOTH(0.01), .record = RECORD_ALWAYS,
     .help = "adamw: a step takes the learning rate times this off every weight, biases and layer norms spared."},
    {"momentum", OPTION_REAL, TRAIN(momentum), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "SHARE",
     .max = 0.9999, BOTH(0.9), .record = RECORD_ALWAYS, .help = "sgd: how much of a step goes on in the next."},
    {"clip-norm", OPTION_REAL, TRAIN(clip_norm), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "LENGTH", .max = 1e9, .record = RECORD_ALWAYS,
     .help = "Shorten gradients whose norm over all weights is longer; 0: never."},
    {"schedule", OPTION_CHOICE, TRAIN(schedule), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .choices = &schedule_names, .record = RECORD_ALWAYS,
     .help = "The learning rate stays, falls to 0 along half a cosine over all the epochs, or halves after every "
             "epoch without a better validation loss."},
    {"warmup", OPTION_REAL, TRAIN(warmup), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "EPOCHS",
     .max = 65535, .record = RECORD_ALWAYS,
     .help = "Epochs, or a part of one such as 0.5, in which the learning rate rises from 0; 0: none."},
    {"class-weights", OPTION_TEXT, TRAIN(class_weights), .group = GROUP_TRAINING,
     .touches = TOUCHES_TRAINING | TOUCHES_DATA, .value = "balanced|FILE", .fallback = "", .check = check_class_weights,
     .help = "How much the rows of a label count in the training loss. balanced: labels with few rows more, so that "
             "each counts alike; of several labels a row, each counts as much where it is there as where it is not. "
             "A file: lines of label, tab, weight; others weigh 1."},
    {"label-smoothing", OPTION_REAL, TRAIN(label_smoothing), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "S", .max = 0.999, .record = RECORD_ALWAYS,
     .help = "Train towards targets of which the share S is spread over all labels, against overconfidence."},
    {"tune-thresholds", OPTION_FLAG, TRAIN(tune_thresholds), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .fallback = "",
     .help = "Choose the threshold of each of several labels a row (or of the positive one of two) for its best F1 "
             "on the validation rows, and keep it in the model; otherwise it is 0.5."},
    {"seed", OPTION_SEED, TRAIN(seed), .group = GROUP_TRAINING, .touches = TOUCHES_SEED, .value = "N", .max = MAX_SEED,
     BOTH(1), .record = RECORD_ALWAYS,
     .help = "Start of all random numbers. The same seed gives the same file at any number of threads."},
    {"validation", OPTION_VALIDATION, TRAIN(validation), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "PART|last:PART|none", .min = 0.0001, .max = 0.9999, .initial = {.number = 0.1},
     .tutorial = {.number = 0.2, .text = "last:"},
     .help = "Part of the rows that is kept back to validate each epoch: 0.2 is a fifth, drawn by label with equal "
             "texts kept together; last:0.2 is the last fifth."},
    {"train-share", OPTION_REAL, TRAIN(train_share), .group = GROUP_TRAINING,
     .touches = TOUCHES_TRAINING | TOUCHES_DATA, .value = "PART", .min = 0.0001, .max = 1, .zero_is_unset = true,
     BOTH(1),
     .help = "Train on this part of the training rows alone, drawn by label and --seed with equal texts kept "
             "together; a smaller part lies within a larger one. What validates stays the same."},
    {"patience", OPTION_WHOLE, TRAIN(patience), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "N",
     .max = 65535, EACH(3, 0), .record = RECORD_ALWAYS,
     .help = "Stop after N epochs without a better validation loss; 0: never."},
    {"keep", OPTION_CHOICE, TRAIN(keep), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .choices = &keep_names,
     EACH(HEED_KEEP_BEST, HEED_KEEP_LAST),
     .help = "Whose weights are the model's: the epoch's of best validation loss, or the last one's."},
    {"threads", OPTION_WHOLE, TRAIN(threads), .group = GROUP_COMMON, .touches = TOUCHES_THREADS, .value = "N",
     .max = 256, .fallback = "one a processor", .help = "Threads to work on; the result does not depend on it."},
};

const option *option_table(size_t *count)
{
    *count = sizeof options / sizeof *options;
    return options;
}

const option *option_named(option_home home, const char *name)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].home == home && strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

/* ---- a whole struct */

typedef union any_options {
    heed_rows_options rows;
    heed_text_options text;
    heed_train_options train;
    heed_vectors_options vectors;
    heed_explain_options explain;
    heed_faithfulness_options faithfulness;
    heed_compare_options compare;
    heed_tune_options tune;
} any_options;

static const size_t home_size[] = {
    [HOME_ROWS] = sizeof(heed_rows_options),       [HOME_TEXT] = sizeof(heed_text_options),
    [HOME_TRAIN] = sizeof(heed_train_options),     [HOME_VECTORS] = sizeof(heed_vectors_options),
    [HOME_EXPLAIN] = sizeof(heed_explain_options), [HOME_FAITHFULNESS] = sizeof(heed_faithfulness_options),
    [HOME_COMPARE] = sizeof(heed_compare_options), [HOME_TUNE] = sizeof(heed_tune_options)};

const option *options_next(option_home home, const option *last)
{
    const option *end = options + sizeof options / sizeof *options;
    for (const option *o = last == NULL ? options : last + 1; o < end; o++)
        if (o->home == home)
            return o;
    return NULL;
}

void options_preset(option_home home, void *out, heed_preset preset)
{
    memset(out, 0, home_size[home]);
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o))
        option_preset(o, out, preset);
}

heed_status options_check(option_home home, const void *values, heed_error *error)
{
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o)) {
        heed_status status = option_check(o, values, error);
        if (status != HEED_OK)
            return status;
    }
    return HEED_OK;
}

bool options_equal(option_home home, const void *a, const void *b, unsigned touches)
{
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o))
        if ((o->touches & touches) == touches && !option_equal(o, a, b))
            return false;
    return true;
}

/* ---- texts of its own */

static bool holds_text(const option *o)
{
    return o->kind == OPTION_TEXT || o->kind == OPTION_JOINED;
}

void options_release(option_home home, void *values)
{
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o))
        if (holds_text(o)) {
            char **text = option_place(o, values);
            free(*text);
            *text = NULL;
        }
}

static heed_status text_copy(const option *o, void *to, const void *from, heed_error *error)
{
    const char *text = *(const char *const *)option_field(o, from);
    char **copy = option_place(o, to);
    *copy = NULL;
    if (text == NULL)
        return HEED_OK;
    if (utf8_check(text, strlen(text)) != strlen(text))
        return fail(error, HEED_USAGE, "--%s: found bytes that are not UTF-8", o->name);
    *copy = memory_copy(text, strlen(text));
    return *copy == NULL ? fail_memory(error, "options") : HEED_OK;
}

heed_status options_copy(option_home home, void *out, const void *values, heed_error *error)
{
    any_options copy; /* of its fields only those that rows have own what they point to */
    heed_status status = HEED_OK;
    memcpy(&copy, values, home_size[home]);
    for (const option *o = options_next(home, NULL); o != NULL; o = options_next(home, o))
        if (holds_text(o)) {
            heed_status copied = text_copy(o, &copy, values, status == HEED_OK ? error : NULL);
            status = status == HEED_OK ? copied : status;
        }
    if (status == HEED_OK)
        memcpy(out, &copy, home_size[home]);
    else
        options_release(home, &copy);
    return status;
}

/* ---- the record in a model file */

const option *options_next_recorded(option_home home, const option *last)
{
    option_record record = last == NULL ? RECORD_ALWAYS : last->record;
    for (; record <= RECORD_SET; record++)
        while ((last = options_next(home, last)) != NULL)
            if (last->record == record)
                return last;
    return NULL;
}

bool option_is_zero(const option *o, const void *values)
{
    const any_options zero = {0};
    return option_equal(o, values, &zero);
}

const option *options_next_set(option_home home, const void *values, const option *last)
{
    do
        last = options_next_recorded(home, last);
    while (last != NULL && (last->record != RECORD_SET || option_is_zero(last, values)));
    return last;
}

heed_status options_copy_recorded(option_home home, void *out, const void *values, heed_error *error)
{
    any_options recorded = {0};
    for (const option *o = NULL; (o = options_next_recorded(home, o)) != NULL;)
        memcpy(option_place(o, &recorded), option_field(o, values), option_size(o));
    return options_copy(home, out, &recorded, error);
}
