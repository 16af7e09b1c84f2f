#include "command.h"

#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "base/suggest.h"
#include "config_file.h"
#include "help.h"
#include "options.h"
#include "output.h"
#include "settings.h"

#define ANY_NUMBER 1000000u

static const command commands[] = {
    {"train", NULL, COMMAND_TRAIN, train_command, 0, 0, "--train FILE --model OUT [OPTION]...",
     "train a classifier and write it to a file",
     "Reads labelled rows, cleans their texts, trains a network on them and writes one model file, which holds all "
     "that "
     "prediction needs.\n\n"
     "Without options texts are cleaned and split in the way of the default preset, a tenth of the rows is kept back "
     "for validation, and the weights of the best epoch are kept. Ctrl-C stops the training and keeps the best epoch "
     "so far (exit status 130); a second Ctrl-C ends the program at once.",
     "heed train --train reviews.csv --model reviews.safetensors\n"
     "heed train --train train.tsv --validation-file dev.tsv --model m.safetensors\n"
     "heed train --preset tutorial --train labeledTrainData.tsv \\\n"
     "    --train imdb_master.csv --model t.safetensors\n"
     "heed train --train reviews.csv --folds 5\n"
     "heed train --config run.json --epochs 5"},
    {"evaluate", "test", COMMAND_EVALUATE, evaluate_command, 2, ANY_NUMBER, "MODEL FILE... [OPTION]...",
     "measure a model on labelled rows",
     "Prints the classification report, the confusion matrix and the areas under the curves, with 95% intervals of the "
     "first figures. Rows are read as they were in training, but for what the options say.",
     "heed evaluate m.safetensors test.tsv\n"
     "heed evaluate m.safetensors test.tsv --report report\n"
     "heed evaluate m.safetensors testData.tsv --text-column review \\\n"
     "    --label-from 'id:rating>=5' --json\n"
     "heed evaluate m.safetensors test.tsv --require macro_f1=0.85 --require auc=0.9"},
    {"predict", NULL, COMMAND_PREDICT, predict_command, 1, ANY_NUMBER, "MODEL [FILE...] [OPTION]...", "label texts",
     "Writes one line a record, in order: the label and its probability, separated by a tab, with the id in front "
     "where "
     "the input has ids. Without a file, or with -, texts are read from standard input, one a line, and a pipe is "
     "answered line by line.",
     "heed predict m.safetensors - --top-k 2 < reviews.txt\n"
     "heed predict m.safetensors reviews.csv --append > labelled.csv\n"
     "tail -f log.txt | heed predict m.safetensors"},
    {"explain", NULL, COMMAND_EXPLAIN, explain_command, 1, ANY_NUMBER, "MODEL [TEXT...] [OPTION]...",
     "show which words have to do with a text's label",
     "Shows each text as it was written, its words coloured (or marked) by their scores, with what the model did not "
     "read: words that were dropped, that it does not know, or that lie outside of its window. Texts are arguments, "
     "those of --file, or without either, or with -, lines of standard input.\n\n"
     "Scores are for (+) or against (-) a label, in units of its logit, but for attention:\n"
     "attention: where the model looked, which need not be why; the same for every label, sums to 1\n"
     "gradient: the logit's gradient at a word's embedding, times the embedding; one pass\n"
     "integrated: gradients on the way from zero embeddings to the words', which add up to the logit's difference\n"
     "leave-one-out: what the logit loses when the word is taken out\n"
     "weights: linear models' value times weight of each word and half of it of each pair\n\n"
     "With --faithfulness it measures how far each of them can be trusted for this model, and with --store keeps the best "
     "one in it.",
     "heed explain m.safetensors 'A film to remember, for all its faults.'\n"
     "heed explain m.safetensors --file reviews.csv --output reviews.html\n"
     "heed explain m.safetensors 'a good film' --against 'not a good film'\n"
     "heed explain m.safetensors --json < reviews.txt\n"
     "heed explain m.safetensors --faithfulness reviews.csv --store"},
    {"serve", NULL, COMMAND_SERVE, serve_command, 1, 256, "[NAME=]MODEL... [OPTION]...", "answer over HTTP",
     "Serves models until SIGTERM or Ctrl-C, and prints the address where. A model goes by NAME, or by its file's name "
     "less .safetensors; where a request names none, the first one answers. Answers are those of heed predict.\n\n"
     "POST / or /predict: {\"inputs\": TEXT or [TEXT, ...]}, as Hugging Face's servers\n"
     "POST /v2/models/NAME/infer: as KServe, Triton\n"
     "POST /v1/models/NAME:predict: {\"instances\": [TEXT, ...]}, as TensorFlow Serving\n"
     "POST /v1/models/NAME:explain: the same, with the score of each word\n"
     "GET /: a page to try texts on\n"
     "GET /v2/health/live, /v2/health/ready, /metrics (Prometheus), /v2, /v2/models/NAME\n\n"
     "SIGHUP loads the models again; one that cannot be loaded stays as it was. SIGTERM ends the server once it has "
     "answered what it has accepted.",
     "heed serve m.safetensors\n"
     "heed serve reviews=m.safetensors topics=t.safetensors --port 9000\n"
     "curl -H 'Content-Type: application/json' \\\n"
     "    -d '{\"inputs\": \"what a film\"}' http://127.0.0.1:8080/"},
    {"compare", NULL, COMMAND_COMPARE, compare_command, 0, 0, "--train FILE [--test FILE] [--architecture TEXT]...",
     "find out which architecture is better, and how sure that is",
     "Trains every architecture with several seeds on the same rows, measures all of them on the same rows, and prints "
     "a table: accuracy, macro F1, area under the curve, time and parameters, and the differences to the first with "
     "95% intervals from a paired bootstrap over rows and seeds.\n\n"
     "Two yardsticks always take part: linear (logistic regression on TF-IDF of words and pairs of words), and where "
     "every architecture has an attention, the first one without it. A training that fails is reported, and the rest "
     "goes on; Ctrl-C prints the table of what is complete.",
     "heed compare --train train.tsv --test test.tsv\n"
     "heed compare --train train.tsv --test test.tsv --seeds 5 \\\n"
     "    --architecture 'embed 64 | bilstm 32 | attention additive 16' \\\n"
     "    --architecture 'embed 64 | conv 100 3 4 5 | max | dropout 0.5'\n"
     "heed compare --train train.tsv --test test.tsv \\\n"
     "    --against '{\"vectors\": \"glove.6B.64d.txt\"}'"},
    {"tune", NULL, COMMAND_TUNE, tune_command, 0, 0, "--train FILE --range NAME=RANGE... --table FILE.csv [OPTION]...",
     "search for the options that train best",
     "Draws a value from every range for each trial, trains all the trials for a ninth of --epochs, the best third "
     "of them for a third of --epochs, and the best third of those for all of them (random search with successive "
     "halving). A trial that goes on is trained anew, with the same seed and rows, so its first epochs are the same "
     "again (but for --schedule cosine, which spans a training): a search of 27 trials costs as much as 9 trainings "
     "of --epochs, where training all of them would cost 27.\n\n"
     "Options of training, words and cleaning hold for all trials. Ranges are drawn from --seed and the trial's "
     "number alone. An architecture may hold braces itself. A range that cannot be used is refused before the first "
     "training; a trial whose values do not go together is reported, and the rest goes on. Ctrl-C prints the best so "
     "far, and --resume goes on from there.\n\n"
     "The best of many looks better on the validation rows than it is: measure it on other rows.",
     "heed tune --train train.tsv --range 'learning-rate={0.0003..0.01}' \\\n"
     "    --range batch-size=16,32,64 --table trials.csv\n"
     "heed tune --train train.tsv --validation-file dev.tsv --minutes 30 \\\n"
     "    --architecture 'embed {64,128} | {bilstm,bigru} {16..64} | max' \\\n"
     "    --table trials.csv --best best.json\n"
     "heed train --config best.json --model best.safetensors"},
    {"inspect", NULL, COMMAND_INSPECT, inspect_command, 1, 1, "MODEL [OPTION]...", "show what a model is made of",
     "Prints the network's layers, the way its texts are cleaned and the record of its training.",
     "heed inspect m.safetensors\n"
     "heed inspect m.safetensors --history > history.csv\n"
     "heed inspect m.safetensors --graph m.svg"},
    {"clean", NULL, COMMAND_CLEAN, clean_command, 0, ANY_NUMBER, "[FILE...] [OPTION]...",
     "print texts as the network would read them",
     "Writes one cleaned text a line. With neither a preset nor a stage named it does what the default preset does; "
     "once "
     "a stage is named without a preset, all the others are off.",
     "heed clean --preset tutorial labeledTrainData.tsv\n"
     "heed clean --lemmas noun words.txt\n"
     "echo 'The cats were sleeping.' | heed clean --json"},
    {"vectors", NULL, COMMAND_VECTORS, vectors_command, 2, ANY_NUMBER,
     "train FILE... | near WORD... | info FILE [OPTION]...",
     "learn word vectors, or look into a file of them",
     "train learns the vectors of the words in the files' texts, labelled or not, by word2vec (skip-gram or CBOW, with "
     "negative sampling). Texts are cleaned as heed train cleans them, so that it finds all of its words again. Ctrl-C "
     "ends it without a file.\n\n"
     "near prints the words whose vectors have the largest cosine with a word's, a line each: the word, the near word "
     "and "
     "the cosine, separated by tabs. With a fastText .bin the word may be one that the file does not know. info prints "
     "what a file holds.\n\n"
     "Files of GloVe (text), word2vec (text or binary) and fastText (.vec or .bin) are told apart by their content; "
     "gzip is unpacked.",
     "heed vectors train reviews.csv more.txt --output vectors.bin --dimensions 64\n"
     "heed vectors info glove.6B.100d.txt\n"
     "heed vectors near film actor --vectors glove.6B.100d.txt --top-k 5"},
    {"demo", NULL, COMMAND_DEMO, demo_command, 0, 0, "[OPTION]...", "walk the whole way on built-in data",
     "Writes WordNet's definitions of nouns as files, trains a classifier of their categories, measures it and asks "
     "it, "
     "printing each command before it runs; in less than a minute, without a download.",
     "heed demo\n"
     "heed demo --output /tmp/demo"},
    {"help", NULL, COMMAND_HELP, help_command, 0, 1, "[COMMAND]", "explain a command",
     "Prints the help of a command, or the list of commands.", "heed help train"},
};

