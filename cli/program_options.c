#include "program_options.h"

#include <stddef.h>

#include "options/choices.h"
#include "settings.h"

/* A bit for each command, set in the rows that it takes. */
enum {
#define COMMAND_NUMBER(name) NUMBER_##name,
    COMMANDS(COMMAND_NUMBER)
#undef COMMAND_NUMBER
};
enum {
    CHECK = 1 << NUMBER_check,
    SPLIT = 1 << NUMBER_split,
    TRAIN = 1 << NUMBER_train,
    EVALUATE = 1 << NUMBER_evaluate,
    PREDICT = 1 << NUMBER_predict,
    EXPLAIN = 1 << NUMBER_explain,
    SERVE = 1 << NUMBER_serve,
    COMPARE = 1 << NUMBER_compare,
    TUNE = 1 << NUMBER_tune,
    INSPECT = 1 << NUMBER_inspect,
    EXPORT = 1 << NUMBER_export,
    CLEAN = 1 << NUMBER_clean,
    VECTORS = 1 << NUMBER_vectors,
    DEMO = 1 << NUMBER_demo,
    HELP = 1 << NUMBER_help,
    RUNS = TRAIN | COMPARE | TUNE, /* commands that train */
    STAGES = RUNS | CLEAN | VECTORS,
    ALL = (1 << (NUMBER_help + 1)) - 1
};

#define PLACE(field) HOME_PROGRAM, .offset = offsetof(settings, field)

static const names answer_format_names = NAMES("tsv", "csv", "jsonl", "fasttext");
static const names explain_format_names = NAMES("auto", "terminal", "html", "svg", "json");
static const names colour_names = NAMES("auto", "always", "never");
static const names recipe_choice_names = NAMES("default", "fast", "best");
static const names export_format_names = NAMES("huggingface");
static const names vectors_format_names = NAMES("auto", "text", "binary");

