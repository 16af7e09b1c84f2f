/* heed tune: seeded random search (Bergstra & Bengio 2012) with successive halving (Jamieson & Talwalkar 2016; the
 * inner loop of Hyperband, Li et al. 2018). */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/status.h"
#include "config_file.h"
#include "training_rows.h"
#include "tune_report.h"

enum { ETA = 3, RUNGS_MOST = 3, TRIALS_USUAL = 27, TRIALS_MOST = 100000, REPEATS_MOST = 1000 };

/* The trials of a rung, in the order of their training. */
typedef struct rung {
    unsigned *numbers;
    unsigned count;
    double spent; /* seconds */
} rung;

typedef struct tuning {
    settings *settings;
    progress progress;
    heed_listener listener; /* tells the progress of a trial's stages */
    range_list ranges;
    unsigned epochs[RUNGS_MOST], rung_count;
    rung rungs[RUNGS_MOST];
    unsigned trials_most;
    unsigned number;        /* the trial at hand */
    trial_table table;
    heed_corpus *corpus;
    char **read_as;         /* the values that the corpus was read with; NULL: none is read */
} tuning;

/* ---------------------------------------------------------------- one trial */

/* A search has its own lines; of a training, the bar alone is shown. */
static int tuning_tell(void *user, const heed_event *event)
{
    tuning *t = user;
    heed_event told = *event;
    if (event->stage == HEED_STAGE_NOTE)
        return 0;
    told.trial = t->number;
    told.trials = t->trials_most < TRIALS_MOST ? t->trials_most : t->number;
    return t->progress.listener.tell(t->progress.listener.user, &told);
}

/* Whether texts are read in the same way with these values. */
static bool reads_alike(const range_list *ranges, char **a, char **b)
{
    for (size_t i = 0; i < ranges->count; i++)
        if (range_is_of_text(&ranges->items[i]) && strcmp(a[i], b[i]) != 0)
            return false;
    return true;
}

/* Reads the rows, unless they are there as this trial reads them; values belong to the search where they were taken. */
static heed_status corpus_need(tuning *t, settings *s, char ***values, heed_error *error)
{
    bool first = t->read_as == NULL;
    if (!first && reads_alike(&t->ranges, t->read_as, *values))
        return HEED_OK;
    heed_corpus_free(t->corpus);
    t->corpus = NULL;
    ranges_values_free(t->read_as);
    t->read_as = NULL;
    heed_status status = heed_corpus_new(&t->corpus, &s->text, error);
    if (status == HEED_OK)
        status = training_rows_read(t->corpus, s, &t->progress, error);
    if (status != HEED_OK)
        return status;
    if (first)
        training_rows_tell(t->corpus, &t->progress);
    t->read_as = *values;
    *values = NULL;
    return HEED_OK;
}

static heed_status validation_missed(heed_error *error)
{
    return fail(error, HEED_USAGE,
                    "tune: found no validation rows, by which trials are judged; expected --validation 0.1, "
                    "--validation-file FILE or rows of a validation part in --split-column");
}

/* A failure is the trial's own affair. */
static heed_status outcome_take(trial *out, const heed_model *model, heed_status trained, const heed_error *problem,
                                heed_error *error)
{
    out->status = trained;
    out->loss = out->accuracy = out->auc = NAN;
    if (trained != HEED_OK) {
        out->problem = strdup(problem->message);
        return out->problem == NULL ? fail(error, HEED_FAILED, "out of memory for the trials") : HEED_OK;
    }
    heed_figures f = heed_model_validation(model, &out->epoch_kept, NULL);
    if (isnan(f.loss))
        return validation_missed(error);
    out->loss = trials_number(f.loss);
    out->accuracy = trials_number(f.accuracy);
    out->auc = trials_number(f.auc);
    out->parameters = heed_model_parameters(model);
    return HEED_OK;
}

