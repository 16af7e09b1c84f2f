/* heed: attention text classifiers, from a raw file to a trained, evaluated and served model.
 *
 *   1. Use a model      load, predict, decide, explain: all that most programs need, and a complete example
 *   2. Options          how every struct of options is filled
 *   3. Train            rows, text, vectors, corpus, check, split, training
 *   4. Evaluate         metrics, faithfulness, report, comparison, search for options
 *   5. Everything else  prediction of whole files, more about explanations, descriptions of a model, pictures, data
 *
 * Conventions
 *   - Every function that can fail returns a heed_status and takes a heed_error (NULL is allowed), which gets one line:
 *     where, what was found, what was expected, what to do. Each can return HEED_FAILED (memory, files, threads).
 *   - Outputs come first. After a failure every output is NULL or 0, unless a function says otherwise.
 *   - What a function returns through `T **out` belongs to the caller, who releases it with T's `_free`, or text with
 *     heed_free (NULL is allowed). A pointer to const is borrowed: it is valid as long as its parent, or as documented.
 *   - The library never prints, never exits and has no global state. Using a heed_model does not change it, so threads
 *     may share one. A reader, token list, predictor or explainer may be used by one thread at a time.
 *   - Text is UTF-8, as bytes with a length; NUL is an ordinary character. const char * texts end with NUL.
 *   - The same seed gives the same bits with any number of threads (same build, same instruction set). `threads` is the
 *     number of threads, up to 256 (more: HEED_USAGE); 0: one per processor.
 *   - Later versions add members at the end of structs, and values to enums. Only heed_bytes, heed_error, heed_interval,
 *     heed_spread, heed_listener, heed_corpus_files, heed_line and heed_options_head never change. heed returns other
 *     structs by pointer, and one element of an array by a function that takes its index, which is not checked.
 */
#ifndef HEED_H
#define HEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define HEED_API __attribute__((visibility("default")))
#else
#define HEED_API
#endif

#define HEED_VERSION "0.1.0"

/* Every struct of options begins with a heed_options_head. Its _init fills the head and sets all options to defaults. */
typedef enum heed_options_kind {
    HEED_OPTIONS_ROWS, HEED_OPTIONS_TEXT, HEED_OPTIONS_TRAIN, HEED_OPTIONS_VECTORS, HEED_OPTIONS_EXPLAIN,
    HEED_OPTIONS_FAITHFULNESS, HEED_OPTIONS_COMPARE, HEED_OPTIONS_TUNE, HEED_OPTIONS_REPORT
} heed_options_kind;
typedef enum heed_preset {
    HEED_PRESET_DEFAULT,
    HEED_PRESET_TUTORIAL, /* as the Keras tutorial that heed grew from */
    HEED_PRESET_OFF,      /* heed_text_options: no stages, no limits; other options: as HEED_PRESET_DEFAULT */
    HEED_PRESET_RECIPE    /* what heed train does by itself: architecture "recipe default", which is chosen for the rows */
} heed_preset;
typedef struct heed_options_head {
    size_t size; /* bytes of the whole struct when the caller was compiled: members added later have their defaults */
    heed_options_kind kind;
    heed_preset preset;
} heed_options_head;

/* ================================================================ 1. use a model
 *
 * A complete program: the probability of each label (* is the one explained) and the score of each token for it.
 *
 *   #include <heed.h>
 *   #include <stdio.h>
 *   #include <string.h>
 *
 *   int main(int argc, char **argv)
 *   {
 *       heed_error error = {"usage: why MODEL TEXT"};
 *       heed_model *model = NULL;
 *       heed_explainer *explainer = NULL;
 *       heed_explanation *why = NULL;
 *       heed_explain_options options;
 *       heed_explain_options_init(&options);
 *       const heed_bytes text = {argv[argc - 1], strlen(argv[argc - 1])};
 *       heed_status status = argc == 3 ? heed_model_load(&model, argv[1], &error) : HEED_USAGE;
 *       if (status == HEED_OK)
 *           status = heed_explainer_new(&explainer, model, &options, &error);
 *       if (status == HEED_OK)
 *           status = heed_explainer_run(&why, explainer, text, &error);
 *       const heed_explanation_info *e = heed_explanation_describe(why); // NULL of NULL
 *       for (size_t i = 0; e != NULL && i < e->label_count; i++)
 *           printf("%s%s\t%.6g\n", i == e->label ? "*" : "", e->labels[i], (double)e->probabilities[i]);
 *       for (size_t i = 0; e != NULL && i < e->token_count; i++) {
 *           const heed_explained_token *token = heed_explanation_token(why, i);
 *           printf("%.*s\t%+.4f\n", (int)token->text.size, token->text.data, token->score);
 *       }
 *       if (status != HEED_OK)
 *           fprintf(stderr, "%s\n", error.message);
 *       heed_explanation_free(why);
 *       heed_explainer_free(explainer);
 *       heed_model_free(model);
 *       return heed_status_exit(status);
 *   }
 */
/* X(name, exit status of the program, meaning) */
#define HEED_STATUSES(X)                                                                              \
    X(HEED_OK, 0, "fine")                                                                             \
    X(HEED_FAILED, 1, "failed: memory, reading or writing a file, a thread")                          \
    X(HEED_USAGE, 2, "an option or argument that cannot be used")                                     \
    X(HEED_BAD_DATA, 3, "bad data: a missing file or column, a row or a model that breaks its rules") \
    X(HEED_UNMET, 4, "a required quality was not met, or rows have a serious fault")                  \
    X(HEED_END, 0, "no more records; not an error")                                                   \
    X(HEED_STOPPED, 130, "stopped by Ctrl-C, or by a listener")
typedef enum heed_status {
#define HEED_STATUS_NAME(name, code, meaning) name,
    HEED_STATUSES(HEED_STATUS_NAME)
#undef HEED_STATUS_NAME
} heed_status;
typedef struct heed_error { char message[1024]; } heed_error; /* one line, without a newline at its end */
typedef struct heed_bytes { const char *data; size_t size; } heed_bytes; /* borrowed; data NULL: there is nothing */
typedef struct heed_interval { double mean, low, high; } heed_interval; /* of 95%; NaN: not defined */

HEED_API int heed_status_exit(heed_status status); /* the exit status of a program that ends for this reason */
HEED_API void heed_free(void *text);               /* releases what heed returned through `char **out` */

typedef enum heed_task {
    HEED_TASK_BINARY,     /* one of two labels: a sigmoid */
    HEED_TASK_MULTICLASS, /* one of several: a softmax */
    HEED_TASK_MULTILABEL  /* any number of them: a sigmoid for each */
} heed_task;
typedef struct heed_model heed_model;
typedef struct heed_model_info {
    heed_task task;
    const char *const *labels; /* [label_count], in the order of all probabilities */
    size_t label_count, positive; /* positive: the index of the positive label; label_count if there is none */
    const double *thresholds;  /* [threshold_count]: binary: of the positive label; multilabel: of each; else not used */
    size_t threshold_count;
    uint64_t parameters;       /* number of trained weights */
    const char *architecture;  /* this and mask: as in heed_train_options */
    bool mask;
    const struct heed_rows_options *rows; /* how the training rows were read; heed_options_copy copies it */
    const struct heed_text_options *text; /* stop_words is "list" if the model has the words of a file */
    const struct heed_keras_metrics *validation; /* of epoch `epoch`; its loss is NaN if no rows validated or were held out */
    unsigned epoch, epochs;    /* the epoch (from 1) whose weights the model has, and the number of epochs trained */
} heed_model_info;

HEED_API heed_status heed_model_load(heed_model **out, const char *path, heed_error *error); /* or HEED_BAD_DATA */
HEED_API const heed_model_info *heed_model_describe(const heed_model *model);
HEED_API void heed_model_free(heed_model *model);

typedef struct heed_predictor heed_predictor; /* working memory for predictions with a model; the model is borrowed */
HEED_API heed_status heed_predictor_new(heed_predictor **out, const heed_model *model, unsigned threads,
                                        heed_error *error);
/* Finite probabilities [count][label_count], each text's by itself. HEED_BAD_DATA: not UTF-8, numbers that overflow. */
HEED_API heed_status heed_predictor_run(float *probabilities, heed_predictor *predictor, const heed_bytes *texts,
                                        size_t count, heed_error *error);
HEED_API void heed_predictor_free(heed_predictor *predictor);
/* Finds the predicted labels for probabilities [label_count], most likely first, and returns how many there are (0 only
 * with HEED_TASK_MULTILABEL). out: [label_count]. Binary: the positive label if its probability is greater than its
 * threshold, else the other; multiclass: the most likely; multilabel: those greater than their thresholds. thresholds:
 * [threshold_count], NULL: the model's. */
HEED_API size_t heed_model_decide(size_t *out, const heed_model *model, const float *probabilities,
                                  const double *thresholds);
/* How a token is scored: but for attention in units of the label's logit, log(p / (1 - p)) or the softmax's input. */
typedef enum heed_method {
    HEED_METHOD_AUTO, /* the stored best one, else weights or integrated; of long texts gradient: docs/EXPLANATIONS.md */
    HEED_METHOD_ATTENTION,     /* attention weights, 0 to 1: where the model looked, not why; the same for all labels */
    HEED_METHOD_GRADIENT,      /* embedding times gradient (Shrikumar et al. 2017, section 3.1) */
    HEED_METHOD_INTEGRATED,    /* integrated gradients from zero embeddings (Sundararajan et al. 2017, section 3) */
    HEED_METHOD_LEAVE_ONE_OUT, /* how much the logit falls without the token (Li et al. 2016) */
    HEED_METHOD_WEIGHTS        /* linear, wide: value times weight of the word, and its share of that of each n-gram with it */
} heed_method;
typedef struct heed_explain_options {
    heed_options_head head;
    heed_method method;
    const char *label;  /* the label to explain; NULL: the predicted one, or the most likely of several predicted ones */
    unsigned steps;     /* of integrated gradients, 1 to 10000, rounded up to a multiple of 8; 0: 32, or more up to 1024 */
    unsigned threads;
} heed_explain_options;

typedef struct heed_explained_token { /* one token that the model read */
    heed_bytes text;   /* as the model reads it; "<unk>" for an unknown word */
    size_t begin, end; /* its bytes in the text */
    size_t segment;    /* the number of the segment that contains it (heed_explanation_segment) */
    double score;
} heed_explained_token;
typedef struct heed_explanation_info {
    heed_bytes text;
    size_t segment_count, token_count;
    const char *const *labels;  /* [label_count] */
    const float *probabilities; /* [label_count], as heed_predictor_run gives them */
    size_t label_count, label;  /* label: the index of the one explained */
    heed_method method;         /* the method used, never HEED_METHOD_AUTO */
    bool compared;              /* scores are differences to another text's (heed_explainer_compare) */
    double logit;               /* of the label */
    double baseline;            /* integrated: the logit of zero embeddings; weights: of no words; else NaN */
    double gap;                 /* |sum of scores - (logit - baseline)| / |logit - baseline|; else NaN */
    unsigned steps;             /* of integrated gradients; else 0 */
    double padding;             /* attention: that of padding that is read, or of an encoder's tokens around the text */
    uint32_t measured_rows;     /* the method is the stored best one: rows it was measured on; 0: not measured for this model */
    heed_interval gain;         /* with measured_rows: heed_method_faithfulness.gain */
    const char *problem;        /* of a row that could not be read (heed_explanation_skipped): why; else NULL */
} heed_explanation_info;

typedef struct heed_explainer heed_explainer; /* working memory for explanations with a model; the model is borrowed */
typedef struct heed_explanation heed_explanation;
/* Options are copied. HEED_USAGE: a label or a method that the model does not have, steps out of range. */
HEED_API heed_status heed_explainer_new(heed_explainer **out, const heed_model *model,
                                        const heed_explain_options *options, heed_error *error);
/* The text is copied. *out needs the model, not the explainer. HEED_BAD_DATA: not UTF-8, too long for leave-one-out. */
HEED_API heed_status heed_explainer_run(heed_explanation **out, heed_explainer *explainer, heed_bytes text,
                                        heed_error *error);
HEED_API const heed_explanation_info *heed_explanation_describe(const heed_explanation *explanation); /* NULL of NULL */
HEED_API const heed_explained_token *heed_explanation_token(const heed_explanation *explanation, size_t i);
HEED_API void heed_explanation_free(heed_explanation *explanation);
HEED_API void heed_explainer_free(heed_explainer *explainer);

/* ================================================================ 2. options
 *
 * Fill a struct of options by its _init, change its members directly or by name, and pass it. Its texts are borrowed
 * during the call that takes it, or longer if the function says so. NULL and a struct not filled by _init are HEED_USAGE. */

/* What the _init functions call: sets all `size` bytes to the defaults of kind and preset. */
HEED_API void heed_options_init(void *options, size_t size, heed_options_kind kind, heed_preset preset);
/* Sets one member by the name of the program's option, such as ("learning-rate", "0.001"); flags take "true" or
 * "false". value is borrowed like a member. HEED_USAGE: no such option in this struct (the message suggests one), or a
 * value that the option does not take; the struct is then unchanged. */
