#include "options.h"

#include <stddef.h>
#include <string.h>

#include "base/suggest.h"

#define TRAIN COMMAND_TRAIN
#define EVALUATE COMMAND_EVALUATE
#define PREDICT COMMAND_PREDICT
#define INSPECT COMMAND_INSPECT
#define CLEAN COMMAND_CLEAN
#define DEMO COMMAND_DEMO
#define HELP COMMAND_HELP
#define VECTORS COMMAND_VECTORS
#define COMPARE COMMAND_COMPARE
#define TUNE COMMAND_TUNE
#define EXPLAIN COMMAND_EXPLAIN
#define SERVE COMMAND_SERVE
#define RUNS (TRAIN | COMPARE | TUNE) /* those that train */
#define ROWS (RUNS | EVALUATE | PREDICT | EXPLAIN | CLEAN | VECTORS)
#define STAGES (RUNS | CLEAN | VECTORS)
#define LABELLED (RUNS | EVALUATE)
#define AT(field) offsetof(settings, field)

/* An enum is stored through an unsigned. */
_Static_assert(sizeof(heed_format) == sizeof(unsigned), "enums are as wide as unsigned");
_Static_assert(sizeof(tune_goal) == sizeof(unsigned), "enums are as wide as unsigned");

static const option options[] = {
    {"train", '\0', OPTION_LIST, RUNS, GROUP_MAIN, AT(train_files), "FILE", 0, 0, "",
     "A file of labelled rows to train on; may be repeated, files are joined in their order. \"-\" is standard input, "
     "a folder is read by label, .gz is unpacked."},
    {"model", '\0', OPTION_TEXT, TRAIN, GROUP_MAIN, AT(model), "OUT", 0, 0, "",
     "Where the model goes, such as reviews.safetensors. An existing file is replaced when the new model is complete."},
    {"architecture", '\0', OPTION_LIST, COMPARE, GROUP_MAIN, AT(architectures), "TEXT", 0, 0, "that of the preset",
     "An architecture to compare; may be repeated, the first is what the others are measured against. Two yardsticks "
     "join them by themselves: linear, and where all of them attend, the first without its attention."},
    {"against", '\0', OPTION_LIST, COMPARE, GROUP_MAIN, AT(variants), "OPTIONS", 0, 0, "",
     "A further contender: the first architecture with other training options, as JSON such as '{\"vectors\": "
     "\"glove.txt\"}' or a file of it; may be repeated."},
    {"test", '\0', OPTION_TEXT, COMPARE, GROUP_MAIN, AT(test_file), "FILE", 0, 0, "",
     "A file of labelled rows to measure on. Without it and without a test part in --split-column, the validation rows "
     "are measured."},
    {"seeds", '\0', OPTION_WHOLE, COMPARE, GROUP_MAIN, AT(seeds), "N", 1, 1000, NULL,
     "Trainings of every architecture, from --seed on. All of them read the same rows."},
    {"range", '\0', OPTION_LIST, TUNE, GROUP_MAIN, AT(ranges), "NAME=RANGE", 0, 0, "",
     "Search the values of an option of training, words or cleaning: {LOW..HIGH} draws a number, {A,B,C} one of "
     "these texts; around braces there may be more text, and without any braces all of RANGE stands in them. Numbers "
     "are whole where the option is, or where both ends are written so, and drawn on a logarithmic scale where LOW "
     "is above 0 and HIGH at least ten times LOW, else evenly. A backslash takes the meaning from a comma or a "
     "brace. May be repeated."},
    {"trials", '\0', OPTION_WHOLE, TUNE, GROUP_MAIN, AT(trials), "N", 1, 100000,
     "27, with --minutes as many as there is time for",
     "Trials of the first rung, each with its own values; those that draw the same ones are trained once."},
    {"minutes", '\0', OPTION_REAL, TUNE, GROUP_MAIN, AT(minutes), "M", 0, 1e6L, NULL,
     "Search for about M minutes of training, an equal part of them on every rung; 0: until all the trials are done."},
    {"goal", '\0', OPTION_CHOICE, TUNE, GROUP_MAIN, AT(goal), "loss|accuracy|auc", 0, 0, NULL,
     "What a trial is judged by: the figure of the validation rows at the epoch that --keep keeps."},
    {"init-from", '\0', OPTION_TEXT, TRAIN, GROUP_MAIN, AT(start_model), "MODEL", 0, 0, "",
     "Start from a model in place of random weights: its text pipeline, words and architecture, its weights by layer, "
     "word and label. New rows may bring more words and labels."},
    {"table", '\0', OPTION_TEXT, TUNE, GROUP_OUTPUT, AT(table_file), "FILE.csv", 0, 0, "",
     "Where a row goes as each training ends; it must not be there yet, but for --resume."},
    {"resume", '\0', OPTION_FLAG, TUNE, GROUP_OUTPUT, AT(resume), NULL, 0, 0, "",
     "Take up the search of --table: what it holds is not trained again. Seed and ranges are checked, the other "
     "options have to be the same too; --trials and --minutes may be more than before."},
    {"best", '\0', OPTION_TEXT, TUNE, GROUP_OUTPUT, AT(best_file), "FILE.json", 0, 0, "",
     "Write the options of the best trial for heed train --config."},
    {"table", '\0', OPTION_TEXT, COMPARE, GROUP_OUTPUT, AT(table_file), "FILE.csv", 0, 0, "",
     "Write a row a trial as CSV."},
    {"preset", '\0', OPTION_CHOICE, STAGES, GROUP_MAIN, AT(preset), "default|tutorial", 0, 0, "default",
     "Where the other options start from, wherever it stands on the line. tutorial repeats the tutorial's steps and "
     "settings exactly, quirks included, and knows its three files by their columns."},
    {"config", '\0', OPTION_TEXT, RUNS, GROUP_MAIN, AT(config), "FILE.json", 0, 0, "",
     "Take options from a JSON file, under their long names: {\"epochs\": 5, \"mask\": false}. Those of the line "
     "override them, wherever --config stands; a list of the line replaces the file's."},
    {"show-config", '\0', OPTION_FLAG, RUNS, GROUP_MAIN, AT(show_config), NULL, 0, 0, "",
     "Print all options as they stand after preset, --config and line, as JSON that --config reads, and do no more."},
    {"threshold", '\0', OPTION_TEXT, EVALUATE | PREDICT, GROUP_MAIN, AT(threshold), "P|LABEL=P,...", 0, 0,
     "the model's",
     "The probability above which a label is answered: the positive one of two, or each of several a row; LABEL=P sets "
     "that of one label and leaves the others as the model has them."},
    {"top-k", '\0', OPTION_WHOLE, PREDICT, GROUP_MAIN, AT(top_k), "K", 1, 65536, NULL,
     "Answer with the K likeliest labels, likeliest first, whatever the thresholds of several labels a row."},
    {"file", '\0', OPTION_LIST, EXPLAIN, GROUP_MAIN, AT(explain_files), "FILE", 0, 0, "",
     "Explain the texts of a file, or of - standard input; may be repeated. They are read as heed predict reads them."},
    {"method", '\0', OPTION_CHOICE, EXPLAIN, GROUP_MAIN, AT(explain_method),
     "auto|attention|gradient|integrated|leave-one-out|weights", 0, 0, NULL,
     "How words are scored. auto: the most faithful method where --faithfulness has stored it, else attention where the "
     "model has one, weights of a linear model, or integrated. See above."},
    {"label", '\0', OPTION_TEXT, EXPLAIN, GROUP_MAIN, AT(explain_label), "LABEL", 0, 0, "the one answered",
     "The label that words are for or against."},
    {"against", '\0', OPTION_TEXT, EXPLAIN, GROUP_MAIN, AT(explain_against), "TEXT", 0, 0, "",
     "Show how each text differs from this one: what they share is aligned, and a word's score is its own less that of "
     "the same word there."},
    {"steps", '\0', OPTION_WHOLE, EXPLAIN, GROUP_MAIN, AT(explain_steps), "N", 1, 10000,
     "32, and up to 1024 where it takes more",
     "Points of integrated gradients on the way from zero embeddings, rounded up to a multiple of 8. Without it points "
     "are added where scores do not add up yet to the change of the logit."},
    {"faithfulness", '\0', OPTION_TEXT, EXPLAIN, GROUP_MAIN, AT(faithfulness_file), "FILE", 0, 0, "",
     "Explain nothing, but measure on texts of a file how far each method of the model can be trusted: what the answer's "
     "probability loses without a method's top words (comprehensiveness) and with them alone (sufficiency), beside words "
     "in random order."},
    {"rows", '\0', OPTION_WHOLE, EXPLAIN, GROUP_MAIN, AT(sample_rows), "N", 1, 1000000, NULL,
     "With --faithfulness: texts to measure on, drawn from the file."},
    {"seed", '\0', OPTION_SEED, EXPLAIN, GROUP_MAIN, AT(train.seed), "N", 0, SEED_MOST, NULL,
     "With --faithfulness: start of its random numbers."},
    {"erase", '\0', OPTION_CHOICE, EXPLAIN, GROUP_MAIN, AT(erase), "remove|unk", 0, 0, NULL,
     "With --faithfulness: erased words are removed, or read as <unk>."},
    {"store", '\0', OPTION_FLAG, EXPLAIN, GROUP_MAIN, AT(store), NULL, 0, 0, "",
     "With --faithfulness: keep the most faithful method in the model, for heed explain to take by itself. Exit with "
     "status 4, and leave the model as it is, where none is better than random order."},
    {"vectors", '\0', OPTION_TEXT, VECTORS, GROUP_MAIN, AT(train.vectors), "FILE", 0, 0, "",
     "The file of word vectors in which near looks."},
    {"top-k", '\0', OPTION_WHOLE, VECTORS, GROUP_MAIN, AT(top_k), "K", 1, 65536, NULL, "How many near words to print."},
    {"output", '\0', OPTION_TEXT, VECTORS, GROUP_MAIN, AT(vectors_file), "OUT", 0, 0, "",
     "Where train writes the vectors. An existing file is replaced when the new one is complete."},
    {"all-scores", '\0', OPTION_FLAG, PREDICT, GROUP_MAIN, AT(all_scores), NULL, 0, 0, "",
     "Behind the label and its score, write the scores of all labels, in the order of heed inspect --labels."},
    {"address", '\0', OPTION_TEXT, SERVE, GROUP_MAIN, AT(serve.address), "ADDRESS", 0, 0, NULL,
     "Where to listen, in digits. Others than this machine reach the server at 0.0.0.0 or ::, without encryption and "
     "without passwords."},
    {"port", '\0', OPTION_WHOLE, SERVE, GROUP_MAIN, AT(serve.port), "N", 0, 65535, NULL,
     "The port; 0: any free one, which is printed."},
    {"storage", '\0', OPTION_CHOICE, EVALUATE | PREDICT | SERVE, GROUP_MAIN, AT(storage), "float32|bfloat16|int8", 0, 0, NULL,
     "How the first layer's products of the model's words are kept in memory. bfloat16 takes half of float32 and int8 a "
     "quarter; answers may differ a little from the model's."},
    {"weights", '\0', OPTION_CHOICE, EVALUATE | PREDICT | SERVE, GROUP_MAIN, AT(weights), "float32|bfloat16", 0, 0, NULL,
     "What recurrent layers multiply by. bfloat16 rounds their weights, and what these are multiplied by, to 8 "
     "significant bits: faster where the processor multiplies bfloat16 (AVX512_BF16), slower elsewhere. Answers may "
     "differ a little from the model's."},
    {"require", '\0', OPTION_LIST, EVALUATE, GROUP_MAIN, AT(requirements), "NAME=VALUE", 0, 0, "",
     "Exit with status 4 unless a figure is at least this much (loss: at most): accuracy, macro_f1, auc, f1:LABEL and "
     "so on; may be repeated."},
    {"resamples", '\0', OPTION_WHOLE, EVALUATE, GROUP_MAIN, AT(resamples), "N", 0, 100000, NULL,
     "Resamples of the bootstrap over rows that the intervals come from; 0: no intervals."},
    {"seed", '\0', OPTION_SEED, EVALUATE, GROUP_MAIN, AT(train.seed), "N", 0, SEED_MOST, NULL,
     "Start of the random numbers of the bootstrap."},
    {"labels", '\0', OPTION_FLAG, INSPECT, GROUP_MAIN, AT(labels), NULL, 0, 0, "", "Print the labels, one a line."},
    {"history", '\0', OPTION_FLAG, INSPECT, GROUP_MAIN, AT(history), NULL, 0, 0, "",
     "Print the training history as CSV, a row an epoch."},
    {"output", '\0', OPTION_TEXT, DEMO, GROUP_MAIN, AT(output_folder), "FOLDER", 0, 0, NULL,
     "Where the demo's files go; other files there are left alone."},
    {"man", '\0', OPTION_FLAG, HELP, GROUP_MAIN, AT(man), NULL, 0, 0, "", "Print a man page."},
    {"pages", '\0', OPTION_FLAG, HELP, GROUP_MAIN, AT(pages), NULL, 0, 0, "", "Print the names of the man pages."},
    {"bash-completion", '\0', OPTION_FLAG, HELP, GROUP_MAIN, AT(completion), NULL, 0, 0, "",
     "Print the completion for bash."},

    {"format", '\0', OPTION_CHOICE, ROWS, GROUP_ROWS, AT(rows.format), "auto|tsv|csv|jsonl|fasttext|folder|lines", 0, 0,
     NULL,
     "How the input is written. auto goes by the name (.gz peeled off): .tsv, .tab, .csv, .jsonl, .json, .ft, a folder "
     "with a folder of .txt files for each label; anything else is one text a line."},
    {"encoding", '\0', OPTION_CHOICE, ROWS, GROUP_ROWS, AT(rows.encoding), "utf-8|windows-1252|latin-1", 0, 0, NULL,
     "Encoding of the input."},
    {"quoting", '\0', OPTION_CHOICE, ROWS, GROUP_ROWS, AT(rows.quoting), "auto|minimal|backslash|none", 0, 0, NULL,
     "Quotes in TSV and CSV: minimal doubles a quote inside quotes, backslash writes it \\\", none takes quotes as "
     "ordinary characters, auto tries them in this order."},
    {"no-header", '\0', OPTION_FLAG, ROWS, GROUP_ROWS, AT(rows.no_header), NULL, 0, 0, "",
     "TSV, CSV: the first row is a record already, and columns have numbers alone."},
    {"text-column", '\0', OPTION_LIST, ROWS, GROUP_ROWS, AT(column_names), "NAME", 0, 0, "text, review or sentence",
     "Column of the text, by name or by number from 1. Several (repeated, or a,b) are joined by a space."},
    {"label-column", '\0', OPTION_TEXT, LABELLED, GROUP_ROWS, AT(rows.label_column), "NAME", 0, 0,
     "label, sentiment or class", "Column of the label."},
    {"label-separator", '\0', OPTION_TEXT, LABELLED | PREDICT, GROUP_ROWS, AT(rows.label_separator), "TEXT", 0, 0,
     "one label a row",
     "Rows have any number of labels, separated by this in the label column, and so have answers: each label is a "
     "question of its own. Of fastText lines every __label__ is one, of JSONL every string of an array."},
    {"label-from", '\0', OPTION_TEXT, LABELLED, GROUP_ROWS, AT(rows.label_from), "RULE", 0, 0, "",
     "Label by a rule such as id:rating>=5: 1 where the number behind the last _ of column id is that much, else 0."},
    {"label-map", '\0', OPTION_TEXT, LABELLED, GROUP_ROWS, AT(rows.label_map), "A=B,...", 0, 0, "",
     "Rename labels, such as pos=1,neg=0; a row with another label is bad."},
    {"drop-label", '\0', OPTION_TEXT, LABELLED, GROUP_ROWS, AT(rows.drop_labels), "A,...", 0, 0, "",
     "Pass over rows with these labels (as they stand in the file), such as unsup."},
    {"id-column", '\0', OPTION_TEXT, RUNS | EVALUATE | PREDICT, GROUP_ROWS, AT(rows.id_column), "NAME", 0, 0, "id",
     "Column of the row's id."},
    {"split-column", '\0', OPTION_TEXT, RUNS, GROUP_ROWS, AT(rows.split_column), "NAME", 0, 0, "",
     "Column that says train, validation or test (or 0, 1, 2). Rows of the test part are never trained on."},
    {"group-column", '\0', OPTION_TEXT, RUNS, GROUP_ROWS, AT(rows.group_column), "NAME", 0, 0, "",
     "Rows with the same value here are kept on one side of the validation split. Without it, rows with equal texts "
     "are."},
    {"weight-column", '\0', OPTION_TEXT, RUNS, GROUP_ROWS, AT(rows.weight_column), "NAME", 0, 0, "",
     "Column of a number from 0: how much the row counts in the training loss. Validation counts every row once."},
    {"cache", '\0', OPTION_TEXT, RUNS, GROUP_ROWS, AT(cache), "FOLDER", 0, 0, "",
     "Keep the cleaned rows in a file of this folder, which is made where it is missing; a later run with the same bytes "
     "and options reads that file. The eight files used last stay; standard input and folders are never kept."},
    {"on-bad-row", '\0', OPTION_CHOICE, ROWS, GROUP_ROWS, AT(rows.on_bad_row), "fail|skip", 0, 0, NULL,
     "What to do with a row that cannot be read. Skipped rows are counted; more than 1% of them fails all the same."},

    {"html", '\0', OPTION_CHOICE, STAGES, GROUP_STAGES, AT(text.html), "keep|space", 0, 0, NULL,
     "HTML tags stay, or become a space."},
    {"punctuation", '\0', OPTION_CHOICE, STAGES, GROUP_STAGES, AT(text.punctuation), "keep|first32|all", 0, 0,
     NULL, "Punctuation stays, or goes: all of it, or the first 32 characters of a text (the tutorial's accident)."},
    {"case", '\0', OPTION_CHOICE, STAGES, GROUP_STAGES, AT(text.letters), "keep|lower", 0, 0, NULL,
     "Letters stay as they are, or become small."},
    {"tokens", '\0', OPTION_CHOICE, STAGES, GROUP_STAGES, AT(text.tokens), "none|split|words", 0, 0, NULL,
     "Where tokens end: nowhere, at spaces, or around words and other visible characters."},
    {"lemmas", '\0', OPTION_CHOICE, STAGES, GROUP_STAGES, AT(text.lemmas), "none|noun|noun,verb", 0, 0, NULL,
     "Reduce English words to their base forms as nouns, and then as verbs. Where no --tokens are asked for, words end "
     "at "
     "spaces."},
    {"stop-words", '\0', OPTION_TEXT, STAGES, GROUP_STAGES, AT(text.stop_words), "none|english|FILE", 0, 0, NULL,
     "Drop frequent words: the 179 English ones of NLTK (which are in small letters, as --case lower makes them), or "
     "those of a file, a word a line. Where no --tokens are asked for, words end at spaces."},

    {"vocabulary", '\0', OPTION_CHOICE, RUNS | VECTORS, GROUP_WORDS, AT(text.vocabulary), "counts|keras", 0, 0, NULL,
     "counts: unknown words share an id. keras: as the Keras Tokenizer, unknown words are dropped."},
    {"max-words", '\0', OPTION_WHOLE, RUNS, GROUP_WORDS, AT(text.max_words), "N", 0, 4294967295.0, NULL,
     "Ids in all, the commonest words first; padding and unknown count. 0: no limit."},
    {"min-count", '\0', OPTION_WHOLE, RUNS, GROUP_WORDS, AT(text.min_count), "N", 0, 4294967295.0, NULL,
     "Rarer words are unknown."},
    {"max-words", '\0', OPTION_WHOLE, VECTORS, GROUP_WORDS, AT(learn.max_words), "N", 0, 4294967295.0, NULL,
     "Vectors for the N commonest words; 0: no limit."},
    {"min-count", '\0', OPTION_WHOLE, VECTORS, GROUP_WORDS, AT(learn.min_count), "N", 0, 4294967295.0, NULL,
     "Rarer words get no vector, and are none of their neighbours' neighbours."},
    {"max-length", '\0', OPTION_LENGTH, RUNS, GROUP_WORDS, AT(text.max_length), "N|mean", 1, 65536, NULL,
     "Tokens of a text that the network reads; mean is that of the training rows, rounded up."},
    {"cut", '\0', OPTION_CHOICE, RUNS, GROUP_WORDS, AT(text.cut), "front|behind|middle", 0, 0, NULL,
     "Where a longer text loses tokens; middle keeps its first quarter and its end."},
    {"pad", '\0', OPTION_CHOICE, RUNS, GROUP_WORDS, AT(text.pad), "front|behind", 0, 0, NULL,
     "Where a shorter text is padded, which matters with --no-mask alone."},

    {"architecture", '\0', OPTION_TEXT, TRAIN | TUNE, GROUP_TRAINING, AT(train.architecture), "TEXT", 0, 0, NULL,
     "The network, layer by layer, separated by |; or linear: logistic regression on words and pairs of words."},
    {"vectors", '\0', OPTION_TEXT, RUNS, GROUP_TRAINING, AT(train.vectors), "FILE", 0, 0, "",
     "Start the embedding from the word vectors of a file: GloVe, word2vec or fastText. Its dimensions must be the "
     "embedding's width."},
    {"freeze", '\0', OPTION_FREEZE, RUNS, GROUP_TRAINING, AT(train.frozen_epochs), "N|always", 0, 65535, NULL,
     "With --vectors: leave the embedding as it is for the first N epochs, or always."},
    {"method", '\0', OPTION_CHOICE, VECTORS, GROUP_TRAINING, AT(learn.method), "skipgram|cbow", 0, 0, NULL,
     "A word foretells each of its neighbours, or the mean of its neighbours foretells a word, which is faster and "
     "weaker on rare words."},
    {"dimensions", '\0', OPTION_WHOLE, VECTORS, GROUP_TRAINING, AT(learn.dimensions), "N", 1, 4096, NULL,
     "Numbers of a vector: the width that the network's embedding has to have."},
    {"window", '\0', OPTION_WHOLE, VECTORS, GROUP_TRAINING, AT(learn.window), "N", 1, 100, NULL,
     "Neighbours on each side; for each word a number from 1 to this is drawn."},
    {"negative", '\0', OPTION_WHOLE, VECTORS, GROUP_TRAINING, AT(learn.negative), "N", 1, 64, NULL,
     "Random words that a word must not foretell."},
    {"sample", '\0', OPTION_REAL, VECTORS, GROUP_TRAINING, AT(learn.sample), "SHARE", 0, 1, NULL,
     "Of words that are more than this share of the text many are passed over; 0: none."},
    {"epochs", '\0', OPTION_WHOLE, VECTORS, GROUP_TRAINING, AT(learn.epochs), "N", 1, 65535, NULL,
     "Times that the text is gone through."},
    {"learning-rate", '\0', OPTION_REAL, VECTORS, GROUP_TRAINING, AT(learn.learning_rate), "RATE", 1e-9, 10,
     "0.025, with cbow 0.05", "Step size at the beginning; it falls to a ten-thousandth of that."},
    {"mask", '\0', OPTION_FLAG, RUNS, GROUP_TRAINING, AT(train.mask), NULL, 0, 0, "",
     "Padding is never seen; the default preset's way."},
    {"no-mask", '\0', OPTION_NO_FLAG, RUNS, GROUP_TRAINING, AT(train.mask), NULL, 0, 0, "",
     "Padding is read like a word, as the tutorial does."},
    {"positive", '\0', OPTION_TEXT, RUNS, GROUP_TRAINING, AT(train.positive), "LABEL", 0, 0, "the later one bytewise",
     "Of two labels: the one whose probability the network gives."},
    {"epochs", '\0', OPTION_WHOLE, RUNS, GROUP_TRAINING, AT(train.epochs), "N", 1, 65535, NULL,
     "Times that the training rows are read."},
    {"batch-size", '\0', OPTION_WHOLE, RUNS, GROUP_TRAINING, AT(train.batch_size), "N", 1, 65536, NULL,
     "Rows between two steps of the optimiser."},
    {"learning-rate", '\0', OPTION_REAL, RUNS, GROUP_TRAINING, AT(train.learning_rate), "RATE", 1e-9, 1000, NULL,
     "Step size of the optimiser."},
    {"optimizer", '\0', OPTION_CHOICE, RUNS, GROUP_TRAINING, AT(train.optimizer), "adam|adamw|sgd", 0, 0, NULL,
     "What turns gradients into steps: Adam, Adam with weight decay, or gradient descent with momentum."},
    {"weight-decay", '\0', OPTION_REAL, RUNS, GROUP_TRAINING, AT(train.weight_decay), "RATE", 0, 1, NULL,
     "adamw: a step takes the learning rate times this off every weight, biases and layer norms spared."},
    {"momentum", '\0', OPTION_REAL, RUNS, GROUP_TRAINING, AT(train.momentum), "SHARE", 0, 0.9999L, NULL,
     "sgd: how much of a step goes on in the next."},
    {"clip-norm", '\0', OPTION_REAL, RUNS, GROUP_TRAINING, AT(train.clip_norm), "LENGTH", 0, 1e9L, NULL,
     "Shorten gradients whose norm over all weights is longer; 0: never."},
    {"schedule", '\0', OPTION_CHOICE, RUNS, GROUP_TRAINING, AT(train.schedule), "constant|cosine|plateau", 0, 0, NULL,
     "The learning rate stays, falls to 0 along half a cosine over all the epochs, or halves after every epoch without "
     "a better validation loss."},
    {"warmup", '\0', OPTION_REAL, RUNS, GROUP_TRAINING, AT(train.warmup), "EPOCHS", 0, 65535, NULL,
     "Epochs, or a part of one such as 0.5, in which the learning rate rises from 0; 0: none."},
    {"class-weights", '\0', OPTION_TEXT, RUNS, GROUP_TRAINING, AT(train.class_weights), "balanced|FILE", 0, 0, "",
     "How much the rows of a label count in the training loss. balanced: labels with few rows more, so that each "
     "counts alike; of several labels a row, each counts as much where it is there as where it is not. A file: lines "
     "of label, tab, weight; others weigh 1."},
    {"label-smoothing", '\0', OPTION_REAL, RUNS, GROUP_TRAINING, AT(train.label_smoothing), "S", 0, 0.999, NULL,
     "Train towards targets of which the share S is spread over all labels, against overconfidence."},
    {"tune-thresholds", '\0', OPTION_FLAG, TRAIN | COMPARE, GROUP_TRAINING, AT(train.tune_thresholds), NULL, 0, 0, "",
     "Choose the threshold of each of several labels a row (or of the positive one of two) for its best F1 on the "
     "validation rows, and keep it in the model; otherwise it is 0.5."},
    {"seed", '\0', OPTION_SEED, RUNS | VECTORS, GROUP_TRAINING, AT(train.seed), "N", 0, SEED_MOST, NULL,
     "Start of all random numbers. The same seed gives the same file at any number of threads."},
    {"validation", '\0', OPTION_VALIDATION, RUNS, GROUP_TRAINING, AT(train), "PART|last:PART|none", 0.0001, 0.9999,
     NULL,
     "Part of the rows that is kept back to validate each epoch: 0.2 is a fifth, drawn by label with equal texts kept "
     "together; last:0.2 is the last fifth."},
    {"train-share", '\0', OPTION_REAL, RUNS, GROUP_TRAINING, AT(train.train_share), "PART", 0.0001, 1, NULL,
     "Train on this part of the training rows alone, drawn by label and --seed with equal texts kept together; a "
     "smaller part lies within a larger one. What validates stays the same."},
    {"validation-file", '\0', OPTION_TEXT, RUNS, GROUP_TRAINING, AT(validation_file), "FILE", 0, 0, "",
     "A file of rows to validate with, in place of --validation."},
    {"folds", '\0', OPTION_WHOLE, TRAIN, GROUP_TRAINING, AT(folds), "K", 2, FOLDS_MOST, "",
     "Cross-validate first: train K times, each time validating with another of K parts, and print figures, mean and "
     "standard deviation. With --model a last model is then trained on all rows, for the mean of the best epochs."},
    {"patience", '\0', OPTION_WHOLE, RUNS, GROUP_TRAINING, AT(train.patience), "N", 0, 65535, NULL,
     "Stop after N epochs without a better validation loss; 0: never."},
    {"keep", '\0', OPTION_CHOICE, RUNS, GROUP_TRAINING, AT(train.keep), "best|last", 0, 0, NULL,
     "Whose weights are the model's: the epoch's of best validation loss, or the last one's."},

    {"history", '\0', OPTION_TEXT, TRAIN, GROUP_OUTPUT, AT(history_file), "FILE.csv", 0, 0, "",
     "Write the training history as CSV, a row an epoch."},
    {"picture", '\0', OPTION_TEXT, TRAIN | COMPARE | INSPECT, GROUP_OUTPUT, AT(picture_file), "FILE.svg", 0, 0, "",
     "Draw what happened: loss, counts, accuracy, precision, recall and area over the epochs, or each contender's "
     "accuracy and difference. The ending says the format: .svg, and with librsvg .png or .pdf."},
    {"learning-curve", '\0', OPTION_TEXT, COMPARE, GROUP_OUTPUT, AT(learning_file), "FILE.svg", 0, 0, "",
     "Train every contender on all training rows, a half, a quarter and an eighth of them, and draw its accuracy over the "
     "rows, mean and standard deviation over the seeds. Would more rows help?"},
    {"picture", '\0', OPTION_TEXT, EXPLAIN, GROUP_OUTPUT, AT(picture_file), "FILE.svg", 0, 0, "",
     "With --faithfulness: draw the figures. The ending says the format: .svg, and with librsvg .png or .pdf."},
    {"probabilities", '\0', OPTION_TEXT, EVALUATE, GROUP_OUTPUT, AT(probabilities_file), "FILE.tsv", 0, 0, "",
     "Write a row a record: its id or number, true label, predicted label, and the probability of every label. An "
     "existing file is replaced when the table is complete."},
    {"curves", '\0', OPTION_TEXT, EVALUATE, GROUP_OUTPUT, AT(curves_file), "FILE.csv", 0, 0, "",
     "Write the ROC, precision-recall and calibration curves as CSV: a row a point, with the columns curve, label, x, "
     "y, threshold and rows."},
    {"report", '\0', OPTION_TEXT, EVALUATE, GROUP_OUTPUT, AT(report_folder), "FOLDER", 0, 0, "",
     "Write a report on the model and this test: report.html, a page that needs nothing else, the same as report.json, "
     "and its pictures. The folder is made where it is missing."},
    {"output-format", '\0', OPTION_CHOICE, PREDICT, GROUP_OUTPUT, AT(output_format), "tsv|csv|jsonl|fasttext", 0, 0,
     NULL, "How answers are written, one line a record."},
    {"output-format", '\0', OPTION_CHOICE, VECTORS, GROUP_OUTPUT, AT(vectors_format), "auto|text|binary", 0, 0, NULL,
     "Which of word2vec's formats train writes; auto: binary where the name ends in .bin."},
    {"output", '\0', OPTION_TEXT, EXPLAIN, GROUP_OUTPUT, AT(explain_file), "FILE", 0, 0, "standard output",
     "Where the explanations go. An existing file is replaced when they are complete."},
    {"output-format", '\0', OPTION_CHOICE, EXPLAIN, GROUP_OUTPUT, AT(explain_format), "auto|terminal|html|svg|json", 0, 0,
     NULL, "auto goes by the name of --output (.html, .svg, .json), else terminal; html and svg put all texts into one "
     "page or picture, json writes one object a line."},
    {"colors", '\0', OPTION_CHOICE, EXPLAIN, GROUP_OUTPUT, AT(colours), "auto|always|never", 0, 0, NULL,
     "Whether terminal output has colours in place of marks; auto: where it is a terminal and NO_COLOR is not set."},
    {"append", '\0', OPTION_FLAG, PREDICT, GROUP_OUTPUT, AT(append), NULL, 0, 0, "",
     "Write the input again with label and score added: as further columns of TSV and CSV, as further keys of JSONL, "
     "behind a tab otherwise. Names that the input has already are not given again: predicted_label, then "
     "predicted_label_2 and so on."},
    {"json", '\0', OPTION_FLAG, COMPARE | TUNE | EVALUATE | EXPLAIN | INSPECT | CLEAN | VECTORS, GROUP_OUTPUT, AT(json), NULL,
     0, 0, "", "Write JSON: one object, or one a line for heed clean and heed vectors near."},
    {"graph", '\0', OPTION_TEXT, INSPECT, GROUP_OUTPUT, AT(graph_file), "FILE", 0, 0, "",
     "Draw the layers with their shapes, in the format that FILE ends in: .dot, or through Graphviz .svg, .png or "
     ".pdf."},
    {"brief", '\0', OPTION_FLAG, EVALUATE, GROUP_OUTPUT, AT(brief), NULL, 0, 0, "",
     "Print the first figures alone, without the report by label and the confusion matrix."},
    {"with-text", '\0', OPTION_FLAG, CLEAN, GROUP_OUTPUT, AT(with_text), NULL, 0, 0, "",
     "Write the text as it was in front, and a tab."},
    {"spans", '\0', OPTION_FLAG, CLEAN, GROUP_OUTPUT, AT(spans), NULL, 0, 0, "",
     "Write each token as BEGIN:END:TOKEN, the bytes of the text that it comes from."},

    {"max-body", '\0', OPTION_WHOLE, SERVE, GROUP_LIMITS, AT(serve.max_body), "BYTES", 1, 1u << 30, NULL,
     "The longest body of a request."},
    {"max-texts", '\0', OPTION_WHOLE, SERVE, GROUP_LIMITS, AT(serve.max_texts), "N", 1, 1000000, NULL,
     "Texts in a request."},
    {"queue", '\0', OPTION_WHOLE, SERVE, GROUP_LIMITS, AT(serve.queue), "N", 1, 1000000, NULL,
     "Texts that may wait; while there are so many, further requests get status 429."},
    {"connections", '\0', OPTION_WHOLE, SERVE, GROUP_LIMITS, AT(serve.connections), "N", 1, 10000, NULL,
     "Connections at a time; more have to wait."},
    {"connections-each", '\0', OPTION_WHOLE, SERVE, GROUP_LIMITS, AT(serve.connections_each), "N", 0, 10000, NULL,
     "Connections of one address at a time, more are closed; 0: no such limit, for a server behind a proxy."},
    {"header-seconds", '\0', OPTION_REAL, SERVE, GROUP_LIMITS, AT(serve.header_seconds), "S", 0.1L, 3600, NULL,
     "How long a connection may take for the headers of a request, and may be idle between two."},
    {"request-seconds", '\0', OPTION_REAL, SERVE, GROUP_LIMITS, AT(serve.request_seconds), "S", 0.1L, 3600, NULL,
     "How long a request may take from then on until its answer is read."},
    {"drain-seconds", '\0', OPTION_REAL, SERVE, GROUP_LIMITS, AT(serve.drain_seconds), "S", 0, 3600, NULL,
     "How long SIGTERM waits for what was accepted."},

    {"threads", '\0', OPTION_WHOLE, ROWS | SERVE | DEMO, GROUP_COMMON, AT(train.threads), "N", 0, 256, "one a processor",
     "Threads to work on; the result does not depend on it."},
    {"quiet", 'q', OPTION_FLAG, RUNS | EVALUATE | PREDICT | EXPLAIN | SERVE | VECTORS | DEMO, GROUP_COMMON, AT(quiet), NULL, 0, 0, "",
     "No progress on standard error; warnings and errors are still told."},
    {"help", 'h', OPTION_FLAG, ROWS | INSPECT | SERVE | DEMO | HELP, GROUP_COMMON, AT(help), NULL, 0, 0, "",
     "Print this help."},
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

const option *option_list(size_t *count)
{
    *count = sizeof options / sizeof *options;
    return options;
}

const option_pair *option_rivals(size_t *count)
{
    static const char folds[] = ": every fold validates with its own part";
    static const option_pair rivals[] = {
        {"validation-file", "validation", ""},
        {"validation-file", "folds", folds},
        {"validation", "folds", folds},
        {"tune-thresholds", "folds", ": the model of all rows has no validation rows to tune on"},
        {"init-from", "vectors", ""},
    };
    *count = sizeof rivals / sizeof *rivals;
    return rivals;
}

const option *option_find(unsigned command, const char *name, size_t size)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if ((options[i].commands & command) != 0 && strlen(options[i].name) == size &&
            memcmp(options[i].name, name, size) == 0)
            return &options[i];
    return NULL;
}