/* Trains with the values laid over the options. *values is taken where the corpus was read with them. */
static heed_status values_train(tuning *t, trial *out, settings *s, char ***values, heed_error *error)
{
    heed_model *model = NULL;
    heed_error problem = {""};
    double began = clock_seconds();
    heed_status status = corpus_need(t, s, values, error);
    if (status != HEED_OK)
        return status;
    heed_status trained = heed_train(&model, t->corpus, &s->train, &t->listener, &problem);
    progress_clear(&t->progress);
    out->seconds = trials_seconds(clock_seconds() - began);
    status = trained == HEED_STOPPED ? trained : outcome_take(out, model, trained, &problem, error);
    heed_model_free(model);
    return status;
}

static heed_status trial_train(tuning *t, trial *out, heed_error *error)
{
    settings laid = *t->settings; /* borrows what it points to, as the laid values */
    char **drawn = ranges_draw(&t->ranges, laid.train.seed, out->number), **values = drawn;
    if (drawn == NULL)
        return fail(error, HEED_FAILED, "out of memory for the trials");
    heed_status status = ranges_lay(&laid, &t->ranges, drawn, error);
    laid.train.epochs = out->epochs;
    t->number = out->number;
    if (status == HEED_OK)
        status = values_train(t, out, &laid, &values, error);
    ranges_values_free(values);
    return status;
}

/* ---------------------------------------------------------------- one training of a rung */

/* "rung 1/3 trial 4/27: loss 0.4321, accuracy 0.8123, auc 0.9012, 3.2 s; learning-rate 0.00213, batch-size 32" */
static void trial_tell(tuning *t, const trial *row)
{
    char text[1500], place[64];
    size_t used = 0, room = sizeof text;
    char **values = ranges_draw(&t->ranges, t->table.search.seed, row->number);
    if (t->trials_most < TRIALS_MOST)
        snprintf(place, sizeof place, "rung %u/%u trial %u/%u", row->rung, t->rung_count, row->number, t->trials_most);
    else
        snprintf(place, sizeof place, "rung %u/%u trial %u", row->rung, t->rung_count, row->number);
    if (row->status == HEED_OK)
        used = (size_t)snprintf(text, room, "loss %.4f, accuracy %.4f, auc %.4f, %.1f s", row->loss, row->accuracy,
                                row->auc, row->seconds);
    else
        used = (size_t)snprintf(text, room, "failed: %.900s", row->problem);
    for (size_t i = 0; values != NULL && values[i] != NULL && used < room; i++)
        used += (size_t)snprintf(text + used, room - used, "%s %s %s", i == 0 ? ";" : ",",
                                 t->ranges.items[i].option->name, values[i]);
    ranges_values_free(values);
    progress_line(&t->progress, "%s: %s", place, text);
}

/* Trains a trial for the epochs of a rung, unless the table knows what comes of it. */
static heed_status trial_run(tuning *t, unsigned level, unsigned number, heed_error *error)
{
    rung *r = &t->rungs[level];
    heed_status status = HEED_OK;
    if (trials_find(&t->table, level + 1, number) == NULL) {
        trial row = {.rung = level + 1, .number = number, .epochs = t->epochs[level]};
        status = trial_train(t, &row, error);
        if (status != HEED_OK) {
            free(row.problem);
            return status;
        }
        trial_tell(t, &row);
        status = trials_add(&t->table, row, error);
    }
    unsigned *numbers = realloc(r->numbers, (r->count + 1) * sizeof *numbers);
    if (numbers == NULL)
        return fail(error, HEED_FAILED, "out of memory for the trials");
    r->numbers = numbers;
    r->numbers[r->count++] = number;
    if (status == HEED_OK)
        r->spent += trials_find(&t->table, level + 1, number)->seconds;
    return status;
}

/* ---------------------------------------------------------------- rungs */

/* The seconds that a rung may take: an equal part, with those after it, of what is left. Infinite without --minutes. */
static double rung_seconds(const tuning *t, unsigned level)
{
    double left = 60 * t->settings->minutes;
    if (left <= 0)
        return INFINITY;
    for (unsigned i = 0; i < level; i++)
        left -= t->rungs[i].spent;
    return left / (t->rung_count - level);
}

