#include "network/saliency.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "network/network.h"
#include "network/pass.h"

/* What a thread needs for a chunk of points. Each point is a copy of the row. */
typedef struct thread_scratch {
    batch *rows;
    pass *pass;
    real *gradient; /* of the weights, which is not used */
    real *dlogits;  /* [rows of a chunk][K] */
} thread_scratch;

struct saliency {
    const network *net;
    const real *weights;
    real *transposed;
    pool *workers;
    thread_scratch *scratch; /* [threads] */
    real *own, *dealt;       /* attention [positions of a chunk], the model's own and permuted */
    /* the work in progress */
    const batch_row *row;
    uint32_t output;
    const double *shrink;
    size_t count;
    double *products, *logits;
};

static heed_status thread_scratch_init(thread_scratch *l, const saliency *s, heed_error *error)
{
    const network *net = s->net;
    heed_status status = HEED_OK;
    l->gradient = memory_aligned(net->weight_count - net->embedding_count, sizeof *l->gradient);
    l->dlogits = memory_array((size_t)ROWS_PER_CHUNK * net->spec.outputs, sizeof *l->dlogits);
    if (l->gradient == NULL || l->dlogits == NULL)
        return fail_memory(error, "gradients");
    TRY(batch_new(&l->rows, net, ROWS_PER_CHUNK, error));
    TRY(pass_new(&l->pass, net, ROWS_PER_CHUNK, (int)net->spec.window, true, error));
    l->pass->undropped = true;
    l->pass->stops = s->workers;
    l->pass->weights = s->weights;
    l->pass->transposed = s->transposed;
    l->pass->gradient = l->gradient;
done:
    return status;
}

heed_status saliency_new(saliency **out, const network *net, const real *weights, pool *workers, heed_error *error)
{
    heed_status status = HEED_OK;
    size_t positions = (size_t)ROWS_PER_CHUNK * net->spec.window;
    *out = NULL;
    saliency *s = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "gradients");
    *s = (saliency){.net = net,
                    .weights = weights,
                    .workers = workers,
                    .transposed = memory_aligned(net->transposed_count, sizeof *s->transposed),
                    .scratch = memory_array(pool_threads(workers), sizeof *s->scratch),
                    .own = memory_array(positions, sizeof *s->own),
                    .dealt = memory_array(positions, sizeof *s->dealt)};
    if (!s->transposed || !s->scratch || !s->own || !s->dealt)
        TRY(fail_memory(error, "gradients"));
    for (unsigned i = 0; i < pool_threads(workers); i++)
        TRY(thread_scratch_init(&s->scratch[i], s, error));
    network_transpose(net, weights, s->transposed);
    *out = s;
    s = NULL;
done:
    saliency_free(s);
    return status;
}

void saliency_free(saliency *s)
{
    if (s == NULL)
        return;
    for (unsigned i = 0; s->scratch != NULL && i < pool_threads(s->workers); i++) {
        batch_free(s->scratch[i].rows);
        pass_free(s->scratch[i].pass);
        free(s->scratch[i].gradient);
        free(s->scratch[i].dlogits);
    }
    free(s->scratch);
    free(s->own);
    free(s->dealt);
    free(s->transposed);
    free(s);
}

/* The step at which a row's tokens begin: padding may come before them. */
static int first_step(const network *net, const batch_row *row)
{
    return net->spec.mask || net->spec.pad_behind ? 0 : (int)net->spec.window - row->length;
}

/* A copy of the row for each point of a chunk. */
static const chunk *pack_copies(thread_scratch *l, const batch_row *row, int count)
{
    batch_row copies[ROWS_PER_CHUNK];
    for (int i = 0; i < count; i++)
        copies[i] = (batch_row){.ids = row->ids, .length = row->length, .states = row->states};
    batch_pack(l->rows, copies, count);
    return l->pass->chunk = &l->rows->chunks[0];
}

double saliency_attention(saliency *s, const batch_row *row, double *scores)
{
    thread_scratch *l = &s->scratch[0];
    const chunk *c = pack_copies(l, row, 1);
    l->pass->shrink = NULL;
    network_forward(l->pass);
    const real *attention = l->pass->slot[s->net->attention];
    int first = first_step(s->net, row);
    double all = 0, tokens = 0;
    for (int t = 0; t < c->steps; t++)
        all += (double)attention[c->offset[t]];
    for (int t = 0; t < row->length; t++)
        tokens += scores[t] = (double)attention[c->offset[first + t]];
    return row->length == c->steps ? 0 : all - tokens;
}

