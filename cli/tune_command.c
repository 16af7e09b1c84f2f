/* heed tune: the search for options that train best. The search itself is the library's heed_tune. */
#include <string.h>

#include "base/status.h"
#include "options/row_path.h"
#include "config_file.h"
#include "output.h"
#include "training_rows.h"

typedef struct tune_run {
    settings *settings;
    progress progress;
    bool begun; /* rows were read before */
} tune_run;

/* ---------------------------------------------------------------- before */

/* Whether an option is given or has a range. */
static heed_status rivals_check(const settings *s, heed_error *error)
{
    for (size_t i = 0; i < s->ranges.count; i++) {
        const char *range = s->ranges.items[i];
        size_t size = strcspn(range, "=");
        for (size_t k = 0; k < s->naming_count; k++) {
            const naming *n = &s->namings[k];
            if (!n->from_config && strlen(n->option->name) == size && memcmp(n->option->name, range, size) == 0)
                return fail(error, HEED_USAGE, "found --%s and a --range of it, expected one of them", n->option->name);
        }
    }
    return HEED_OK;
}

/* If there can be no validation rows, this is reported before the first training. */
static heed_status validation_check(const settings *s, heed_error *error)
{
    if (s->train.validation != HEED_VALIDATION_NONE || s->validation_file != NULL || s->rows.split_column != NULL)
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "tune: found no validation rows to compare trials on; expected --validation 0.1, --validation-file "
                "FILE or rows of a validation part in --split-column");
}

/* Rows that can be read only once are enough if all trials read them the same way. */
static heed_status rereading_check(const settings *s, heed_error *error)
{
    for (size_t i = 0; i < s->train_files.count; i++)
        if (row_path_is_standard_input(s->train_files.items[i]))
            return fail(
                error, HEED_USAGE,
                "--train: found standard input, which cannot be read again for each value of a --range; expected "
                "a file");
    return HEED_OK;
}

static heed_status checks(const settings *s, heed_error *error)
{
    path_guard g = path_guard_begin(error);
    bool rereads = false;
    heed_status status;
    TRY(training_files_check(s, error));
    TRY(training_rows_check(s, error));
    TRY(rivals_check(s, error));
    path_guard_output(&g, "--best", s->best_file);
    training_inputs_guard(&g, s);
    path_guard_input(&g, "--table", s->table_file); /* which may exist: heed_tune_check checks it */
    TRY(path_guard_end(&g));
    g = path_guard_begin(error);
    path_guard_output(&g, "--table", s->table_file);
    training_inputs_guard(&g, s);
    TRY(g.status);
    TRY(heed_tune_check(&rereads, &s->tune, error));
    TRY(validation_check(s, error));
    if (rereads)
        TRY(rereading_check(s, error));
done:
    return status;
}

/* ---------------------------------------------------------------- the search */

static heed_status rows_read(void *user, heed_corpus *corpus, heed_error *error)
{
    tune_run *t = user;
    heed_status status = training_rows_read(corpus, t->settings, &t->progress, error);
    if (status == HEED_OK && !t->begun)
        training_rows_tell(corpus, &t->progress);
    t->begun = true;
    return status;
}

/* The options of the best trial, for heed train. */
static heed_status best_write(const heed_tuning *tuning, const settings *s, heed_error *error)
{
    const heed_tuning_info *found = heed_tuning_describe(tuning);
    settings best = *s;
    if (found->best == NULL)
        return HEED_OK;
    best.text = *found->text;
    best.train = *found->train;
    best.command = &train_command;
    best.quiet = false;
    return config_write(&best, s->best_file, error);
}

static void next_print(writer *w, const settings *s)
{
    if (s->best_file == NULL) {
        writer_text(w, "--resume with --best FILE.json writes the options of the best trial for heed train --config\n");
        return;
    }
    writer_text(w, "heed train --config ");
    escape_terminal(w, bytes_of(s->best_file));
    writer_text(w, " --model best.safetensors\n");
}

static heed_status results_print(const heed_tuning *tuning, const settings *s, heed_error *error)
{
    output out = output_standard();
    char *text = NULL;
    heed_status status;
    if (s->best_file != NULL)
        TRY(best_write(tuning, s, error));
    TRY(s->json ? heed_tuning_json(&text, tuning, error) : heed_tuning_report(&text, tuning, error));
    if (s->json) {
        output_take(&out, text);
    } else {
        output_take_visible(&out, text);
        next_print(&out.w, s);
    }
    status = output_finish(&out, error);
done:
    return status;
}

static heed_status search(settings *s, heed_error *error)
{
    tune_run t = {.settings = s};
    heed_tuning *tuning = NULL;
    progress_init(&t.progress, "reading", s->quiet, true);
    progress_watch_signals();
    s->tune.read = rows_read;
    s->tune.user = &t;
    heed_status searched = heed_tune(&tuning, &s->tune, &t.progress.listener, error), status = searched;
    progress_clear(&t.progress);
    if (tuning != NULL)
        status = results_print(tuning, s, error);
    heed_tuning_free(tuning);
    if (status == HEED_OK && searched == HEED_STOPPED)
        return fail(error, searched, "stopped; --resume continues");
    return status == HEED_OK ? searched : status;
}

static heed_status run(settings *s, heed_error *error)
{
    if (s->preset == HEED_PRESET_RECIPE && !settings_named(s, "architecture"))
        s->train.architecture = heed_recipe_network(); /* the recipe itself has nothing to search */
    s->tune.text = &s->text;
    s->tune.train = &s->train;
    s->tune.ranges = s->ranges.items;
    s->tune.range_count = s->ranges.count;
    s->tune.table = s->table_file;
    s->tune.resume = s->train.resume;
    s->train.resume &= s->train.checkpoint != NULL; /* else it is for the table only */
    heed_status status = checks(s, error);
    return status == HEED_OK ? search(s, error) : status;
}

static const char *const without[] = {"tune-thresholds", NULL};

const command tune_command = {
    .name = "tune",
    .run = run,
    .touches = TOUCHES_RUN | TOUCHES_TUNING,
    .without = without,
    .arguments = "--train FILE --range NAME=RANGE... --table FILE.csv [OPTION]...",
    .summary = "search for the options that train best",
    .about = "Random search with successive halving. Each trial draws a value from every range. The search has three "
             "rungs: all trials are trained for a ninth of --epochs, the best third of them for a third of --epochs, "
             "and the best third of those for all epochs. A trial that goes on is trained again from the start, with "
             "the same seed and rows, so its first epochs are the same (except with --schedule cosine, which depends "
             "on the number of epochs). A search of 27 trials takes as long as 9 full trainings instead of 27.\n\n"
             "Options of training, words and cleaning apply to all trials. The drawn values depend only on --seed and "
             "the trial's number. --architecture may contain ranges in braces too. A range that cannot be used is "
             "refused before the first training. A trial whose values do not fit together is reported, and the others "
             "go on. Ctrl-C ends the search and prints the best trials so far; --resume continues it.\n\n"
             "The best of many trials looks better on the validation rows than it is, so measure it on other rows.",
    .examples = "heed tune --train train.tsv --range 'learning-rate={0.0003..0.01}' \\\n"
                "    --range batch-size=16,32,64 --table trials.csv\n"
                "heed tune --train train.tsv --validation-file dev.tsv --minutes 30 \\\n"
                "    --architecture 'embed {64,128} | {bilstm,bigru} {16..64} | max' \\\n"
                "    --table trials.csv --best best.json\n"
                "heed train --config best.json --model best.safetensors",
};