HEED_API heed_status heed_options_set(void *options, const char *name, const char *value, heed_error *error);
/* Copies all members from options of the same kind, such as heed_model_info.rows; texts are borrowed from there. out must
 * have been filled by its _init; a failure leaves it unchanged. HEED_USAGE: another kind, a struct without _init. */
HEED_API heed_status heed_options_copy(void *out, const void *options, heed_error *error);

static inline void heed_explain_options_init(heed_explain_options *options)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_EXPLAIN, HEED_PRESET_DEFAULT);
}

/* ================================================================ 3. train */

/* ---------------------------------------------------------------- progress */

typedef enum heed_stage {
    HEED_STAGE_READ,     /* done, total: bytes of the input (total 0 if unknown) */
    HEED_STAGE_TRAIN,    /* done, total: rows of this epoch (linear, wide: of all passes, of the most that are allowed) */
    HEED_STAGE_VALIDATE, /* done, total: rows of the validation part */
    HEED_STAGE_EPOCH,    /* an epoch has ended: train and validation have its metrics */
    HEED_STAGE_PREDICT,  /* done, total: bytes of the input (total 0 if unknown) */
    HEED_STAGE_TRIAL,    /* a trial of a comparison has ended: note sums it up */
    HEED_STAGE_WORDS,    /* done, total: words of this epoch of learning word vectors */
    HEED_STAGE_EXPLAIN,  /* done, total: rows whose explanations are measured */
    HEED_STAGE_NOTE,     /* note is a line for people */
    HEED_STAGE_WARNING,  /* note is a line that the user should see: the work goes on, but perhaps not as intended */
    HEED_STAGE_MEASURE,  /* done, total: rows of heed_evaluation_finish, resamples of heed_evaluation_bootstrap, steps of
                            heed_check_finish */
    HEED_STAGE_ENCODE    /* done, total: rows whose features a pretrained encoder computed */
} heed_stage;

/* What a warning is about, so that a program can show one warning of each kind. */
typedef enum heed_warning {
    HEED_WARNING_NONE,
    HEED_WARNING_ROWS_SKIPPED,  /* bad rows were left out */
    HEED_WARNING_NO_VALIDATION, /* too few different texts to keep some for validation, or to hold some out */
    HEED_WARNING_SCHEDULE,      /* the schedule needs validation rows */
    HEED_WARNING_EPOCH_FAILED,  /* an epoch failed and training ended; the model has weights of an earlier epoch */
    HEED_WARNING_LABELS_ALIKE,  /* labels that differ by capitals, blanks, Unicode form, what is not seen, or 5 and 5.0 */
    HEED_WARNING_LABELS_JOINED, /* labels that look like several labels with a separator between them */
    HEED_WARNING_LABEL_COLUMN,  /* most rows have a label of their own: perhaps another column has the labels */
    HEED_WARNING_LABELS_RARE,   /* labels with too few rows to be learnt, measured, or divided among folds */
    HEED_WARNING_UNKNOWN_LABELS, /* rows to measure on have labels that the model or its training rows do not have */
    HEED_WARNING_THRESHOLDS,    /* thresholds were tuned on few rows of a label */
    HEED_WARNING_MEMORY,        /* what comes needs much memory */
    HEED_WARNING_ENCODING,      /* a file of rows is not in the encoding that it should be in */
    HEED_WARNING_HEADER,        /* the first row of a file, read as its header, looks like data */
    HEED_WARNING_VECTORS,       /* too few training rows to learn word vectors from: the embedding starts at random */
    HEED_WARNING_LEAK,          /* rows to be judged by have the text of a training row: their figures measure memory */
    HEED_WARNING_TWO_LABELS,    /* more than 1% of the texts have several labels, of which a model can learn one */
    HEED_WARNING_CHECKPOINT     /* a training could not be saved, and goes on */
} heed_warning;

/* Metrics as Keras names and computes them: tp, fp, tn, fn at threshold 0.5 over every output; auc by 200 thresholds.
 * Two labels have one output; otherwise each label has one. accuracy: of the most likely label; multilabel: of every
 * output at 0.5. NaN if not defined: auc without outputs of both kinds, all but the counts without rows. Labels that
 * only validation rows have are wrong answers in accuracy, precision and recall, and left out of the others. */
typedef struct heed_keras_metrics {
    double loss, tp, fp, tn, fn, accuracy, precision, recall, auc;
} heed_keras_metrics;

/* Borrowed for the call of the listener. */
typedef struct heed_event {
    heed_stage stage;
    unsigned epoch, epochs;     /* from 1 */
    unsigned fold, folds;       /* from 1; folds 0 without cross-validation */
    unsigned trial, trials;     /* from 1; trials 0 without a comparison */
    uint64_t done, total;
    double seconds;             /* since this stage began */
    const heed_keras_metrics *train;      /* TRAIN, EPOCH: of the epoch so far; else NULL */
    const heed_keras_metrics *validation; /* EPOCH: loss is NaN without rows to judge by; else NULL */
    bool best;                  /* EPOCH: the best epoch so far */
    const char *note;           /* NOTE, WARNING, TRIAL; EPOCH: why training ends before its last epoch; else NULL */
    heed_warning warning;       /* WARNING: its kind */
    bool held_out;              /* EPOCH: validation is of training rows that a cross-fit held out in turn */
} heed_event;

/* A function that takes a listener also takes NULL. */
typedef struct heed_listener {
    int (*on_event)(void *user, const heed_event *event); /* on the calling thread, at most several times a second in a
                                                             stage; a result other than 0 stops with HEED_STOPPED */
    void *user;
} heed_listener;

/* ---------------------------------------------------------------- rows */

/* X(name, word, extensions, meaning): a new format is one file in src/rows (format_class.h) and one line here. */
#define HEED_FORMATS(X)                                                                                         \
    X(HEED_FORMAT_TSV, tsv, ".tsv .tab", "fields separated by tabs")                                            \
    X(HEED_FORMAT_CSV, csv, ".csv", "fields separated by commas")                                               \
    X(HEED_FORMAT_JSONL, jsonl, ".jsonl .json .ndjson", "one object a line")                                    \
    X(HEED_FORMAT_FASTTEXT, fasttext, ".ft", "__label__NAME text")                                              \
    X(HEED_FORMAT_FOLDER, folder, "", "a folder for each label, a .txt file for each text, as aclImdb/train")   \
    X(HEED_FORMAT_LINES, lines, "", "one text a line")

typedef enum heed_format {
    HEED_FORMAT_AUTO, /* by extension (.gz removed, capitals or not); a folder; anything else: lines */
#define HEED_FORMAT_NAME(name, word, extensions, meaning) name,
    HEED_FORMATS(HEED_FORMAT_NAME)
#undef HEED_FORMAT_NAME
} heed_format;

typedef enum heed_encoding { HEED_UTF8, HEED_WINDOWS_1252, HEED_LATIN_1 } heed_encoding;

typedef enum heed_quoting {
    HEED_QUOTING_AUTO,      /* the first of minimal, backslash, none that reads the file's first 256 KiB cleanly; of a pipe
                               the first that so reads the first row in which they differ. A quote that swallows rows
                               (lines that look like rows of the file) is an ordinary character */
    HEED_QUOTING_MINIMAL,   /* RFC 4180; text after a closing quote is kept, as pandas' C parser does */
    HEED_QUOTING_BACKSLASH, /* \" inside quotes is a quote */
    HEED_QUOTING_NONE       /* quotes are ordinary characters */
} heed_quoting;

typedef enum heed_on_bad_row {
    HEED_BAD_ROW_FAILS,
    HEED_BAD_ROW_IS_SKIPPED /* and counted. If more than 1% of all rows are bad, reading fails at the end; of a pipe, which
                               may have no end, as soon as that is so after 100,000 rows */
} heed_on_bad_row;

/* Columns are named by their header, in any capitals unless one has exactly this name, or by number from 1. */
typedef struct heed_rows_options {
    heed_options_head head;
    heed_format format;
    heed_encoding encoding;
    heed_quoting quoting;
    bool no_header;             /* TSV, CSV: the first row is a record, and columns have numbers only */
    const char *text_columns;   /* "title,body", joined by a space; a column whose name has commas is itself;
                                   NULL: text, review or sentence */
    const char *label_column;   /* NULL: label, sentiment or class; "" here and in the next three: none */
    const char *label_from;     /* "id:rating>=5": 1 if the number after the last _ in column id is at least 5, else 0 */
    const char *label_map;      /* "pos=1,neg=0": other labels are bad rows; with ",*" at its end they pass as they are */
    const char *drop_labels;    /* "unsup,unknown": rows with these labels (before the map) are left out */
    const char *id_column;      /* NULL: id, if there is one */
    const char *split_column;   /* NULL: none */
    const char *group_column;   /* NULL: none */
    const char *weight_column;  /* a number from 0: how much the row counts in training; NULL: none, every row is 1 */
    const char *label_separator; /* rows have any number of labels, separated by this; NULL: one label per row */
    heed_on_bad_row on_bad_row;
    bool need_label;            /* a file without labels is an error */
    bool tutorial;              /* recognise the tutorial's three files by their columns and read them as the tutorial:
                                   encoding, quoting, columns, label map, dropped labels, label from the id; other files
                                   are read as usual */
    bool keep_blanks;           /* labels keep the blanks around them, as in 0.1.0, whose models may have such labels */
    const char *delimiter;      /* TSV, CSV: what separates fields: a character, or "tab"; NULL: found in each file from its
                                   header and first rows, if it is a comma, semicolon, tab or |, or said by a first line
                                   such as sep=; */
    bool drop_unlabelled;       /* rows without a label are left out, and counted */
    bool keep_form;             /* labels keep their Unicode form, as in 0.1.0 and with `tutorial`; else NFC */
    bool bad_rows_too;          /* with HEED_BAD_ROW_IS_SKIPPED: they are counted as skipped, but heed_reader_next gives
                                   them too, as records that are bad, so that each row of the input has its record */
    bool need_columns;          /* TSV, CSV: a column that the options name is an error if it is missing, with need_label or
                                   without */
} heed_rows_options;

static inline void heed_rows_options_init(heed_rows_options *options)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_ROWS, HEED_PRESET_DEFAULT);
}

/* One record. Everything in it is borrowed until the next call on its reader. */
typedef struct heed_record {
    heed_bytes text;
    heed_bytes label;           /* after map and rule, several joined by their separator; data NULL: there is none */
    const heed_bytes *labels;   /* [label_count]: label itself, or its parts by label_separator, each part once */
    size_t label_count;         /* 0 if the input has no label; with label_separator also for a row without labels */
    double weight;              /* 1 if the input has none */
    heed_bytes id, split, group;
    const heed_bytes *fields;   /* [field_count]: TSV, CSV: all columns as read; else NULL */
    size_t field_count;
    heed_bytes line;            /* the record as it is in the input (in UTF-8), without its end of line */
    const char *file;           /* the name of its file, or "standard input" */
    uint64_t row;               /* from 1 within its file, header not counted */
    uint64_t line_number;       /* of its first line within its file, from 1 */
    const char *line_end;       /* what ends it: "\n", "\r\n", "\r"; "" if nothing does; never released */
    bool bad;                   /* it cannot be read: only with bad_rows_too; then it has no text and no label */
    const char *problem;        /* of a bad one: the line that says where and why; else NULL */
} heed_record;

/* Reads records from files, one after the other, in bounded memory. */
typedef struct heed_reader heed_reader;

/* What a reader has found so far. */
typedef struct heed_reader_info {
    const heed_bytes *columns;  /* [column_count]: of the file being read: TSV and CSV with a header; else NULL */
    size_t column_count;
    heed_format format;         /* of that file, never HEED_FORMAT_AUTO */
    heed_quoting quoting;       /* of that file, never HEED_QUOTING_AUTO; HEED_QUOTING_NONE if it is not TSV or CSV */
    uint64_t skipped;           /* bad rows that were skipped */
    const char *first_skipped;  /* the message of the first of them; "" if there is none */
    uint64_t done, total;       /* bytes read and bytes in all (0 if unknown) */
    heed_encoding encoding;     /* of that file, as it is read */
    uint64_t misfits;           /* files that are in another encoding than they should be */
    const char *first_misfit;   /* what was found in the first of them, and how it is read; "" if there is none */
    uint64_t unlabelled;        /* rows without a label that drop_unlabelled left out */
    char delimiter;             /* between the fields of that file; 0 if it is neither TSV nor CSV */
    bool byte_order_mark;       /* that file begins with one */
    const char *separator_line; /* its first line, such as sep=;, with its end; "" if it has none */
    const char *line_end;       /* of its first line; "" while that is not read, or if there is none */
} heed_reader_info;

