#include "train/seen_rows.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"
#include "data/group_set.h"
#include "train/training_split.h"

static heed_status tell(const heed_listener *listener, heed_event event, heed_error *error)
{
    return listener == NULL || listener->on_event(listener->user, &event) == 0
               ? HEED_OK
               : fail(error, HEED_STOPPED, "stopped before training");
}

/* "40 of 40 validation rows (100%) have the text of a training row" */
static void write_leak(writer *w, const leak *l)
{
    bool test = strcmp(l->part, "test") == 0;
    writer_print(w, "%s%" PRIu64 " of %" PRIu64 " %s rows (%.*f%%) have the text of a %s", w->size > 0 ? ", and " : "",
                 l->rows, l->of, l->part, l->rows < l->of ? 1 : 0, 100 * (double)l->rows / (double)l->of,
                 test ? "training or validation row" : "training row");
}

/* Whether the corpus's listener knows it already, as it does in a search after the first trial. */
static bool is_told(heed_corpus *c, uint64_t rows, uint64_t of)
{
    bool told = c->leak_told[0] == of && c->leak_told[1] == rows;
    c->leak_told[0] = of;
    c->leak_told[1] = rows;
    return told;
}

heed_status leaks_tell(heed_corpus *corpus, const leak *leaks, size_t count, const heed_listener *listener,
                       heed_error *error)
{
    writer note = {0};
    uint64_t rows = 0, of = 0;
    bool most = true;
    for (size_t i = 0; i < count; i++)
        if (leaks[i].rows > 0) {
            write_leak(&note, &leaks[i]);
            rows += leaks[i].rows;
            of += leaks[i].of;
            most = most && leaks[i].rows > leaks[i].of / 2;
        }
    writer_text(&note, most ? ": the figures measure memory" : ": to that extent the figures measure memory");
    writer_byte(&note, '\0');
    heed_status status = writer_check(&note, error);
    heed_event event = {.stage = HEED_STAGE_WARNING, .warning = HEED_WARNING_LEAK, .note = note.data};
    if (status == HEED_OK && rows > 0 && !is_told(corpus, rows, of))
        status = tell(listener, event, error);
    writer_release(&note);
    return status;
}

heed_status shared_texts_tell(const heed_corpus *corpus, const uint32_t *rows, size_t count,
                              const heed_listener *listener, heed_error *error)
{
    char note[300];
    size_t shared = 0;
    if (!corpus->grouped)
        return HEED_OK;
    if (!group_set_shared(&shared, corpus, rows, count))
        return fail_memory(error, "groups");
    snprintf(
        note, sizeof note,
        "%zu of %zu rows (%.1f%%) have the text of a row of another group: where only one of them is held out, the "
        "figures measure memory",
        shared, count, 100 * (double)shared / (double)count);
    return shared == 0
               ? HEED_OK
               : tell(listener, (heed_event){.stage = HEED_STAGE_WARNING, .warning = HEED_WARNING_LEAK, .note = note},
                      error);
}

static heed_status tell_forgotten(size_t texts, const heed_listener *listener, heed_error *error)
{
    char note[200], count[NUMBER_TEXT], most[NUMBER_TEXT];
    if (texts > MOST_DIGESTS)
        snprintf(note, sizeof note, "the model gets no digests of its rows: %s texts, expected at most %s",
                 number_thousands(count, texts), number_thousands(most, MOST_DIGESTS));
    else
        snprintf(note, sizeof note,
                 "the model gets no digests of its rows: the one that it starts from has none, and saw more");
    return tell(listener, (heed_event){.stage = HEED_STAGE_NOTE, .note = note}, error);
}

/* The texts of the training rows become those of all rows that the model sees. */
static heed_status remember(digest_list *texts, const heed_corpus *corpus, const training_data *data,
                            const heed_model *start, const heed_listener *listener, heed_error *error)
{
    bool forgets = start != NULL && start->seen.count == 0;
    heed_status status;
    TRY(digest_list_add_rows(texts, corpus, data->validation.row, data->validation.count, error));
    TRY(digest_list_add_rows(texts, corpus, data->unknown.row, data->unknown.count, error));
    if (start != NULL)
        TRY(digest_list_add(texts, &start->seen, error));
    if (forgets || texts->count > MOST_DIGESTS) {
        TRY(tell_forgotten(texts->count, listener, error));
        digest_list_release(texts);
    }
done:
    return status;
}

heed_status seen_rows_find(seen_rows *out, heed_corpus *corpus, const training_data *data,
                           const heed_train_options *options, const heed_listener *listener, heed_error *error)
{
    const examples *validation = &data->validation, *unknown = &data->unknown;
    heed_status status;
    *out = (seen_rows){.leak = {.part = "validation", .of = training_data_validating(data)}};
    TRY(digest_list_add_rows(&out->texts, corpus, data->train.row, data->train.count, error));
    out->leak.rows = digest_list_count(&out->texts, corpus, validation->row, validation->count) +
                     digest_list_count(&out->texts, corpus, unknown->row, unknown->count);
    TRY(leaks_tell(corpus, &out->leak, 1, listener, error));
    if (training_crossfits(corpus, options))
        TRY(shared_texts_tell(corpus, data->train.row, data->train.count, listener, error));
    if (options->row_digests)
        status = remember(&out->texts, corpus, data, options->init_from, listener, error);
    else
        digest_list_release(&out->texts);
done:
    return status;
}

void seen_rows_give(seen_rows *seen, heed_model *model, const heed_train_options *options)
{
    if (!options->row_digests)
        return;
    model->seen = seen->texts;
    model->config.seen = (seen_record){.digests = (uint32_t)seen->texts.count, .leaked = seen->leak.rows};
    seen->texts = (digest_list){0};
}

void seen_rows_release(seen_rows *seen)
{
    digest_list_release(&seen->texts);
}
