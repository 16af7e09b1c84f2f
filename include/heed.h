/* heed: attention text classifiers, from a raw file to a trained, evaluated and served model.
 *
 * The way of the data, which is also the order of this header:
 *
 *   files -> rows -> clean text -> tokens -> ids -> network -> probabilities -> evaluation
 *
 * Conventions
 *   - Every function that can fail returns a heed_status and takes a heed_error (NULL is allowed) for the detail:
 *     one line that says where, what was found, what was expected and what to do.
 *   - `out` comes first. What is returned through a pointer to a pointer belongs to the caller and is released by the
 *     `_free` of its type (which accepts NULL); a returned `const` pointer is borrowed and lives as long as its parent.
 *     On failure `*out` is NULL, unless a function says otherwise.
 *   - Option structs are filled by their `_init` function first; strings in them are borrowed for the call that takes
 *     them unless a function says otherwise. NULL and 0 mean "the default" where a field says so.
 *   - The library never prints, never exits and holds no global state. A heed_model is read-only in use and may be
 *     shared by threads; readers, token lists and predictors belong to one thread at a time.
 *   - Text is UTF-8 as bytes with a length; NUL is an ordinary character.
 *   - The same seed gives the same bits at any thread count (same build, same instruction set).
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

/* ---------------------------------------------------------------- status and errors */

/* X(name, exit status of the program, meaning) */
#define HEED_STATUSES(X)                                                                                    \
    X(HEED_OK, 0, "fine")                                                                                   \
    X(HEED_FAILED, 1, "failed: memory, reading or writing a file, a thread")                                \
    X(HEED_USAGE, 2, "an option or argument that cannot be used")                                           \
    X(HEED_BAD_DATA, 3, "bad data: a missing file or column, a row or a model that breaks its rules")       \
    X(HEED_UNMET, 4, "a required quality was not met")                                                      \
    X(HEED_END, 0, "no more records; not an error")                                                         \
    X(HEED_STOPPED, 130, "stopped by Ctrl-C, or by a listener")

typedef enum heed_status {
#define HEED_STATUS_NAME(name, code, meaning) name,
    HEED_STATUSES(HEED_STATUS_NAME)
#undef HEED_STATUS_NAME
} heed_status;

typedef struct heed_error {
    char message[1024]; /* one line, NUL-terminated, no newline at its end */
} heed_error;

/* The exit status of a program that ends for this reason. */
HEED_API int heed_status_exit(heed_status status);
/* The name of a status, such as "HEED_BAD_DATA". */
HEED_API const char *heed_status_name(heed_status status);
/* Version of the library at run time, as HEED_VERSION. */
HEED_API const char *heed_version(void);
/* Releases a string that heed returned through `char **out`. */
HEED_API void heed_free(void *text);

/* Some bytes that belong to someone else. data is NULL where there are none at all (a missing label, say). */
typedef struct heed_bytes {
    const char *data;
    size_t size;
} heed_bytes;

/* ---------------------------------------------------------------- progress */

typedef enum heed_stage {
    HEED_STAGE_READ,     /* done, total: bytes of the input (total 0 where unknown) */
    HEED_STAGE_TRAIN,    /* done, total: rows of this epoch (linear: of all its passes, of as many as it may take) */
    HEED_STAGE_VALIDATE, /* done, total: rows of the validation part */
    HEED_STAGE_EPOCH,    /* an epoch ended: train and validation hold its figures */
    HEED_STAGE_PREDICT,  /* done, total: bytes of the input (total 0 where unknown) */
    HEED_STAGE_TRIAL,    /* a trial of a comparison ended: note sums it up */
    HEED_STAGE_WORDS,    /* done, total: words of this epoch of heed_vectors_train */
    HEED_STAGE_EXPLAIN,  /* done, total: rows whose explanations are measured */
    HEED_STAGE_NOTE      /* note holds a line worth telling */
} heed_stage;

/* Figures as Keras names and computes them: tp, fp, tn, fn at threshold 0.5 over every output; auc by 200 thresholds.
 * With two labels there is one output; with more, every label is one, and accuracy is that of the largest output. Of
 * several labels a row accuracy is that of every output at 0.5. */
typedef struct heed_keras_metrics {
    double loss, tp, fp, tn, fn, accuracy, precision, recall, auc;
} heed_keras_metrics;

typedef struct heed_event {
    heed_stage stage;
    unsigned epoch, epochs;     /* from 1 */
    unsigned fold, folds;       /* from 1; folds 0 without cross-validation */
    unsigned trial, trials;     /* from 1; trials 0 without a comparison */
    uint64_t done, total;
    double seconds;             /* since this stage began */
    heed_keras_metrics train;         /* running figures of the epoch */
    heed_keras_metrics validation;    /* HEED_STAGE_EPOCH: loss is NaN where there is no validation part */
    bool best;                  /* HEED_STAGE_EPOCH: the best epoch so far */
    const char *note;           /* HEED_STAGE_EPOCH: why it is the last one though there could be more; else NULL */
} heed_event;

/* Called from the calling thread, several times a second at most within a stage. Non-zero asks the work to stop. */
typedef struct heed_listener {
    int (*tell)(void *user, const heed_event *event);
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
    HEED_FORMAT_AUTO, /* by extension (.gz peeled off, capitals or not); a folder; anything else: lines */
#define HEED_FORMAT_NAME(name, word, extensions, meaning) name,
    HEED_FORMATS(HEED_FORMAT_NAME)
#undef HEED_FORMAT_NAME
} heed_format;

typedef enum heed_encoding { HEED_UTF8, HEED_WINDOWS_1252, HEED_LATIN_1 } heed_encoding;

typedef enum heed_quoting {
    HEED_QUOTING_AUTO,      /* the first of minimal, backslash, none that reads the file's first 256 KiB cleanly */
    HEED_QUOTING_MINIMAL,   /* RFC 4180, and what follows a closing quote is kept, as pandas' C parser reads it */
    HEED_QUOTING_BACKSLASH, /* \" inside quotes is a quote */
    HEED_QUOTING_NONE       /* quotes are ordinary characters */
} heed_quoting;

typedef enum heed_on_bad_row {
    HEED_BAD_ROW_FAILS,
    HEED_BAD_ROW_IS_SKIPPED /* and counted; more than 1% of the rows fails all the same */
} heed_on_bad_row;

/* Columns are named by their header, or by number from 1. */
typedef struct heed_rows_options {
    heed_format format;
    heed_encoding encoding;
    heed_quoting quoting;
    bool no_header;             /* TSV, CSV: the first row is a record, columns have numbers alone */
    const char *text_columns;   /* "title,body", joined by a space; NULL: text, review or sentence */
    const char *label_column;   /* NULL: label, sentiment or class; "" here and in the next three: none */
    const char *label_from;     /* "id:rating>=5": label 1 where the number after the last _ of column id is, else 0 */
    const char *label_map;      /* "pos=1,neg=0": other labels are bad rows */
    const char *drop_labels;    /* "unsup,unknown": rows with these labels (before the map) are passed over */
    const char *id_column;      /* NULL: id where there is one */
    const char *split_column;   /* NULL: none */
    const char *group_column;   /* NULL: none */
    const char *weight_column;  /* a number from 0: how much the row counts in training; NULL: none, every row is 1 */
    const char *label_separator; /* rows have any number of labels, separated by this; NULL: one label a row */
    heed_on_bad_row on_bad_row;
    bool need_label;            /* a file without labels is an error */
    bool tutorial;              /* know the tutorial's three files by their columns and read each as it does:
                                   encoding, quoting, columns, label map, dropped labels, label from the id;
                                   other files are read as usual */
} heed_rows_options;

HEED_API void heed_rows_options_init(heed_rows_options *options);

/* One record. Everything in it is borrowed until the next call on its reader. */
typedef struct heed_record {
    heed_bytes text;
    heed_bytes label;           /* after map and rule, several joined by their separator; data NULL: there is none */
    const heed_bytes *labels;   /* label as its parts: itself alone, or what label_separator divides, no part twice */
    size_t label_count;         /* 0 where the input has no label; with label_separator also for a row of no label */
    double weight;              /* 1 where the input has none */
    heed_bytes id, split, group;
    const heed_bytes *fields;   /* TSV, CSV: all the columns as read; else NULL */
    size_t field_count;
    heed_bytes line;            /* the record as it stands in the input (in UTF-8), without its end of line */
    const char *file;           /* the name of its file, or "standard input" */
    uint64_t row;               /* from 1 within its file, header not counted */
    uint64_t line_number;       /* of its first line within its file, from 1 */
} heed_record;

