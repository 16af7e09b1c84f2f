/* heed demo: all steps on built-in data, one command after the other. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/status.h"
#include "command_line.h"
#include "output.h"
#include "progress.h"
#include "settings.h"

enum { MAX_LINE = 24, MAX_PATH = 4096, WIDTH = 80 };

/* Of similar lengths, so that the labels after the tabs are aligned. */
static const char definitions[] = "a small bird that sings in the garden hedge\n"
                                  "a thick soup of beans, onions and smoked ham\n"
                                  "someone who repairs old clocks and watches\n"
                                  "the hours between midnight and the sunrise\n"
                                  "an inflammation of the skin of both hands\n"
                                  "the unit of money of a small island country\n"
                                  "the act of climbing over a high garden wall\n"
                                  "a long poem about the deeds of old heroes\n";

typedef struct demo {
    const settings *settings;
    output out;
    double began;
    char train[MAX_PATH], validation[MAX_PATH], test[MAX_PATH], definitions[MAX_PATH], model[MAX_PATH];
    char report[MAX_PATH], page[MAX_PATH];
} demo;

/* ---------------------------------------------------------------- files */

static heed_status paths_init(demo *d, heed_error *error)
{
    const char *folder = d->settings->output_folder;
    const struct {
        char *path;
        const char *name;
    } files[] = {{d->train, "train.tsv"},        {d->validation, "validation.tsv"},
                 {d->test, "test.tsv"},          {d->definitions, "definitions.txt"},
                 {d->model, "demo.safetensors"}, {d->report, "report"},
                 {d->page, "report/report.html"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        int size = snprintf(files[i].path, MAX_PATH, "%s/%s", folder, files[i].name);
        if (size < 0 || size >= MAX_PATH)
            return fail(error, HEED_USAGE, "--output: found a name of %zu bytes, expected a shorter one",
                        strlen(folder));
    }
    if (!path_make_folder(folder))
        return fail(error, HEED_FAILED, "%s: cannot be created: %s", folder, strerror(errno));
    return HEED_OK;
}

static heed_status part_write(const char *part, const char *path, heed_error *error)
{
    char *data = NULL;
    size_t size = 0;
    heed_status status = heed_demo_data(&data, &size, part, error);
    if (status == HEED_OK)
        status = file_write(path, data, size, error);
    heed_free(data);
    return status;
}

static heed_status files_write(const demo *d, heed_error *error)
{
    heed_status status;
    TRY(part_write("train", d->train, error));
    TRY(part_write("validation", d->validation, error));
    TRY(part_write("test", d->test, error));
    status = file_write(d->definitions, definitions, sizeof definitions - 1, error);
done:
    return status;
}

/* ---------------------------------------------------------------- steps */

static bool word_is_plain(const char *word)
{
    return word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@")] == '\0';
}

/* A word quoted for a shell. */
static void word_print(writer *o, const char *word)
{
    if (word_is_plain(word)) {
        writer_text(o, word);
        return;
    }
    writer_byte(o, '\'');
    for (; *word != '\0'; word++)
        if (*word == '\'')
            writer_text(o, "'\\''");
        else
            writer_byte(o, *word);
    writer_byte(o, '\'');
}

/* The command line as it can be typed; a long one is broken before options and texts. */
static void words_print(writer *o, const char *const *words)
{
    size_t column = strlen("$ heed");
    writer_text(o, "$ heed");
    for (size_t i = 0; words[i] != NULL; i++) {
        size_t size = 1 + strlen(words[i]);
        if (words[i][0] == '-' && words[i + 1] != NULL)
            size += 3 + strlen(words[i + 1]); /* an option stays with its value */
        bool is_value = i > 0 && words[i - 1][0] == '-';
        if ((words[i][0] == '-' || !word_is_plain(words[i])) && !is_value && column + size > WIDTH) {
            writer_text(o, " \\\n      ");
            column = 6;
        }
        writer_byte(o, ' ');
        word_print(o, words[i]);
        column += 1 + strlen(words[i]);
    }
    writer_byte(o, '\n');
}

static void heading_print(output *o, const char *text)
{
    bool bold = output_is_terminal(o) && getenv("NO_COLOR") == NULL;
    writer_print(&o->w, bold ? "\n\033[1m%s\033[0m\n" : "\n%s\n", text);
}

/* Prints a command line and runs it, as the shell would. says: NULL for a further command of the same step; words end
 * with NULL. */
static heed_status step(demo *d, const char *says, const char *const *words, heed_error *error)
{
    static char quiet[] = "--quiet";
    char *line[MAX_LINE], threads[32];
    int count = 0;
    if (says != NULL)
        heading_print(&d->out, says);
    words_print(&d->out.w, words);
    output_flush(&d->out);
    if (d->out.w.problem != 0)
        return HEED_FAILED;
    for (; words[count] != NULL; count++)
        line[count] = (char *)(size_t)words[count]; /* as in main, a command line is not const; nothing writes to it */
    if (d->settings->train.threads > 0) {
        snprintf(threads, sizeof threads, "--threads=%u", d->settings->train.threads);
        line[count++] = threads;
    }
    if (d->settings->quiet)
        line[count++] = quiet;
    return command_line(count, line, NULL, error);
}

static heed_status steps(demo *d, heed_error *error)
{
    const char *const check[] = {"check",       "--train", d->train, "--validation-file",
                                 d->validation, "--test",  d->test,  NULL};
    const char *const train[] = {"train", "--train", d->train, "--model", d->model, NULL};
    const char *const evaluate[] = {"evaluate", d->model, d->test, "--brief", "--report", d->report, NULL};
    const char *const predict[] = {"predict", d->model, d->definitions, "--append", NULL};
    const char *const explain[] = {"explain", d->model, "a small bird that sings in the garden hedge",
                                   "the hours between midnight and the sunrise", NULL};
    heed_status status;
    TRY(step(d, "1. Check that no part has rows of another", check, error));
    TRY(step(d, "2. Train on 20,000 definitions", train, error));
    TRY(step(d, "3. Evaluate on 4,000 definitions that it has not seen", evaluate, error));
    TRY(step(d, "4. Predict new definitions that are not in the data", predict, error));
    status = step(d, "5. See which words led to an answer", explain, error);
done:
    return status;
}

static void farewell(demo *d)
{
    writer *o = &d->out.w;
    char says[64];
    snprintf(says, sizeof says, "Done in %.0f seconds. What to try next", clock_seconds() - d->began);
    heading_print(&d->out, says);
    writer_print(o, "open %s in a browser: metrics, pictures, errors and words\n", d->page);
    writer_text(o, "$ echo 'a boat with two hulls' | heed predict ");
    word_print(o, d->model);
    writer_text(o, " --top-k 3\n$ heed evaluate ");
    word_print(o, d->model);
    writer_byte(o, ' ');
    word_print(o, d->test);
    writer_text(o, "\n$ heed inspect ");
    word_print(o, d->model);
    writer_text(
        o,
        "\n$ heed check --train YOURS.csv\n$ heed train --train YOURS.csv --model yours.safetensors\n$ heed --help\n");
}

static heed_status run(settings *s, heed_error *error)
{
    demo *d = calloc(1, sizeof *d);
    if (d == NULL)
        return fail_memory(error, "the demo");
    d->settings = s;
    d->out = output_standard();
    d->out.w.filter = NULL; /* its headings are bold */
    d->began = clock_seconds();
    heed_status status;
    TRY(paths_init(d, error));
    TRY(files_write(d, error));
    writer_print(&d->out.w,
                 "heed learns what kind of thing a noun means, from WordNet's definitions in\n"
                 "19 categories such as noun.animal and noun.time. They are now train.tsv,\n"
                 "validation.tsv and test.tsv in %s/.\n",
                 s->output_folder);
    TRY(steps(d, error));
    farewell(d);
done:
    if (status == HEED_OK || d->out.w.problem != 0)
        status = output_finish(&d->out, error);
    free(d);
    return status;
}

const command demo_command = {
    .name = "demo",
    .run = run,
    .touches = TOUCHES_THREADS,
    .arguments = "[OPTION]...",
    .summary = "go through all steps on built-in data",
    .about = "Writes WordNet's definitions of nouns to files, checks them, trains a classifier that predicts their "
             "categories, evaluates it and uses it. Each command is printed before it runs. Takes less than a minute "
             "and downloads nothing.",
    .examples = "heed demo\n"
                "heed demo --output /tmp/demo",
};