const option *option_by_letter(unsigned command, char letter)
{
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if ((options[i].commands & command) != 0 && options[i].letter == letter && letter != '\0')
            return &options[i];
    return NULL;
}

heed_bytes choice_name(const char *choices, unsigned number)
{
    while (number-- > 0) {
        const char *bar = strchr(choices, '|');
        if (bar == NULL)
            return (heed_bytes){"", 0};
        choices = bar + 1;
    }
    return (heed_bytes){choices, strcspn(choices, "|")};
}

int choice_find(const char *choices, const char *name)
{
    size_t size = strlen(name);
    for (unsigned number = 0;; number++) {
        heed_bytes choice = choice_name(choices, number);
        if (choice.size == 0)
            return -1;
        if (choice.size == size && memcmp(choice.data, name, size) == 0)
            return (int)number;
    }
}

const char *option_of_fasttext(const char *spelling)
{
    for (size_t i = 0; i < sizeof fasttext / sizeof *fasttext; i++)
        if (strcmp(fasttext[i].spelling, spelling) == 0)
            return fasttext[i].answer;
    return NULL;
}

const char *option_suggest(unsigned command, const char *name, size_t size)
{
    suggestion near = suggest_begin((heed_bytes){name, size});
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        if ((options[i].commands & command) != 0)
            suggest_offer(&near, options[i].name);
    return near.word;
}