/* Reads records from files, one after the other, in bounded memory. */
typedef struct heed_reader heed_reader;

/* Opens count paths ("-" is standard input, a folder is read by label, .gz is unpacked). Options and their strings are
 * copied. Errors: HEED_BAD_DATA for a file that cannot be opened, a column that the options name and that is not
 * there, a folder without texts and, with need_label, a file without rows; HEED_USAGE where no column is named and none
 * is known by its name (both messages list the columns). A file after the first is opened when its turn comes. */
HEED_API heed_status heed_reader_open(heed_reader **out, const char *const *paths, size_t count,
                                      const heed_rows_options *options, heed_error *error);
/* The next record, HEED_END behind the last one, HEED_BAD_DATA for one that cannot be read. */
HEED_API heed_status heed_reader_next(heed_reader *reader, heed_record *out, heed_error *error);
/* Whether the next record can be had without waiting for input. */
HEED_API bool heed_reader_ready(const heed_reader *reader);
/* The columns of the file being read (TSV and CSV with a header); count is set to 0 where there are none. */
HEED_API const heed_bytes *heed_reader_columns(const heed_reader *reader, size_t *count);
/* The format of the file being read, never HEED_FORMAT_AUTO. */
HEED_API heed_format heed_reader_format(const heed_reader *reader);
/* How quotes are read in it, never HEED_QUOTING_AUTO; HEED_QUOTING_NONE where it is neither TSV nor CSV. */
HEED_API heed_quoting heed_reader_quoting(const heed_reader *reader);
/* Rows skipped as bad so far, and the message of the first of them ("" where none). */
HEED_API uint64_t heed_reader_skipped(const heed_reader *reader, const char **first);
/* Bytes read so far and bytes in all (0 where unknown). */
HEED_API uint64_t heed_reader_progress(const heed_reader *reader, uint64_t *total);
HEED_API void heed_reader_free(heed_reader *reader);

/* ---------------------------------------------------------------- text */

typedef enum heed_html {
    HEED_HTML_KEEP,
    HEED_HTML_SPACE /* tags and comments become a space, entities their character */
} heed_html;
typedef enum heed_letters { HEED_LETTERS_KEEP, HEED_LETTERS_LOWER } heed_letters;
typedef enum heed_punctuation {
    HEED_PUNCTUATION_KEEP,
    HEED_PUNCTUATION_FIRST32, /* the first 32 characters that are neither \w nor \s go: the tutorial's accident */
    HEED_PUNCTUATION_ALL
} heed_punctuation;
typedef enum heed_tokenizer {
    HEED_TOKENS_NONE,  /* the text as a whole */
    HEED_TOKENS_SPLIT, /* at U+0020 only; empty tokens stay */
    HEED_TOKENS_WORDS  /* runs of \w with inner apostrophes; every other visible character alone */
} heed_tokenizer;
typedef enum heed_lemmas {
    HEED_LEMMAS_NONE,
    HEED_LEMMAS_NOUN,     /* NLTK's WordNetLemmatizer.lemmatize(word) */
    HEED_LEMMAS_NOUN_VERB /* and then lemmatize(word, "v") on its result */
} heed_lemmas;
typedef enum heed_vocabulary {
    HEED_VOCABULARY_COUNTS, /* 0 pads, 1 is <unk>, words from 2 by falling count, ties in order of first sight */
    HEED_VOCABULARY_KERAS   /* as the Keras Tokenizer: its filters split tokens again; words from 1, others dropped */
} heed_vocabulary;
typedef enum heed_cut {
    HEED_CUT_PRE,
    HEED_CUT_POST,
    HEED_CUT_MIDDLE /* keep the first quarter and the end */
} heed_cut;
typedef enum heed_pad { HEED_PAD_PRE, HEED_PAD_POST } heed_pad;

/* The text pipeline: all of it is stored in the model, so that prediction repeats it byte for byte. */
typedef struct heed_text_options {
    heed_html html;
    heed_punctuation punctuation;
    heed_letters letters;
    heed_tokenizer tokens;
    heed_lemmas lemmas;
    const char *stop_words;      /* NULL or "none"; "english": NLTK's 179; else a file, a word a line */
    heed_vocabulary vocabulary;
    uint32_t max_words;          /* ids in all: padding and <unk> count (Keras's num_words); 0, or linear: no limit */
    uint32_t min_count;          /* rarer words are unknown; linear: those of fewer training texts, bigrams alike */
    uint32_t max_length;         /* tokens a text; 0: the mean of the training rows, rounded up (linear: all of them) */
    heed_cut cut;                /* where a longer text loses tokens */
    heed_pad pad;                /* where a shorter one is padded (unmasked networks read the pads) */
    bool count_all_rows;         /* the tutorial: vocabulary and mean from validation rows too */
} heed_text_options;

/* Every stage off, as heed clean begins. */
HEED_API void heed_text_options_init(heed_text_options *options);

/* The cleaning stages, ready to run; read-only, may be shared by threads. */
typedef struct heed_cleaner heed_cleaner;

/* A token and where it came from: bytes [begin, end) of the text before cleaning. */
typedef struct heed_token {
    heed_bytes text;
    size_t begin, end;
} heed_token;

/* A list of tokens with its own storage; reused from text to text. */
typedef struct heed_tokens heed_tokens;

/* Reads the stop-word file, if any. Errors: HEED_USAGE, HEED_BAD_DATA for a stop-word file that is not there or no
 * UTF-8, HEED_FAILED. */
HEED_API heed_status heed_cleaner_new(heed_cleaner **out, const heed_text_options *options, heed_error *error);
HEED_API void heed_cleaner_free(heed_cleaner *cleaner);

HEED_API heed_status heed_tokens_new(heed_tokens **out, heed_error *error);
HEED_API void heed_tokens_free(heed_tokens *tokens);
/* Cleans one text (valid UTF-8) into tokens, replacing what was there. Fails only for want of memory. */
HEED_API heed_status heed_cleaner_run(const heed_cleaner *cleaner, heed_bytes text, heed_tokens *tokens,
                                      heed_error *error);
/* The tokens of the last run, borrowed until the next. */
HEED_API const heed_token *heed_tokens_items(const heed_tokens *tokens, size_t *count);
/* The tokens of the last run joined by one space, borrowed until the next: the cleaned text. */
HEED_API heed_bytes heed_tokens_joined(heed_tokens *tokens);

/* Receives records in the order of the input; non-zero stops with HEED_STOPPED. */
typedef int (*heed_cleaned_sink)(void *user, const heed_record *record, const heed_token *tokens, size_t count,
                                 heed_bytes joined);
/* Cleans all the rows of a reader on several threads (0: one a processor), in bounded memory. */
HEED_API heed_status heed_clean_rows(heed_reader *reader, const heed_cleaner *cleaner, unsigned threads,
                                     heed_cleaned_sink sink, void *user, heed_error *error);

/* ---------------------------------------------------------------- word vectors */

/* Pre-trained word vectors: text of GloVe, text or binary of word2vec, .vec or .bin (not quantised) of fastText, told
 * apart by their content; gzip is unpacked. Read-only, may be shared by threads. */
typedef struct heed_vectors heed_vectors;

typedef struct heed_vectors_info {
    const char *format;           /* "GloVe text", "word2vec text" (.vec too), "word2vec binary", "fastText binary", or
                                     "learned" by heed_vectors_train */
    uint32_t dimensions;
    uint64_t rows;                /* of the file, those that were skipped too */
    uint64_t declared;            /* rows as its header has it; 0 where it has none */
    uint64_t bad;                 /* skipped: of a wrong length, or with a number that is not finite; at most 1% */
    uint64_t not_utf8;            /* skipped: the word is not UTF-8 */
    uint64_t repeated;            /* rows of a kept word that stood before: the first one counts */
    uint64_t found;               /* words with a vector */
    uint64_t composed;            /* of them: unknown words, from the sub-words of a fastText .bin */
    uint64_t tokens;              /* learned vectors: of the text, those without a vector too; else 0 */
} heed_vectors_info;

