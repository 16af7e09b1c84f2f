#include "network/scorer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/token_projections.h"

struct scorer {
    const network *net;
    pool *workers;
    batch *rows;
    pass **pass;  /* [threads]; if all rows make one chunk, only that of the caller's thread */
    double *loss; /* [chunks] */
    const real *weights;
    const uint32_t *bf16;
    real *probability; /* of this run, [count][K]; either may be NULL */
    real *logit;
    batch_tokens tokens;
    const projection_table *table; /* of projections; NULL: none */
    bool by_token;                 /* projections are computed by token */
    token_projections projections;
};

heed_status scorer_new(scorer **out, const network *net, pool *workers, int rows, heed_error *error)
{
    return scorer_new_with_table(out, net, NULL, workers, rows, error);
}

heed_status scorer_new_with_table(scorer **out, const network *net, const projection_table *table, pool *workers,
                                  int rows, heed_error *error)
{
    heed_status status = HEED_OK;
    unsigned threads = pool_threads(workers);
    unsigned passes = rows > ROWS_PER_CHUNK ? threads : 1; /* pool_run keeps a single task on the caller's thread */
    int chunk_rows = rows < ROWS_PER_CHUNK ? rows : ROWS_PER_CHUNK;
    size_t positions = (size_t)rows * net->spec.window;
    *out = NULL;
    scorer *s = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a scorer");
    *s = (scorer){.net = net,
                  .workers = workers,
                  .table = table,
                  .by_token = rows > 1 && table == NULL && token_projections_apply(net, positions),
                  .pass = memory_array(threads, sizeof *s->pass),
                  .loss = memory_array((size_t)rows / ROWS_PER_CHUNK + 1, sizeof *s->loss)};
    if (s->pass == NULL || s->loss == NULL)
        TRY(fail_memory(error, "a scorer"));
    TRY(batch_new(&s->rows, net, rows, error));
    if (s->by_token) {
        TRY(batch_tokens_init(&s->tokens, net->spec.vocabulary, positions, error));
        TRY(token_projections_init(&s->projections, net, &s->tokens, positions, NULL, error));
    }
    for (unsigned i = 0; i < passes; i++) {
        TRY(pass_new(&s->pass[i], net, chunk_rows, (int)net->spec.window, false, error));
        s->pass[i]->stops = workers;
    }
    *out = s;
    s = NULL;
done:
    scorer_free(s);
    return status;
}

void scorer_free(scorer *s)
{
    if (s == NULL)
        return;
    for (unsigned i = 0; s->pass != NULL && i < pool_threads(s->workers); i++)
        pass_free(s->pass[i]);
    batch_free(s->rows);
    batch_tokens_release(&s->tokens);
    token_projections_release(&s->projections);
    free(s->pass);
    free(s->loss);
    free(s);
}

static void score_chunk(void *context, size_t task, unsigned worker)
{
    scorer *s = context;
    pass *p = s->pass[worker];
    const chunk *c = &s->rows->chunks[task];
    size_t outputs = s->net->spec.outputs;
    p->weights = s->weights;
    p->bf16 = s->bf16;
    p->chunk = c;
    if (s->by_token)
        token_projections_lend(&s->projections, p, s->rows->first_position[task]);
    if (s->table != NULL)
        projection_table_lend(s->table, p);
    network_forward(p);
    s->loss[task] = p->loss;
    const int *order = s->rows->order + task * ROWS_PER_CHUNK;
    for (int r = 0; r < c->rows; r++) {
        size_t to = (size_t)order[r] * outputs, from = (size_t)r * outputs, size = outputs * sizeof(real);
        if (s->probability != NULL)
            memcpy(s->probability + to, p->slot[s->net->probability] + from, size);
        if (s->logit != NULL)
            memcpy(s->logit + to, pass_value(p, s->net->logits).data + from, size);
    }
}

static void score_rows(scorer *s, const real *weights, const batch_row *rows, int count)
{
    batch_pack(s->rows, rows, count);
    s->weights = weights;
    if (s->by_token) {
        batch_tokens_list(&s->tokens, s->rows->ids, s->rows->first_position[s->rows->chunk_count]);
        token_projections_forward(&s->projections, s->workers, weights);
    }
    pool_run(s->workers, (size_t)s->rows->chunk_count, score_chunk, s);
}

void scorer_set_bf16(scorer *s, const uint32_t *bf16)
{
    s->bf16 = bf16;
}

void scorer_run(scorer *s, const real *weights, const batch_row *rows, int count, real *probability, double *loss)
{
    s->probability = probability;
    s->logit = NULL;
    score_rows(s, weights, rows, count);
    for (int i = 0; loss != NULL && i < s->rows->chunk_count; i++)
        *loss = (i == 0 ? 0 : *loss) + s->loss[i];
}

void scorer_run_logits(scorer *s, const real *weights, const batch_row *rows, int count, real *logit)
{
    s->probability = NULL;
    s->logit = logit;
    score_rows(s, weights, rows, count);
}

size_t scorer_projected(const scorer *s)
{
    bool projects = s->table == NULL && s->net->projection_count > 0;
    return !projects ? 0 : s->by_token ? s->tokens.distinct : s->rows->first_position[s->rows->chunk_count];
}
