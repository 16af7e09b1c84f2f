/* oneDNN's LSTM primitive on the tutorial's two bidirectional layers, alone: no embedding, attention, head, loss or
 * optimiser, and no copying of weights into the layouts that it likes.
 *
 *   lstm_onednn ROWS STEPS FEATURES UNITS      threads as OMP_NUM_THREADS says
 *
 * Answers lines of standard input with {"seconds": ..., "rows": ...}:
 *   train N      N batches, forward with a workspace and backward
 *   predict N    N batches, forward for inference */
#include <dnnl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_ARGUMENTS = 16, LAYERS = 2 };

typedef struct primitive {
    dnnl_primitive_desc_t desc;
    dnnl_primitive_t primitive;
    dnnl_exec_arg_t arguments[MAX_ARGUMENTS];
    int count;
} primitive;

typedef struct layer {
    primitive predict, forward, backward;
} layer;

typedef struct argument {
    int number;
    dnnl_query_t kind;
    int index; /* among those of its kind */
} argument;

static const argument forward_arguments[] = {
    {DNNL_ARG_SRC_LAYER, dnnl_query_src_md, 0},        {DNNL_ARG_WEIGHTS_LAYER, dnnl_query_weights_md, 0},
    {DNNL_ARG_WEIGHTS_ITER, dnnl_query_weights_md, 1}, {DNNL_ARG_BIAS, dnnl_query_weights_md, 2},
    {DNNL_ARG_DST_LAYER, dnnl_query_dst_md, 0},        {0, dnnl_query_undef, 0}};
static const argument backward_arguments[] = {{DNNL_ARG_DIFF_SRC_LAYER, dnnl_query_diff_src_md, 0},
                                              {DNNL_ARG_DIFF_WEIGHTS_LAYER, dnnl_query_diff_weights_md, 0},
                                              {DNNL_ARG_DIFF_WEIGHTS_ITER, dnnl_query_diff_weights_md, 1},
                                              {DNNL_ARG_DIFF_BIAS, dnnl_query_diff_weights_md, 2},
                                              {DNNL_ARG_DIFF_DST_LAYER, dnnl_query_diff_dst_md, 0},
                                              {0, dnnl_query_undef, 0}};