/* Reads the vectors of count words, for which a file of any size needs little memory; of all its words where words is
 * NULL. The listener, which may be NULL, is told HEED_STAGE_READ. Errors: HEED_FAILED, HEED_BAD_DATA, HEED_STOPPED. */
HEED_API heed_status heed_vectors_load(heed_vectors **out, const char *path, const heed_bytes *words, size_t count,
                                       const heed_listener *listener, heed_error *error);
HEED_API heed_vectors_info heed_vectors_describe(const heed_vectors *vectors);
/* The vector of a word, borrowed; NULL where there is none. */
HEED_API const float *heed_vectors_of(const heed_vectors *vectors, heed_bytes word);

typedef struct heed_neighbour {
    heed_bytes word; /* borrowed from the vectors */
    double cosine;
} heed_neighbour;

/* The words whose vectors have the largest cosine with a vector, largest first, without `word` itself. count: room in
 * out, then how many were found. HEED_BAD_DATA for a vector of zeros. */
HEED_API heed_status heed_vectors_near(const heed_vectors *vectors, heed_bytes word, const float *vector,
                                       heed_neighbour *out, size_t *count, heed_error *error);
HEED_API void heed_vectors_free(heed_vectors *vectors);

typedef enum heed_word2vec {
    HEED_WORD2VEC_SKIPGRAM, /* a word foretells each of its neighbours */
    HEED_WORD2VEC_CBOW      /* the mean of its neighbours foretells a word: faster, weaker on rare words */
} heed_word2vec;

/* How word vectors are learned: word2vec with negative sampling (Mikolov et al. 2013a, "Efficient estimation of word
 * representations in vector space"; 2013b, "Distributed representations of words and phrases"). */
typedef struct heed_vectors_options {
    heed_word2vec method;
    uint32_t dimensions;  /* 1 to 4096 */
    uint32_t window;      /* neighbours on each side, for each word drawn from 1 to this; 1 to 100 */
    uint32_t negative;    /* random words that a word must not foretell; 1 to 64 */
    uint32_t epochs;      /* 1 to 65535 */
    uint32_t min_count;   /* rarer words get no vector */
    uint32_t max_words;   /* the commonest get one; 0: no limit */
    double sample;        /* of a word that is more than this share of the text many are passed over; 0: none */
    double learning_rate; /* falls to a ten-thousandth of it along a line; 0: 0.025, with CBOW 0.05 */
    uint64_t seed;
    unsigned threads;     /* 0: one a processor */
} heed_vectors_options;

HEED_API void heed_vectors_options_init(heed_vectors_options *options);

/* Learns the vectors of the words of a reader's rows, cleaned and split as heed_train does it with these text options
 * (their max_words, min_count and max_length are ignored); a row is a sentence. Needs memory for the vocabulary, and
 * four bytes a word in the folder for temporary files (TMPDIR, else /tmp) for the text. Words that no vector file can
 * hold (over 255 bytes, or with a space or a line end in them) get no vector. The listener, which may be NULL, is told
 * HEED_STAGE_READ, HEED_STAGE_NOTE and HEED_STAGE_WORDS. Errors: HEED_USAGE (options that cannot be used; a message
 * names one as the program's option is called), HEED_BAD_DATA (rows that cannot be read, no word that is common
 * enough, numbers that do not stay finite), HEED_FAILED, HEED_STOPPED. */
HEED_API heed_status heed_vectors_train(heed_vectors **out, heed_reader *reader, const heed_text_options *text,
                                        const heed_vectors_options *options, const heed_listener *listener,
                                        heed_error *error);
/* Writes word2vec's text format, its numbers so that they read back as they are, or its binary one. The file is the
 * old one or the new one, never a mixture. Errors: HEED_FAILED, HEED_BAD_DATA for a word that the format can't hold. */
HEED_API heed_status heed_vectors_save(const heed_vectors *vectors, const char *path, bool binary, heed_error *error);

/* ---------------------------------------------------------------- corpus */

/* Labelled rows as interned tokens, ready to be trained on more than once. */
typedef struct heed_corpus heed_corpus;

typedef enum heed_part {
    HEED_PART_ANY, /* training or validation, as the training options split them */
    HEED_PART_TRAIN,
    HEED_PART_VALIDATION,
    HEED_PART_TEST /* known from a split column; never trained on */
} heed_part;

/* What a label is to a row. */
typedef enum heed_task {
    HEED_TASK_BINARY,     /* one of two: a sigmoid */
    HEED_TASK_MULTICLASS, /* one of several: a softmax */
    HEED_TASK_MULTILABEL  /* any number of them: a sigmoid for each */
} heed_task;

typedef struct heed_corpus_info {
    uint64_t rows, rows_train, rows_validation, rows_test; /* rows: all; the others as fixed by file or split column */
    uint64_t skipped;            /* bad rows passed over */
    double mean_tokens;          /* of the cleaned texts; an empty text counts 1 */
    uint64_t distinct_words;     /* over all rows */
    heed_task task;              /* of several labels a row where its readers have a label_separator */
    size_t label_count;
    const char *const *labels;   /* sorted bytewise */
    const uint64_t *label_rows;  /* [label_count] */
} heed_corpus_info;

/* Options are copied. */
HEED_API heed_status heed_corpus_new(heed_corpus **out, const heed_text_options *options, heed_error *error);
/* Reads and cleans all the rows of a reader. With HEED_PART_ANY a split column decides where there is one
 * (train/valid/validation/dev/test or 0/1/2). */
HEED_API heed_status heed_corpus_add(heed_corpus *corpus, heed_reader *reader, heed_part part, unsigned threads,
                                     const heed_listener *listener, heed_error *error);
/* Borrowed until the next heed_corpus_add. */
HEED_API heed_corpus_info heed_corpus_describe(heed_corpus *corpus);
HEED_API void heed_corpus_free(heed_corpus *corpus);

/* Files whose rows are added together, in this order, as rows of this part. */
typedef struct heed_corpus_files {
    const char *const *paths;
    size_t count;
    heed_part part;
} heed_corpus_files;

/* Where a corpus that these files make is kept: FOLDER/heed-DIGITS.corpus, where the digits are a digest of the files'
 * bytes and names (without their folders), of the rows' options and of the corpus's text stages. heed_free(*out).
 * Errors: HEED_USAGE for standard input, a folder or another input that is no regular file, HEED_FAILED. */
HEED_API heed_status heed_corpus_cache_path(char **out, const heed_corpus *corpus, const char *folder,
                                            const heed_rows_options *rows, const heed_corpus_files *files,
                                            size_t count, heed_error *error);
/* Writes the corpus there: the file is the old one or the new one, never a mixture. Errors: HEED_FAILED, HEED_USAGE
 * for a path that is not of that form. */
HEED_API heed_status heed_corpus_keep(const heed_corpus *corpus, const char *path, heed_error *error);
/* Fills a new, empty corpus with the rows that are kept there, all of them: none can be added. HEED_BAD_DATA where there
 * is no such file, or one that is damaged or foreign; the corpus is empty then, to be filled from the files. */
HEED_API heed_status heed_corpus_restore(heed_corpus *corpus, const char *path, heed_error *error);
/* Removes kept corpora from a folder until `most` are left: those first that were changed longest ago. A file that cannot
 * be removed stays. */
HEED_API void heed_corpus_cache_trim(const char *folder, size_t most);

/* ---------------------------------------------------------------- training */

/* A trained classifier with its whole text pipeline; read-only, may be shared by threads. */
typedef struct heed_model heed_model;

typedef enum heed_validation {
    HEED_VALIDATION_FRACTION, /* stratified by label, equal texts kept together */
    HEED_VALIDATION_LAST,     /* the last rows of the input, as Keras's validation_split */
    HEED_VALIDATION_NONE
} heed_validation;

typedef enum heed_keep { HEED_KEEP_BEST, HEED_KEEP_LAST } heed_keep;