const command *command_list(size_t *count)
{
    *count = sizeof commands / sizeof *commands;
    return commands;
}

const command *command_find(const char *name)
{
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        if (strcmp(commands[i].name, name) == 0 || (commands[i].alias != NULL && strcmp(commands[i].alias, name) == 0))
            return &commands[i];
    return NULL;
}

static heed_status command_unknown(const char *name, heed_error *error)
{
    static const char *const others[][2] = {{"supervised", "train"}, {"predict-prob", "predict"}, {"eval", "evaluate"}};
    suggestion near = suggest_begin(bytes_of(name));
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++)
        suggest_offer(&near, commands[i].name);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(name, others[i][0]) == 0)
            near.word = others[i][1];
    if (near.word != NULL)
        return fail(error, HEED_USAGE, "unknown command '%s'; did you mean 'heed %s'?", name, near.word);
    return fail(error, HEED_USAGE, "unknown command '%s'; 'heed --help' lists the known ones", name);
}

static heed_status help_show(const command *c, heed_error *error)
{
    output out = output_standard();
    help_print(&out.w, c);
    return output_finish(&out, error);
}

static heed_status version_show(heed_error *error)
{
    output out = output_standard();
    writer_print(&out.w, "heed %s\n", heed_version());
    return output_finish(&out, error);
}

heed_status command_line(int count, char **arguments, server_entry *serve, heed_error *error)
{
    if (count < 1)
        return fail(error, HEED_USAGE, "a command is missing, such as 'heed train'; 'heed --help' lists them");
    const char *name = arguments[0];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return help_show(NULL, error);
    if (strcmp(name, "--version") == 0)
        return version_show(error);
    if (name[0] == '-')
        return fail(error, HEED_USAGE,
                        "found the option %s, expected a command first, such as 'heed train'; "
                        "'heed --help' lists them",
                        name);
    const command *c = command_find(name);
    if (c == NULL)
        return command_unknown(name, error);
    settings s;
    heed_status status = settings_init(&s, c, count - 1, arguments + 1, error);
    s.server = serve;
    if (status == HEED_OK)
        status = s.help ? help_show(c, error) : s.show_config ? config_show(&s, error) : c->run(&s, error);
    settings_release(&s);
    return status;
}