/* Opens count paths ("-" is standard input, a folder is read by label, .gz and .zst are unpacked). Options and paths are
 * copied. A path may end with the encoding of its file, "old.csv:windows-1252", if there is no file with all of this name;
 * others have that of the options. With HEED_UTF8 a regular file that cannot be UTF-8, but can be windows-1252, is
 * read as that; with another encoding a file that is UTF-8 is read in that encoding all the same. heed_reader_info.misfits
 * counts both. What comes from a pipe, and a file whose path ends with ":utf-8", is UTF-8 or bad rows.
 * HEED_BAD_DATA: a file that cannot be opened, a folder without texts, a column that is missing, named by the options or
 * not (the message lists the columns), with need_label a file without rows. HEED_USAGE: options, no path. Files after the
 * first are opened when they are read. */
HEED_API heed_status heed_reader_open(heed_reader **out, const char *const *paths, size_t count,
                                      const heed_rows_options *options, heed_error *error);
/* The next record; HEED_END after the last one; HEED_BAD_DATA for one that cannot be read: the next call goes on with the
 * record after it. */
HEED_API heed_status heed_reader_next(const heed_record **out, heed_reader *reader, heed_error *error);
/* Whether the next record can be returned without waiting for input. */
HEED_API bool heed_reader_ready(const heed_reader *reader);
/* Borrowed until the next call on the reader. */
HEED_API const heed_reader_info *heed_reader_describe(heed_reader *reader);
HEED_API void heed_reader_free(heed_reader *reader);

/* ---------------------------------------------------------------- text */

/* What a character, a word and a tag are. */
typedef enum heed_text_rules {
    HEED_TEXT_RULES_PYTHON, /* as Python's re and str, and heed 0.1.0: marks are not part of words; nearly all that is in
                             * angle brackets is a tag */
    HEED_TEXT_RULES_UNICODE /* the text in NFC (UAX #15); words keep their marks and joiners, and an emoji sequence is one
                             * token, as UAX #29 has them; scripts without blanks and kana: grapheme clusters; tags are
                             * those of HTML's elements */
} heed_text_rules;
typedef enum heed_html {
    HEED_HTML_KEEP,
    HEED_HTML_SPACE /* tags and comments become a space, entities their characters; which those are: heed_text_rules */
} heed_html;
typedef enum heed_letters { HEED_LETTERS_KEEP, HEED_LETTERS_LOWER } heed_letters;
typedef enum heed_punctuation {
    HEED_PUNCTUATION_KEEP,
    HEED_PUNCTUATION_FIRST32, /* only the first 32 characters that are neither \w nor \s are removed (tutorial's bug) */
    HEED_PUNCTUATION_ALL
} heed_punctuation;
typedef enum heed_tokenizer {
    HEED_TOKENS_NONE,  /* the text as a whole */
    HEED_TOKENS_SPLIT, /* at U+0020 only; empty tokens stay */
    HEED_TOKENS_WORDS, /* words, with inner apostrophes; every other visible character is a token: heed_text_rules */
    HEED_TOKENS_WORDPIECE /* sub-words such as "##ing", as heed_text_options.tokenizer has them, which may also be
                             byte-level BPE or Unigram */
} heed_tokenizer;
typedef enum heed_lemmas {
    HEED_LEMMAS_NONE,
    HEED_LEMMAS_NOUN,     /* NLTK's WordNetLemmatizer.lemmatize(word) */
    HEED_LEMMAS_NOUN_VERB /* and then lemmatize(word, "v") on its result */
} heed_lemmas;
typedef enum heed_segmentation {
    HEED_SEGMENT_CHARACTERS, /* scripts without blanks are divided into user-perceived characters */
    HEED_SEGMENT_DICTIONARY  /* into words, by the dictionaries of ICU, where heed was built with it */
} heed_segmentation;
/* Languages of Snowball's algorithms, which reduce a word to its stem. X(constant, name) */
#define HEED_STEMS(X)                                                                                                  \
    X(NONE, "none")                                                                                                    \
    X(ARABIC, "arabic")                                                                                                \
    X(ARMENIAN, "armenian")                                                                                            \
    X(BASQUE, "basque")                                                                                                \
    X(CATALAN, "catalan")                                                                                              \
    X(DANISH, "danish")                                                                                                \
    X(DUTCH, "dutch")                                                                                                  \
    X(ENGLISH, "english")                                                                                              \
    X(FINNISH, "finnish")                                                                                              \
    X(FRENCH, "french")                                                                                                \
    X(GERMAN, "german")                                                                                                \
    X(GREEK, "greek")                                                                                                  \
    X(HINDI, "hindi")                                                                                                  \
    X(HUNGARIAN, "hungarian")                                                                                          \
    X(INDONESIAN, "indonesian")                                                                                        \
    X(IRISH, "irish")                                                                                                  \
    X(ITALIAN, "italian")                                                                                              \
    X(LITHUANIAN, "lithuanian")                                                                                        \
    X(NEPALI, "nepali")                                                                                                \
    X(NORWEGIAN, "norwegian")                                                                                          \
    X(PORTUGUESE, "portuguese")                                                                                        \
    X(ROMANIAN, "romanian")                                                                                            \
    X(RUSSIAN, "russian")                                                                                              \
    X(SERBIAN, "serbian")                                                                                              \
    X(SPANISH, "spanish")                                                                                              \
    X(SWEDISH, "swedish")                                                                                              \
    X(TAMIL, "tamil")                                                                                                  \
    X(TURKISH, "turkish")                                                                                              \
    X(YIDDISH, "yiddish")
typedef enum heed_stem {
#define HEED_STEM_CONSTANT(constant, name) HEED_STEM_##constant,
    HEED_STEMS(HEED_STEM_CONSTANT)
#undef HEED_STEM_CONSTANT
} heed_stem;
typedef enum heed_vocabulary {
    HEED_VOCABULARY_COUNTS, /* ids: 0 padding, 1 <unk>, from 2 words: most frequent first, then by first occurrence */
    HEED_VOCABULARY_KERAS   /* as the Keras Tokenizer: its filters split tokens again; words from 1, others dropped */
} heed_vocabulary;
/* Sides as Keras names them: pre is the beginning of a text, post its end. The program also accepts front and behind. */
typedef enum heed_cut {
    HEED_CUT_PRE,
    HEED_CUT_POST,
    HEED_CUT_MIDDLE /* keeps the first quarter and the end */
} heed_cut;
typedef enum heed_pad { HEED_PAD_PRE, HEED_PAD_POST } heed_pad;

/* Number format of weights in a file, or of the factors of a predictor's products: there float32 gives the model's
 * predictions to the bit, and with the others they differ slightly; auto: the one that is known to be fastest on this
 * processor, float32 if none is. */
typedef enum heed_precision {
    HEED_PRECISION_FLOAT32,
    HEED_PRECISION_BFLOAT16,
    HEED_PRECISION_INT8,
    HEED_PRECISION_AUTO
} heed_precision;

/* The text pipeline. All of it is stored in the model, so that prediction repeats it byte for byte. */
typedef struct heed_text_options {
    heed_options_head head;
    heed_html html;
    heed_punctuation punctuation;
    heed_letters letters;
    heed_tokenizer tokens;
    heed_lemmas lemmas;
    const char *stop_words;      /* NULL or "none"; "english": NLTK's 179; else a file, one word per line */
    heed_vocabulary vocabulary;
    uint32_t max_words;          /* ids in all, with padding and <unk> (Keras's num_words); 0, linear, wide: no limit */
    uint32_t min_count;          /* rarer words are unknown; linear: and words and bigrams in fewer texts; wide: unused */
    uint32_t max_length;         /* tokens per text; 0: the mean of the training rows, rounded up; linear, wide: all; an
                                    encoder: its sub-words, at most as many as it can read */
    heed_cut cut;                /* where a longer text loses tokens */
    heed_pad pad;                /* where a shorter one is padded (networks without a mask read the padding) */
    bool count_all_rows;         /* count words and mean length over validation rows too, as the tutorial does */
    heed_text_rules rules;       /* HEED_PRESET_OFF: as HEED_PRESET_DEFAULT */
    heed_segmentation segment;        /* HEED_TEXT_RULES_UNICODE: how letters of Thai, Lao, Khmer, Burmese, Han and kana are cut */
    heed_stem stem;              /* of words, after stop words are dropped; in lower case, as Snowball expects */
    const char *libraries;       /* of a model: the libraries that its segment and stem need, such as "ICU 72.1". Where it
                                    is set, and heed has others, HEED_BAD_DATA; NULL: those of this heed */
    const char *encoder;         /* the folder of a pretrained encoder in Hugging Face's layout (config.json,
                                    model.safetensors, tokenizer.json or vocab.txt), for architectures that have one;
                                    NULL: none. A model has the encoder itself, not the folder */
    uint32_t stretches;          /* of a text that is longer than max_length, as many pieces of that length are read by
                                    the encoder, whose features are averaged; 0, 1: one piece */
    heed_precision save_as;      /* the encoder's weights: HEED_PRECISION_FLOAT32 or BFLOAT16, which halves the model's
                                    file; they are rounded before training, so that all figures are those of the file */
    const char *tokenizer;       /* HEED_TOKENS_WORDPIECE: a tokenizer.json, a vocab.txt, or a folder with one of them.
                                    It finds the sub-words of the text without its HTML, as Hugging Face's tokenizers
                                    does, and decides case and punctuation: letters is not used, and punctuation,
                                    lemmas, stem, segment and stop words are refused, as is HEED_VOCABULARY_KERAS.
                                    Other tokens: NULL. A model has the tokenizer itself, not its path */
} heed_text_options;

static inline void heed_text_options_init(heed_text_options *options, heed_preset preset)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_TEXT, preset);
}

/* The stages of cleaning, ready to run; read-only, threads may share it. */
typedef struct heed_cleaner heed_cleaner;

/* A token and where it came from: bytes [begin, end) of the text before cleaning. */
typedef struct heed_token {
    heed_bytes text;
    size_t begin, end;
} heed_token;

/* A list of tokens that owns its memory and is reused for one text after another. */
typedef struct heed_tokens heed_tokens;

/* Reads the file of stop words, if there is one, and the tokenizer. HEED_USAGE; HEED_BAD_DATA: one of these files is
 * missing or broken. */
HEED_API heed_status heed_cleaner_new(heed_cleaner **out, const heed_text_options *options, heed_error *error);
HEED_API void heed_cleaner_free(heed_cleaner *cleaner);

HEED_API heed_status heed_tokens_new(heed_tokens **out, heed_error *error);
HEED_API void heed_tokens_free(heed_tokens *tokens);
/* Cleans one text (valid UTF-8) and replaces the tokens of the list by those of the text. Fails only if memory runs out,
 * or (HEED_BAD_DATA) with a tokenizer for a text of more than 1 GiB; the list is then empty. */
HEED_API heed_status heed_cleaner_run(heed_tokens *tokens, const heed_cleaner *cleaner, heed_bytes text,
                                      heed_error *error);
HEED_API size_t heed_tokens_count(const heed_tokens *tokens);
/* A token; i < heed_tokens_count. Borrowed until the next run. */
HEED_API const heed_token *heed_tokens_item(const heed_tokens *tokens, size_t i);
/* The tokens joined by one space: the cleaned text. Borrowed until the next run. */
HEED_API heed_bytes heed_tokens_joined(heed_tokens *tokens);

/* Receives records in the order of the input, with their tokens; a result other than 0 stops with HEED_STOPPED. Both are
 * borrowed for the call. */
typedef int (*heed_cleaned_sink)(void *user, const heed_record *record, heed_tokens *tokens);
/* Cleans all rows of a reader on several threads, in bounded memory. Errors: those of the reader; HEED_STOPPED. */
HEED_API heed_status heed_clean_rows(heed_reader *reader, const heed_cleaner *cleaner, unsigned threads,
                                     heed_cleaned_sink sink, void *user, heed_error *error);

/* ---------------------------------------------------------------- word vectors */

/* Word vectors: text of GloVe, text or binary of word2vec, .vec or .bin (not quantised) of fastText, recognised by their
 * content; gzip is unpacked. Read-only, threads may share them. */
typedef struct heed_vectors heed_vectors;

typedef struct heed_vectors_info {
    const char *format;           /* "GloVe text", "word2vec text" (.vec too), "word2vec binary", "fastText binary", or
                                     "learned" by heed_vectors_train */
    uint32_t dimensions;
    uint64_t rows;                /* of the file, including those skipped */
    uint64_t declared;            /* rows according to its header; 0 if it has none */
    uint64_t bad;                 /* skipped: of a wrong length, or with a number that is not finite; at most 1% */
    uint64_t not_utf8;            /* skipped: the word is not UTF-8 */
    uint64_t repeated;            /* further rows of a word: the first one counts */
    uint64_t found;               /* words with a vector */
    uint64_t composed;            /* of them: unknown words, from the sub-words of a fastText .bin */
    uint64_t tokens;              /* learned vectors: of the text, including words without a vector; else 0 */
} heed_vectors_info;

/* Reads the vectors of count words, which needs little memory for a file of any size; of all its words if words is NULL.
 * The listener gets HEED_STAGE_READ. HEED_BAD_DATA: no such file, or not vectors; HEED_STOPPED. */
HEED_API heed_status heed_vectors_load(heed_vectors **out, const char *path, const heed_bytes *words, size_t count,
                                       const heed_listener *listener, heed_error *error);