static bool values_equal(char **a, char **b)
{
    size_t i = 0;
    while (a[i] != NULL && b[i] != NULL && strcmp(a[i], b[i]) == 0)
        i++;
    return a[i] == NULL && b[i] == NULL;
}

/* Where ranges have few values, trials draw the same ones, which are trained once. (Without memory there is no repeat
 * to be found, and the training will say why.) */
static bool is_repeat(const tuning *t, unsigned number)
{
    const rung *first = &t->rungs[0];
    uint64_t seed = t->table.search.seed;
    char **values = ranges_draw(&t->ranges, seed, number);
    bool found = false;
    for (unsigned i = 0; i < first->count && values != NULL && !found; i++) {
        char **other = ranges_draw(&t->ranges, seed, first->numbers[i]);
        found = other != NULL && values_equal(values, other);
        ranges_values_free(other);
    }
    ranges_values_free(values);
    return found;
}

/* All the trials, or as many as there is time to begin and values to draw. */
static heed_status first_rung(tuning *t, heed_error *error)
{
    heed_status status = HEED_OK;
    double most = rung_seconds(t, 0);
    for (unsigned i = 1, repeats = 0; i <= t->trials_most && repeats < REPEATS_MOST && status == HEED_OK; i++) {
        if (i > 1 && t->rungs[0].spent >= most)
            break;
        repeats = is_repeat(t, i) ? repeats + 1 : 0;
        if (repeats == 0)
            status = trial_run(t, 0, i, error);
    }
    return status;
}

typedef struct candidate {
    double score;
    unsigned number;
} candidate;