/* Gives the tokens of copy r the row's attention in this order. */
static void deal_out(const saliency *s, const chunk *c, const real *own, const uint32_t *order, int r, real *dealt)
{
    int first = first_step(s->net, s->row);
    for (int t = 0; t < s->row->length; t++)
        dealt[c->offset[first + t] + r] = own[c->offset[first + (int)order[t]] + r];
}

/* What the layers before the pooling compute is the same for all orders, so it is computed once. */
void saliency_permuted(saliency *s, const batch_row *row, const uint32_t *orders, size_t count, real *outputs)
{
    thread_scratch *l = &s->scratch[0];
    const chunk *c = pack_copies(l, row, ROWS_PER_CHUNK);
    pass *p = l->pass;
    size_t width = s->net->spec.outputs, size = (size_t)c->positions * sizeof(real);
    s->row = row;
    p->shrink = NULL;
    network_forward(p);
    memcpy(s->own, p->slot[s->net->attention], size);
    memcpy(s->dealt, s->own, size);
    p->attention = s->dealt;
    for (size_t first = 0; first < count; first += ROWS_PER_CHUNK) {
        size_t rows = count - first < ROWS_PER_CHUNK ? count - first : ROWS_PER_CHUNK;
        for (size_t r = 0; r < rows; r++)
            deal_out(s, c, s->own, orders + (first + r) * (size_t)row->length, (int)r, s->dealt);
        network_forward_pooled(p);
        memcpy(outputs + first * width, p->slot[s->net->probability], rows * width * sizeof *outputs);
    }
    p->attention = NULL;
}

/* products [L] of row r of the chunk, from the gradient of its embedded tokens. */
static void multiply(const saliency *s, const thread_scratch *l, int r, double *products)
{
    const chunk *c = l->pass->chunk;
    size_t width = (size_t)s->net->embedded.width;
    int first = first_step(s->net, s->row);
    for (int t = 0; t < s->row->length; t++) {
        const real *x = s->weights + s->row->ids[t] * width;
        const real *g = matrix_row(pass_gradient(l->pass, s->net->embedded), c->offset[first + t] + r);
        products[t] = 0;
        for (size_t j = 0; j < width; j++)
            products[t] += (double)g[j] * (double)x[j];
    }
}

/* The gradient of the logit `output` of all rows of the pass, which has run forward. */
static void backward(thread_scratch *l, int rows, uint32_t output)
{
    const network *net = l->pass->net;
    size_t outputs = net->spec.outputs;
    for (size_t i = 0; i < (size_t)rows * outputs; i++)
        l->dlogits[i] = i % outputs == output;
    memset(l->gradient, 0, (net->weight_count - net->embedding_count) * sizeof *l->gradient);
    network_backward_from(l->pass, l->dlogits);
}

double saliency_of_states(saliency *s, const batch_row *row, uint32_t output)
{
    thread_scratch *l = &s->scratch[0];
    pack_copies(l, row, 1);
    l->pass->shrink = NULL;
    network_forward(l->pass);
    if (pass_stopped(l->pass))
        return 0;
    backward(l, 1, output);
    return (double)pass_value(l->pass, s->net->logits).data[output];
}

/* The points of one chunk, forward and backward. */
static void gradient_task(void *context, size_t task, unsigned worker)
{
    saliency *s = context;
    thread_scratch *l = &s->scratch[worker];
    pass *p = l->pass;
    const network *net = s->net;
    size_t first = task * ROWS_PER_CHUNK, rest = s->count - first;
    int rows = rest < ROWS_PER_CHUNK ? (int)rest : ROWS_PER_CHUNK;
    pack_copies(l, s->row, rows);
    p->shrink = s->shrink + first;
    network_forward(p);
    if (pass_stopped(p))
        return;
    for (int r = 0; r < rows; r++)
        s->logits[first + (size_t)r] = (double)matrix_row(pass_value(p, net->logits), r)[s->output];
    backward(l, rows, s->output);
    for (int r = 0; r < rows; r++)
        multiply(s, l, r, s->products + (first + (size_t)r) * (size_t)s->row->length);
}

void saliency_gradients(saliency *s, const batch_row *row, uint32_t output, const double *shrink, size_t count,
                        double *products, double *logits)
{
    s->row = row;
    s->output = output;
    s->shrink = shrink;
    s->count = count;
    s->products = products;
    s->logits = logits;
    pool_run(s->workers, (count + ROWS_PER_CHUNK - 1) / ROWS_PER_CHUNK, gradient_task, s);
}