typedef enum heed_optimizer {
    HEED_OPTIMIZER_ADAM,  /* Kingma & Ba 2015, as Keras writes it */
    HEED_OPTIMIZER_ADAMW, /* Loshchilov & Hutter 2019: and weight_decay */
    HEED_OPTIMIZER_SGD    /* with momentum */
} heed_optimizer;

typedef enum heed_schedule {
    HEED_SCHEDULE_CONSTANT,
    HEED_SCHEDULE_COSINE, /* falls to 0 along half a cosine over all the epochs (Loshchilov & Hutter 2017) */
    HEED_SCHEDULE_PLATEAU /* halves after every epoch without a better validation loss */
} heed_schedule;

typedef struct heed_train_options {
    const char *architecture;     /* "embed 128 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05"; or
                                     "linear C": logistic regression on TF-IDF of words and bigrams, which has no
                                     epochs, batches or optimiser to choose */
    bool mask;                    /* padding is never seen; false: read like a word, as the tutorial does */
    const char *positive;         /* of two labels; NULL: that of init_from, else the later one bytewise */
    unsigned epochs, batch_size;
    double learning_rate;
    uint64_t seed;                /* up to 2^63 - 1 */
    unsigned threads;             /* 0: one a processor */
    heed_validation validation;   /* how rows of HEED_PART_ANY are split where no row is fixed for validation */
    double validation_fraction;
    double train_share;           /* the part of each label's training rows that trains, equal texts together, drawn by
                                     seed; a smaller part lies within a larger one; 0 or 1: all */
    heed_keep keep;               /* which epoch's weights: best validation loss, or the last */
    unsigned patience;            /* epochs without a better validation loss before stopping; 0: never stop early */
    const char *vectors;          /* a file of word vectors from which the embedding starts; NULL: none */
    unsigned frozen_epochs;       /* with vectors: epochs that leave the embedding as it is; UINT_MAX: all of them */
    heed_optimizer optimizer;
    double weight_decay;          /* AdamW: every step takes learning rate times this off a weight; biases, layer norms
                                     and the embedding's row of padding spared */
    double momentum;              /* SGD: from 0 to 0.9999 */
    double clip_norm;             /* gradients longer than this, over all weights, are shortened to it; 0: never */
    heed_schedule schedule;
    double warmup;                /* epochs, or a part of one, in which the learning rate rises from 0; 0: none */
    /* Weights and smoothing shape the training loss alone: validation loss and all other figures count rows equally.
     * As in Keras, a weighted loss is still divided by the number of rows. */
    double label_smoothing;       /* this share of a target is spread over all labels; from 0 to less than 1 */
    const char *class_weights;    /* NULL: none; "balanced": rows / (labels * rows of the label), or of several labels a
                                     row, rows without the label / rows with it; else a file of label TAB weight lines,
                                     unnamed labels weigh 1. Of several labels a row a weight holds where the row has
                                     the label, and 1 where it has not */
    bool tune_thresholds;         /* several labels a row, and the positive one of two: each gets the threshold of its
                                     best F1 on the validation rows, which there have to be */
    const heed_model *init_from;  /* start from this model's weights: layers by name and shape, the embedding by word,
                                     the output by label; for a corpus of heed_corpus_new_like; NULL: random ones */
} heed_train_options;

typedef enum heed_preset { HEED_PRESET_DEFAULT, HEED_PRESET_TUTORIAL } heed_preset;

/* Whether an architecture can be used, told without any rows: HEED_USAGE with the column and what stands there. */
HEED_API heed_status heed_architecture_check(const char *architecture, heed_error *error);

/* The options of a preset: for the text, for the training. */
HEED_API void heed_preset_text(heed_text_options *options, heed_preset preset);
HEED_API void heed_preset_train(heed_train_options *options, heed_preset preset);

/* Trains on the rows of a corpus. HEED_STOPPED (the listener's wish) also sets *out, to the best epoch so far, where
 * one ended. Errors: HEED_USAGE (options that cannot be used; a message names one as the program's option is called),
 * HEED_BAD_DATA (one label only, a validation label that training lacks, a loss that stays non-finite), HEED_FAILED. */
HEED_API heed_status heed_train(heed_model **out, heed_corpus *corpus, const heed_train_options *options,
                                const heed_listener *listener, heed_error *error);

typedef struct heed_fold {
    uint64_t rows_train, rows_validation;
    unsigned best_epoch;
    heed_keras_metrics validation;      /* at the best epoch */
} heed_fold;
enum { HEED_MAX_FOLDS = 100 };
/* k-fold cross-validation, stratified and grouped like HEED_VALIDATION_FRACTION; fills out[folds], 2 to HEED_MAX_FOLDS. */
HEED_API heed_status heed_cross_validate(heed_fold *out, unsigned folds, heed_corpus *corpus,
                                         const heed_train_options *options, const heed_listener *listener,
                                         heed_error *error);
/* The folds, a line each, and the mean and standard deviation of accuracy, loss and area; heed_free(*out). */
HEED_API heed_status heed_folds_report(const heed_fold *folds, unsigned count, char **out, heed_error *error);
/* Options of the training on all rows that the folds were for: as many epochs as the best ones of the folds are in the
 * mean, no validation, and the weights of the last epoch. */
HEED_API void heed_folds_apply(heed_train_options *options, const heed_fold *folds, unsigned count);

/* ---------------------------------------------------------------- model */

HEED_API heed_status heed_model_load(heed_model **out, const char *path, heed_error *error);
/* Writes aside, syncs and renames: the file is the old one or the new one, never a mixture. A symbolic link stays one:
 * what it points to is replaced or made. */
HEED_API heed_status heed_model_save(const heed_model *model, const char *path, heed_error *error);
HEED_API void heed_model_free(heed_model *model);
/* An empty corpus whose texts are read as the model reads them, for training that starts from it: all the model's
 * words stay in the vocabulary, and new ones that occur at least min_count times join them up to max_words ids in all
 * (as in heed_text_options). */
HEED_API heed_status heed_corpus_new_like(heed_corpus **out, const heed_model *model, uint32_t max_words,
                                          uint32_t min_count, heed_error *error);
/* Sets what a further training has to repeat: architecture, borrowed from the model, and mask. */
HEED_API void heed_model_train_options(const heed_model *model, heed_train_options *options);
/* Its text pipeline; strings are borrowed. stop_words is "list" where the model holds words of a file. */
HEED_API void heed_model_text_options(const heed_model *model, heed_text_options *options);
/* The labels in the order of the probabilities. */
HEED_API const char *const *heed_model_labels(const heed_model *model, size_t *count);
HEED_API heed_task heed_model_task(const heed_model *model);
/* Several labels a row: the thresholds [labels] above which a label is answered; else one, of the positive label. */
HEED_API const double *heed_model_thresholds(const heed_model *model);
/* Writes thresholds, as a person names them, over those in out (as many as heed_model_thresholds has): "0.3" over all of
 * them, or "LABEL=0.3,LABEL=0.5" over those of these labels; a label may hold a =, but no comma. HEED_USAGE for what is no
 * number from 0 to 1, for labels that the model does not know or that are not the positive one of two, and for a model that
 * answers the likeliest of several labels. model and out NULL: whether the text can be one at all. */
HEED_API heed_status heed_model_parse_thresholds(double *out, const heed_model *model, const char *text, heed_error *error);
/* The index of the positive label of two; of more, the number of labels. */
HEED_API size_t heed_model_positive(const heed_model *model);
/* The labels that the model answers to a text of these probabilities [labels], the one rule for all of heed: of two labels
 * the positive one where its probability is greater than its threshold, else the other; of more the likeliest; of several
 * labels a row those whose probability is greater than their threshold. Likeliest first, the first of equals, into out, which
 * has room for all labels; returns how many: 0 only of several labels a row. thresholds: in place of the model's own
 * (heed_model_thresholds says how many); NULL: those. */
HEED_API size_t heed_model_decide(size_t *out, const heed_model *model, const float *probabilities,
                                  const double *thresholds);
/* The label answered (of several a row the likeliest) and then the others, likeliest first: count of them, at most all. */
HEED_API void heed_model_rank(size_t *out, size_t count, const heed_model *model, const float *probabilities,
                              const double *thresholds);
