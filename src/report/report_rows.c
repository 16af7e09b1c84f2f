#include "report/report_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

/* ---- the block: its texts are cleaned and looked up on all threads */

/* Of a model that reads words and sub-words, the words. */
static void count_tokens(block_row *row, const heed_model *model, const text_encoder *e)
{
    size_t pieces;
    tokens_items(e->pieces, &pieces);
    const bool words_only = model_window(model).reads == READS_BOTH;
    row->tokens = row->unknown = 0;
    for (size_t i = 0; i < pieces; i++) {
        if (words_only && text_encoder_is_subword(e, i))
            continue;
        row->tokens++;
        row->unknown += text_encoder_is_unknown(e, model, i);
    }
}

static heed_status read_row(const heed_report *r, block_row *row, token_map *map, heed_error *error)
{
    const heed_bytes text = {r->texts.data + row->begin, row->size};
    const bool subwords = row->sampled && r->model->encoder != NULL;
    const uint64_t cut = map->encoder.read.cut;
    heed_status status;
    text_encoder_forget(&map->encoder);
    TRY(subwords ? token_map_run(map, r->model, text, error) : text_encode(&map->encoder, r->model, text, NULL, error));
    count_tokens(row, r->model, &map->encoder);
    row->cut = map->encoder.read.cut > cut;
    if (row->sampled)
        TRY(encoded_text_copy(&row->text, &map->encoder, error));
    if (subwords)
        TRY(token_words_find(&row->words, map, r->model, error));
done:
    return status;
}

static void read_task(void *context, size_t task, unsigned worker)
{
    heed_report *r = context;
    report_worker *own = &r->workers[worker];
    if (own->status == HEED_OK)
        own->status = read_row(r, &r->block[task], &own->map, &own->error);
}

static heed_status read_block(heed_report *r, heed_error *error)
{
    for (unsigned i = 0; i < pool_threads(r->pool); i++)
        r->workers[i].status = HEED_OK;
    pool_run(r->pool, r->block_rows, read_task, r);
    for (unsigned i = 0; i < pool_threads(r->pool); i++)
        if (r->workers[i].status != HEED_OK)
            return fail(error, r->workers[i].status, "%s", r->workers[i].error.message);
    return HEED_OK;
}

static heed_status take_row(heed_report *r, block_row *row, heed_error *error)
{
    const sampled_row sampled = {row->place, row->text, row->words, row->label};
    const heed_model *m = r->model;
    const text_window reads = model_window(m);
    const uint32_t window = m->class->has_parts ? m->config.network.window : reads.length;
    const bool subwords_alone = m->class->has_parts && reads.reads == READS_SUBWORDS;
    r->lengths[r->rows++] = row->tokens;
    r->tokens += row->tokens;
    r->unknown += row->unknown;
    r->cut_rows += subwords_alone ? row->cut : window > 0 && row->tokens > window;
    row->text = (encoded_text){0};
    row->words = (token_words){0};
    return row->sampled ? row_sample_take(&r->sample, sampled, error) : HEED_OK;
}

heed_status report_flush(heed_report *r, heed_error *error)
{
    heed_status status;
    TRY(writer_check(&r->texts, error));
    TRY(memory_grow(&r->lengths, &r->length_capacity, r->rows + r->block_rows, sizeof *r->lengths, error));
    TRY(read_block(r, error));
    for (size_t i = 0; i < r->block_rows; i++)
        TRY(take_row(r, &r->block[i], error));
done:
    for (size_t i = 0; i < r->block_rows; i++) {
        encoded_text_release(&r->block[i].text);
        token_words_release(&r->block[i].words);
    }
    r->block_rows = 0;
    writer_clear(&r->texts);
    return status;
}

/* ---- a row */

/* The label under which the words of a row are counted: of two the positive one, as the other's logit is its negative;
 * else the most likely one. */
static uint32_t word_label(const heed_evaluation *e, size_t row)
{
    const float *p = evaluation_row(e, row);
    size_t best = 0;
    if (evaluation_is_binary(e))
        return (uint32_t)e->positive;
    for (size_t i = 1; i < e->label_count; i++)
        best = p[i] > p[best] ? i : best;
    return (uint32_t)best;
}

heed_status heed_report_add(heed_report *report, heed_bytes text, heed_bytes id, heed_error *error)
{
    heed_report *r = report;
    const heed_evaluation *e = r->evaluation;
    size_t row = r->rows + r->block_rows;
    if (e->rows != row + 1 || row >= UINT32_MAX)
        return fail(error, HEED_USAGE,
                    "report: found text %zu when the evaluation has %zu rows, expected one text per row", row + 1,
                    e->rows);
    heed_status status;
    TRY(text_check(text, "report: text", row + 1, error));
    TRY(text_check(id, "report: id", row + 1, error));
    TRY(mistakes_add(&r->mistakes, e, row, text, id, error));
    uint64_t place = row_sample_place(&r->sample, (uint32_t)row);
    r->block[r->block_rows++] = (block_row){.begin = r->texts.size,
                                            .size = text.size,
                                            .label = word_label(e, row),
                                            .place = place,
                                            .sampled = place < r->sample.limit};
    writer_bytes(&r->texts, text.data, text.size);
    TRY(r->block_rows == REPORT_BLOCK ? report_flush(r, error) : HEED_OK);
done:
    return status;
}

/* ---- lengths */

size_t count_lengths(uint64_t bars[REPORT_LENGTHS], uint32_t *step, const uint32_t *lengths, size_t count)
{
    static const uint32_t nice[] = {1, 2, 5};
    enum { NICE = sizeof nice / sizeof *nice };
    uint32_t longest = 0, scale = 1;
    size_t turn = 0;
    for (size_t i = 0; i < count; i++)
        longest = lengths[i] > longest ? lengths[i] : longest;
    for (*step = 1; longest / *step >= REPORT_LENGTHS; *step = nice[turn] * scale)
        if (++turn == NICE) {
            turn = 0;
            scale *= 10;
        }
    memset(bars, 0, REPORT_LENGTHS * sizeof *bars);
    for (size_t i = 0; i < count; i++)
        bars[lengths[i] / *step]++;
    return longest / *step + 1;
}