HEED_API const heed_vectors_info *heed_vectors_describe(const heed_vectors *vectors);
/* The vector [dimensions] of a word, borrowed; NULL if there is none. */
HEED_API const float *heed_vectors_of(const heed_vectors *vectors, heed_bytes word);

typedef struct heed_neighbour {
    heed_bytes word; /* borrowed from the vectors */
    double cosine;
} heed_neighbour;
typedef struct heed_neighbours heed_neighbours;

/* The count words whose vectors have the largest cosine with vector [dimensions], largest first, without `word` itself.
 * *out borrows from the vectors. HEED_BAD_DATA: a vector of zeros, or with a number that is not finite. */
HEED_API heed_status heed_vectors_near(heed_neighbours **out, const heed_vectors *vectors, heed_bytes word,
                                       const float *vector, size_t count, heed_error *error);
HEED_API size_t heed_neighbours_count(const heed_neighbours *neighbours); /* fewer than asked for if there are no more */
HEED_API const heed_neighbour *heed_neighbours_item(const heed_neighbours *neighbours, size_t i);
HEED_API void heed_neighbours_free(heed_neighbours *neighbours);
HEED_API void heed_vectors_free(heed_vectors *vectors);

typedef enum heed_word2vec {
    HEED_WORD2VEC_SKIPGRAM, /* a word predicts each neighbour */
    HEED_WORD2VEC_CBOW      /* the mean of its neighbours predicts a word: faster, weaker on rare words */
} heed_word2vec;

/* How word vectors are learned: word2vec with negative sampling (Mikolov et al. 2013a, "Efficient estimation of word
 * representations in vector space"; 2013b, "Distributed representations of words and phrases"). */
typedef struct heed_vectors_options {
    heed_options_head head;
    heed_word2vec method;
    uint32_t dimensions;  /* 1 to 4096 */
    uint32_t window;      /* neighbours on each side; for each word, a number from 1 to this is drawn; 1 to 100 */
    uint32_t negative;    /* number of random words that serve as negative samples; 1 to 64 */
    uint32_t epochs;      /* 1 to 65535 */
    uint32_t min_count;   /* rarer words get no vector */
    uint32_t max_words;   /* only this many get one, the most frequent; 0: no limit */
    double sample;        /* words that make up more than this share of the text are often skipped; 0: never */
    double learning_rate; /* at the start; falls linearly to a ten-thousandth of it; 0: 0.025, with CBOW 0.05 */
    uint64_t seed;
    unsigned threads;
} heed_vectors_options;

static inline void heed_vectors_options_init(heed_vectors_options *options)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_VECTORS, HEED_PRESET_DEFAULT);
}

/* Learns the vectors of the words of a reader's rows, cleaned and split as heed_train does with these text options (their
 * max_words, min_count and max_length are ignored); a row is a sentence. Needs memory for the vocabulary, and four bytes
 * per word in the folder for temporary files (TMPDIR, else /tmp) for the text. Words that no vector file can store (over
 * 255 bytes, or with a space or an end of line) get no vector. The listener gets HEED_STAGE_READ, HEED_STAGE_NOTE and
 * HEED_STAGE_WORDS. HEED_USAGE: options; HEED_BAD_DATA: rows that cannot be read, no word that is common enough, numbers
 * that become infinite; HEED_STOPPED. */
HEED_API heed_status heed_vectors_train(heed_vectors **out, heed_reader *reader, const heed_text_options *text,
                                        const heed_vectors_options *options, const heed_listener *listener,
                                        heed_error *error);
/* Writes word2vec's text format, whose numbers read back exactly, or its binary one. After a crash the file is the old one
 * or the new one, never a mixture. HEED_BAD_DATA: a word that the format cannot store. */
HEED_API heed_status heed_vectors_save(const heed_vectors *vectors, const char *path, bool binary, heed_error *error);

/* ---------------------------------------------------------------- corpus */

/* Labelled rows whose texts are token ids, for one training or several. */
typedef struct heed_corpus heed_corpus;

typedef enum heed_part {
    HEED_PART_ANY, /* training or validation, as the training options split them */
    HEED_PART_TRAIN,
    HEED_PART_VALIDATION,
    HEED_PART_TEST /* known from a split column; never trained on */
} heed_part;

typedef struct heed_corpus_info {
    uint64_t rows, rows_train, rows_validation, rows_test; /* rows: all; the others as fixed by file or split column */
    uint64_t skipped;            /* bad rows left out */
    double mean_tokens;          /* of the cleaned texts; an empty text counts 1 */
    uint64_t distinct_words;     /* in all rows */
    heed_task task;              /* HEED_TASK_MULTILABEL if its readers have a label_separator */
    size_t label_count;
    const char *const *labels;   /* [label_count], sorted by byte; last those that only validation and test rows have */
    const uint64_t *label_rows;  /* [label_count] */
    uint64_t unlabelled;         /* rows left out because they have no label */
} heed_corpus_info;

/* An empty corpus; options are copied. Errors: as heed_cleaner_new. */
HEED_API heed_status heed_corpus_new(heed_corpus **out, const heed_text_options *options, heed_error *error);
/* An empty corpus whose texts are read as the model reads them, for a training that starts from it: all the model's words
 * stay in the vocabulary, and new ones that occur at least min_count times join them, up to max_words ids in all (as in
 * heed_text_options). It does not need the model afterwards. */
HEED_API heed_status heed_corpus_new_like(heed_corpus **out, const heed_model *model, uint32_t max_words,
                                          uint32_t min_count, heed_error *error);
/* Reads and cleans all rows of a reader. With HEED_PART_ANY a split column decides, if there is one (train, training,
 * valid, validation, val, dev, test or 0, 1, 2). The listener gets HEED_STAGE_READ. After a failure the rows before it
 * are in the corpus. HEED_BAD_DATA: rows that cannot be read, a row without a label, another word in the split column;
 * HEED_USAGE: a corpus that was restored, or whose rows have several labels while these have one, or the reverse;
 * HEED_STOPPED. */
HEED_API heed_status heed_corpus_add(heed_corpus *corpus, heed_reader *reader, heed_part part, unsigned threads,
                                     const heed_listener *listener, heed_error *error);
/* Borrowed until the next heed_corpus_add. */
HEED_API const heed_corpus_info *heed_corpus_describe(heed_corpus *corpus);
HEED_API void heed_corpus_free(heed_corpus *corpus);

/* Files whose rows are added together, in this order, as rows of this part. */
typedef struct heed_corpus_files {
    const char *const *paths; /* [count] */
    size_t count;
    heed_part part;
} heed_corpus_files;

/* Where a corpus of count groups of files is kept: FOLDER/heed-DIGITS.corpus, where the digits are a digest of the
 * files' bytes and names (without their folders), of the rows' options and of the corpus's text stages.
 * heed_free(*out). HEED_USAGE: standard input, a folder or another input that is not a regular file, or is missing. */
HEED_API heed_status heed_corpus_cache_path(char **out, const heed_corpus *corpus, const char *folder,
                                            const heed_rows_options *rows, const heed_corpus_files *files,
                                            size_t count, heed_error *error);
/* Writes the corpus to that path: the file is the old one or the new one, never a mixture. HEED_USAGE: any other path. */
HEED_API heed_status heed_corpus_keep(const heed_corpus *corpus, const char *path, heed_error *error);
/* Fills a new, empty corpus with the rows that are kept there; no more can be added. HEED_BAD_DATA: a file that is missing,
 * damaged or of other data; the corpus is then empty, and can be filled from the original files. HEED_USAGE: a corpus that
 * has rows, a path of another form. */
HEED_API heed_status heed_corpus_restore(heed_corpus *corpus, const char *path, heed_error *error);
/* From now on features that an encoder computes of the rows are also kept in a folder, FOLDER/heed-DIGITS.features, and
 * taken from there by a corpus with the same sub-words and encoder. What cannot be read or written is computed again.
 * HEED_FAILED: memory. */
HEED_API heed_status heed_corpus_keep_features(heed_corpus *corpus, const char *folder, heed_error *error);
/* Removes kept corpora and features from a folder until `most` are left, least recently changed first. It ends at a file
 * that it cannot remove. */
HEED_API void heed_corpus_cache_trim(const char *folder, size_t most);

/* ---------------------------------------------------------------- check */

/* Leaks and faults of rows, found before a training. Texts are kept in a temporary file without a name (in TMPDIR, else
 * /tmp), so that memory grows by some hundred bytes per row, and inputs may be pipes. One thread at a time. */
typedef struct heed_check heed_check;

/* How two texts are alike. */
typedef enum heed_likeness {
    HEED_LIKENESS_EXACT,      /* the same characters, in whatever encoding and quotes they were */
    HEED_LIKENESS_NORMALISED, /* the same but for case, punctuation, spacing, entities and Unicode form */
    HEED_LIKENESS_NEAR        /* at least 0.8 of what either has is in both (Jaccard): of runs of 5 words; of a text with
                                 fewer words its words */
} heed_likeness;

/* A row that was read, without its text (heed_check_text). */
typedef struct heed_checked_row {
    heed_part part;       /* HEED_PART_TRAIN, _VALIDATION or _TEST */
    const char *label;    /* several are joined by ", "; NULL: none */
    const char *file;
    uint64_t row, line_number; /* as in heed_record */
    bool dropped;         /* it is left out of clean parts. Training rows are, if their text (by any likeness) is in the
                             test or validation part, if it has two labels, or if an earlier training row has it
                             (exactly, or normalised); validation rows, if it is in the test part. Test rows never are */
} heed_checked_row;

/* Two rows that are alike. Of texts that are equal (exactly, or normalised) a row is in a pair with a row of each later
 * part that has the text (training, validation, test), and with the first such row of its own part. Of near texts one row
 * of a part stands for all of it that are equal. */
typedef struct heed_checked_pair {
    heed_likeness likeness;
    double similarity;    /* NEAR: the Jaccard similarity; else 1 */
    size_t one, other;    /* numbers of rows; one is of the later part, or earlier in the input */
    bool labels_differ;   /* both have labels, and not the same ones */
} heed_checked_pair;

typedef struct heed_figure { const char *name; double value; } heed_figure; /* such as {"near", 2} */

/* What was found, serious findings first. */
typedef struct heed_finding {
    const char *kind;     /* for programs: docs/USAGE.md lists them */
    bool serious;         /* a validation or test row that is a training row, a label that training lacks, more than 1% of
                             texts with two labels */
    const char *text;     /* a line for people: what, how many, where the first is, what to do */
    heed_part part, other_part; /* what it is about: rows of part, as they are in other_part; HEED_PART_ANY: not one */
    uint64_t rows, of;    /* how many rows (two-labels: texts), of how many */
    size_t first;         /* the number of the first such row; SIZE_MAX: of none in particular */
    const heed_figure *figures; /* [figure_count]: what else is known of it, for programs */
    size_t figure_count;
    size_t first_pair, pair_count; /* its pairs: heed_check_pair(first_pair) and those after it */
} heed_finding;

typedef struct heed_check_info {
    uint64_t rows, rows_train, rows_validation, rows_test; /* rows without bad ones, in all and of each part */
    uint64_t bad;         /* rows that could not be read */
    uint64_t dropped;     /* rows that are left out of clean parts */
    size_t finding_count, pair_count;
    size_t serious_count; /* findings that are serious */
} heed_check_info;

HEED_API heed_status heed_check_new(heed_check **out, heed_error *error);
/* Reads all rows of a reader into a part; with HEED_PART_ANY a split column decides, and rows without one train. Bad rows
 * are counted, however many there are and whatever the reader's options say. The listener gets HEED_STAGE_READ.
 * HEED_BAD_DATA: an input that cannot be read, another word in the split column; HEED_USAGE: after
 * heed_check_finish; HEED_STOPPED. */
HEED_API heed_status heed_check_add(heed_check *check, heed_reader *reader, heed_part part, unsigned threads,
                                    const heed_listener *listener, heed_error *error);
/* At heed_check_finish the last share of the rows of HEED_PART_ANY that no split column puts into a part becomes the
 * validation part, as a training with HEED_VALIDATION_LAST divides them, unless there are validation rows. HEED_USAGE: a
 * share that is not above 0 and below 1; after heed_check_finish. */
HEED_API heed_status heed_check_validate_last(heed_check *check, double share, heed_error *error);
/* Finds everything; to be called once, after the last row. The listener gets HEED_STAGE_MEASURE. The result does not depend
 * on threads. HEED_BAD_DATA: no rows; HEED_USAGE: a second time; HEED_STOPPED. What follows is for a check that is
 * finished, and borrowed from it. */
HEED_API heed_status heed_check_finish(heed_check *check, unsigned threads, const heed_listener *listener,
                                       heed_error *error);