/* Number of trained parameters. */
HEED_API uint64_t heed_model_parameters(const heed_model *model);
/* The validation figures of the epoch whose weights the model has; loss is NaN where it had no validation part. epoch
 * (from 1) and epochs, either of which may be NULL, are set to that epoch and to how many were trained. */
HEED_API heed_keras_metrics heed_model_validation(const heed_model *model, unsigned *epoch, unsigned *epochs);
/* How the rows were read in training (columns and so on), to be repeated; strings are borrowed from the model. */
HEED_API void heed_model_rows_options(const heed_model *model, heed_rows_options *options);
/* Keeps in the model how its rows were read. Strings are copied. */
HEED_API heed_status heed_model_set_rows_options(heed_model *model, const heed_rows_options *options,
                                                 heed_error *error);
/* The table of Keras's summary(), the text pipeline and the training record, as text for people. */
HEED_API heed_status heed_model_summary(const heed_model *model, char **out, heed_error *error);
/* The same as one JSON object. */
HEED_API heed_status heed_model_json(const heed_model *model, char **out, heed_error *error);
/* The graph of its layers, with names, classes and shapes, as Keras's plot_model(show_shapes=True,
 * show_layer_names=True) draws it: text in the DOT language of Graphviz. */
HEED_API heed_status heed_model_dot(char **out, const heed_model *model, heed_error *error);
/* The training history as CSV: a row an epoch, Keras's names (loss, tp, ..., val_loss, ...). */
HEED_API heed_status heed_model_history_csv(const heed_model *model, char **out, heed_error *error);

/* The number format of what a predictor multiplies by. float32 gives the answers of the model to the bit; with the others
 * answers differ a little. */
typedef enum heed_precision { HEED_PRECISION_FLOAT32, HEED_PRECISION_BFLOAT16, HEED_PRECISION_INT8 } heed_precision;

/* Scratch for prediction with a model, for one caller at a time; works on `threads` threads (0: one a processor). */
typedef struct heed_predictor heed_predictor;
HEED_API heed_status heed_predictor_new(heed_predictor **out, const heed_model *model, unsigned threads,
                                        heed_error *error);
/* Keeps those products so from now on; all are computed at once, but for float32. A row's answer is the same wherever
 * it stands. HEED_USAGE for a model without such products, or with too many (256 MB), unless for float32. */
HEED_API heed_status heed_predictor_set_storage(heed_predictor *predictor, heed_precision precision, heed_error *error);
/* Multiplies by such weights from now on; the model's stay as they are. A row's answer is the same wherever it stands.
 * HEED_USAGE for a model without recurrent layers, unless for float32. */
HEED_API heed_status heed_predictor_set_weights(heed_predictor *predictor, heed_precision precision, heed_error *error);
/* Probabilities of count texts (valid UTF-8), [count][labels]; a row does not depend on its neighbours. */
HEED_API heed_status heed_predictor_run(heed_predictor *predictor, const heed_bytes *texts, size_t count,
                                        float *probabilities, heed_error *error);
/* What became of the texts that a predictor has read since it was made: a cheap sign of texts unlike those of the
 * training. */
typedef struct heed_predictor_counts {
    uint64_t texts, cut;      /* cut: those that did not fit the window */
    uint64_t tokens, unknown; /* unknown: those that the model does not know */
} heed_predictor_counts;
HEED_API heed_predictor_counts heed_predictor_describe(const heed_predictor *predictor);
HEED_API void heed_predictor_free(heed_predictor *predictor);

/* Receives records in the order of the input with their probabilities [labels]; non-zero stops. */
typedef int (*heed_predicted_sink)(void *user, const heed_record *record, const float *probabilities);
/* Predicts all the rows of a reader in bounded memory. Rows go to the sink as soon as the input holds no more of them,
 * so that a pipe is answered line by line. */
HEED_API heed_status heed_predict_rows(heed_predictor *predictor, heed_reader *reader, heed_predicted_sink sink,
                                       void *user, const heed_listener *listener, heed_error *error);

/* ---------------------------------------------------------------- explanation */

/* How much each token of a text has to do with a label. All but attention are in units of the label's logit: of two
 * labels and of several a row log(p / (1 - p)), of many the number that goes into the softmax. */
typedef enum heed_method {
    HEED_METHOD_AUTO,          /* the most faithful one, where the model knows it (heed_model_set_explanation), else
                                  attention where there is one, weights of a linear model, integrated */
    HEED_METHOD_ATTENTION,     /* of the pooling (the first that has one): where the model looked, not why, and the same
                                  for every label; from 0 to 1 */
    HEED_METHOD_GRADIENT,      /* gradient of the logit with respect to a token's embedding, times the embedding
                                  (Shrikumar et al. 2017, "Learning important features", section 3.1) */
    HEED_METHOD_INTEGRATED,    /* integrated gradients from zero embeddings (Sundararajan et al. 2017, "Axiomatic
                                  attribution for deep networks", section 3): sum to the difference of the logit */
    HEED_METHOD_LEAVE_ONE_OUT, /* what the logit loses when the token is taken out of what the model read (Li et al.
                                  2016, "Understanding neural networks through representation erasure") */
    HEED_METHOD_WEIGHTS        /* linear: value times weight of each word, and half of it of each pair */
} heed_method;

/* A mean over rows and its 95% interval; NaN where it is not defined. */
typedef struct heed_interval {
    double mean, low, high;
} heed_interval;

/* The name of a method, such as "leave-one-out"; "auto". */
HEED_API const char *heed_method_name(heed_method method);

typedef struct heed_explain_options {
    heed_method method;
    const char *label;  /* NULL: the one answered, of several a row the likeliest */
    unsigned steps;     /* of integrated gradients, 1 to 10000, rounded up to a multiple of 8; 0: as many as it takes,
                           32 to 1024 */
    unsigned threads;   /* 0: one a processor */
} heed_explain_options;

HEED_API void heed_explain_options_init(heed_explain_options *options);

/* What happened to a piece of the text. */
typedef enum heed_token_status {
    HEED_TOKEN_READ,        /* a word that the model knows */
    HEED_TOKEN_UNKNOWN,     /* a word that it does not: read as <unk>, or left out where it has no tokens */
    HEED_TOKEN_CUT,         /* a word outside of the window */
    HEED_TOKEN_STOP_WORD,   /* dropped as one */
    HEED_TOKEN_PUNCTUATION, /* dropped as it */
    HEED_TOKEN_TAG,         /* of HTML, which became a space */
    HEED_TOKEN_FILTERED,    /* dropped by the filter of the keras vocabulary */
    HEED_TOKEN_BETWEEN      /* spaces, and characters that are not seen */
} heed_token_status;

/* The name of a fate, such as "stop word". */
HEED_API const char *heed_token_status_name(heed_token_status fate);

/* What the model read: one step of its input. */
typedef struct heed_explained_token {
    heed_bytes text;   /* as the model knows it, "<unk>" where it does not */
    size_t begin, end; /* bytes of the text */
    size_t segment;    /* that it is part of */
    double score;
} heed_explained_token;

/* A piece of the original text: segments stand one behind the other and leave no byte out. */
typedef struct heed_segment {
    heed_token_status fate;
    size_t begin, end;
    double score;               /* the sum of its tokens'; 0 where it has none */
    heed_bytes word;            /* of a word (the first three fates): what cleaning made of it; else data NULL */
    size_t first_token, tokens; /* of the tokens, its own */
} heed_segment;

/* Everything in it is borrowed from the explanation. */
typedef struct heed_explanation_info {
    heed_bytes text;
    const heed_segment *segments;
    size_t segment_count;
    const heed_explained_token *tokens;
    size_t token_count;
    const char *const *labels;   /* of the model, in the order of the probabilities */
    const float *probabilities;  /* [label_count], as heed_predictor_run gives them */
    size_t label_count, label;   /* label: the one explained */
    heed_method method;          /* never HEED_METHOD_AUTO */
    bool compared;               /* scores are differences to those of another text */
    double logit;                /* of the label */
    double baseline;             /* integrated: the logit of zero embeddings; weights: of a text without words; else
                                    NaN */
    double gap;                  /* integrated, weights: | sum of scores - (logit - baseline) | / | logit - baseline |,
                                    0 where both are 0; else NaN */
    unsigned steps;              /* integrated: taken; else 0 */
    double padding;              /* attention: what padding gets, where the network reads it */
    uint32_t measured_rows;      /* HEED_METHOD_AUTO took this method as it proved the most faithful one on so many
                                    rows; 0: for another reason, or it was asked for */
    heed_interval gain;          /* then: heed_method_faithfulness's */
} heed_explanation_info;

