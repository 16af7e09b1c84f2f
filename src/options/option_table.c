#include "options/option_table.h"

#include <stddef.h>
#include <string.h>

#include "options/choices.h"
#include "options/option_checks.h"

/* The place of the field. */
#define ROWS(field) HEED_OPTIONS_ROWS, .offset = offsetof(heed_rows_options, field)
#define TEXT(field) HEED_OPTIONS_TEXT, .offset = offsetof(heed_text_options, field)
#define TRAIN(field) HEED_OPTIONS_TRAIN, .offset = offsetof(heed_train_options, field)
#define VECTORS(field) HEED_OPTIONS_VECTORS, .offset = offsetof(heed_vectors_options, field)
#define EXPLAIN(field) HEED_OPTIONS_EXPLAIN, .offset = offsetof(heed_explain_options, field)
#define FAITHFULNESS(field) HEED_OPTIONS_FAITHFULNESS, .offset = offsetof(heed_faithfulness_options, field)
#define COMPARE(field) HEED_OPTIONS_COMPARE, .offset = offsetof(heed_compare_options, field)
#define TUNE(field) HEED_OPTIONS_TUNE, .offset = offsetof(heed_tune_options, field)
/* The values of the presets: the same number for both, or one for each. */
#define BOTH(value) .initial = {.number = (value)}, .tutorial = {.number = (value)}
#define EACH(default_, tutorial_) .initial = {.number = (default_)}, .tutorial = {.number = (tutorial_)}

#define STEM_WORD(constant, name) " " name
/* " .tsv .tab" of each format. */
#define FORMAT_EXTENSIONS(name, word, extensions, meaning) " " extensions