HEED_API const heed_check_info *heed_check_describe(const heed_check *check);
HEED_API const heed_finding *heed_check_finding(const heed_check *check, size_t i);
HEED_API const heed_checked_pair *heed_check_pair(const heed_check *check, size_t i);
/* Rows are numbered from 0 in the order in which they were added. */
HEED_API const heed_checked_row *heed_check_row(const heed_check *check, size_t i);
/* The text of a row: *size bytes with a NUL after them; heed_free(*out). size may be NULL. */
HEED_API heed_status heed_check_text(char **out, size_t *size, const heed_check *check, size_t row, heed_error *error);
/* The findings, for people; all of it as one JSON object; heed_free(*out). */
HEED_API heed_status heed_check_report(char **out, const heed_check *check, heed_error *error);
HEED_API heed_status heed_check_json(char **out, const heed_check *check, heed_error *error);
/* A page for people, with pairs of texts side by side: HTML that needs nothing else; heed_free(*out). */
HEED_API heed_status heed_check_page(char **out, const heed_check *check, heed_error *error);
/* Writes what was checked without the rows that are `dropped`: `files` are all that were added, in their order, by these
 * options. FOLDER/train, validation and test with the extension of the file (train-1, train-2 of several files) have the rows
 * of that part as they are in their file, as heed_split_write has it. FOLDER/dropped.tsv has a line
 * for each row that is not there: part, file, line, row, why (exact, normalised, near, two-labels, bad), and part, file,
 * line and row of its copy. The folder is made if it is missing; files are replaced once all are complete. Errors: as
 * heed_split_write. */
HEED_API heed_status heed_check_write_clean(const heed_check *check, const heed_rows_options *rows,
                                            const heed_corpus_files *files, size_t count, const char *folder,
                                            const heed_listener *listener, heed_error *error);
/* HEED_UNMET, with their number and the kind of the first, if findings are serious. */
HEED_API heed_status heed_check_require(const heed_check *check, heed_error *error);
HEED_API void heed_check_free(heed_check *check);

/* ---------------------------------------------------------------- split */

/* Rows divided into parts, such as "train=0.8,validation=0.1,test=0.1": names, which become those of files, and shares,
 * whose sum is 1. Every label is divided by the shares; rows that have to stay together do: those whose texts are equal but
 * for case, punctuation, spacing, entities and Unicode form, those that are nearly equal (HEED_LIKENESS_NEAR), and those
 * with the same value in a group column. A row with several labels counts under the one with the fewest rows. The part with
 * the largest share has every label. The same seed gives the same parts, on any number of threads. */
typedef struct heed_split heed_split;

typedef struct heed_split_part {
    const char *name;
    const char *path;     /* the file or folder that was written; NULL: none yet */
    uint64_t rows;
    uint64_t groups;      /* that stay together: rows less their copies */
    const uint64_t *label_rows; /* [label_count]: rows with each label */
} heed_split_part;

typedef struct heed_split_info {
    uint64_t rows, groups;
    size_t part_count, label_count;
    const heed_split_part *parts; /* [part_count]: in the order of the text */
    const char *const *labels;    /* [label_count]: sorted by byte */
} heed_split_info;

/* HEED_USAGE, with the reason, if this text does not name parts and shares. */
HEED_API heed_status heed_split_check(const char *parts, heed_error *error);
/* Reads all rows of a reader and divides them; texts are kept in a temporary file as those of a heed_check. The listener
 * gets HEED_STAGE_READ. HEED_USAGE: as heed_split_check; HEED_BAD_DATA: rows that cannot be read, or too few to have one
 * in each part; HEED_STOPPED. */
HEED_API heed_status heed_split_new(heed_split **out, heed_reader *reader, const char *parts, uint64_t seed,
                                    unsigned threads, const heed_listener *listener, heed_error *error);
/* Borrowed; its paths are those of the last heed_split_write. */
HEED_API const heed_split_info *heed_split_describe(const heed_split *split);
/* The number of the part of a row; rows are numbered from 0 in the order in which they were read. part_count: no row. */
HEED_API size_t heed_split_part_of(const heed_split *split, uint64_t row);
/* Writes each part to FOLDER/NAME and the extension of the first file; the folder is made if it is missing. `reader` is
 * another one, of the same files with the same options, that has given no row. A part has its rows as they are in their
 * files, with header, delimiter, quotes, encoding and line ends (compressed files are written plain, a folder of texts
 * becomes a folder), and is read back to see that the same options give the same rows. Files of these names are replaced
 * once all parts are complete. HEED_BAD_DATA: files that differ in format, columns, quotes or encoding, so that they
 * cannot be one file, or that have changed; a part that reads otherwise, which the message tells how to settle.
 * HEED_USAGE: a part would replace a file that is read, or a folder; HEED_STOPPED. */
HEED_API heed_status heed_split_write(heed_split *split, heed_reader *reader, const char *folder,
                                      const heed_listener *listener, heed_error *error);
/* A table for people; all of it as one JSON object; heed_free(*out). */
HEED_API heed_status heed_split_report(char **out, const heed_split *split, heed_error *error);
HEED_API heed_status heed_split_json(char **out, const heed_split *split, heed_error *error);
HEED_API void heed_split_free(heed_split *split);

/* ---------------------------------------------------------------- training */

typedef enum heed_validation {
    HEED_VALIDATION_FRACTION, /* stratified by label, equal texts kept together */
    HEED_VALIDATION_LAST,     /* the last rows of the input, as Keras's validation_split */
    HEED_VALIDATION_NONE,
    HEED_VALIDATION_AUTO, /* HEED_VALIDATION_FRACTION, but linear and wide, for which validation chooses nothing, train on
                            all rows: their figures and tuned thresholds come from a cross-fit, in which rows are held
                            out in turn, 5 folds by seed, until 5,000 were, and answered by a fit to the other folds */
    HEED_VALIDATION_GROUPED = 4 /* as FRACTION; rows that share rare words (names, above all) are kept together, too */
} heed_validation;

typedef enum heed_keep { HEED_KEEP_BEST, HEED_KEEP_LAST } heed_keep;

typedef enum heed_optimizer {
    HEED_OPTIMIZER_ADAM,  /* Kingma & Ba 2015, as Keras writes it */
    HEED_OPTIMIZER_ADAMW, /* Loshchilov & Hutter 2019: and weight_decay */
    HEED_OPTIMIZER_SGD    /* with momentum */
} heed_optimizer;

typedef enum heed_schedule {
    HEED_SCHEDULE_CONSTANT,
    HEED_SCHEDULE_COSINE, /* falls to 0 along half a cosine over all epochs (Loshchilov & Hutter 2017) */
    HEED_SCHEDULE_PLATEAU, /* halves after every epoch without a better validation loss */
    HEED_SCHEDULE_LINEAR  /* falls to 0 along a line over all epochs (Devlin et al. 2019) */
} heed_schedule;

typedef struct heed_train_options {
    heed_options_head head;
    const char *architecture;     /* "embed 128 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05"; or
                                     "linear C": logistic regression on TF-IDF of words and bigrams; or "wide ...": on
                                     n-grams of words and letters (docs/LAYERS.md), where what is left out is chosen
                                     for the rows. Both ignore epochs, batches and optimiser */
    bool mask;                    /* padding is ignored; false: it is read like a word, as the tutorial does */
    const char *positive;         /* of two labels; NULL: that of init_from, else the second in byte order */
    unsigned epochs, batch_size;
    double learning_rate;
    uint64_t seed;                /* up to 2^63 - 1 */
    unsigned threads;
    heed_validation validation;   /* how rows of HEED_PART_ANY are split if no row is fixed for validation */
    double validation_fraction;   /* of HEED_VALIDATION_FRACTION, LAST and AUTO: above 0, below 1 */
    double train_share;           /* train only on this part of each label's training rows, equal texts together, drawn by
                                     seed; a smaller part is a subset of a larger one; 0 or 1: all rows */
    heed_keep keep;               /* the weights of which epoch: the one with the best validation loss, or the last */
    unsigned patience;            /* epochs without a better validation loss before training stops; 0: never stop early */
    const char *vectors;          /* a file of word vectors from which the embedding starts; "self": they are learned from
                                     the training rows, if there are 500 or more (a file of this name: "./self"); only new
                                     words get them with init_from, which excludes a file; NULL: none */
    unsigned frozen_epochs;       /* with vectors or init_from: epochs that leave the embedding as it is; UINT_MAX: all */
    heed_optimizer optimizer;
    double weight_decay;          /* AdamW: every step multiplies a weight by 1 - learning rate * this, except biases,
                                     layer norms and the embedding's row of padding */
    double momentum;              /* SGD: from 0 to 0.9999 */
    double clip_norm;             /* the gradient is scaled down if its norm over all weights is larger; 0: never */
    heed_schedule schedule;
    double warmup;                /* epochs, or a part of one, in which the learning rate rises from 0; 0: none */
    /* Weights and smoothing change the training loss only: validation loss and all other metrics count rows equally.
     * As in Keras, a weighted loss is still divided by the number of rows. */
    double label_smoothing;       /* this share of a target is spread over all labels; from 0 to less than 1 */
    const char *class_weights;    /* NULL: none; "balanced": rows / (labels * rows of the label), multilabel: rows
                                     without the label / rows with it; else a file of lines label TAB weight, where a label
                                     may have the escapes \n \r \t \\; other labels weigh 1. Multilabel: a weight is for
                                     rows with the label, others weigh 1 */
    bool tune_thresholds;         /* choose the threshold with the best F1 on the validation rows, or on those that a
                                     cross-fit held out (HEED_VALIDATION_AUTO); there must be some: for the positive one
                                     of two labels, multilabel: for each label */
    const heed_model *init_from;  /* start from this model's weights: layers by name and shape, the embedding by word,
                                     the output by label; for a corpus of heed_corpus_new_like; NULL: random ones */
    double average_weights;       /* after each epoch the mean of the weights over the steps of this last share of it is
                                     validated, too, and takes their place if it has the better loss, or if no rows
                                     validate; training goes on from the weights themselves (Polyak & Juditsky 1992,
                                     Izmailov et al. 2018); 0: never; to 1 */
    bool row_digests;             /* the model has digests of the texts of the rows that it was fitted on or chosen by, with
                                     init_from of the other model's too (heed_model_saw): 8 bytes each, up to 1,000,000 */
    unsigned encoder_epochs;      /* of a network whose encoder learns ('encoder trained | ...'); 0: by the number of rows */
    double encoder_rate;          /* the learning rate of that encoder's weights, a tenth of that of the layers on it; 0: the
                                     usual one, 0.00015 */
    double layer_decay;           /* each block has so much of the learning rate of the block after it, the embeddings of
                                     that of the first one (Howard & Ruder 2018); from 0.01 to 1 */
    double encoder_dropout;       /* dropout inside an encoder that learns, of its embeddings and of what each block adds */
    double attention_dropout;     /* and of its attention */
    const char *checkpoint;       /* a folder, made if missing, where trainings of networks are saved every minute, when they
                                     end, and when they are stopped; NULL: none */
    bool resume;                  /* go on from what is there of the same training, to the same bits */
    unsigned memory;              /* MB for the training of an encoder; where its blocks do not fit they are computed again
                                     on the way back, which changes no bit; 0: half of what is free */
} heed_train_options;

static inline void heed_train_options_init(heed_train_options *options, heed_preset preset)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_TRAIN, preset);
}

/* Whether an architecture can be used, without any rows. HEED_USAGE, with the column and what was found there. */
HEED_API heed_status heed_architecture_check(const char *architecture, heed_error *error);
/* The network that a recipe sums with its wide part, as an architecture by itself; static text. */
HEED_API const char *heed_recipe_network(void);
/* The same of its part on the features of an encoder. */
HEED_API const char *heed_recipe_encoder(void);

/* Trains on the rows of a corpus, which can be used again. Vectors that were learned from its rows stay in the corpus (at
 * most 256 MiB) for the next training that needs the same ones. The listener gets HEED_STAGE_TRAIN, VALIDATE, EPOCH, NOTE
 * and WARNING, READ for a file of vectors, and WORDS while they are learned. HEED_STOPPED also sets *out, to the best epoch
 * so far, if one has ended. HEED_USAGE: options (a message names the program's option); HEED_BAD_DATA: no rows, only one
 * label, no words, a validation label that no training row has, a file of vectors or weights that cannot be read, a loss
 * that stays infinite. */
HEED_API heed_status heed_train(heed_model **out, heed_corpus *corpus, const heed_train_options *options,
                                const heed_listener *listener, heed_error *error);
/* What a person should know of how the training ended: "3 epochs without a better one ended the training", "the loss was no
 * finite number any more, which ended the training", "the best epoch was the last: try more --epochs". NULL: nothing, or the
 * model was loaded, as files do not have it. */
HEED_API const char *heed_model_ending(const heed_model *model);
/* Stores in the model how its rows were read, for heed_model_info.rows; the texts that it had are released, the new ones
 * copied. No other thread may use the model meanwhile. HEED_USAGE: options. */
HEED_API heed_status heed_model_set_rows_options(heed_model *model, const heed_rows_options *options,
                                                 heed_error *error);
/* Writes a new file, syncs it and renames it: after a crash the file is the old one or the new one, never a mixture. A
 * symbolic link is kept: the file that it points to is replaced or created. What is to be written is read back first, so
 * that a want of memory in a library cannot put a broken file in the place of a good one. */