static int candidate_compare(const void *left, const void *right)
{
    const candidate *a = left, *b = right;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

/* The trials of a rung that did not fail, best first. */
static candidate *candidates_ranked(const tuning *t, unsigned level, unsigned *count)
{
    const rung *r = &t->rungs[level];
    candidate *list = calloc(r->count + 1, sizeof *list);
    *count = 0;
    for (unsigned i = 0; i < r->count && list != NULL; i++) {
        const trial *row = trials_find(&t->table, level + 1, r->numbers[i]);
        if (row->status == HEED_OK)
            list[(*count)++] = (candidate){trial_score(row, t->settings->goal), row->number};
    }
    if (list != NULL)
        qsort(list, *count, sizeof *list, candidate_compare);
    return list;
}

/* The best third of the rung before, or as many of it as there is time to end; at least one. */
static heed_status later_rung(tuning *t, unsigned level, heed_error *error)
{
    unsigned count = 0, third = t->rungs[level - 1].count / ETA;
    double most = rung_seconds(t, level), longer = (double)t->epochs[level] / t->epochs[level - 1];
    candidate *list = candidates_ranked(t, level - 1, &count);
    heed_status status = list == NULL ? fail(error, HEED_FAILED, "out of memory for the trials") : HEED_OK;
    for (unsigned i = 0; i < count && (i == 0 || i < third) && status == HEED_OK; i++) {
        double expected = longer * trials_find(&t->table, level, list[i].number)->seconds;
        if (i > 0 && t->rungs[level].spent + expected > most)
            break;
        status = trial_run(t, level, list[i].number, error);
    }
    free(list);
    return status;
}

/* E/9, E/3 and E epochs, at least one; what would be the same twice is left out. */
static void rungs_plan(tuning *t)
{
    unsigned epochs = t->settings->train.epochs;
    for (unsigned divisor = ETA * ETA; divisor > 0; divisor /= ETA) {
        unsigned here = epochs / divisor > 0 ? epochs / divisor : 1;
        if (t->rung_count == 0 || t->epochs[t->rung_count - 1] != here)
            t->epochs[t->rung_count++] = here;
    }
}

static heed_status rungs_run(tuning *t, heed_error *error)
{
    heed_status status = HEED_OK;
    for (unsigned level = 0; level < t->rung_count && status == HEED_OK; level++) {
        progress_line(&t->progress, "rung %u/%u: %u epoch%s a trial", level + 1, t->rung_count, t->epochs[level],
                      t->epochs[level] == 1 ? "" : "s");
        status = level == 0 ? first_rung(t, error) : later_rung(t, level, error);
        if (status == HEED_OK && t->rungs[level].count == 0)
            break;
    }
    return status;
}

/* ---------------------------------------------------------------- results */

/* The options of a trial as heed train takes them. */
static heed_status best_write(const tuning *t, const trial *best, heed_error *error)
{
    settings s = *t->settings;
    char **values = ranges_draw(&t->ranges, s.train.seed, best->number);
    heed_status status = values == NULL ? fail(error, HEED_FAILED, "out of memory for the trials")
                                        : ranges_lay(&s, &t->ranges, values, error);
    s.command = command_find("train");
    s.train.epochs = best->epochs;
    s.quiet = false;
    if (status == HEED_OK)
        status = config_write(&s, s.best_file, error);
    ranges_values_free(values);
    return status;
}

static heed_status results_write(const tuning *t, heed_error *error)
{
    const settings *s = t->settings;
    size_t count = 0;
    const trial **ranked_trials = trials_ranked(&t->table, s->goal, &count);
    heed_status status = HEED_OK;
    if (ranked_trials == NULL)
        status = fail(error, HEED_FAILED, "out of memory for the trials");
    else if (count == 0 && t->table.count > 0)
        status = fail(error, t->table.rows[0].status, "all %zu trials failed, the first: %.700s", t->table.count,
                          t->table.rows[0].problem == NULL ? "" : t->table.rows[0].problem);
    else if (s->best_file != NULL && count > 0)
        status = best_write(t, ranked_trials[0], error);
    free(ranked_trials);
    if (status != HEED_OK)
        return status;
    return s->json ? tune_json_print(&t->table, s, error) : tune_report_print(&t->table, s, error);
}

/* ---------------------------------------------------------------- the command */

/* Where nothing can bring validation rows, that is told before the first training. */
static heed_status validation_check(const settings *s, heed_error *error)
{
    bool none = s->train.validation == HEED_VALIDATION_NONE && s->validation_file == NULL;
    return none && s->rows.split_column == NULL ? validation_missed(error) : HEED_OK;
}

/* Rows that can be read but once are enough where all the trials read them alike. */
static heed_status rereading_check(const tuning *t, heed_error *error)
{
    const text_list *files = &t->settings->train_files;
    for (size_t i = 0; i < t->ranges.count; i++)
        for (size_t j = 0; j < files->count && range_is_of_text(&t->ranges.items[i]); j++)
            if (strcmp(files->items[j], "-") == 0)
                return fail(error, HEED_USAGE,
                                "--train: found standard input, which cannot be read again for each --range of %s; "
                                "expected a file", t->ranges.items[i].option->name);
    return HEED_OK;
}

static heed_status outputs_check(const settings *s, heed_error *error)
{
    const role_path table = {"--table", s->table_file}, best = {"--best", s->best_file};
    if (s->table_file == NULL)
        return fail(error, HEED_USAGE, "tune: --table is missing, expected --table FILE.csv for the trials");
    heed_status status = path_check_apart(best, &table, 1, error);
    if (status == HEED_OK)
        status = training_rows_apart(s, table, error);
    if (status == HEED_OK)
        status = training_rows_apart(s, best, error);
    if (status == HEED_OK)
        status = trials_check(s->table_file, s->resume, error);
    return status == HEED_OK && s->best_file != NULL ? output_check(s->best_file, error) : status;
}

static heed_status checks(tuning *t, heed_error *error)
{
    const settings *s = t->settings;
    heed_status status = ranges_init(&t->ranges, s, error);
    if (status == HEED_OK)
        status = training_files_check(s, error);
    if (status == HEED_OK)
        status = training_rows_check(s, error);
    if (status == HEED_OK)
        status = ranges_check(&t->ranges, s, error);
    if (status == HEED_OK && !ranges_have(&t->ranges, "architecture"))
        status = heed_architecture_check(s->train.architecture, error);
    if (status == HEED_OK)
        status = validation_check(s, error);
    if (status == HEED_OK)
        status = rereading_check(t, error);
    return status == HEED_OK ? outputs_check(s, error) : status;
}

static heed_status search(tuning *t, heed_error *error)
{
    const settings *s = t->settings;
    const trial_search shared = {&t->ranges, s->train.seed, t->epochs, t->rung_count};
    heed_status status = trials_open(&t->table, s->table_file, shared, error);
    if (status != HEED_OK)
        return status;
    if (t->table.count > 0)
        progress_line(&t->progress, "%s holds %zu training%s", s->table_file, t->table.count,
                      t->table.count == 1 ? "" : "s");
    heed_status searched = rungs_run(t, error);
    progress_clear(&t->progress);
    if (searched != HEED_OK && searched != HEED_STOPPED)
        return searched;
    if (t->table.count == 0)
        return fail(error, searched, "stopped before a trial was complete");
    status = results_write(t, error);
    if (status == HEED_OK && searched == HEED_STOPPED)
        fail(error, searched, "stopped; --resume goes on");
    return status == HEED_OK ? searched : status;
}

static heed_status run(settings *s, heed_error *error)
{
    tuning t = {.settings = s, .trials_most = s->trials};
    t.listener = (heed_listener){tuning_tell, &t};
    if (s->trials == 0)
        t.trials_most = s->minutes > 0 ? TRIALS_MOST : TRIALS_USUAL;
    rungs_plan(&t);
    heed_status status = checks(&t, error);
    if (status == HEED_OK) {
        progress_init(&t.progress, "reading", s->quiet, true);
        progress_watch_signals();
        status = search(&t, error);
    }
    for (unsigned i = 0; i < t.rung_count; i++)
        free(t.rungs[i].numbers);
    trials_release(&t.table);
    heed_corpus_free(t.corpus);
    ranges_values_free(t.read_as);
    ranges_release(&t.ranges);
    return status;
}

static const char *const without[] = {"tune-thresholds", NULL};

const command tune_command = {
    .name = "tune",
    .run = run,
    .touches = TOUCHES_RUN | TOUCHES_TUNING,
    .without = without,
    .arguments = "--train FILE --range NAME=RANGE... --table FILE.csv [OPTION]...",
    .summary = "search for the options that train best",
    .about = "Draws a value from every range for each trial, trains all the trials for a ninth of --epochs, the best "
             "third of them for a third of --epochs, and the best third of those for all of them (random search with "
             "successive halving). A trial that goes on is trained anew, with the same seed and rows, so its first "
             "epochs are the same again (but for --schedule cosine, which spans a training): a search of 27 trials "
             "costs as much as 9 trainings of --epochs, where training all of them would cost 27.\n\n"
             "Options of training, words and cleaning hold for all trials. Ranges are drawn from --seed and the "
             "trial's number alone. An architecture may hold braces itself. A range that cannot be used is refused "
             "before the first training; a trial whose values do not go together is reported, and the rest goes on. "
             "Ctrl-C prints the best so far, and --resume goes on from there.\n\n"
             "The best of many looks better on the validation rows than it is: measure it on other rows.",
    .examples = "heed tune --train train.tsv --range 'learning-rate={0.0003..0.01}' \\\n"
                "    --range batch-size=16,32,64 --table trials.csv\n"
                "heed tune --train train.tsv --validation-file dev.tsv --minutes 30 \\\n"
                "    --architecture 'embed {64,128} | {bilstm,bigru} {16..64} | max' \\\n"
                "    --table trials.csv --best best.json\n"
                "heed train --config best.json --model best.safetensors",
};