/* Scratch for explanations with a model, which is borrowed, for one caller at a time. */
typedef struct heed_explainer heed_explainer;
typedef struct heed_explanation heed_explanation;

/* Options are copied. Errors: HEED_USAGE for a label that the model does not know, a method that its kind does not
 * have (with those that it has), steps out of range; HEED_FAILED. */
HEED_API heed_status heed_explainer_new(heed_explainer **out, const heed_model *model,
                                        const heed_explain_options *options, heed_error *error);
HEED_API void heed_explainer_free(heed_explainer *explainer);
/* Explains one text, which is copied. Errors: HEED_BAD_DATA for bytes that are not UTF-8 and for leave-one-out of over
 * 10000 tokens, HEED_FAILED. */
HEED_API heed_status heed_explainer_run(heed_explanation **out, heed_explainer *explainer, heed_bytes text,
                                        heed_error *error);
/* Explains how two texts differ: their tokens are aligned by a longest common subsequence, and a token's score is its
 * own less that of the token aligned with it, or all of its own. *out shows text, *other shows against, both for the
 * label of text. Further errors: HEED_BAD_DATA where what differs is too long to be aligned. */
HEED_API heed_status heed_explainer_compare(heed_explanation **out, heed_explanation **other,
                                            heed_explainer *explainer, heed_bytes text, heed_bytes against,
                                            heed_error *error);
/* It does not need its explainer any more, but its model. */
HEED_API heed_explanation_info heed_explanation_describe(const heed_explanation *explanation);
HEED_API void heed_explanation_free(heed_explanation *explanation);

typedef enum heed_explanation_format {
    HEED_EXPLANATION_TEXT,      /* for terminals: marks alone */
    HEED_EXPLANATION_COLOURS,   /* with the 256 colours of xterm */
    HEED_EXPLANATION_TRUECOLOUR, /* with 24 bits */
    HEED_EXPLANATION_HTML,      /* one page, self-contained, light and dark */
    HEED_EXPLANATION_SVG,       /* one picture */
    HEED_EXPLANATION_JSON       /* one object a line */
} heed_explanation_format;

/* Draws count explanations; heed_free(*out), whose *size bytes are UTF-8 with a NUL behind. In none of the pictures is
 * a byte of a text obeyed: control characters are replaced, markup is escaped. */
HEED_API heed_status heed_explanations_draw(char **out, size_t *size, const heed_explanation *const *items,
                                            size_t count, heed_explanation_format picture, heed_error *error);

/* ---------------------------------------------------------------- faithfulness */

/* How far explanations can be trusted, measured: a text loses the words that a method ranks highest, or all the others,
 * and the probability of the label that the whole text got is looked at (DeYoung et al. 2020, "ERASER", section 4):
 *   comprehensiveness  p(whole) - p(without its top words)   large where the words were needed
 *   sufficiency        p(whole) - p(the top words alone)     small where the words were enough
 * A text without words is one that the model never saw in training, and these measures cannot tell a word's meaning
 * from the text's strangeness; words in random order, which suffer alike, are the yardstick. */
typedef struct heed_faithfulness heed_faithfulness;

/* What becomes of an erased word. */
typedef enum heed_erase {
    HEED_ERASE_REMOVE, /* the text is shorter without it */
    HEED_ERASE_UNK     /* it is read as <unk>; for a vocabulary that has it (HEED_VOCABULARY_COUNTS) */
} heed_erase;

typedef struct heed_faithfulness_options {
    heed_erase erase;
    uint32_t rows;         /* of the input, drawn without replacement; 0: 300 */
    unsigned orders;       /* random orders of each row's words, whose mean counts; 0: 10; up to 1000 */
    unsigned permutations; /* of each row's attention; 0: 100 (Jain & Wallace's); up to 10000 */
    unsigned resamples;    /* of the bootstrap over rows; 0: 2000; up to 100000 */
    unsigned steps;        /* as in heed_explain_options */
    uint64_t seed;
    unsigned threads;      /* 0: one a processor; the bits do not depend on it */
} heed_faithfulness_options;

HEED_API void heed_faithfulness_options_init(heed_faithfulness_options *options);

/* Of the words that are erased or kept 10%, 20% and 50% (rounded up), and the mean of the three. */
enum { HEED_ERASED_10, HEED_ERASED_20, HEED_ERASED_50, HEED_ERASED_MEAN, HEED_ERASED };

/* Means over the rows. Words are ranked by score, highest first, equal ones by chance. */
typedef struct heed_method_faithfulness {
    heed_method method; /* HEED_METHOD_AUTO: no method, random orders */
    heed_interval comprehensiveness[HEED_ERASED], sufficiency[HEED_ERASED];
    heed_interval over_random, under_random; /* the method's mean comprehensiveness less that of random order, and the
                                                mean sufficiency of random order less the method's */
    heed_interval gain;                      /* the mean of these two, by which methods are ranked */
    heed_interval leave_one_out;  /* Kendall's tau-b between the words' scores and those by leave-one-out, of attention,
                                     which has no sign, and their sizes */
    heed_interval random_weights; /* the same between the scores and those of the same network with random weights
                                     (Adebayo et al. 2018, "Sanity checks for saliency maps"): near 1 a method does not
                                     look at the model; NaN for a linear one */
} heed_method_faithfulness;

typedef struct heed_faithfulness_info {
    const heed_method_faithfulness *methods; /* all that the model has, and random order last */
    size_t count;
    uint64_t rows;    /* measured */
    uint64_t offered; /* of the input */
    uint64_t short_texts; /* drawn, and left out for having fewer than two words (or over 10000 tokens) */
    heed_erase erase;
    heed_interval permuted; /* how far the output moves when a row's attention is dealt out anew, the median over
                               permutations (Jain & Wallace 2019, "Attention is not explanation", section 4.2.1): total
                               variation distance, of several labels a row the mean over them; NaN without attention */
    heed_method best;       /* of the largest gain, where its interval lies above 0; else HEED_METHOD_AUTO */
} heed_faithfulness_info;

/* Measures each method that the model has on rows of a reader. The listener, which may be NULL, is told HEED_STAGE_READ
 * and HEED_STAGE_EXPLAIN. Errors: HEED_USAGE for options that cannot be used, HEED_BAD_DATA for rows that cannot be read
 * or none with two words, HEED_FAILED, HEED_STOPPED. */
HEED_API heed_status heed_faithfulness_measure(heed_faithfulness **out, const heed_model *model, heed_reader *reader,
                                               const heed_faithfulness_options *options,
                                               const heed_listener *listener, heed_error *error);
/* Borrowed. */
HEED_API heed_faithfulness_info heed_faithfulness_describe(const heed_faithfulness *faithfulness);
/* Tables for people, one JSON object, and a picture (as those below). */
HEED_API heed_status heed_faithfulness_report(const heed_faithfulness *faithfulness, char **out, heed_error *error);
HEED_API heed_status heed_faithfulness_json(const heed_faithfulness *faithfulness, char **out, heed_error *error);
HEED_API heed_status heed_faithfulness_picture(char **out, const heed_faithfulness *faithfulness, heed_error *error);
HEED_API void heed_faithfulness_free(heed_faithfulness *faithfulness);
/* Keeps the best method in the model, with its figures: HEED_METHOD_AUTO is this method from then on. HEED_UNMET, and
 * nothing is changed, where no method is better than random order; HEED_USAGE for another model's figures. */
HEED_API heed_status heed_model_set_explanation(heed_model *model, const heed_faithfulness *faithfulness,
                                                heed_error *error);

/* ---------------------------------------------------------------- evaluation */

/* Figures as scikit-learn computes them. */
typedef struct heed_evaluation heed_evaluation;

/* Collects labels and probabilities. threshold: of the positive label of two (0.5 is the tutorial's; positive where
 * the probability is greater); ignored with more labels. Rows come by heed_evaluation_add. */