HEED_API heed_status heed_model_save(const heed_model *model, const char *path, heed_error *error);
/* Writes config.json, model.safetensors, tokenizer.json and tokenizer_config.json into a folder, which is made if it is
 * not there, for AutoModelForSequenceClassification and AutoTokenizer of transformers: the same logits, of two labels 0 and
 * that of the positive one. For a network 'encoder ... | first | dense tanh E' (DistilBERT: 'dense E') on an encoder of
 * width E, with dropout anywhere. Thresholds and the removal of HTML before the sub-words are heed's own, and are not in
 * it; a text that is too long loses its end where heed has HEED_CUT_MIDDLE. HEED_USAGE: another model. */
HEED_API heed_status heed_model_export_huggingface(const heed_model *model, const char *folder, heed_error *error);

typedef struct heed_fold {
    uint64_t rows_train, rows_validation;
    unsigned best_epoch;
    const heed_keras_metrics *validation; /* at the best epoch */
} heed_fold;
typedef struct heed_folds heed_folds;
enum { HEED_MAX_FOLDS = 100 };

/* k-fold cross-validation, stratified and grouped like HEED_VALIDATION_FRACTION: trains `folds` times, 2 to
 * HEED_MAX_FOLDS. A label with too few texts trains in every fold, as HEED_WARNING_LABELS_RARE says. The listener
 * gets the stages of heed_train, with event.fold set. Errors: as heed_train, but *out is
 * NULL after HEED_STOPPED; HEED_USAGE: folds; HEED_BAD_DATA: a fold without rows. */
HEED_API heed_status heed_cross_validate(heed_folds **out, unsigned folds, heed_corpus *corpus,
                                         const heed_train_options *options, const heed_listener *listener,
                                         heed_error *error);
HEED_API unsigned heed_folds_count(const heed_folds *folds);
HEED_API const heed_fold *heed_folds_item(const heed_folds *folds, unsigned i);
/* A line per fold, and mean and standard deviation of accuracy, loss and area; heed_free(*out). */
HEED_API heed_status heed_folds_report(char **out, const heed_folds *folds, heed_error *error);
/* Sets the options for a training on all rows: as many epochs as the mean of the folds' best epochs, no validation, and
 * the weights of the last epoch. A struct without _init is left alone. */
HEED_API void heed_folds_apply(heed_train_options *options, const heed_folds *folds);
HEED_API void heed_folds_free(heed_folds *folds);

/* ================================================================ 4. evaluate */

/* ---------------------------------------------------------------- evaluation */

/* Metrics as scikit-learn computes them. */
typedef struct heed_evaluation heed_evaluation;

/* For labels [label_count], which are copied; rows are added by heed_evaluation_add. threshold: with two labels, the
 * positive one is predicted if its probability is greater (the tutorial has 0.5); neither is used with more labels. HEED_USAGE: fewer
 * than two labels, one that is not UTF-8 or comes twice, positive, a threshold that is not from 0 to 1. */
HEED_API heed_status heed_evaluation_new(heed_evaluation **out, const char *const *labels, size_t label_count,
                                         size_t positive, double threshold, heed_error *error);
/* Adds a row. truth: the index of its label, or its number by heed_evaluation_label; probabilities [label_count].
 * HEED_USAGE: no such index, a multilabel evaluation, one that is finished; HEED_BAD_DATA: a number that is not a probability. The row is not kept then. */
HEED_API heed_status heed_evaluation_add(heed_evaluation *evaluation, size_t truth, const float *probabilities,
                                         heed_error *error);
/* For rows with any number of labels, which are added by heed_evaluation_add_labels. thresholds [label_count], copied: a
 * label is predicted if its probability is greater. Errors: as heed_evaluation_new. */
HEED_API heed_status heed_evaluation_new_multilabel(heed_evaluation **out, const char *const *labels,
                                                    size_t label_count, const double *thresholds, heed_error *error);
/* Adds a row. truth [count]: the indexes of its labels, in any order; probabilities [label_count]. Errors: as
 * heed_evaluation_add; HEED_USAGE: not a multilabel evaluation. */
HEED_API heed_status heed_evaluation_add_labels(heed_evaluation *evaluation, const size_t *truth, size_t count,
                                                const float *probabilities, heed_error *error);
/* The number of a label for heed_evaluation_add and _add_labels, by its name: its index, or, of one that the evaluation was
 * not made for, a number from label_count on. Rows with such labels count in accuracy, precision, recall and f1, as wrong or
 * (multilabel) as missing that label, as scikit-learn counts a label that is never answered. loss, brier, ece and areas are
 * over the rows (multilabel: labels) that are known. HEED_BAD_DATA: not UTF-8. */
HEED_API heed_status heed_evaluation_label(size_t *out, heed_evaluation *evaluation, heed_bytes label, heed_error *error);
/* How many digests a model has of the texts of the rows that it was fitted on or chosen by (validation rows). 0: it has none
 * (heed_train_options.row_digests; too many rows; an older model, or one that started from such a model), and what it saw
 * cannot be known. */
HEED_API size_t heed_model_digests(const heed_model *model);
/* Whether one of them is that of the text: case, punctuation, spacing, HTML's entities and Unicode form apart. */
HEED_API bool heed_model_saw(const heed_model *model, heed_bytes text);
/* Says of the row that was added last whether the model saw its text in training (heed_model_saw): of all rows, or of none,
 * if that cannot be known (heed_model_digests is 0). HEED_USAGE: of a row twice, or of one after another was left out. */
HEED_API heed_status heed_evaluation_saw(heed_evaluation *evaluation, bool seen, heed_error *error);
/* How many were seen. */
HEED_API size_t heed_evaluation_seen_rows(const heed_evaluation *evaluation);
/* After heed_evaluation_finish: the evaluation of the rows that were not seen, finished as well, borrowed; itself if none
 * was seen; NULL if it is not known, or if there is nothing to measure among them. */
HEED_API const heed_evaluation *heed_evaluation_unseen(const heed_evaluation *evaluation);
/* A line that names these labels with their rows and says what is over which rows; NULL if there are none. heed_free(*out). */
HEED_API heed_status heed_evaluation_unknown_labels(char **out, const heed_evaluation *evaluation, heed_error *error);
/* Tells a listener (NULL: none) about heed_evaluation_finish and heed_evaluation_bootstrap: HEED_STAGE_MEASURE. It is borrowed
 * until the next call. */
HEED_API void heed_evaluation_listen(heed_evaluation *evaluation, const heed_listener *listener);
/* Computes the metrics; to be called once, after the last row. HEED_USAGE: a second time; HEED_BAD_DATA: no rows, or none
 * with a label that is known; HEED_STOPPED by the listener. What follows and says "after heed_evaluation_finish" is
 * HEED_USAGE before it. */
HEED_API heed_status heed_evaluation_finish(heed_evaluation *evaluation, heed_error *error);
/* A metric by name; NaN if it is not defined for these rows, as a precision without predictions, which is 0 in averages.
 * HEED_USAGE: an unknown name (the message lists the known ones), or before heed_evaluation_finish.
 *   accuracy           share of rows predicted correctly; multilabel: with all of their labels
 *   baseline           accuracy of always predicting the commonest label, or the commonest set of labels
 *   hamming_loss       share of single labels predicted wrongly (multilabel only)
 *   auc                exact area under the ROC curve; of more than two labels the mean of each against the rest
 *   micro_auc          the same over all label-row pairs together
 *   average_precision  area under the precision-recall curve, as auc
 *   loss               cross-entropy; multilabel: the mean binary cross-entropy
 *   brier              mean squared distance of probabilities to 0 and 1: of two labels the positive's, of more the sum
 *                      over a row's labels, multilabel: the mean over them
 *   ece                expected calibration error (Guo et al. 2017): 15 bins of the predicted label's probability;
 *                      multilabel: of yes or no for each label
 * and averages over labels: macro_, weighted_, micro_ (and, multilabel, over rows: samples_) precision, recall and f1, such
 * as macro_f1; and of one label f1:LABEL, precision:LABEL, recall:LABEL. With unseen. before it, as unseen.accuracy, of the
 * rows that the model has not seen (heed_evaluation_unseen): NaN without such rows; HEED_USAGE if it is not known. */
HEED_API heed_status heed_evaluation_metric(double *out, const heed_evaluation *evaluation, const char *name,
                                            heed_error *error);
/* Whether heed_evaluation_metric knows this name, even before there are rows. HEED_USAGE if not. */
HEED_API heed_status heed_evaluation_check_metric(const heed_evaluation *evaluation, const char *name,
                                                  heed_error *error);
/* Whether each of count texts has the form METRIC=NUMBER, such as "macro_f1=0.85": the metric must reach the number, or
 * not exceed it if less is better (loss). Works before there are rows; evaluation NULL: names are not checked. HEED_USAGE
 * if not. */
HEED_API heed_status heed_evaluation_check_requirements(const heed_evaluation *evaluation,
                                                        const char *const *requirements, size_t count,
                                                        heed_error *error);
/* Whether all of them are met, after heed_evaluation_finish: HEED_UNMET with those that are not (a metric that is not
 * defined is not met); HEED_USAGE as above. */
HEED_API heed_status heed_evaluation_require(const heed_evaluation *evaluation, const char *const *requirements,
                                             size_t count, heed_error *error);
/* Resamples the rows, resamples (at least 1) times, for 95% intervals (Efron & Tibshirani 1993, chapter 13:
 * percentiles) of most metrics, and (up to 2,000,000 resamples times labels) of precision, recall and f1 of each
 * label; JSON has them all. Of more than 100 labels, areas (and multilabel ece) have none if labels x rows x resamples is above 10^9. Of one row
 * nothing has. HEED_STOPPED by the listener. After heed_evaluation_finish; a second bootstrap replaces the first. The bits do not depend
 * on threads. HEED_USAGE: 0 resamples. */
HEED_API heed_status heed_evaluation_bootstrap(heed_evaluation *evaluation, unsigned resamples, uint64_t seed,
                                               unsigned threads, heed_error *error);
/* The interval of a metric, with the metric as its mean; NaN if it is not defined. HEED_USAGE: a metric without interval
 * (the message lists those with one), or before the bootstrap. */
HEED_API heed_status heed_evaluation_interval(heed_interval *out, const heed_evaluation *evaluation, const char *name,
                                              heed_error *error);
/* ROC, precision-recall and calibration curves as CSV: rows `curve,label,x,y,threshold,rows`. roc: false and true
 * positive rate; precision_recall: recall and precision; calibration: mean probability and share of the label in each
 * of 15 equal bins, and its rows. Of two labels the positive's, of more each against the rest; equal to scikit-learn's
 * roc_curve, precision_recall_curve and calibration_curve. A curve that is not defined has no rows. After
 * heed_evaluation_finish; heed_free(*out). */
HEED_API heed_status heed_evaluation_curves_csv(char **out, const heed_evaluation *evaluation, heed_error *error);
/* scikit-learn's classification report, the confusion matrix and the areas, for people; after heed_evaluation_finish;
 * heed_free(*out). digits after the point, 0 to 15 (others: HEED_USAGE): scikit-learn has 2. */
HEED_API heed_status heed_evaluation_report(char **out, const heed_evaluation *evaluation, int digits,
                                            heed_error *error);
/* The same as one JSON object; after heed_evaluation_finish; heed_free(*out). */
HEED_API heed_status heed_evaluation_json(char **out, const heed_evaluation *evaluation, heed_error *error);
HEED_API void heed_evaluation_free(heed_evaluation *evaluation);

/* ---------------------------------------------------------------- faithfulness */

/* How far explanations can be trusted, measured: a text loses the words that a method ranks highest, or all others, and
 * the probability of the label that the whole text got is compared (DeYoung et al. 2020, "ERASER", section 4):
 *   comprehensiveness  p(whole) - p(without its top words)   large if the words were needed
 *   sufficiency        p(whole) - p(only the top words)      small if the words were enough
 * A text with words removed is unlike the training texts, and these measures cannot separate the effect of the words from
 * that of the unusual text. Words removed in random order have the same problem, so they are the baseline. */
typedef struct heed_faithfulness heed_faithfulness;

/* What becomes of an erased word. */
typedef enum heed_erase {
    HEED_ERASE_REMOVE, /* the text is shorter without it */
    HEED_ERASE_UNK     /* it is read as <unk>; for a vocabulary that has it (HEED_VOCABULARY_COUNTS) */
} heed_erase;

typedef struct heed_faithfulness_options {
    heed_options_head head;
    heed_erase erase;
    uint32_t rows;         /* of the input, drawn without replacement; 0: 300 */
    unsigned orders;       /* random orders of each row's words, of which the mean is taken; 0: 10; up to 1000 */
    unsigned permutations; /* of each row's attention; 0: 100 (Jain & Wallace's); up to 10000 */
    unsigned resamples;    /* of the bootstrap over rows; 0: 2000; up to 100000 */
    unsigned steps;        /* as in heed_explain_options */
    uint64_t seed;
    unsigned threads;      /* the bits do not depend on it */
} heed_faithfulness_options;