static void must(dnnl_status_t status, const char *what)
{
    if (status == dnnl_success)
        return;
    fprintf(stderr, "lstm_onednn: %s: status %d\n", what, (int)status);
    exit(1);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- memory: small numbers that never become denormal or overflow; time does not depend on them */

static void fill(dnnl_memory_t memory, const dnnl_memory_desc_t *md)
{
    size_t size = dnnl_memory_desc_get_size(md);
    unsigned char *data;
    must(dnnl_memory_get_data_handle(memory, (void **)&data), "a handle");
    memset(data, 0, size);
    for (size_t i = 0; i + sizeof(float) <= size; i += sizeof(float)) {
        float value = 0.05f * ((float)(i / sizeof(float) % 97) / 48 - 1);
        memcpy(data + i, &value, sizeof value);
    }
}

static void add(primitive *p, int number, const dnnl_memory_desc_t *md, dnnl_engine_t engine)
{
    dnnl_memory_t memory;
    must(dnnl_memory_create(&memory, md, engine, DNNL_MEMORY_ALLOCATE), "memory");
    if (number != DNNL_ARG_WORKSPACE)
        fill(memory, md);
    p->arguments[p->count++] = (dnnl_exec_arg_t){number, memory};
}

static void add_all(primitive *p, const argument *arguments, dnnl_engine_t engine)
{
    for (const argument *a = arguments; a->number != 0; a++)
        add(p, a->number, dnnl_primitive_desc_query_md(p->desc, a->kind, a->index), engine);
}

/* ---- primitives: [T][rows][in] to [T][rows][2 units], both directions joined, first states zero */

typedef struct shapes {
    dnnl_memory_desc_t source, weights, recurrent, bias, target;
} shapes;

static shapes shapes_of(int rows, int steps, int in, int units)
{
    shapes s;
    dnnl_dims_t source = {steps, rows, in}, weights = {1, 2, in, 4, units}, recurrent = {1, 2, units, 4, units},
                bias = {1, 2, 4, units}, target = {steps, rows, 2 * units};
    must(dnnl_memory_desc_init_by_tag(&s.source, 3, source, dnnl_f32, dnnl_tnc), "a shape");
    must(dnnl_memory_desc_init_by_tag(&s.weights, 5, weights, dnnl_f32, dnnl_format_tag_any), "a shape");
    must(dnnl_memory_desc_init_by_tag(&s.recurrent, 5, recurrent, dnnl_f32, dnnl_format_tag_any), "a shape");
    must(dnnl_memory_desc_init_by_tag(&s.bias, 4, bias, dnnl_f32, dnnl_ldgo), "a shape");
    must(dnnl_memory_desc_init_by_tag(&s.target, 3, target, dnnl_f32, dnnl_tnc), "a shape");
    return s;
}

static void make_forward(primitive *p, dnnl_prop_kind_t kind, const shapes *s, dnnl_engine_t engine)
{
    dnnl_rnn_desc_t desc;
    must(dnnl_lstm_forward_desc_init(&desc, kind, dnnl_bidirectional_concat, &s->source, NULL, NULL, &s->weights,
                                     &s->recurrent, &s->bias, &s->target, NULL, NULL, 0),
         "an LSTM");
    must(dnnl_primitive_desc_create(&p->desc, &desc, NULL, engine, NULL), "an LSTM");
    must(dnnl_primitive_create(&p->primitive, p->desc), "an LSTM");
    add_all(p, forward_arguments, engine);
    if (kind == dnnl_forward_training)
        add(p, DNNL_ARG_WORKSPACE, dnnl_primitive_desc_query_md(p->desc, dnnl_query_workspace_md, 0), engine);
}

static void make_backward(primitive *p, const primitive *forward, const shapes *s, dnnl_engine_t engine)
{
    dnnl_rnn_desc_t desc;
    must(dnnl_lstm_backward_desc_init(&desc, dnnl_backward, dnnl_bidirectional_concat, &s->source, NULL, NULL,
                                      &s->weights, &s->recurrent, &s->bias, &s->target, NULL, NULL, &s->source, NULL,
                                      NULL, &s->weights, &s->recurrent, &s->bias, &s->target, NULL, NULL, 0),
         "an LSTM backward");
    must(dnnl_primitive_desc_create(&p->desc, &desc, NULL, engine, forward->desc), "an LSTM backward");
    must(dnnl_primitive_create(&p->primitive, p->desc), "an LSTM backward");
    add_all(p, forward_arguments, engine);
    add_all(p, backward_arguments, engine);
    p->arguments[p->count++] = forward->arguments[forward->count - 1]; /* the workspace */
}

static void run(const primitive *p, dnnl_stream_t stream)
{
    must(dnnl_primitive_execute(p->primitive, stream, p->count, p->arguments), "a run");
    must(dnnl_stream_wait(stream), "a run");
}

static void train(const layer *layers, dnnl_stream_t stream)
{
    for (int i = 0; i < LAYERS; i++)
        run(&layers[i].forward, stream);
    for (int i = LAYERS; i-- > 0;)
        run(&layers[i].backward, stream);
}

static void predict(const layer *layers, dnnl_stream_t stream)
{
    for (int i = 0; i < LAYERS; i++)
        run(&layers[i].predict, stream);
}

int main(int words, char **word)
{
    if (words != 5) {
        fprintf(stderr, "usage: lstm_onednn ROWS STEPS FEATURES UNITS\n");
        return 2;
    }
    int rows = atoi(word[1]), steps = atoi(word[2]), features = atoi(word[3]), units = atoi(word[4]), count;
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    layer layers[LAYERS] = {{{0}, {0}, {0}}, {{0}, {0}, {0}}};
    char line[64], name[32];
    must(dnnl_engine_create(&engine, dnnl_cpu, 0), "the engine");
    must(dnnl_stream_create(&stream, engine, dnnl_stream_default_flags), "the stream");
    for (int i = 0; i < LAYERS; i++) {
        shapes s = shapes_of(rows, steps, i == 0 ? features : 2 * units, units);
        make_forward(&layers[i].predict, dnnl_forward_inference, &s, engine);
        make_forward(&layers[i].forward, dnnl_forward_training, &s, engine);
        make_backward(&layers[i].backward, &layers[i].forward, &s, engine);
    }
    printf("{\"ready\": true}\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL && sscanf(line, "%31s %d", name, &count) == 2) {
        double begin = seconds();
        for (int i = 0; i < count; i++)
            (strcmp(name, "train") == 0 ? train : predict)(layers, stream);
        printf("{\"seconds\": %.9f, \"rows\": %d}\n", seconds() - begin, count * rows);
        fflush(stdout);
    }
    return 0; /* the process's memory goes with it */
}