HEED_API heed_status heed_evaluation_new(heed_evaluation **out, const char *const *labels, size_t label_count,
                                         size_t positive, double threshold, heed_error *error);
/* truth: the index of the row's label; probabilities [label_count]. */
HEED_API heed_status heed_evaluation_add(heed_evaluation *evaluation, size_t truth, const float *probabilities,
                                         heed_error *error);
/* The same for several labels a row, which come by heed_evaluation_add_labels: thresholds [label_count], copied; a
 * label is answered where its probability is greater. */
HEED_API heed_status heed_evaluation_new_multilabel(heed_evaluation **out, const char *const *labels,
                                                    size_t label_count, const double *thresholds, heed_error *error);
/* truth: the indexes of the row's count labels. */
HEED_API heed_status heed_evaluation_add_labels(heed_evaluation *evaluation, const size_t *truth, size_t count,
                                                const float *probabilities, heed_error *error);
/* Computes; call once, after the last row. HEED_BAD_DATA without rows. */
HEED_API heed_status heed_evaluation_finish(heed_evaluation *evaluation, heed_error *error);
/* A figure by name. HEED_USAGE for an unknown name, with the known ones; NaN if it is not defined for these rows.
 *   accuracy           share of rows answered rightly; of several labels a row, with all of their labels
 *   baseline           accuracy of always answering the commonest label, or the commonest set of labels
 *   hamming_loss       share of single labels answered wrongly (only of several labels a row)
 *   auc                exact area under the ROC curve; of more than two labels the mean of each against the rest
 *   micro_auc          the same of all questions together
 *   average_precision  area under the precision-recall curve, as auc
 *   loss               cross-entropy; of several labels a row the mean binary cross-entropy
 *   brier              mean squared distance of probabilities to 0 and 1: of two labels the positive's, of more the sum
 *                      over a row's labels, of several labels a row the mean over them
 *   ece                expected calibration error (Guo et al. 2017): 15 bins of the likeliest answer's probability; of
 *                      several labels a row yes or no to each
 * and averages over labels: macro_, weighted_, micro_ (and, of several labels a row, over rows: samples_) precision, recall
 * and f1, such as macro_f1; and of a label f1:LABEL, precision:LABEL, recall:LABEL. */
HEED_API heed_status heed_evaluation_metric(const heed_evaluation *evaluation, const char *name, double *out,
                                            heed_error *error);
/* Whether heed_evaluation_metric knows this name; may be asked before there are rows. HEED_USAGE where not. */
HEED_API heed_status heed_evaluation_check_metric(const heed_evaluation *evaluation, const char *name,
                                                  heed_error *error);
/* Checks that each text is a figure and the number that it must reach, or, if less of it is better (loss, say), must not
 * exceed: "macro_f1=0.85". May be asked before there are rows, and of the evaluation NULL, whose
 * figures are not known. HEED_USAGE where not. */
HEED_API heed_status heed_evaluation_check_requirements(const heed_evaluation *evaluation,
                                                        const char *const *requirements, size_t count,
                                                        heed_error *error);
/* Whether all of them are met, after heed_evaluation_finish: HEED_UNMET with those that are not, to which one of a figure
 * that is not defined belongs; HEED_USAGE as above. */
HEED_API heed_status heed_evaluation_require(const heed_evaluation *evaluation, const char *const *requirements,
                                             size_t count, heed_error *error);
/* Draws the rows anew, resamples (at least 1) times, for 95% intervals (Efron & Tibshirani 1993, chapter 13: percentiles) of
 * most figures, and (up to 10,000,000 resamples times labels) of precision, recall and f1 of each label; JSON has them all.
 * After heed_evaluation_finish. threads: 0 is one a processor; the bits do not depend on it. */
HEED_API heed_status heed_evaluation_bootstrap(heed_evaluation *evaluation, unsigned resamples, uint64_t seed,
                                               unsigned threads, heed_error *error);
/* One of them; NaN where the figure is not defined. HEED_USAGE, with those that have intervals, for another figure, and before
 * the bootstrap. */
HEED_API heed_status heed_evaluation_interval(const heed_evaluation *evaluation, const char *name, double *low,
                                              double *high, heed_error *error);
/* ROC, precision-recall and calibration curves as CSV for plotting: rows `curve,label,x,y,threshold,rows`. roc: false
 * and true positive rate; precision_recall: recall and precision; calibration: mean probability and share of the label
 * in each of 15 equal bins, and its rows. Of two labels the positive's, of more each against the rest; equal to
 * scikit-learn's roc_curve, precision_recall_curve and calibration_curve. A curve that is not defined has no rows. */
HEED_API heed_status heed_evaluation_curves_csv(const heed_evaluation *evaluation, char **out, heed_error *error);
/* scikit-learn's classification report, the confusion matrix and the areas, as text for people. digits: 2 as usual. */
HEED_API heed_status heed_evaluation_report(const heed_evaluation *evaluation, int digits, char **out,
                                            heed_error *error);
/* The same as one JSON object. */
HEED_API heed_status heed_evaluation_json(const heed_evaluation *evaluation, char **out, heed_error *error);
HEED_API void heed_evaluation_free(heed_evaluation *evaluation);

/* ---------------------------------------------------------------- report */

/* All about a model and its test in a folder: report.html, one page that needs nothing from outside, report.json, which
 * says the same to programs, and pictures/NAME.svg. The page tells the figures, draws them, shows at most 10 of the
 * surest mistakes explained (heed_explainer's AUTO) and the words with the most pull per label: gradient times input
 * (linear: value times weight), added up per word and row, the mean over rows of a sample of at most 2,000. */
typedef struct heed_report heed_report;

typedef struct heed_report_options {
    const char *folder;       /* made where it is missing; files of these names are replaced */
    const char *model_file;   /* told by name and digest (XXH3-128 of its bytes); NULL: none */
    const char *const *files; /* [file_count]: of the rows, told by name */
    size_t file_count;
    uint64_t seed;            /* of the sample */
    unsigned threads;         /* 0: one a processor; the bytes do not depend on it */
    const char *graph;        /* an SVG for the page: heed_model_dot as Graphviz draws it; NULL: none */
} heed_report_options;

HEED_API void heed_report_options_init(heed_report_options *options);
/* For an evaluation without rows yet, of the model's labels; both are borrowed, options are copied. Errors: HEED_USAGE,
 * HEED_FAILED for a folder that cannot be made, HEED_BAD_DATA for a model file that cannot be read. */
HEED_API heed_status heed_report_new(heed_report **out, const heed_model *model, const heed_evaluation *evaluation,
                                     const heed_report_options *options, heed_error *error);
/* The text of the row that was added to the evaluation last, and its id (data NULL: none). Needs memory by the row, not
 * by its text. HEED_USAGE where the evaluation has another number of rows. */
HEED_API heed_status heed_report_add(heed_report *report, heed_bytes text, heed_bytes id, heed_error *error);
/* Writes the files; once, after heed_evaluation_finish (and the bootstrap, for intervals). The listener, which may be
 * NULL, is told HEED_STAGE_PREDICT in rows of the sample. Errors: HEED_USAGE, HEED_FAILED, HEED_STOPPED. */
HEED_API heed_status heed_report_write(heed_report *report, const heed_listener *listener, heed_error *error);
HEED_API void heed_report_free(heed_report *report);

/* ---------------------------------------------------------------- comparison */

/* Which architecture, or other choice of a training, is better, and whether that could be chance: every contender is
 * trained with several seeds on the same split, and measured on the same rows. */
typedef struct heed_comparison heed_comparison;

typedef struct heed_compare_options {
    const heed_train_options *contenders; /* the first is what the others are compared with; its validation and seed
                                             divide the rows for all of them, its threads work for all of them; a linear
                                             one leaves vectors, frozen_epochs and init_from aside */
    const char *const *names;             /* as the tables call them; NULL, or NULL for one: its architecture */
    size_t count;                         /* at least 1 */
    unsigned seeds;                       /* trials of each: with its seed, the one after, ...; 1 to 1000 */
    unsigned resamples;                   /* of the bootstrap; 0: 2000 */
} heed_compare_options;