static inline void heed_faithfulness_options_init(heed_faithfulness_options *options)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_FAITHFULNESS, HEED_PRESET_DEFAULT);
}

/* The share of the words that is erased or kept: 10%, 20% and 50% (rounded up), and the mean of the three. */
enum { HEED_ERASED_10, HEED_ERASED_20, HEED_ERASED_50, HEED_ERASED_MEAN, HEED_ERASED };

/* Means over the rows. Words are ranked by score, highest first, equal ones by chance. */
typedef struct heed_method_faithfulness {
    heed_method method; /* HEED_METHOD_AUTO: not a method but random order */
    heed_interval comprehensiveness[HEED_ERASED], sufficiency[HEED_ERASED];
    heed_interval over_random, under_random; /* the method's mean comprehensiveness minus that of random order, and
                                                the mean sufficiency of random order minus the method's */
    heed_interval gain;                      /* the mean of these two, by which methods are ranked */
    heed_interval leave_one_out;  /* Kendall's tau-b between the words' scores (without sign for attention) and those by
                                     leave-one-out */
    heed_interval random_weights; /* the same between the scores and those of the same network with random weights
                                     (Adebayo et al. 2018, "Sanity checks for saliency maps"): near 1: the method does
                                     not depend on the model; NaN for linear and wide ones */
} heed_method_faithfulness;

typedef struct heed_faithfulness_info {
    size_t method_count; /* all methods that the model has, and last the random order */
    uint64_t rows;       /* measured */
    uint64_t offered;    /* in the input */
    uint64_t short_texts; /* drawn, but left out because they have fewer than two words (or over 10000 tokens) */
    heed_erase erase;
    heed_interval permuted; /* how far the output moves when a row's attention is shuffled, the median over permutations
                               (Jain & Wallace 2019, "Attention is not explanation", section 4.2.1): total variation
                               distance, multilabel: the mean over labels; NaN without attention */
    heed_method best;       /* the one with the largest gain, if its interval is above 0; else HEED_METHOD_AUTO */
    uint64_t seen;          /* of the rows measured, those whose texts the model saw in training, as far as it knows
                               (heed_model_saw) */
    heed_method rival;      /* with the next largest gain; HEED_METHOD_AUTO: there is none, or no best */
    heed_interval lead;     /* gain of best minus that of rival, on the same texts */
    uint64_t rows_needed;   /* 0: the lead is sure; else about so many texts would make it so, from 30 to a million */
} heed_faithfulness_info;

/* Measures each method that the model has on rows of a reader. *out borrows the model. The listener gets
 * HEED_STAGE_READ and HEED_STAGE_EXPLAIN. HEED_USAGE: options; HEED_BAD_DATA: rows that cannot be read, no row with two
 * words; HEED_STOPPED. */
HEED_API heed_status heed_faithfulness_measure(heed_faithfulness **out, const heed_model *model, heed_reader *reader,
                                               const heed_faithfulness_options *options,
                                               const heed_listener *listener, heed_error *error);
HEED_API const heed_faithfulness_info *heed_faithfulness_describe(const heed_faithfulness *faithfulness);
HEED_API const heed_method_faithfulness *heed_faithfulness_method(const heed_faithfulness *faithfulness, size_t i);
/* Tables for people, one JSON object, and a picture (as in part 5); heed_free(*out). */
HEED_API heed_status heed_faithfulness_report(char **out, const heed_faithfulness *faithfulness, heed_error *error);
HEED_API heed_status heed_faithfulness_json(char **out, const heed_faithfulness *faithfulness, heed_error *error);
HEED_API heed_status heed_faithfulness_picture(char **out, const heed_faithfulness *faithfulness, heed_error *error);
HEED_API void heed_faithfulness_free(heed_faithfulness *faithfulness);
/* Stores the best method in the model, with its measurements: HEED_METHOD_AUTO is this method from then on. HEED_UNMET if no
 * method is better than random order (nothing is then changed); HEED_USAGE: measurements of another model. No other thread
 * may use the model meanwhile. */
HEED_API heed_status heed_model_set_explanation(heed_model *model, const heed_faithfulness *faithfulness,
                                                heed_error *error);

/* ---------------------------------------------------------------- report */

/* A model and its test in a folder: report.html, one page that needs nothing from outside, report.json, the same for
 * programs, and pictures/NAME.svg. The page has the metrics as tables and pictures, explains at most 10 of the most
 * confident errors (by heed_explainer's AUTO), and lists the words with the largest effect per label: gradient times input
 * (linear, wide: value times weight), summed per word and row, the mean over a sample of at most 2,000 rows. */
typedef struct heed_report heed_report;

typedef struct heed_report_options {
    heed_options_head head;
    const char *folder;       /* made if it is missing; files of these names are replaced */
    const char *model_file;   /* reported by name and digest (XXH3-128 of its bytes); NULL: none */
    const char *const *files; /* [file_count]: of the rows, reported by name */
    size_t file_count;
    uint64_t seed;            /* of the sample */
    unsigned threads;         /* the bytes do not depend on it */
    const char *graph;        /* an SVG for the page: heed_model_dot as Graphviz draws it; NULL: none */
} heed_report_options;

static inline void heed_report_options_init(heed_report_options *options)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_REPORT, HEED_PRESET_DEFAULT);
}

/* For an evaluation of the model's labels, in its order, that has no rows yet; both are borrowed until
 * heed_report_free, options are copied. HEED_USAGE: options, other labels, rows; HEED_FAILED: a folder that cannot be
 * made; HEED_BAD_DATA: a model file that cannot be read. */
HEED_API heed_status heed_report_new(heed_report **out, const heed_model *model, const heed_evaluation *evaluation,
                                     const heed_report_options *options, heed_error *error);
/* Adds text and id (data NULL: none) of the row that was added to the evaluation last. Needs little memory per row,
 * however long its text is. HEED_USAGE: the evaluation has another number of rows; HEED_BAD_DATA: not UTF-8. */
HEED_API heed_status heed_report_add(heed_report *report, heed_bytes text, heed_bytes id, heed_error *error);
/* Writes the files; once, after heed_evaluation_finish (and the bootstrap, for intervals). The listener gets
 * HEED_STAGE_PREDICT in rows of the sample. HEED_USAGE: a second time, before heed_evaluation_finish, rows without
 * their texts; HEED_STOPPED. */
HEED_API heed_status heed_report_write(heed_report *report, const heed_listener *listener, heed_error *error);
HEED_API void heed_report_free(heed_report *report);

/* ---------------------------------------------------------------- comparison */

/* Which architecture, or other choice of a training, is better, and whether that could be chance: every contender is
 * trained with several seeds on the same split, and measured on the same rows. */
typedef struct heed_comparison heed_comparison;

typedef struct heed_compare_options {
    heed_options_head head;
    const heed_train_options *const *contenders; /* [count]: the others are compared with the first, whose validation and
                                             seed divide the rows for all of them, and whose threads work for all of them;
                                             linear and wide ignore vectors, frozen_epochs and init_from */
    const char *const *names;             /* [count]: their names in the tables; NULL, or a NULL name: the architecture */
    size_t count;                         /* at least 1 */
    unsigned seeds;                       /* trials of each contender, with its seed, its seed + 1, ...; 1 to 1000 */
    unsigned resamples;                   /* of the bootstrap; 0: 2000 */
} heed_compare_options;

static inline void heed_compare_options_init(heed_compare_options *options)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_COMPARE, HEED_PRESET_DEFAULT);
}

/* One training. */
typedef struct heed_trial {
    const char *name, *architecture;
    uint64_t seed;
    heed_status status;       /* HEED_OK, or why there are no metrics */
    const char *problem;      /* the message then, else "" */
    unsigned epochs, epoch_kept;
    uint64_t rows;            /* trained on */
    double seconds;           /* of the training */
    uint64_t parameters;
    const heed_keras_metrics *validation; /* of the kept epoch; loss NaN without a validation part */
    double accuracy, macro_f1, auc, loss; /* of the measured rows, as heed_evaluation_metric has them */
    double unseen_accuracy, unseen_macro_f1, unseen_auc, unseen_loss; /* of those that were not seen (info.seen); NaN without
                                                                         such rows */
} heed_trial;

typedef struct heed_spread {
    double mean, deviation; /* of the trials that have metrics; deviation (n - 1) is NaN with one of them */
} heed_spread;

/* A contender over its trials. Differences are to the first contender, with the 95% interval of a paired bootstrap (Efron &
 * Tibshirani 1993, chapter 13: percentiles) that resamples rows and trials; NaN if one side has no trial with metrics. */
typedef struct heed_contender {
    const char *name, *architecture;
    bool baseline;            /* added by heed_compare */
    size_t first, trials;     /* its trials: heed_comparison_trial(first) and those after it */
    size_t failed;
    uint64_t parameters;
    heed_spread accuracy, macro_f1, auc, seconds;
    heed_interval accuracy_difference, macro_f1_difference;
    heed_spread unseen_accuracy, unseen_macro_f1, unseen_auc; /* of the rows that were not seen */
    heed_interval unseen_accuracy_difference, unseen_macro_f1_difference;
} heed_contender;

typedef struct heed_comparison_info {
    size_t contender_count, trial_count;
    uint64_t rows; /* measured */
    uint64_t seen; /* of them those with the text of a training row, or of a validation row if there is a test part */
} heed_comparison_info;

/* Trains, and measures on the corpus's test part, or if it has none on the validation part. Two baselines always take
 * part, with the options of the first contender: "linear", and if every network asked for has an attention, the first
 * one with "mean" in its place. A trial that fails is kept with its message and the others go on. HEED_USAGE: options
 * that cannot be used; HEED_BAD_DATA: rows, as heed_train; if all fail, the error is that of the first. HEED_STOPPED also sets *out, to what is complete, if a trial
 * is. The listener gets
 * the stages of a trial's training with event.trial set, and HEED_STAGE_TRIAL at its end. */
HEED_API heed_status heed_compare(heed_comparison **out, heed_corpus *corpus, const heed_compare_options *options,
                                  const heed_listener *listener, heed_error *error);
HEED_API const heed_comparison_info *heed_comparison_describe(const heed_comparison *comparison);
HEED_API const heed_contender *heed_comparison_contender(const heed_comparison *comparison, size_t i);
HEED_API const heed_trial *heed_comparison_trial(const heed_comparison *comparison, size_t i);
/* A table for people, of the contenders and their differences to the first; all as one JSON object; CSV, a row per trial; a
 * picture (as in part 5) of each contender's accuracy, mean and standard deviation, and its difference to the first with
 * the interval. heed_free(*out). */
HEED_API heed_status heed_comparison_report(char **out, const heed_comparison *comparison, heed_error *error);
HEED_API heed_status heed_comparison_json(char **out, const heed_comparison *comparison, heed_error *error);
HEED_API heed_status heed_comparison_csv(char **out, const heed_comparison *comparison, heed_error *error);
HEED_API heed_status heed_comparison_picture(char **out, const heed_comparison *comparison, heed_error *error);
HEED_API void heed_comparison_free(heed_comparison *comparison);

/* ---------------------------------------------------------------- search for options */

/* Which values of options train best: random search (Bergstra & Bengio 2012, "Random search for hyper-parameter
 * optimization") with successive halving (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and
 * hyperparameter optimization"). Every trial draws its values from ranges and trains for a ninth of the epochs, the best
 * third of them for a third, and the best third of those for all: three rungs, or fewer if epochs are few. */
typedef struct heed_tuning heed_tuning;

/* What trials are judged by: a metric of the validation rows at the epoch that is kept. */
typedef enum heed_goal { HEED_GOAL_LOSS, HEED_GOAL_ACCURACY, HEED_GOAL_AUC } heed_goal;

typedef struct heed_tune_options {
    heed_options_head head;
    const heed_text_options *text;   /* cleaning and words of all trials, except for what ranges set */
    const heed_train_options *train; /* training, likewise; epochs: of the last rung; seed: of all trials, and of the values
                                        drawn; the architecture may have ranges in braces */
    const char *const *ranges;       /* [range_count]: "learning-rate={0.0003..0.01}", "optimizer=adam,sgd" */
    size_t range_count;
    heed_goal goal;
    uint32_t trials;                 /* of the first rung; 0: 27, with minutes as many as there is time for */
    double minutes;                  /* of training, divided equally between the rungs; 0: until all trials are done */
    const char *table;               /* needed: a CSV file that gets a row at the end of each training */
    bool resume;                     /* the table may exist; the trainings in it are not repeated */
    heed_status (*read)(void *user, heed_corpus *corpus, heed_error *error); /* needed by heed_tune: fills an empty corpus;
                                        called again if ranges change how texts are read */
    void *user;
} heed_tune_options;

static inline void heed_tune_options_init(heed_tune_options *options)
{
    heed_options_init(options, sizeof *options, HEED_OPTIONS_TUNE, HEED_PRESET_DEFAULT);
}

/* One training of a trial. */
typedef struct heed_tune_trial {
    unsigned rung, number; /* from 1 */
    unsigned epochs;
    heed_status status;         /* HEED_OK, or why there are no metrics */
    const char *problem;        /* the message then; else NULL */
    unsigned epoch_kept;
    double loss, accuracy, auc; /* of the validation rows at the epoch kept */
    uint64_t parameters;
    double seconds;
} heed_tune_trial;

