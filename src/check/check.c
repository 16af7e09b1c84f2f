#include "check/check_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/pool.h"
#include "base/status.h"
#include "check/check_rows.h"
#include "check/copies.h"
#include "check/giveaways.h"
#include "check/label_findings.h"
#include "check/order.h"
#include "check/sources.h"
#include "check/text_findings.h"
#include "check/wrong_labels.h"
#include "data/split.h"

/* ---- before */

/* Words as they are compared: without HTML, case and punctuation. */
static heed_status cleaner_make(heed_cleaner **out, heed_error *error)
{
    heed_text_options options;
    heed_text_options_init(&options, HEED_PRESET_OFF);
    options.html = HEED_HTML_SPACE;
    options.letters = HEED_LETTERS_LOWER;
    options.punctuation = HEED_PUNCTUATION_ALL;
    options.tokens = HEED_TOKENS_WORDS;
    options.rules = HEED_TEXT_RULES_UNICODE;
    return heed_cleaner_new(out, &options, error);
}

heed_status heed_check_new(heed_check **out, heed_error *error)
{
    heed_check *c = *out = memory_array(1, sizeof *c);
    heed_status status = c == NULL ? fail_memory(error, "a check") : HEED_OK;
    if (status == HEED_OK)
        status = cleaner_make(&c->cleaner, error);
    if (status == HEED_OK)
        status = intern_init(&c->groups, error);
    if (status == HEED_OK)
        status = intern_init(&c->files, error);
    if (status == HEED_OK)
        status = intern_init(&c->label_sets, error);
    if (status == HEED_OK)
        status = text_spool_init(&c->texts, error);
    if (status != HEED_OK) {
        heed_check_free(c);
        *out = NULL;
    }
    return status;
}

static void names_free(char **names, uint32_t count)
{
    for (uint32_t i = 0; names != NULL && i < count; i++)
        free(names[i]);
    free(names);
}

void heed_check_free(heed_check *check)
{
    if (check == NULL)
        return;
    names_free(check->set_names, check->label_sets.count);
    names_free(check->file_names, check->files.count);
    heed_cleaner_free(check->cleaner);
    text_spool_release(&check->texts);
    intern_release(&check->groups);
    intern_release(&check->files);
    intern_release(&check->label_sets);
    writer_release(&check->set_key);
    findings_release(&check->found);
    label_table_release(&check->labels);
    free(check->by_group.rows);
    free(check->by_group.first);
    free(check->sketches);
    free(check->rows);
    free(check);
}

heed_status heed_check_validate_last(heed_check *check, double share, heed_error *error)
{
    if (check->finished)
        return fail(error, HEED_USAGE, "check: found a share after heed_check_finish, expected it before");
    if (!(share > 0 && share < 1))
        return fail(error, HEED_USAGE, "check: found the share %g, expected a number above 0 and below 1", share);
    check->validate_last = share;
    return HEED_OK;
}

/* ---- after the last row */

/* As split_rows does it. */
static void last_rows_validate(heed_check *c)
{
    uint64_t open = 0, before = 0;
    if (c->validate_last == 0 || c->rows_of[1] > 0)
        return;
    for (size_t i = 0; i < c->row_count; i++)
        open += c->rows[i].open;
    uint64_t border = split_last_begins(open, c->validate_last);
    for (size_t i = 0; i < c->row_count; i++) {
        before += c->rows[i].open;
        if (!c->rows[i].open || before <= border)
            continue;
        c->rows[i].shown.part = HEED_PART_VALIDATION;
        c->rows_of[0]--;
        c->rows_of[1]++;
    }
}

/* The words of a table as texts; the NUL after a label that another follows becomes a comma. */
static heed_status names_make(char ***out, const intern *words, heed_error *error)
{
    char **names = *out = memory_array(words->count, sizeof *names);
    writer name = {0};
    heed_status status = names == NULL ? fail_memory(error, "names") : HEED_OK;
    for (uint32_t i = 0; i < words->count && status == HEED_OK; i++) {
        heed_bytes word = intern_word(words, i);
        for (size_t at = 0; at < word.size; at++)
            if (word.data[at] != '\0')
                writer_byte(&name, word.data[at]);
            else if (at + 1 < word.size)
                writer_text(&name, ", ");
        status = writer_take(&name, &names[i], NULL, error);
    }
    writer_release(&name);
    return status;
}