static const option options[] = {
    {"method", OPTION_CHOICE, EXPLAIN(method), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING,
     .choices = &method_names,
     .help = "How words are scored. auto: the method that --faithfulness --store chose; if none is stored, weights for "
             "a linear or wide model, else integrated, or gradient for a text that is too long for it. See above."},
    {"label", OPTION_TEXT, EXPLAIN(label), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING, .value = "LABEL",
     .fallback = "the predicted label", .help = "The label that the scores are for or against."},
    {"steps", OPTION_WHOLE, EXPLAIN(steps), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING, .value = "N", .min = 1,
     .max = 10000, .zero_is_unset = true, .fallback = "32, raised up to 1024 as needed",
     .help = "Interpolation points of integrated gradients, rounded up to a multiple of 8. By default points are added "
             "until the scores add up to the change of the logit."},
    {"rows", OPTION_WHOLE, FAITHFULNESS(rows), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING, .value = "N",
     .min = 1, .max = 1000000, .zero_is_unset = true, BOTH(300),
     .help = "With --faithfulness: number of texts to measure on, drawn from the file."},
    {"seed", OPTION_SEED, FAITHFULNESS(seed), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING, .value = "N",
     .max = MAX_SEED, BOTH(1), .help = "With --faithfulness: seed of its random numbers."},
    {"erase", OPTION_CHOICE, FAITHFULNESS(erase), .group = GROUP_MAIN, .touches = TOUCHES_EXPLAINING,
     .choices = &erase_names, .help = "With --faithfulness: how words are erased: removed, or replaced by <unk>."},
    {"seeds", OPTION_WHOLE, COMPARE(seeds), .group = GROUP_MAIN, .touches = TOUCHES_COMPARING, .value = "N", .min = 1,
     .max = 1000, BOTH(3),
     .help = "Trainings per architecture, with seeds counted up from --seed. All of them use the same rows."},

    {"trials", OPTION_WHOLE, TUNE(trials), .group = GROUP_MAIN, .touches = TOUCHES_TUNING, .value = "N", .min = 1,
     .max = 100000, .zero_is_unset = true, .fallback = "27; with --minutes, as many as there is time for",
     .help = "Number of trials in the first rung. Trials that draw the same values are trained once."},
    {"minutes", OPTION_REAL, TUNE(minutes), .group = GROUP_MAIN, .touches = TOUCHES_TUNING, .value = "M", .max = 1e6,
     .help = "Search for about M minutes, divided equally between the rungs; 0: until all trials are done."},
    {"goal", OPTION_CHOICE, TUNE(goal), .group = GROUP_MAIN, .touches = TOUCHES_TUNING, .choices = &goal_names,
     .help = "How trials are ranked: by this metric of the validation rows, at the epoch that --keep keeps."},

    {"format", OPTION_CHOICE, ROWS(format), .group = GROUP_ROWS, .touches = TOUCHES_READING, .choices = &format_names,
     .record = RECORD_ALWAYS,
     .help = "Format of the input. auto chooses by the file name, ignoring .gz or .zst:" HEED_FORMATS(
         FORMAT_EXTENSIONS) " or a folder with a subfolder of .txt files for each label; any other file has one text "
                            "per "
                            "line."},
    {"encoding", OPTION_CHOICE, ROWS(encoding), .group = GROUP_ROWS, .touches = TOUCHES_READING,
     .choices = &encoding_names, .record = RECORD_ALWAYS,
     .help =
         "Encoding of the files whose name does not say it, as in old.csv:windows-1252. With utf-8 a file that cannot "
         "be UTF-8 is read as windows-1252, with a warning; old.csv:utf-8 refuses that."},
    {"quoting", OPTION_CHOICE, ROWS(quoting), .group = GROUP_ROWS, .touches = TOUCHES_READING,
     .choices = &quoting_names, .record = RECORD_ALWAYS,
     .help = "How quotes are read in TSV and CSV. minimal: a quote inside quotes is written \"\"; backslash: it is "
             "written \\\"; none: quotes are ordinary characters; auto: the first of these three that fits the file."},
    {"no-header", OPTION_FLAG, ROWS(no_header), .group = GROUP_ROWS, .touches = TOUCHES_READING, .fallback = "",
     .record = RECORD_ALWAYS, .help = "TSV, CSV: the file has no header line, and options name columns by number."},
    {"text-column", OPTION_JOINED, ROWS(text_columns), .group = GROUP_ROWS, .touches = TOUCHES_READING, .value = "NAME",
     .fallback = "text, review or sentence", .record = RECORD_ALWAYS, .record_name = "text_columns",
     .help = "Column of the text, by name or by number from 1. Several columns (repeat the option, or write a,b) are "
             "joined by a space."},
    {"label-column", OPTION_TEXT, ROWS(label_column), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .value = "NAME",
     .fallback = "label, sentiment or class", .record = RECORD_ALWAYS, .help = "Column of the label."},
    {"label-separator", OPTION_TEXT, ROWS(label_separator), .group = GROUP_ROWS,
     .touches = TOUCHES_ANSWERS | TOUCHES_SHAPE, .value = "TEXT", .fallback = "one label per row",
     .record = RECORD_LATE,
     .help = "Rows and predictions may have any number of labels. In the label column they are separated by TEXT; in a "
             "fastText line each __label__ word is one, in JSONL each string of an array."},
    {"label-from", OPTION_TEXT, ROWS(label_from), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .value = "RULE",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Compute the label by a rule such as id:rating>=5: 1 if the number after the last _ in column id is at "
             "least 5, else 0."},
    {"label-map", OPTION_TEXT, ROWS(label_map), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .value = "A=B,...",
     .fallback = "", .record = RECORD_ALWAYS,
     .help =
         "Rename labels, such as pos=1,neg=0. A row with a label that is not in the list is a bad row; with ,* at its "
         "end, as in login=Login,*, other labels stay as they are."},
    {"drop-label", OPTION_TEXT, ROWS(drop_labels), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .value = "A,...",
     .fallback = "", .record = RECORD_ALWAYS, .record_name = "drop_labels",
     .empty_sets = offsetof(heed_rows_options, drop_unlabelled),
     .help = "Skip rows with these labels (as spelled in the file), such as unsup. '': rows without a label."},
    {"keep-blanks", OPTION_FLAG, ROWS(keep_blanks), .group = GROUP_ROWS, .touches = TOUCHES_LABELS, .fallback = "",
     .record = RECORD_SET, .help = "Keep the blanks around labels, which are removed otherwise."},
    {"keep-form", OPTION_FLAG, ROWS(keep_form), .group = GROUP_ROWS, .fallback = "",
     .help = "Keep the Unicode form of labels, which are brought to NFC otherwise."},
    {"id-column", OPTION_TEXT, ROWS(id_column), .group = GROUP_ROWS, .touches = TOUCHES_ANSWERS, .value = "NAME",
     .fallback = "id", .record = RECORD_ALWAYS, .help = "Column of the row's id."},
    {"split-column", OPTION_TEXT, ROWS(split_column), .group = GROUP_ROWS, .touches = TOUCHES_PARTS, .value = "NAME",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Column that says train, validation or test (or 0, 1, 2). Rows of the test part are never trained on."},
    {"group-column", OPTION_TEXT, ROWS(group_column), .group = GROUP_ROWS, .touches = TOUCHES_PARTS, .value = "NAME",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Column of a group. Rows of one group are either all used for training or all for validation. By default "
             "rows with equal texts are a group."},
    {"weight-column", OPTION_TEXT, ROWS(weight_column), .group = GROUP_ROWS, .touches = TOUCHES_PARTS, .value = "NAME",
     .fallback = "", .record = RECORD_ALWAYS,
     .help = "Column of a weight, 0 or more: how much the row counts in the training loss. In validation every row has "
             "weight 1."},
    {"on-bad-row", OPTION_CHOICE, ROWS(on_bad_row), .group = GROUP_ROWS, .touches = TOUCHES_READING,
     .choices = &on_bad_row_names, .record = RECORD_LATE,
     .help = "What to do with a row that cannot be read. Skipped rows are counted; if more than 1% are bad, the "
             "command fails."},
    {"tutorial", OPTION_FLAG, ROWS(tutorial), .group = GROUP_ROWS, EACH(0, 1), .fallback = "", .record = RECORD_LATE,
     .help = "Recognise the tutorial's three files by their columns, and read each as the tutorial does."},
    {"need-label", OPTION_FLAG, ROWS(need_label), .group = GROUP_ROWS, .fallback = "",
     .help = "A file without labels is an error."},
    {"need-columns", OPTION_FLAG, ROWS(need_columns), .group = GROUP_ROWS, .fallback = "",
     .help = "A column that an option names is an error if it is missing."},
    {"drop-unlabelled", OPTION_FLAG, ROWS(drop_unlabelled), .group = GROUP_ROWS, .touches = TOUCHES_LABELS,
     .fallback = "", .help = "Leave out rows without a label, as --drop-label '' does."},
    {"bad-rows-too", OPTION_FLAG, ROWS(bad_rows_too), .group = GROUP_ROWS, .fallback = "",
     .help = "Bad rows that are skipped have a record too."},
    {"delimiter", OPTION_TEXT, ROWS(delimiter), .group = GROUP_ROWS, .touches = TOUCHES_READING, .value = "CHARACTER",
     .fallback = "found in each file", .check = check_delimiter, .record = RECORD_SET,
     .help =
         "TSV, CSV: the character that separates fields, or tab. By itself it is found from the header and the first "
         "rows: comma, semicolon, tab or |, or what a first line such as sep=; says."},
    {"text-rules", OPTION_CHOICE, TEXT(rules), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &text_rules_names, EACH(HEED_TEXT_RULES_UNICODE, HEED_TEXT_RULES_PYTHON), .always_on = true,
     .record = RECORD_SET,
     .help = "What a character, a word and a tag are. unicode: spellings of the same character are one (NFC), a word "
             "keeps its marks and joiners, an emoji is one token, Chinese, Japanese, Thai, Lao, Khmer and Burmese are "
             "divided into user-perceived characters, and only names of HTML's elements make tags. python: as Python's "
             "re and heed 0.1.0 see them."},
    {"html", OPTION_CHOICE, TEXT(html), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING, .choices = &html_names,
     EACH(HEED_HTML_SPACE, HEED_HTML_KEEP), .record = RECORD_ALWAYS,
     .help = "Keep HTML as it is, or replace each tag and comment by a space, script and style with all that is in "
             "them, and entities such as &amp; by their characters. <user> and x<y are no tags, and stay (unless "
             "--text-rules is python)."},
    {"punctuation", OPTION_CHOICE, TEXT(punctuation), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &punctuation_names, EACH(HEED_PUNCTUATION_KEEP, HEED_PUNCTUATION_FIRST32), .record = RECORD_ALWAYS,
     .is_tokenizers = true,
     .help = "Keep punctuation, or remove all of it. first32 removes only the first 32 punctuation characters of a "
             "text (a bug of the tutorial)."},
    {"case", OPTION_CHOICE, TEXT(letters), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &letters_names, BOTH(HEED_LETTERS_LOWER), .record = RECORD_ALWAYS, .is_tokenizers = true,
     .help = "Keep upper and lower case, or make all letters lower case."},
    {"tokens", OPTION_CHOICE, TEXT(tokens), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &tokens_names, EACH(HEED_TOKENS_WORDS, HEED_TOKENS_SPLIT), .record = RECORD_ALWAYS,
     .file = offsetof(heed_text_options, tokenizer),
     .help = "How texts are divided into tokens: not at all, at spaces, into words and single other visible "
             "characters, or into the sub-words of a pretrained encoder's tokenizer. FILE is a tokenizer.json, a "
             "vocab.txt, or a folder with one of them. The model carries it."},
    {"tokenizer", OPTION_TEXT, TEXT(tokenizer), .group = GROUP_STAGES, .value = "FILE",
     .help = "The file of --tokens wordpiece."},
    {"lemmas", OPTION_CHOICE, TEXT(lemmas), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &lemmas_names, EACH(HEED_LEMMAS_NONE, HEED_LEMMAS_NOUN_VERB), .record = RECORD_ALWAYS,
     .is_tokenizers = true,
     .help = "Reduce English words to their base form, treating them as nouns, or first as nouns and then as verbs. "
             "Texts are then split at spaces, unless --tokens is given."},
    {"stem", OPTION_CHOICE, TEXT(stem), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING, .value = "LANGUAGE",
     .choices = &stem_names, .record = RECORD_SET, .is_tokenizers = true,
     .help =
         "Reduce words to their stem by Snowball's algorithm for a language, after stop words are dropped. It expects "
         "lower case. Texts are then split at spaces, unless --tokens is given. Languages:" HEED_STEMS(STEM_WORD) "."},
    {"segment", OPTION_CHOICE, TEXT(segment), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .choices = &segment_names, .record = RECORD_SET, .is_tokenizers = true,
     .help = "How words are found in Thai, Lao, Khmer, Burmese, Chinese and Japanese, which have no blanks: each "
             "user-perceived character is one, or by the dictionaries of ICU. Needs --text-rules unicode."},
    {"libraries", OPTION_TEXT, TEXT(libraries), .group = GROUP_STAGES, .value = "NAMES", .record = RECORD_SET,
     .help = "The libraries that --stem and --segment need."},
    {"stop-words", OPTION_TEXT, TEXT(stop_words), .group = GROUP_STAGES, .touches = TOUCHES_CLEANING,
     .value = "none|english|FILE", .check = check_stop_words, .tutorial = {.text = "english"}, .record = RECORD_ALWAYS,
     .is_tokenizers = true,
     .help = "Drop frequent words: NLTK's 179 English ones (in lower case, so use --case lower), or those of a file "
             "with one word per line. Texts are then split at spaces, unless --tokens is given."},
    {"vocabulary", OPTION_CHOICE, TEXT(vocabulary), .group = GROUP_WORDS, .touches = TOUCHES_COUNTING,
     .choices = &vocabulary_names, EACH(HEED_VOCABULARY_COUNTS, HEED_VOCABULARY_KERAS), .record = RECORD_ALWAYS,
     .help = "counts: unknown words share one id. keras: unknown words are dropped, as the Keras Tokenizer does."},
    {"max-words", OPTION_WHOLE, TEXT(max_words), .group = GROUP_WORDS, .touches = TOUCHES_IDS | TOUCHES_SHAPE,
     .value = "N", .max = UINT32_MAX, EACH(20000, 6000), .record = RECORD_ALWAYS,
     .help = "Size of the vocabulary: the most frequent words, and one entry each for padding and unknown words. 0: no "
             "limit."},
    {"min-count", OPTION_WHOLE, TEXT(min_count), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .value = "N",
     .max = UINT32_MAX, EACH(2, 0), .record = RECORD_ALWAYS, .help = "Words that occur less often are unknown."},
    {"max-words", OPTION_WHOLE, VECTORS(max_words), .group = GROUP_WORDS, .touches = TOUCHES_VECTORS, .value = "N",
     .max = UINT32_MAX, .help = "Learn vectors of the N most frequent words; 0: no limit."},
    {"min-count", OPTION_WHOLE, VECTORS(min_count), .group = GROUP_WORDS, .touches = TOUCHES_VECTORS, .value = "N",
     .max = UINT32_MAX, BOTH(5), .help = "Words that occur less often are ignored."},
    {"max-length", OPTION_WHOLE, TEXT(max_length), .group = GROUP_WORDS, .touches = TOUCHES_IDS | TOUCHES_SHAPE,
     .value = "N|mean", .min = 1, .max = 65536, .word = "mean", .word_number = 0, EACH(400, 130),
     .record = RECORD_ALWAYS, .needs_network = true, .serves_encoder = true,
     .help =
         "How many tokens of a text the network reads, or sub-words an encoder, which may have a smaller limit of its "
         "own. mean: the mean of the training rows, rounded up."},
    {"cut", OPTION_CHOICE, TEXT(cut), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .choices = &cut_names,
     EACH(HEED_CUT_MIDDLE, HEED_CUT_PRE), .record = RECORD_ALWAYS,
     .help = "Where tokens are removed from a longer text. middle keeps the beginning (a quarter of --max-length) and "
             "the end."},
    {"pad", OPTION_CHOICE, TEXT(pad), .group = GROUP_WORDS, .touches = TOUCHES_IDS | TOUCHES_SHAPE,
     .choices = &pad_names, .record = RECORD_ALWAYS,
     .help = "Where a shorter text is padded. Matters only with --no-mask."},
    {"count-all-rows", OPTION_FLAG, TEXT(count_all_rows), .group = GROUP_WORDS, EACH(0, 1), .fallback = "",
     .record = RECORD_ALWAYS, .help = "Count words and mean length over validation rows too."},
    {"encoder", OPTION_TEXT, TEXT(encoder), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .value = "FOLDER",
     .fallback = "", .check = check_folder,
     .help = "A pretrained encoder in Hugging Face's layout: BERT, DistilBERT or model2vec, with config.json, "
             "model.safetensors and tokenizer.json or vocab.txt. The architecture may then have it as its first layer, "
             "as in 'encoder | mean | linear'; by itself the recipe chooses. The model carries it."},
    {"stretches", OPTION_WHOLE, TEXT(stretches), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .value = "N", .min = 1,
     .max = 64, .zero_is_unset = true, .fallback = "1", .record = RECORD_SET,
     .help =
         "An encoder reads up to N pieces of a long text, each of --max-length sub-words, and takes the mean of their "
         "features."},
    {"save-as", OPTION_CHOICE, TEXT(save_as), .group = GROUP_WORDS, .touches = TOUCHES_IDS, .choices = &save_names,
     .help = "Number format of an encoder's weights in the model. bfloat16 halves the file; the weights are rounded before "
             "training, so that all figures are those of the file."},
    {"architecture", OPTION_TEXT, TRAIN(architecture), .group = GROUP_TRAINING,
     .touches = TOUCHES_TRAINING | TOUCHES_SHAPE, .value = "TEXT",
     .initial = {.text = "embed 64 | bilstm 32 | attention additive 16 | dense 32 | dropout 0.3"},
     .tutorial = {.text = "embed 128 | bilstm 32 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05"},
     .check = heed_architecture_check, .recipe = {.text = "recipe default"},
     .help =
         "The layers of the network, separated by |; or linear: logistic regression on words and word pairs; or wide: "
         "the same on more n-grams of words and letters, such as 'wide words 1-2 letters 3-5 C 10', where what is "
         "left out is chosen for the rows."},
    {"vectors", OPTION_TEXT, TRAIN(vectors), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "self|FILE",
     .fallback = "", .check = check_vectors, .record = RECORD_SET, .recipe = {.text = "self"}, .needs_network = true,
     .help = "Start the embedding from word vectors. self: skip-gram vectors, learned from the training rows first. Or "
             "those of a file: GloVe, word2vec or fastText; their dimension must be that of the embedding."},
    {"freeze", OPTION_WHOLE, TRAIN(frozen_epochs), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "N|always", .max = 65535, .word = "always", .word_number = UINT32_MAX, .record = RECORD_ALWAYS,
     .record_name = "frozen_epochs", .recipe = {.number = 2}, .needs_network = true,
     .help = "With --vectors: do not train the embedding in the first N epochs; always: never train it."},
    {"method", OPTION_CHOICE, VECTORS(method), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS,
     .choices = &word2vec_names,
     .help = "skipgram: a word predicts each neighbour. cbow: the mean of the neighbours predicts the word; faster, "
             "but weaker on rare words."},
    {"dimensions", OPTION_WHOLE, VECTORS(dimensions), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "N",
     .min = 1, .max = 4096, BOTH(100), .help = "Dimension of the vectors; the network's embedding must have the same."},
    {"window", OPTION_WHOLE, VECTORS(window), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "N",
     .min = 1, .max = 100, BOTH(5),
     .help = "Largest number of neighbours on each side; for each word a number from 1 to N is drawn."},
    {"negative", OPTION_WHOLE, VECTORS(negative), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "N",
     .min = 1, .max = 64, BOTH(5), .help = "Number of random words that serve as negative samples."},
    {"sample", OPTION_REAL, VECTORS(sample), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "SHARE",
     .max = 1, BOTH(1e-3), .help = "Words that make up more than this share of the text are often skipped; 0: never."},
    {"epochs", OPTION_WHOLE, VECTORS(epochs), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS, .value = "N",
     .min = 1, .max = 65535, BOTH(5), .help = "Passes over the text."},
    {"learning-rate", OPTION_REAL, VECTORS(learning_rate), .group = GROUP_TRAINING, .touches = TOUCHES_VECTORS,
     .value = "RATE", .zero_is_unset = true, .min = 1e-9, .max = 10, .fallback = "0.025, with cbow 0.05",
     .help = "Learning rate at the beginning; it falls to a ten-thousandth of that."},
    {"mask", OPTION_FLAG, TRAIN(mask), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING | TOUCHES_SHAPE, EACH(1, 0),
     .fallback = "", .needs_network = true, .help = "The network ignores padding, as in the default preset."},
    {"no-mask", OPTION_NO_FLAG, TRAIN(mask), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING | TOUCHES_SHAPE,
     .fallback = "", .needs_network = true, .help = "The network reads padding like a word, as the tutorial does."},
    {"positive", OPTION_TEXT, TRAIN(positive), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING | TOUCHES_DATA,
     .value = "LABEL", .fallback = "the second in byte order",
     .help = "With two labels: the one whose probability the network computes."},
    {"epochs", OPTION_WHOLE, TRAIN(epochs), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "N",
     .min = 1, .max = 65535, EACH(20, 5), .record = RECORD_ALWAYS, .recipe = {.number = 12}, .needs_network = true,
     .help = "Passes over the training rows."},
    {"batch-size", OPTION_WHOLE, TRAIN(batch_size), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "N",
     .min = 1, .max = 65536, EACH(32, 100), .record = RECORD_ALWAYS, .needs_network = true,
     .help = "Rows per step of the optimiser."},
    {"learning-rate", OPTION_REAL, TRAIN(learning_rate), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "RATE", .min = 1e-9, .max = 1000, BOTH(0.001), .record = RECORD_ALWAYS, .recipe = {.number = 0.003L},
     .needs_network = true, .help = "Step size of the optimiser."},
    {"optimizer", OPTION_CHOICE, TRAIN(optimizer), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .choices = &optimizer_names, .record = RECORD_ALWAYS, .needs_network = true,
     .help = "Adam, Adam with decoupled weight decay, or gradient descent with momentum."},
    {"weight-decay", OPTION_REAL, TRAIN(weight_decay), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "RATE", .max = 1, BOTH(0.01), .record = RECORD_ALWAYS, .needs_network = true,
     .help = "adamw: each step multiplies every weight, except biases and layer norms, by 1 - learning rate * RATE."},
    {"momentum", OPTION_REAL, TRAIN(momentum), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "SHARE",
     .max = 0.9999, BOTH(0.9), .record = RECORD_ALWAYS, .needs_network = true,
     .help = "sgd: share of each step that is carried over to the next."},
    {"clip-norm", OPTION_REAL, TRAIN(clip_norm), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "LENGTH", .max = 1e9, .record = RECORD_ALWAYS, .needs_network = true,
     .help = "Scale the gradient down if its norm over all weights is larger than this; 0: never."},
    {"schedule", OPTION_CHOICE, TRAIN(schedule), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .choices = &schedule_names, .record = RECORD_ALWAYS, .needs_network = true,
     .help = "constant: the learning rate stays the same; cosine, linear: it falls to 0 over all epochs, along "
             "half a wave or a line; plateau: it is halved after every epoch without a better validation loss."},
    {"encoder-epochs", OPTION_WHOLE, TRAIN(encoder_epochs), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "N", .max = 65535, .record = RECORD_SET, .needs_encoder = true,
     .help = "Epochs of a network whose encoder learns (encoder trained | ...); 0: by the number of rows."},
    {"encoder-rate", OPTION_REAL, TRAIN(encoder_rate), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "RATE", .max = 1, .record = RECORD_SET, .needs_encoder = true,
     .help = "Learning rate of the weights of an encoder that learns; the layers on it learn ten times as fast; 0: 0.00015."},
    {"checkpoint", OPTION_TEXT, TRAIN(checkpoint), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "FOLDER",
     .fallback = "",
     .help = "Save the training of networks in this folder, which is made if missing: every minute, when it ends, and when "
             "it is stopped."},
    {"resume", OPTION_FLAG, TRAIN(resume), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .help = "Go on from what --checkpoint FOLDER has of the same training, to the same model. heed tune goes on with "
             "the search of --table, whose trainings are not repeated. Seed and ranges are checked; the other options "
             "must be the same too, but --trials and --minutes may be larger."},
    {"memory", OPTION_WHOLE, TRAIN(memory), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "MB",
     .max = UINT32_MAX, .needs_encoder = true,
     .help = "Memory for the training of an encoder, in MB; where its blocks do not fit they are computed again on the way "
             "back, which changes no bit; 0: half of what is free."},
    {"layer-decay", OPTION_REAL, TRAIN(layer_decay), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "SHARE", .min = 0.01, .max = 1, BOTH(0.85), .record = RECORD_CHANGED, .needs_encoder = true,
     .help = "Each block of an encoder that learns has so much of the learning rate of the block after it; 1: all have the "
             "same."},
    {"encoder-dropout", OPTION_REAL, TRAIN(encoder_dropout), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "RATE", .max = 0.9, BOTH(0.1), .record = RECORD_CHANGED, .needs_encoder = true,
     .help = "Dropout inside an encoder that learns, of its embeddings and of what each block adds; 0: none."},
    {"attention-dropout", OPTION_REAL, TRAIN(attention_dropout), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "RATE", .max = 0.9, .record = RECORD_SET, .needs_encoder = true,
     .help = "Dropout of the attention inside an encoder that learns; 0: none."},
    {"warmup", OPTION_REAL, TRAIN(warmup), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "EPOCHS",
     .max = 65535, .record = RECORD_ALWAYS, .needs_network = true,
     .help = "Number of epochs, or part of one such as 0.5, in which the learning rate rises from 0 to its full value; "
             "0: none."},
    {"class-weights", OPTION_TEXT, TRAIN(class_weights), .group = GROUP_TRAINING,
     .touches = TOUCHES_TRAINING | TOUCHES_DATA, .value = "balanced|FILE", .fallback = "", .check = check_class_weights,
     .help = "How much the rows of a label count in the training loss. balanced: all labels count the same in total; "
             "with several labels per row, the rows with a label count the same as the rows without it. FILE: one line "
             "per label, with label, tab and weight; other labels have weight 1."},
    {"label-smoothing", OPTION_REAL, TRAIN(label_smoothing), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "S", .max = 0.999, .record = RECORD_ALWAYS, .needs_network = true,
     .help = "Spread the share S of each target evenly over all labels, so that the model is less overconfident."},
    {"average-weights", OPTION_REAL, TRAIN(average_weights), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .value = "SHARE", .max = 1, .record = RECORD_SET, .needs_network = true,
     .help =
         "Also validate the mean of the weights over the steps of this last share of each epoch, and keep the better "
         "of the two; 0: never."},
    {"tune-thresholds", OPTION_FLAG, TRAIN(tune_thresholds), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .fallback = "",
     .help = "Choose the threshold with the best F1 on the validation rows, or on the rows that a cross-fit held out "
             "(--validation auto), and store it in the model: for the positive one of two labels, or with several "
             "labels per row for each label. Without this option thresholds are 0.5."},
    {"seed", OPTION_SEED, TRAIN(seed), .group = GROUP_TRAINING, .touches = TOUCHES_SEED, .value = "N", .max = MAX_SEED,
     BOTH(1), .record = RECORD_ALWAYS,
     .help = "Seed of all random numbers. The same seed gives the same result at any number of threads."},
    {"validation", OPTION_VALIDATION, TRAIN(validation), .group = GROUP_TRAINING,
     .touches = TOUCHES_TRAINING | TOUCHES_HELD_OUT, .value = "auto|PART|last:PART|grouped:PART|none", .min = 0.0001,
     .max = 0.9999, .initial = {.number = 0.1}, .tutorial = {.number = 0.2, .text = "last:"},
     .help = "Part of the rows that is not trained on but used to validate each epoch. 0.2: a random fifth, stratified "
             "by label, with equal texts kept together; last:0.2: the last fifth; grouped:0.2: as 0.2, but rows that "
             "share rare words, such as the names in reviews of one film, are kept together, too; auto: a random "
             "tenth, but linear and "
             "wide train on all rows, and their figures are of rows that a cross-fit held out in turn."},
    {"train-share", OPTION_REAL, TRAIN(train_share), .group = GROUP_TRAINING,
     .touches = TOUCHES_TRAINING | TOUCHES_DATA, .value = "PART", .min = 0.0001, .max = 1, .zero_is_unset = true,
     BOTH(1),
     .help = "Train only on this part of the training rows, drawn with --seed, stratified by label, with equal texts "
             "kept together. A smaller part is a subset of a larger one. The validation rows stay the same."},
    {"patience", OPTION_WHOLE, TRAIN(patience), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .value = "N",
     .max = 65535, EACH(3, 0), .record = RECORD_ALWAYS, .recipe = {.number = 2}, .needs_network = true,
     .help = "Stop after N epochs without a better validation loss; 0: never."},
    {"keep", OPTION_CHOICE, TRAIN(keep), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, .choices = &keep_names,
     EACH(HEED_KEEP_BEST, HEED_KEEP_LAST), .needs_network = true,
     .help = "Which weights the model gets: those of the epoch with the best validation loss, or of the last epoch."},
    {"row-digests", OPTION_FLAG, TRAIN(row_digests), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING, EACH(1, 0),
     .fallback = "",
     .help = "The model remembers which texts it saw: it has digests of them, as in the default preset, so that heed "
             "evaluate can tell."},
    {"no-row-digests", OPTION_NO_FLAG, TRAIN(row_digests), .group = GROUP_TRAINING, .touches = TOUCHES_TRAINING,
     .fallback = "",
     .help = "The model has no digests of the texts that it saw. Whoever has the file could find out by them whether a "
             "text was one of these."},
    {"threads", OPTION_WHOLE, TRAIN(threads), .group = GROUP_COMMON, .touches = TOUCHES_THREADS, .value = "N",
     .max = 256, .fallback = "one per processor", .help = "Number of threads; the result does not depend on it."},
};

const option *option_table(size_t *count)
{
    *count = sizeof options / sizeof *options;
    return options;
}

const option *option_named(heed_options_kind home, const char *name)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if (options[i].home == home && strcmp(options[i].name, name) == 0)
            return &options[i];
    return NULL;
}

const option *options_next(heed_options_kind home, const option *last)
{
    const option *end = options + sizeof options / sizeof *options;
    for (const option *o = last == NULL ? options : last + 1; o < end; o++)
        if (o->home == home)
            return o;
    return NULL;
}