typedef struct heed_tuning_info {
    size_t trial_count;             /* all trainings in order, including those that the table had */
    const heed_tune_trial *best;    /* NULL: all failed; then text and train are NULL too */
    const heed_text_options *text;  /* the options of the search with the values of the best trial */
    const heed_train_options *train;
} heed_tuning_info;

/* Refuses ranges and options that cannot be used, and a table that cannot be written, before anything is read. *rereads
 * (NULL is allowed): whether ranges change how texts are read. HEED_USAGE: these; a table that exists without resume;
 * HEED_BAD_DATA: a file that a value names is missing. */
HEED_API heed_status heed_tune_check(bool *rereads, const heed_tune_options *options, heed_error *error);
/* Searches; options and what they point to are borrowed until heed_tuning_free. HEED_STOPPED also sets *out, to what is
 * complete, if a trial is. The listener gets HEED_STAGE_NOTE as rungs begin and trials end, and the stages of trainings
 * with event.trial set. Errors: as heed_tune_check, those of `read`, and that of the first trial if all failed. */
HEED_API heed_status heed_tune(heed_tuning **out, const heed_tune_options *options, const heed_listener *listener,
                               heed_error *error);
HEED_API const heed_tuning_info *heed_tuning_describe(const heed_tuning *tuning);
HEED_API const heed_tune_trial *heed_tuning_trial(const heed_tuning *tuning, size_t i);
/* The ten best trials with their values, for people; all trainings as one JSON object. heed_free(*out). */
HEED_API heed_status heed_tuning_report(char **out, const heed_tuning *tuning, heed_error *error);
HEED_API heed_status heed_tuning_json(char **out, const heed_tuning *tuning, heed_error *error);
HEED_API void heed_tuning_free(heed_tuning *tuning);

/* ================================================================ 5. everything else */

HEED_API const char *heed_status_name(heed_status status); /* such as "HEED_BAD_DATA"; "unknown" for any other number */
HEED_API const char *heed_version(void);                   /* of the library that runs; compare HEED_VERSION */

/* ---------------------------------------------------------------- prediction of many rows */

/* Number format of the cached input projections (embedding x kernel of the first recurrent layer, for every token of the
 * vocabulary): bfloat16 takes half and int8 a quarter of float32's memory. float32 ones are computed once enough rows were
 * predicted to pay for it, the others at once. HEED_USAGE: auto; a model without them, or with more than 256 MB of them,
 * unless precision is float32. */
HEED_API heed_status heed_predictor_set_projections(heed_predictor *predictor, heed_precision precision,
                                                    heed_error *error);
/* Number format of the weights of recurrent layers, and of the kernels of an encoder's blocks. bfloat16 rounds copies of the
 * recurrent kernels, of the kernels of layers that do not follow the embedding, of an encoder's, and what they are multiplied
 * by, to 8 significant bits; sums are floats. The copy of an encoder's belongs to the model, for all predictors. Faster on some
 * processors that multiply bfloat16 (AVX512_BF16), slower on others; auto chooses by the table in docs/USAGE.md, and float32 for
 * a model without such weights. Explanations read floats. HEED_USAGE: int8; bfloat16 for such a model. */
HEED_API heed_status heed_predictor_set_weights(heed_predictor *predictor, heed_precision precision, heed_error *error);
/* The format of these weights now, which is never auto: float32 at first. */
HEED_API heed_precision heed_predictor_weights(const heed_predictor *predictor);

/* From now on `stopped` is asked, by any thread of it, between pieces of work of some tens of milliseconds: what runs
 * returns HEED_STOPPED soon after it has said true. NULL: nobody is asked. */
HEED_API void heed_predictor_watch(heed_predictor *predictor, bool (*stopped)(void *user), void *user);

/* What a predictor has read since it was created. Many unknown tokens or cut texts: texts are unlike the training texts. */
typedef struct heed_predictor_counts {
    uint64_t texts, cut;      /* cut: longer than the model's max_length */
    uint64_t tokens, unknown; /* unknown: not in the model's vocabulary */
} heed_predictor_counts;
/* Borrowed until the next call on the predictor. */
HEED_API const heed_predictor_counts *heed_predictor_describe(heed_predictor *predictor);

/* Receives records in the order of the input with their probabilities [label_count], NULL for a record that is bad; a result other than 0
 * stops with
 * HEED_STOPPED. Both are borrowed for the call. */
typedef int (*heed_predicted_sink)(void *user, const heed_record *record, const float *probabilities);
/* Predicts all rows of a reader in bounded memory. Before it waits for input, it sends all rows read so far to the sink, so
 * that a pipe is answered line by line. The listener gets HEED_STAGE_PREDICT. Errors: those of the reader; HEED_STOPPED. */
HEED_API heed_status heed_predict_rows(heed_predictor *predictor, heed_reader *reader, heed_predicted_sink sink,
                                       void *user, const heed_listener *listener, heed_error *error);
/* The predicted label (the most likely one of several), then the others, most likely first: out [count], count at
 * most label_count. thresholds: as heed_model_decide. */
HEED_API void heed_model_rank(size_t *out, size_t count, const heed_model *model, const float *probabilities,
                              const double *thresholds);
/* The model's thresholds, changed as text says: "0.3" sets all of them, "LABEL=0.3,LABEL=0.5" those of these labels (a
 * label may contain =, but not a comma). *out: [threshold_count], heed_free(*out). HEED_USAGE: not a number from 0 to 1; a
 * label that the model does not know, or that is not the positive one of two; a multiclass model. */
HEED_API heed_status heed_model_parse_thresholds(double **out, const heed_model *model, const char *text,
                                                 heed_error *error);
/* Whether a text has the form of thresholds, before a model is loaded. HEED_USAGE if not. */
HEED_API heed_status heed_check_thresholds(const char *text, heed_error *error);

/* ---------------------------------------------------------------- more about explanations */

/* What happened to a piece of the text. */
typedef enum heed_token_status {
    HEED_TOKEN_READ,        /* a word that the model knows */
    HEED_TOKEN_UNKNOWN,     /* a word that the model does not know: read as <unk>, or left out if it has no tokens */
    HEED_TOKEN_CUT,         /* a word beyond the model's max_length */
    HEED_TOKEN_STOP_WORD,   /* dropped: a stop word */
    HEED_TOKEN_PUNCTUATION, /* dropped: punctuation */
    HEED_TOKEN_TAG,         /* HTML that became a space */
    HEED_TOKEN_FILTERED,    /* dropped by the filter of the keras vocabulary */
    HEED_TOKEN_BETWEEN      /* spaces and invisible characters */
} heed_token_status;

HEED_API const char *heed_token_status_name(heed_token_status status); /* such as "stop word" */
HEED_API const char *heed_method_name(heed_method method);             /* such as "leave-one-out" */

/* A piece of the original text. Segments follow each other and cover every byte. */
typedef struct heed_segment {
    heed_token_status status;
    size_t begin, end;          /* its bytes in the text */
    double score;               /* the sum of its tokens' scores; 0 without tokens */
    heed_bytes word;            /* of a word (the first three statuses): what cleaning made of it; else data NULL */
    size_t first_token, tokens; /* its tokens: heed_explanation_token(first_token) and those after it */
} heed_segment;

/* A segment; i < segment_count. */
HEED_API const heed_segment *heed_explanation_segment(const heed_explanation *explanation, size_t i);

/* Takes other options from now on (threads stay as they are). HEED_USAGE as heed_explainer_new; the old ones stay then. */
HEED_API heed_status heed_explainer_set(heed_explainer *explainer, const heed_explain_options *options, heed_error *error);
/* From now on `stopped` is asked, by any thread of it, between pieces of work of some tens of milliseconds: what runs
 * returns HEED_STOPPED soon after it has said true. NULL: nobody is asked. */
HEED_API void heed_explainer_watch(heed_explainer *explainer, bool (*stopped)(void *user), void *user);
/* At most so many forward passes of a text of so many tokens, one backward pass counted as two, for these options: what a
 * server multiplies with the tokens. 0 tokens count as 1. 0: options that heed_explainer_set refuses. */
HEED_API uint64_t heed_explain_passes(const heed_model *model, const heed_explain_options *options, size_t tokens);

/* Explains how two texts differ: their tokens are aligned by a longest common subsequence, and the score of a token is
 * reduced by that of the token aligned with it, if any. *out is of text, *other of against, both for the label of text.
 * Errors: as heed_explainer_run; HEED_BAD_DATA: the part that differs is too long to be aligned. */
HEED_API heed_status heed_explainer_compare(heed_explanation **out, heed_explanation **other,
                                            heed_explainer *explainer, heed_bytes text, heed_bytes against,
                                            heed_error *error);

/* What stands for a row that could not be read: without label (label_count is 0), text and scores. A drawing says that it
 * was skipped, and the problem (such as heed_record.problem), which is copied. */
HEED_API heed_status heed_explanation_skipped(heed_explanation **out, const char *problem, heed_error *error);

typedef enum heed_explanation_format {
    HEED_EXPLANATION_TEXT,       /* for terminals: marks only */
    HEED_EXPLANATION_COLOURS,    /* with the 256 colours of xterm */
    HEED_EXPLANATION_TRUECOLOUR, /* with 24 bits */
    HEED_EXPLANATION_HTML,       /* one page, self-contained, light and dark */
    HEED_EXPLANATION_SVG,        /* one picture */
    HEED_EXPLANATION_JSON        /* one object per line */
} heed_explanation_format;

/* Draws count explanations; heed_free(*out), whose *size bytes are UTF-8, with a NUL after them. Texts cannot change the
 * drawing: control characters are replaced, markup is escaped. HEED_USAGE: another format. */
HEED_API heed_status heed_explanations_draw(char **out, size_t *size, const heed_explanation *const *items,
                                            size_t count, heed_explanation_format format, heed_error *error);

/* ---------------------------------------------------------------- descriptions of a model; heed_free(*out) */

/* The table of Keras's summary(), the text pipeline and the record of the training, for people. */
HEED_API heed_status heed_model_summary(char **out, const heed_model *model, heed_error *error);
/* The same as one JSON object. */
HEED_API heed_status heed_model_json(char **out, const heed_model *model, heed_error *error);
/* The history of the training as CSV: a row per epoch, Keras's names (loss, tp, ..., val_loss, ...). */
HEED_API heed_status heed_model_history_csv(char **out, const heed_model *model, heed_error *error);
/* The graph of its layers in DOT, the language of Graphviz, as Keras's plot_model(show_shapes=True,
 * show_layer_names=True) has it: nodes are layers with name, class and the shapes of input and output, edges tensors. */
HEED_API heed_status heed_model_dot(char **out, const heed_model *model, heed_error *error);

/* The layers of an architecture before any training, as heed_model_summary, heed_model_json and heed_model_dot have them.
 * train: architecture and mask; text: max_words, as if the rows had that many, max_length and pad. HEED_USAGE: an
 * architecture that cannot be used, or whose size is known only with rows ("linear", "wide"); a number that is not given; a
 * task that does not fit the number of labels. */
HEED_API heed_status heed_outline_summary(char **out, const heed_train_options *train, const heed_text_options *text,
                                          heed_task task, size_t label_count, heed_error *error);
HEED_API heed_status heed_outline_json(char **out, const heed_train_options *train, const heed_text_options *text,
                                       heed_task task, size_t label_count, heed_error *error);
HEED_API heed_status heed_outline_dot(char **out, const heed_train_options *train, const heed_text_options *text,
                                      heed_task task, size_t label_count, heed_error *error);

/* ---------------------------------------------------------------- pictures; heed_free(*out)
 *
 * Every picture is one SVG as text: readable in light and in dark, opened by itself or put into a page. Labels may be in any
 * script and of any length. Numbers that are not finite are left out, and a picture without numbers says "no data". */

/* The nine metrics of each epoch, of training and validation; the epoch whose weights the model has is marked. */
HEED_API heed_status heed_model_picture(char **out, const heed_model *model, heed_error *error);

/* One choice that is trained on more and more rows. */
typedef struct heed_line {
    const char *name;
    const double *x, *y;      /* [count]: rows trained on; the metric */
    const double *low, *high; /* [count]: an interval of each y; NULL: none */
    size_t count;
    double area;              /* shown after the name; NaN: none */
} heed_line;

/* metric: what y is, such as "accuracy". */
HEED_API heed_status heed_learning_picture(char **out, const heed_line *lines, size_t count, const char *metric,
                                           heed_error *error);

/* ---------------------------------------------------------------- built-in data */

/* WordNet's noun definitions by category, tab-separated with the header `label<TAB>text`: part is "train" (20,000 rows),
 * "validation" or "test" (4,000 each). No definition is in two parts. *size bytes with a NUL after them; heed_free(*out).
 * HEED_USAGE: another part. */
HEED_API heed_status heed_demo_data(char **out, size_t *size, const char *part, heed_error *error);

#ifdef __cplusplus
}
#endif
#endif