static heed_status rows_name(heed_check *c, heed_error *error)
{
    heed_status status = names_make(&c->set_names, &c->label_sets, error);
    if (status == HEED_OK)
        status = names_make(&c->file_names, &c->files, error);
    for (size_t i = 0; i < c->row_count && status == HEED_OK; i++) {
        checked *row = &c->rows[i];
        row->shown.file = c->file_names[row->file];
        row->shown.label = row->label != NO_LABEL ? c->set_names[row->label] : NULL;
    }
    return status;
}

static heed_status rows_label(heed_check *c, heed_error *error)
{
    heed_status status = label_table_init(&c->labels, &c->label_sets, error);
    for (size_t i = 0; i < c->row_count && status == HEED_OK; i++)
        label_table_count(&c->labels, c->rows[i].label, part_of(&c->rows[i]));
    return status;
}

static void info_fill(heed_check *c)
{
    heed_check_info *info = &c->info;
    info->rows = c->row_count;
    info->rows_train = c->rows_of[0];
    info->rows_validation = c->rows_of[1];
    info->rows_test = c->rows_of[2];
    info->bad = c->bad;
    info->finding_count = c->found.count;
    info->pair_count = c->found.pair_count;
    for (size_t i = 0; i < c->found.count; i++)
        info->serious_count += c->found.items[i].shown.serious;
}

typedef heed_status check_step(heed_check *check, pool *workers, heed_error *error);

static check_step *const steps[] = {copies_find,    label_findings, text_findings,    order_find,
                                    giveaways_find, sources_find,   wrong_labels_find};

static heed_status steps_run(heed_check *c, pool *workers, const heed_listener *listener, heed_error *error)
{
    enum { STEPS = sizeof steps / sizeof *steps };
    stopwatch watch = stopwatch_start();
    heed_status status = HEED_OK;
    for (size_t i = 0; i < STEPS && status == HEED_OK; i++) {
        heed_event event = {
            .stage = HEED_STAGE_MEASURE, .done = i, .total = STEPS, .seconds = stopwatch_seconds(&watch)};
        if (listener != NULL && listener->on_event(listener->user, &event) != 0)
            return fail(error, HEED_STOPPED, "stopped while checking");
        status = steps[i](c, workers, error);
    }
    return status;
}

heed_status heed_check_finish(heed_check *check, unsigned threads, const heed_listener *listener, heed_error *error)
{
    pool *workers = NULL;
    heed_status status;
    if (check->finished)
        return fail(error, HEED_USAGE, "check: found a second heed_check_finish, expected one");
    if (check->row_count == 0)
        return fail(error, HEED_BAD_DATA, "check: found no rows%s%s",
                    check->bad > 0 ? " but bad ones; the first: " : "", check->first_bad.message);
    check->finished = true;
    TRY(text_spool_finish(&check->texts, error));
    last_rows_validate(check);
    TRY(rows_name(check, error));
    TRY(check_rows_group(check, error));
    TRY(rows_label(check, error));
    TRY(pool_new(&workers, threads, error));
    TRY(steps_run(check, workers, listener, error));
    TRY(findings_finish(&check->found, error));
    info_fill(check);
done:
    pool_free(workers);
    return status;
}

/* ---- what was found */

const heed_check_info *heed_check_describe(const heed_check *check)
{
    return &check->info;
}

const heed_finding *heed_check_finding(const heed_check *check, size_t i)
{
    return &check->found.items[i].shown;
}

const heed_checked_pair *heed_check_pair(const heed_check *check, size_t i)
{
    return &check->found.pairs[i];
}

const heed_checked_row *heed_check_row(const heed_check *check, size_t i)
{
    return &check->rows[i].shown;
}

heed_status heed_check_text(char **out, size_t *size, const heed_check *check, size_t row, heed_error *error)
{
    writer text = {0};
    const checked *r = &check->rows[row];
    heed_status status = text_spool_read(&text, &check->texts, r->at, r->size, error);
    *out = NULL;
    if (size != NULL)
        *size = 0;
    if (status == HEED_OK)
        status = writer_take(&text, out, size, error);
    writer_release(&text);
    return status;
}

heed_status heed_check_require(const heed_check *check, heed_error *error)
{
    size_t count = check->info.serious_count;
    if (count == 0)
        return HEED_OK;
    return fail(error, HEED_UNMET, "%zu serious fault%s in the rows, the first: %s", count, count == 1 ? "" : "s",
                check->found.items[0].shown.kind);
}