/* One training. */
typedef struct heed_trial {
    const char *name, *architecture;
    uint64_t seed;
    heed_status status;       /* HEED_OK, or why there are no figures */
    const char *problem;      /* the message then, else "" */
    unsigned epochs, epoch_kept;
    uint64_t rows;            /* that trained */
    double seconds;           /* of the training */
    uint64_t parameters;
    heed_keras_metrics validation;  /* of the kept epoch; loss NaN without a validation part */
    double accuracy, macro_f1, auc, loss; /* of the measured rows, as heed_evaluation_metric's */
} heed_trial;

typedef struct heed_spread {
    double mean, deviation; /* of the trials that have figures; deviation (n - 1) is NaN with one of them */
} heed_spread;

/* A difference to the first contender, with the 95% interval of a paired bootstrap (Efron & Tibshirani 1993, chapter
 * 13: percentiles) that draws rows and trials anew. */
typedef struct heed_difference {
    double mean, low, high; /* NaN where one side has no trial with figures */
} heed_difference;

/* A contender over its trials. */
typedef struct heed_contender {
    const char *name, *architecture;
    bool yardstick;           /* added: nobody asked for it */
    size_t first, trials;     /* its trials, among heed_comparison_trials */
    size_t failed;
    uint64_t parameters;
    heed_spread accuracy, macro_f1, auc, seconds;
    heed_difference accuracy_difference, macro_f1_difference;
} heed_contender;

/* Trains and measures. The corpus's test part is measured, or where there is none the validation part. Two yardsticks
 * always take part, with the options of the first contender: "linear", and where every network asked for has an
 * attention, the first one with "mean" in its place. Options that cannot be used are HEED_USAGE for all; a trial that
 * fails is kept with its message and the others go on; HEED_STOPPED comes with what is complete. The listener is told
 * of a trial's stages with event.trial set, and of its end by HEED_STAGE_TRIAL. */
HEED_API heed_status heed_compare(heed_comparison **out, heed_corpus *corpus, const heed_compare_options *options,
                                  const heed_listener *listener, heed_error *error);
/* Both borrowed from the comparison. */
HEED_API const heed_contender *heed_comparison_contenders(const heed_comparison *comparison, size_t *count);
HEED_API const heed_trial *heed_comparison_trials(const heed_comparison *comparison, size_t *count);
/* A table for people, of the contenders and of their differences to the first. */
HEED_API heed_status heed_comparison_report(const heed_comparison *comparison, char **out, heed_error *error);
/* All of it as one JSON object. */
HEED_API heed_status heed_comparison_json(const heed_comparison *comparison, char **out, heed_error *error);
/* A row a trial. */
HEED_API heed_status heed_comparison_csv(const heed_comparison *comparison, char **out, heed_error *error);
HEED_API void heed_comparison_free(heed_comparison *comparison);

/* ---------------------------------------------------------------- search for options */

/* Which values of options train best: random search (Bergstra & Bengio 2012, "Random search for hyper-parameter
 * optimization") with successive halving (Jamieson & Talwalkar 2016, "Non-stochastic best arm identification and
 * hyperparameter optimization"). Every trial draws its values from ranges and trains for a ninth of the epochs, the best third
 * of them for a third, and the best third of those for all: three rungs, or fewer where epochs are few. */
typedef struct heed_tuning heed_tuning;

/* What trials are judged by: a figure of the validation rows at the epoch that is kept. */
typedef enum heed_goal { HEED_GOAL_LOSS, HEED_GOAL_ACCURACY, HEED_GOAL_AUC } heed_goal;

typedef struct heed_tune_options {
    const heed_text_options *text;   /* of all trials, but for what ranges say; cleaning and words */
    const heed_train_options *train; /* the same; epochs are the last rung's, seed is that of all trials and of what they
                                        draw; the architecture may have ranges in braces */
    const char *const *ranges;       /* [range_count]: "learning-rate={0.0003..0.01}", "optimizer=adam,sgd" */
    size_t range_count;
    heed_goal goal;
    uint32_t trials;                 /* of the first rung; 0: 27, with minutes as many as there is time for */
    double minutes;                  /* of training, an equal part of them on every rung; 0: until all trials are done */
    const char *table;               /* a CSV that gets a row as each training ends */
    bool resume;                     /* the table may be there: what it holds is not trained again */
    heed_status (*read)(void *user, heed_corpus *corpus, heed_error *error); /* fills an empty corpus; called again where
                                        ranges change how texts are read */
    void *user;
} heed_tune_options;

HEED_API void heed_tune_options_init(heed_tune_options *options);

/* One training of a trial. */
typedef struct heed_tune_trial {
    unsigned rung, number; /* from 1 */
    unsigned epochs;
    heed_status status;         /* HEED_OK, or why there are no figures */
    const char *problem;        /* the message then; else NULL */
    unsigned epoch_kept;
    double loss, accuracy, auc; /* of the validation rows at the epoch kept */
    uint64_t parameters;
    double seconds;
} heed_tune_trial;

/* Refuses ranges and options that cannot be used, and a table that cannot be written, before anything is read. *rereads
 * (which may be NULL): whether ranges change how texts are read. Errors: HEED_USAGE, HEED_BAD_DATA for a file that a value
 * names and that is missing, HEED_FAILED. */
HEED_API heed_status heed_tune_check(const heed_tune_options *options, bool *rereads, heed_error *error);
/* Searches; options and what they point to are borrowed until heed_tuning_free. HEED_STOPPED comes with what is complete. The
 * listener gets HEED_STAGE_NOTE as trials and rungs end, and the stages of trainings with event.trial set. Errors: as
 * heed_tune_check, those of `read`, and that of the first trial if all failed. */
HEED_API heed_status heed_tune(heed_tuning **out, const heed_tune_options *options, const heed_listener *listener,
                               heed_error *error);
/* All trainings, those of the table among them, in their order; borrowed. */
HEED_API const heed_tune_trial *heed_tuning_trials(const heed_tuning *tuning, size_t *count);
/* The best trial, its options laid over *text and *train, which borrow from the tuning; NULL where all failed. */
HEED_API const heed_tune_trial *heed_tuning_best(heed_tuning *tuning, heed_text_options *text,
                                                 heed_train_options *train);
/* The ten best trials with their values, as text for people. */
HEED_API heed_status heed_tuning_report(const heed_tuning *tuning, char **out, heed_error *error);
/* All trainings as one JSON object. */
HEED_API heed_status heed_tuning_json(const heed_tuning *tuning, char **out, heed_error *error);
HEED_API void heed_tuning_free(heed_tuning *tuning);

/* ---------------------------------------------------------------- pictures */

/* A picture is one SVG as text (heed_free(*out)): readable in light and in dark, opened by itself or put into a page as
 * it is. Labels may be in any script and as long as they like. Numbers that are not finite are left out; if nothing is
 * left, the picture says "no data". Errors: HEED_FAILED for memory. */

/* The nine figures of each epoch, of training and validation; the epoch whose weights the model has is marked. */
HEED_API heed_status heed_model_picture(char **out, const heed_model *model, heed_error *error);
/* Each contender's accuracy, mean and standard deviation, and its difference to the first with the 95% interval. */
HEED_API heed_status heed_comparison_picture(char **out, const heed_comparison *comparison, heed_error *error);

/* A line of a picture, and the name that its legend shows. */
typedef struct heed_line {
    const char *name;
    const double *x, *y;      /* [count] */
    const double *low, *high; /* [count]: an interval of each y; NULL: none */
    size_t count;
    double area;              /* shown beside the name; NaN: none */
} heed_line;

/* Learning curves. x: rows trained on; y: what `figure` names, such as "accuracy". */
HEED_API heed_status heed_learning_picture(char **out, const heed_line *lines, size_t count, const char *figure,
                                           heed_error *error);

/* ---------------------------------------------------------------- built-in data */

/* WordNet's noun definitions by category, tab-separated with the header `label<TAB>text`: part is "train" (20,000
 * rows), "validation" or "test" (4,000 each). No definition is in two parts. */
HEED_API heed_status heed_demo_data(char **out, size_t *size, const char *part, heed_error *error);

#ifdef __cplusplus
}
#endif
#endif
