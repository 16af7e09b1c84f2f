/* heed demo: the whole way on built-in data, one command after the other. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "output.h"
#include "settings.h"

enum { LINE_MOST = 16, PATH_MOST = 4096 };

static const char typed[] = "a small bird with a red breast that sings in the garden\n"
                            "a soup of beans and smoked ham\n"
                            "someone who repairs clocks and watches\n"
                            "the time between midnight and sunrise\n";

typedef struct demo {
    const settings *settings;
    output out;
    char train[PATH_MOST], validation[PATH_MOST], test[PATH_MOST], samples[PATH_MOST], typed[PATH_MOST],
        model[PATH_MOST];
} demo;

/* ---------------------------------------------------------------- files */

static heed_status path_join(char out[PATH_MOST], const char *folder, const char *name, heed_error *error)
{
    int size = snprintf(out, PATH_MOST, "%s/%s", folder, name);
    if (size < 0 || size >= PATH_MOST)
        return complain(error, HEED_USAGE, "--output: found a name of %zu bytes, expected a shorter one", strlen(folder));
    return HEED_OK;
}

static heed_status paths_init(demo *d, heed_error *error)
{
    const char *folder = d->settings->output_folder;
    heed_status status = path_join(d->train, folder, "train.tsv", error);
    if (status == HEED_OK)
        status = path_join(d->validation, folder, "validation.tsv", error);
    if (status == HEED_OK)
        status = path_join(d->test, folder, "test.tsv", error);
    if (status == HEED_OK)
        status = path_join(d->samples, folder, "samples.tsv", error);
    if (status == HEED_OK)
        status = path_join(d->typed, folder, "typed.txt", error);
    if (status == HEED_OK)
        status = path_join(d->model, folder, "demo.safetensors", error);
    if (status == HEED_OK && mkdir(folder, 0777) != 0 && errno != EEXIST)
        status = complain(error, HEED_FAILED, "%s: cannot be made: %s", folder, strerror(errno));
    return status;
}

static heed_status file_write(const char *path, const char *data, size_t size, heed_error *error)
{
    output o;
    heed_status status = output_create(&o, path, error);
    if (status == HEED_OK) {
        output_bytes(&o, data, size);
        status = output_finish(&o, error);
    }
    return status;
}

static size_t line_size(const char *data, size_t size)
{
    const char *end = memchr(data, '\n', size);
    return end != NULL ? (size_t)(end - data) + 1 : size;
}

/* The header and every 500th row of the test part. */
static heed_status samples_write(const char *path, const char *data, size_t size, heed_error *error)
{
    output o;
    heed_status status = output_create(&o, path, error);
    if (status != HEED_OK)
        return status;
    for (size_t row = 0, at = 0; at < size; row++) {
        size_t line = line_size(data + at, size - at);
        if (row == 0 || row % 500 == 250)
            output_bytes(&o, data + at, line);
        at += line;
    }
    return output_finish(&o, error);
}

static heed_status part_write(demo *d, const char *part, const char *path, heed_error *error)
{
    char *data = NULL;
    size_t size = 0;
    heed_status status = heed_demo_data(&data, &size, part, error);
    if (status == HEED_OK)
        status = file_write(path, data, size, error);
    if (status == HEED_OK && path == d->test)
        status = samples_write(d->samples, data, size, error);
    heed_free(data);
    return status;
}

static heed_status files_write(demo *d, heed_error *error)
{
    heed_status status = part_write(d, "train", d->train, error);
    if (status == HEED_OK)
        status = part_write(d, "validation", d->validation, error);
    if (status == HEED_OK)
        status = part_write(d, "test", d->test, error);
    if (status == HEED_OK)
        status = file_write(d->typed, typed, sizeof typed - 1, error);
    return status;
}

/* ---------------------------------------------------------------- steps */

/* A word as a shell reads it back. */
static void word_print(output *o, const char *word)
{
    if (word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@")] == '\0') {
        output_text(o, word);
        return;
    }
    output_byte(o, '\'');
    for (; *word != '\0'; word++)
        if (*word == '\'')
            output_text(o, "'\\''");
        else
            output_byte(o, *word);
    output_byte(o, '\'');
}

/* Prints a command line and runs it, as the shell would. words end with NULL. */
static heed_status step(demo *d, const char *says, const char *const *words, heed_error *error)
{
    char *line[LINE_MOST], threads[32];
    int count = 0;
    output *o = &d->out;
    output_print(o, "\n%s\n$ heed", says);
    for (; words[count] != NULL; count++) {
        line[count] = (char *)(size_t)words[count]; /* as in main, a command line is not const; nothing writes to it */
        output_byte(o, ' ');
        word_print(o, words[count]);
    }
    output_byte(o, '\n');
    output_flush(o);
    if (d->settings->train.threads > 0 && strcmp(words[0], "inspect") != 0) {
        snprintf(threads, sizeof threads, "--threads=%u", d->settings->train.threads);
        line[count++] = threads;
    }
    if (d->settings->quiet && strcmp(words[0], "inspect") != 0)
        line[count++] = "--quiet";
    return o->problem != 0 ? HEED_FAILED : command_line(count, line, error);
}

static heed_status steps(demo *d, heed_error *error)
{
    const char *const train[] = {"train", "--train", d->train, "--validation-file", d->validation, "--model", d->model,
                                 "--epochs", "4", NULL};
    const char *const evaluate[] = {"evaluate", d->model, d->test, NULL};
    const char *const samples[] = {"predict", d->model, d->samples, "--append", NULL};
    const char *const own[] = {"predict", d->model, d->typed, "--top-k", "3", "--append", NULL};
    const char *const inspect[] = {"inspect", d->model, NULL};
    heed_status status = step(d, "1. Train on 20,000 definitions; the epoch of best validation loss is kept.", train, error);
    if (status == HEED_OK)
        status = step(d, "2. Measure on 4,000 definitions that it has not seen.", evaluate, error);
    if (status == HEED_OK)
        status = step(d, "3. Ask it: some of these definitions, with the category they have in front.", samples, error);
    if (status == HEED_OK)
        status = step(d, "4. And some of our own, with the three likeliest categories.", own, error);
    if (status == HEED_OK)
        status = step(d, "5. Look inside.", inspect, error);
    return status;
}

static void farewell(demo *d)
{
    output *o = &d->out;
    output_text(o, "\nWhat to try next:\n  echo 'a boat with two hulls' | heed predict ");
    word_print(o, d->model);
    output_text(o, " --top-k 3\n  heed inspect ");
    word_print(o, d->model);
    output_text(o, " --history\n  heed train --train YOURS.csv --model yours.safetensors\n  heed --help\n");
}

heed_status demo_command(settings *s, heed_error *error)
{
    demo *d = calloc(1, sizeof *d);
    if (d == NULL)
        return complain(error, HEED_FAILED, "out of memory for the demo");
    d->settings = s;
    d->out = output_standard();
    heed_status status = paths_init(d, error);
    if (status == HEED_OK)
        status = files_write(d, error);
    if (status == HEED_OK) {
        output_print(&d->out, "WordNet's noun definitions, by category, are now in %s:\n"
                     "train.tsv, validation.tsv, test.tsv; samples.tsv and typed.txt to ask about.\n", s->output_folder);
        status = steps(d, error);
    }
    if (status == HEED_OK)
        farewell(d);
    if (status == HEED_OK || d->out.problem != 0)
        status = output_finish(&d->out, error);
    free(d);
    return status;
}