const program_option program_options[] = {
    {{"train", OPTION_LIST, PLACE(train_files), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help =
          "A file of labelled rows to train on. May be repeated; the files are joined in this order. \"-\" is "
          "standard input; in a folder each subfolder is a label; .gz and .zst are unpacked. A name may end with the "
          "encoding of its file: old.csv:windows-1252."},
     .commands = RUNS},
    {{"train", OPTION_LIST, PLACE(train_files), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "A file of training rows. May be repeated. \"-\" is standard input; in a folder each subfolder is a "
              "label; .gz and .zst are unpacked. A name may end with the encoding of its file: old.csv:windows-1252."},
     .commands = CHECK},
    {{"validation-file", OPTION_LIST, PLACE(validation_files), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "A file of rows to validate on. May be repeated."},
     .commands = CHECK},
    {{"test", OPTION_LIST, PLACE(test_files), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "A file of rows to measure on. May be repeated."},
     .commands = CHECK},
    {{"model", OPTION_TEXT, PLACE(model), .group = GROUP_MAIN, .value = "OUT", .fallback = "",
      .help = "The model file to write, such as reviews.safetensors. An existing file is replaced once the new model "
              "is complete."},
     .commands = TRAIN},
    {{"architecture", OPTION_LIST, PLACE(architectures), .group = GROUP_MAIN, .value = "TEXT",
      .fallback = "the network of the recipe, and the recipe",
      .help = "An architecture to compare. May be repeated; the others are compared with the first. Two baselines are "
              "added: linear, and, if all architectures have attention, the first one with mean pooling instead."},
     .commands = COMPARE},
    {{"against", OPTION_LIST, PLACE(variants), .group = GROUP_MAIN, .value = "OPTIONS", .fallback = "",
      .help = "One more contender: the first architecture with other training options, given as JSON such as "
              "'{\"vectors\": \"glove.txt\"}' or as a JSON file. May be repeated."},
     .commands = COMPARE},
    {{"test", OPTION_TEXT, PLACE(test_file), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "A file of labelled rows to measure on. Without it, the test rows of --split-column are used, or else "
              "the validation rows."},
     .commands = COMPARE},
    {{"range", OPTION_LIST, PLACE(ranges), .group = GROUP_MAIN, .value = "NAME=RANGE", .fallback = "",
      .help = "Search the values of option NAME (training, words or cleaning). {LOW..HIGH} draws a number, {A,B,C} "
              "draws one of these texts. There may be text around the braces, and braces around the whole RANGE may be "
              "left out. Numbers are whole if the option takes whole numbers, or if both LOW and HIGH are whole. They "
              "are drawn on a logarithmic scale if LOW is above 0 and HIGH is at least ten times LOW, else uniformly. "
              "A backslash before a comma or brace makes it ordinary text. May be repeated."},
     .commands = TUNE},
    {{"init-from", OPTION_TEXT, PLACE(start_model), .group = GROUP_MAIN, .value = "MODEL", .fallback = "",
      .help = "Start from the weights of this model instead of random ones. Its text pipeline, vocabulary and "
              "architecture are used; new rows may add words and labels."},
     .commands = TRAIN},
    {{"table", OPTION_TEXT, PLACE(table_file), .group = GROUP_OUTPUT, .value = "FILE.csv", .fallback = "",
      .help = "Write one row to this file after each training. The file must not exist yet, except with --resume."},
     .commands = TUNE},
    {{"best", OPTION_TEXT, PLACE(best_file), .group = GROUP_OUTPUT, .value = "FILE.json", .fallback = "",
      .help = "Write the options of the best trial to a file that heed train --config reads."},
     .commands = TUNE},
    {{"table", OPTION_TEXT, PLACE(table_file), .group = GROUP_OUTPUT, .value = "FILE.csv", .fallback = "",
      .help = "Write one CSV row per training."},
     .commands = COMPARE},
    {{"preset", OPTION_CHOICE, PLACE(preset), .group = GROUP_MAIN, .choices = &preset_names,
      .fallback = "recipe, with --architecture or --init-from default",
      .help =
          "Default values of the other options; may be given anywhere on the line. recipe: what is chosen for the rows "
          "(--recipe); default: one network, as with --architecture. tutorial repeats exactly the Keras "
          "tutorial that heed began with, quirks included, and recognises its three files by their columns."},
     .commands = STAGES | INSPECT | CHECK | SPLIT,
     .after = "goal"},
    {{"recipe", OPTION_CHOICE, PLACE(recipe), .group = GROUP_MAIN, .choices = &recipe_choice_names,
      .fallback = "default",
      .help =
          "What is trained without --architecture. fast: logistic regression on n-grams of words and letters (wide). "
          "default: the sum of that and a network, where held-out rows say that it is better; with --encoder the "
          "encoder learns, where that is about 20 minutes of work or less. best: the same, however long it takes. An "
          "option that is for a network, such as --epochs, makes it one with a network."},
     .commands = RUNS,
     .after = "goal"},
    {{"config", OPTION_TEXT, PLACE(config), .group = GROUP_MAIN, .value = "FILE.json", .fallback = "",
      .help = "Read options from a JSON file, by their long names: {\"epochs\": 5, \"mask\": false}. An option on the "
              "command line overrides the one in the file, wherever --config is; if it may be repeated, it replaces "
              "the file's whole list."},
     .commands = RUNS,
     .after = "goal"},
    {{"show-config", OPTION_FLAG, PLACE(show_config), .group = GROUP_MAIN, .fallback = "",
      .help = "Print the values of all options, as set by preset, --config and command line, as JSON for --config, and "
              "exit."},
     .commands = RUNS,
     .after = "goal"},
    {{"threshold", OPTION_TEXT, PLACE(threshold), .group = GROUP_MAIN, .value = "P|LABEL=P,...",
      .fallback = "the model's",
      .help = "Predict a label if its probability is greater than P: the positive one of two labels, or with several "
              "labels per row each label. LABEL=P sets the threshold of one label; the others stay as in the model."},
     .commands = EVALUATE | PREDICT},
    {{"top-k", OPTION_WHOLE, PLACE(top_k), .group = GROUP_MAIN, .value = "K", .min = 1, .max = 65536,
      .help = "Print the K most likely labels, most likely first, whatever the thresholds are."},
     .commands = PREDICT},
    {{"file", OPTION_LIST, PLACE(explain_files), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "Explain the texts of a file (- is standard input), read as heed predict reads them. May be repeated."},
     .commands = EXPLAIN},
    {{"against", OPTION_TEXT, PLACE(explain_against), .group = GROUP_MAIN, .value = "TEXT", .fallback = "",
      .help = "Compare each text with TEXT: equal words of the two are paired, and the score of a word in TEXT is "
              "subtracted from the score of its partner."},
     .commands = EXPLAIN,
     .after = "label"},
    {{"faithfulness", OPTION_TEXT, PLACE(faithfulness_file), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "Do not explain texts, but measure on the texts of a file how far each method can be trusted: how much "
              "the probability of the predicted label falls without a method's top words (comprehensiveness) and with "
              "only these words (sufficiency), compared with words in random order."},
     .commands = EXPLAIN,
     .after = "steps"},
    {{"store", OPTION_FLAG, PLACE(store), .group = GROUP_MAIN, .fallback = "",
      .help = "With --faithfulness: store the most faithful method in the model, as the one that heed explain uses by "
              "default. If none is better than random order, leave the model unchanged and exit with status 4."},
     .commands = EXPLAIN,
     .after = "erase"},
    {{"vectors", OPTION_TEXT, PLACE(train.vectors), .group = GROUP_MAIN, .value = "FILE", .fallback = "",
      .help = "The file of word vectors that near searches."},
     .commands = VECTORS},
    {{"top-k", OPTION_WHOLE, PLACE(top_k), .group = GROUP_MAIN, .value = "K", .min = 1, .max = 65536,
      .help = "How many nearest words to print."},
     .commands = VECTORS},
    {{"output", OPTION_TEXT, PLACE(vectors_file), .group = GROUP_MAIN, .value = "OUT", .fallback = "",
      .help = "The file that train writes. An existing file is replaced once the new one is complete."},
     .commands = VECTORS},
    {{"all-scores", OPTION_FLAG, PLACE(all_scores), .group = GROUP_MAIN, .fallback = "",
      .help = "After the label and its score, write the scores of all labels, in the order of heed inspect --labels."},
     .commands = PREDICT},
    {{"address", OPTION_TEXT, PLACE(serve.address), .group = GROUP_MAIN, .value = "ADDRESS",
      .help = "The IP address to listen on. With 0.0.0.0 or :: other machines can reach the server, without encryption "
              "or passwords."},
     .commands = SERVE},
    {{"port", OPTION_WHOLE, PLACE(serve.port), .group = GROUP_MAIN, .value = "N", .max = 65535,
      .help = "The port; 0: any free port, which is printed."},
     .commands = SERVE},
    {{"storage", OPTION_CHOICE, PLACE(storage), .group = GROUP_MAIN, .choices = &storage_names,
      .help = "Number format of the cached products of the word embeddings with the first recurrent layer's weights. "
              "bfloat16 takes half the memory of float32, int8 a quarter; predictions may differ slightly."},
     .commands = EVALUATE | PREDICT | SERVE},
    {{"weights", OPTION_CHOICE, PLACE(weights), .group = GROUP_MAIN, .choices = &weights_names,
      .help = "Number format of the products in recurrent layers and encoders. bfloat16 rounds weights and inputs to 8 "
              "significant bits: faster on some processors that multiply bfloat16 (AVX512_BF16), slower on others. "
              "Predictions may differ slightly. auto: bfloat16 on processors on which it is known to be faster, else "
              "float32; prints which."},
     .commands = EVALUATE | PREDICT | SERVE},
    {{"require", OPTION_LIST, PLACE(requirements), .group = GROUP_MAIN, .value = "NAME=VALUE", .fallback = "",
      .help = "Exit with status 4 unless a metric (accuracy, macro_f1, auc, f1:LABEL and so on) is at least VALUE "
              "(loss: at most). May be repeated."},
     .commands = EVALUATE},
    {{"resamples", OPTION_WHOLE, PLACE(resamples), .group = GROUP_MAIN, .value = "N", .max = 100000,
      .help = "Number of bootstrap resamples for the intervals; 0: no intervals."},
     .commands = EVALUATE},
    {{"seed", OPTION_SEED, PLACE(train.seed), .group = GROUP_MAIN, .value = "N", .max = MAX_SEED,
      .help = "Seed of the bootstrap."},
     .commands = EVALUATE},
    {{"labels", OPTION_FLAG, PLACE(labels), .group = GROUP_MAIN, .fallback = "",
      .help = "Print the labels, one per line."},
     .commands = INSPECT},
    {{"history", OPTION_FLAG, PLACE(history), .group = GROUP_MAIN, .fallback = "",
      .help = "Print the training history as CSV, one row per epoch."},
     .commands = INSPECT},
    {{"label-count", OPTION_WHOLE, PLACE(label_count), .group = GROUP_MAIN, .value = "N", .min = 2, .max = 65536,
      .help = "Without a model: how many labels the rows have."},
     .commands = INSPECT},
    {{"text", OPTION_LIST, PLACE(texts), .group = GROUP_MAIN, .value = "TEXT", .fallback = "", .empty_is_value = true,
      .help = "A text itself, after those of the arguments. May be repeated."},
     .commands = PREDICT | EXPLAIN},
    {{"parts", OPTION_TEXT, PLACE(parts), .group = GROUP_MAIN, .value = "NAME=SHARE,...",
      .help = "The parts, whose names become those of files, and the share of the rows that each gets; the sum is 1."},
     .commands = SPLIT},
    {{"write-clean", OPTION_TEXT, PLACE(clean_folder), .group = GROUP_OUTPUT, .value = "FOLDER", .fallback = "",
      .help = "Write the files of all parts without copies of rows of later parts, repeated training rows and texts "
              "with two labels, and dropped.tsv, a list of these rows."},
     .commands = CHECK},
    {{"page", OPTION_TEXT, PLACE(page_file), .group = GROUP_OUTPUT, .value = "FILE.html", .fallback = "",
      .help = "Write a page with the findings and pairs of texts side by side, what differs marked."},
     .commands = CHECK},
    {{"no-labels", OPTION_FLAG, PLACE(no_labels), .group = GROUP_ROWS, .fallback = "",
      .help = "Rows have no labels, or none that count: they are divided without."},
     .commands = SPLIT},
    {{"output", OPTION_TEXT, PLACE(output_folder), .group = GROUP_MAIN, .value = "FOLDER", .fallback = "",
      .help = "The folder for the parts, whose files are replaced once all are complete."},
     .commands = SPLIT},
    {{"output", OPTION_TEXT, PLACE(output_folder), .group = GROUP_MAIN, .value = "FOLDER", .fallback = "",
      .help = "The folder to write; files of its names in it are replaced, others are not touched."},
     .commands = EXPORT},
    {{"output", OPTION_TEXT, PLACE(output_folder), .group = GROUP_MAIN, .value = "FOLDER",
      .help = "The folder for the demo's files; other files in it are not touched."},
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
      .help = "Save the cleaned rows, and an encoder's features of them, in this folder, which is created if missing. A "
              "later run on the same data with the same options reads them from there. The eight most recently used "
              "files are kept; standard input and folders are not cached."},
     .commands = RUNS,
     .after = "weight-column"},
    {{"validation-file", OPTION_TEXT, PLACE(validation_file), .group = GROUP_TRAINING, .value = "FILE", .fallback = "",
      .help = "A file of rows to validate on, instead of --validation."},
     .commands = RUNS,
     .after = "train-share"},
    {{"folds", OPTION_WHOLE, PLACE(folds), .group = GROUP_TRAINING, .value = "K", .min = 2, .max = HEED_MAX_FOLDS,
      .fallback = "",
      .help = "Cross-validate: divide the rows into K parts, train K times, each time validating on another part, and "
              "print metrics with mean and standard deviation. With --model, a model is then trained on all rows; its "
              "number of epochs is the mean of the best epochs of the folds."},
     .commands = TRAIN,
     .after = "train-share"},
    {{"history", OPTION_TEXT, PLACE(history_file), .group = GROUP_OUTPUT, .value = "FILE.csv", .fallback = "",
      .help = "Write the training history as CSV, one row per epoch."},
     .commands = TRAIN},
    {{"picture", OPTION_TEXT, PLACE(picture_file), .group = GROUP_OUTPUT, .value = "FILE.svg", .fallback = "",
      .help = "Draw the metrics of each epoch; heed compare draws the accuracy of each contender and its difference "
              "from the first. The file extension selects the format: .svg, or, with librsvg, .png or .pdf."},
     .commands = TRAIN | COMPARE | INSPECT},
    {{"learning-curve", OPTION_TEXT, PLACE(learning_file), .group = GROUP_OUTPUT, .value = "FILE.svg", .fallback = "",
      .help = "Train every contender on all, a half, a quarter and an eighth of the training rows, and draw the "
              "accuracy over the number of rows, to see if more rows would help."},
     .commands = COMPARE},
    {{"picture", OPTION_TEXT, PLACE(picture_file), .group = GROUP_OUTPUT, .value = "FILE.svg", .fallback = "",
      .help = "With --faithfulness: draw the results. The file extension selects the format: .svg, or, with librsvg, "
              ".png or .pdf."},
     .commands = EXPLAIN},
    {{"probabilities", OPTION_TEXT, PLACE(probabilities_file), .group = GROUP_OUTPUT, .value = "FILE.tsv",
      .fallback = "",
      .help = "Write one line per record: its id, or its number in its file, true label, predicted label, and the "
              "probability of every label. An existing file is replaced once the table is complete. If a label has the "
              "name of a column, these three are numbered: label_2."},
     .commands = EVALUATE},
    {{"curves", OPTION_TEXT, PLACE(curves_file), .group = GROUP_OUTPUT, .value = "FILE.csv", .fallback = "",
      .help = "Write the ROC, precision-recall and calibration curves as CSV: one row per point, with the columns "
              "curve, label, x, y, threshold and rows."},
     .commands = EVALUATE},
    {{"report", OPTION_TEXT, PLACE(report_folder), .group = GROUP_OUTPUT, .value = "FOLDER", .fallback = "",
      .help = "Write a report on the model and this test: report.html, a self-contained page; report.json, the same as "
              "data; and the pictures. The folder is created if missing."},
     .commands = EVALUATE},
    {{"output-format", OPTION_CHOICE, PLACE(output_format), .group = GROUP_OUTPUT, .choices = &answer_format_names,
      .help = "Format of the output, one line per record."},
     .commands = PREDICT},
    {{"output-format", OPTION_CHOICE, PLACE(export_format), .group = GROUP_OUTPUT, .choices = &export_format_names,
      .help = "huggingface: config.json, model.safetensors, tokenizer.json and tokenizer_config.json, which the Python "
              "library transformers opens."},
     .commands = EXPORT},
    {{"output-format", OPTION_CHOICE, PLACE(vectors_format), .group = GROUP_OUTPUT, .choices = &vectors_format_names,
      .help = "The word2vec format that train writes; auto: binary if the name ends in .bin."},
     .commands = VECTORS},
    {{"output", OPTION_TEXT, PLACE(explain_file), .group = GROUP_OUTPUT, .value = "FILE", .fallback = "standard output",
      .help = "The file for the explanations. An existing file is replaced once they are complete."},
     .commands = EXPLAIN},
    {{"output-format", OPTION_CHOICE, PLACE(explain_format), .group = GROUP_OUTPUT, .choices = &explain_format_names,
      .help = "auto: by the extension of --output (.html, .svg, .json, .txt), otherwise terminal. html and svg put all "
              "texts into one page or picture, json writes one object per line."},
     .commands = EXPLAIN},
    {{"colors", OPTION_CHOICE, PLACE(colours), .group = GROUP_OUTPUT, .choices = &colour_names,
      .help = "Whether terminal output has colours instead of marks; auto: on a terminal without NO_COLOR."},
     .commands = EXPLAIN},
    {{"append", OPTION_FLAG, PLACE(append), .group = GROUP_OUTPUT, .fallback = "",
      .help =
          "Write the input with label and score added: as columns of TSV and CSV, as keys of JSONL, after a tab "
          "otherwise. If the input already has a name such as predicted_label, the new one becomes predicted_label_2."},
     .commands = PREDICT},
    {{"json", OPTION_FLAG, PLACE(json), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Write JSON: one object; clean, explain and vectors near write one per line."},
     .commands = CHECK | SPLIT | COMPARE | TUNE | EVALUATE | EXPLAIN | INSPECT | CLEAN | VECTORS},
    {{"graph", OPTION_TEXT, PLACE(graph_file), .group = GROUP_OUTPUT, .value = "FILE", .fallback = "",
      .help = "Draw the layers with their shapes. The file extension selects the format: .dot, or, with Graphviz, "
              ".svg, .png or .pdf."},
     .commands = INSPECT},
    {{"brief", OPTION_FLAG, PLACE(brief), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Print only the main metrics, without the report by label and the confusion matrix."},
     .commands = EVALUATE},
    {{"with-text", OPTION_FLAG, PLACE(with_text), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Write the original text and a tab before the cleaned text."},
     .commands = CLEAN},
    {{"spans", OPTION_FLAG, PLACE(spans), .group = GROUP_OUTPUT, .fallback = "",
      .help = "Write each token as BEGIN:END:TOKEN, with the byte range of the text that it comes from."},
     .commands = CLEAN},
    {{"max-body", OPTION_WHOLE, PLACE(serve.max_body), .group = GROUP_LIMITS, .value = "BYTES", .min = 1,
      .max = 1u << 30, .help = "Largest size of a request body."},
     .commands = SERVE},
    {{"max-texts", OPTION_WHOLE, PLACE(serve.max_texts), .group = GROUP_LIMITS, .value = "N", .min = 1, .max = 1000000,
      .help = "Largest number of texts per request."},
     .commands = SERVE},
    {{"queue", OPTION_WHOLE, PLACE(serve.queue), .group = GROUP_LIMITS, .value = "N", .min = 1, .max = 1000000,
      .help = "Largest number of waiting texts of one address; its further requests get status 429."},
     .commands = SERVE},
    {{"max-cost", OPTION_WHOLE, PLACE(serve.max_cost), .group = GROUP_LIMITS, .value = "N", .min = 1,
      .max = UINT32_MAX,
      .help = "Largest cost of a request: the tokens of its texts, each as often as a pass goes over it. A prediction is "
              "one pass, leave-one-out a pass for each token."},
     .commands = SERVE},
    {{"allow-host", OPTION_LIST, PLACE(serve_hosts), .group = GROUP_MAIN, .value = "NAME", .fallback = "",
      .help = "A name by which requests may call the server (their header Host), besides localhost and addresses in "
              "digits. May be repeated. On a loopback address other names get status 421; on other addresses any name is "
              "taken unless this option is given."},
     .commands = SERVE},
    {{"allow-origin", OPTION_LIST, PLACE(serve_origins), .group = GROUP_MAIN, .value = "ORIGIN", .fallback = "",
      .help = "Pages of this origin, such as https://example.org, may ask the server and read its answers (CORS). May be "
              "repeated. Those of others get status 403."},
     .commands = SERVE},
    {{"token-file", OPTION_TEXT, PLACE(serve.token_file), .group = GROUP_MAIN, .value = "FILE",
      .fallback = "none, and everybody may ask",
      .help = "A file with a token in one line. Requests need the header Authorization: Bearer TOKEN, but for the page and "
              "/health; others get status 401."},
     .commands = SERVE},
    {{"connections", OPTION_WHOLE, PLACE(serve.connections), .group = GROUP_LIMITS, .value = "N", .min = 1,
      .max = 10000, .help = "Largest number of connections at a time; others get status 503 and are closed."},
     .commands = SERVE},
    {{"connections-each", OPTION_WHOLE, PLACE(serve.connections_each), .group = GROUP_LIMITS, .value = "N",
      .max = 10000,
      .help = "Largest number of connections at a time from one address; others get status 503 and are closed. 0: no limit, for a server "
              "behind a proxy."},
     .commands = SERVE},
    {{"header-seconds", OPTION_REAL, PLACE(serve.header_seconds), .group = GROUP_LIMITS, .value = "S", .min = 0.1L,
      .max = 3600, .help = "Time limit for receiving the headers of a request, and for idle time between requests."},
     .commands = SERVE},
    {{"request-seconds", OPTION_REAL, PLACE(serve.request_seconds), .group = GROUP_LIMITS, .value = "S", .min = 0.1L,
      .max = 3600, .help = "Time limit from the end of a request's headers until the client has read the answer."},
     .commands = SERVE},
    {{"drain-seconds", OPTION_REAL, PLACE(serve.drain_seconds), .group = GROUP_LIMITS, .value = "S", .max = 3600,
      .help = "Time limit after SIGTERM for answering the requests that were accepted."},
     .commands = SERVE},
    {{"quiet", OPTION_FLAG, PLACE(quiet), .group = GROUP_COMMON, .fallback = "",
      .help = "Do not print progress on standard error; warnings and errors are still printed."},
     .commands = CHECK | SPLIT | RUNS | EVALUATE | PREDICT | EXPLAIN | SERVE | VECTORS | DEMO,
     .letter = 'q',
     .after = "threads"},
    {{"help", OPTION_FLAG, PLACE(help), .group = GROUP_COMMON, .fallback = "", .help = "Print this help."},
     .commands = ALL,
     .letter = 'h',
     .after = "threads"},
};

const size_t program_option_count = sizeof program_options / sizeof *program_options;
