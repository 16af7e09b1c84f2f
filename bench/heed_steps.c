/* heed as bench/run measures it: training steps and predictions on given ids, in a given order, from given weights.
 *
 *   heed_steps train CASE THREADS       CASE: a file of cases.py
 *   heed_steps predict CASE THREADS MODEL [TEXTS [STORAGE [WEIGHTS]]]     STORAGE: float32, bfloat16 or int8;
 *                                       WEIGHTS: float32 or bfloat16; TEXTS: - for none
 *
 * Answers commands of standard input, one line of JSON each (workers.py has the other side):
 *   losses N         back to the first weights and rows; the mean losses of N training steps
 *   train N          N training steps from where the rows stand, and the seconds that they took
 *   predict N        N batches
 *   one N            N single rows, the seconds of each
 *   review N         N single texts, lines of the file TEXTS behind MODEL, from text to probability
 *   probabilities N  of the first N rows
 * It works inside the library, as the tests do, since the public API has no ids. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "model/classifier.h"
#include "base/safetensors.h"
#include "train/trainer.h"

enum { LARGEST_FILE = 2000000000 };

typedef struct bench {
    char *data;
    safetensors file;
    float *labels;
    batch_row *rows;
    uint32_t *ids;
    int row_count, window, batch, next; /* next: the row that the next step begins with */
    pool *workers;
    network *net;
    trainer *trainer;
    heed_model *model;
    classifier *classifier;
    heed_predictor *predictor;
    heed_bytes *texts;
    char *text_data;
    size_t text_count;
    float *probability;
} bench;

static void must(heed_status status, const heed_error *error)
{
    if (status == HEED_OK)
        return;
    fprintf(stderr, "heed_steps: %s\n", error->message);
    exit(1);
}

static void refuse(const char *what)
{
    fprintf(stderr, "heed_steps: %s\n", what);
    exit(2);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---- the case */

static const stored_tensor *tensor_named(const bench *b, const char *name)
{
    const stored_tensor *t = safetensors_find(&b->file, name);
    if (t == NULL)
        refuse(name);
    return t;
}

static const char *setting(const bench *b, const char *key)
{
    const char *value = safetensors_metadata(&b->file, key);
    if (value == NULL)
        refuse(key);
    return value;
}

/* Rows without the padding in front, as heed keeps them. */
static void read_rows(bench *b)
{
    const stored_tensor *ids = tensor_named(b, "ids");
    b->row_count = (int)ids->shape[0];
    b->window = (int)ids->shape[1];
    b->batch = atoi(setting(b, "batch"));
    b->ids = malloc(ids->size);
    b->rows = calloc((size_t)b->row_count, sizeof *b->rows);
    b->labels = malloc((size_t)b->row_count * sizeof *b->labels);
    if (b->ids == NULL || b->rows == NULL || b->labels == NULL || b->batch < 1 || b->batch > b->row_count)
        refuse("rows: no memory, or fewer than a batch");
    memcpy(b->ids, ids->data, ids->size);
    memcpy(b->labels, tensor_named(b, "labels")->data, (size_t)b->row_count * sizeof *b->labels);
    for (int r = 0; r < b->row_count; r++) {
        const uint32_t *row = b->ids + (size_t)r * (size_t)b->window;
        int pads = 0;
        while (pads < b->window && row[pads] == 0)
            pads++;
        b->rows[r] = (batch_row){
            .ids = row + pads, .length = b->window - pads, .number = (uint32_t)r, .label = b->labels[r] > 0.5f};
    }
}

static void read_case(bench *b, const char *path)
{
    heed_error error;
    size_t size;
    must(file_read(&b->data, &size, path, LARGEST_FILE, &error), &error);
    must(safetensors_parse(&b->file, b->data, size, &error), &error);
    read_rows(b);
}

/* ---- training */

static void restart(bench *b)
{
    real *weights = trainer_weights(b->trainer);
    for (int i = 0; i < b->net->parameter_count; i++) {
        const parameter *p = &b->net->parameters[i];
        const stored_tensor *from = tensor_named(b, p->name);
        if (from->size != parameter_count(p) * sizeof(float))
            refuse("a weight of another shape");
        memcpy(weights + p->offset, from->data, from->size);
    }
    trainer_restart(b->trainer);
    b->next = 0;
}

static void open_trainer(bench *b, unsigned threads)
{
    heed_error error;
    network_spec spec = {.architecture = setting(b, "architecture"),
                         .vocabulary = (uint32_t)atoi(setting(b, "vocabulary")),
                         .window = (uint32_t)b->window,
                         .outputs = 1,
                         .mask = atoi(setting(b, "mask")) != 0,
                         .task = HEED_TASK_BINARY};
    trainer_options options = {.batch_rows = b->batch, .seed = 1, .optimizer = {.kind = HEED_OPTIMIZER_ADAM}};
    must(pool_new(&b->workers, threads, &error), &error);
    must(network_new(&b->net, &spec, &error), &error);
    must(trainer_new(&b->trainer, b->net, b->workers, &options, &error), &error);
    restart(b);
}

/* One step on the next rows; their mean loss. A last batch that is not full is passed over. */
static double step(bench *b)
{
    double loss;
    if (b->next + b->batch > b->row_count)
        b->next = 0;
    trainer_gradient(b->trainer, b->rows + b->next, b->batch, 1, &loss, NULL);
    trainer_update(b->trainer, 0.001);
    b->next += b->batch;
    return loss / b->batch;
}

static void losses(bench *b, int count)
{
    restart(b);
    printf("{\"losses\": [");
    for (int i = 0; i < count; i++)
        printf("%s%.9g", i > 0 ? ", " : "", step(b));
    printf("]}\n");
}

static void train(bench *b, int count)
{
    double begin = seconds();
    for (int i = 0; i < count; i++)
        step(b);
    printf("{\"seconds\": %.9f, \"rows\": %d}\n", seconds() - begin, count * b->batch);
}

/* ---- prediction */

static void read_texts(bench *b, const char *path)
{
    heed_error error;
    size_t size;
    must(file_read(&b->text_data, &size, path, LARGEST_FILE, &error), &error);
    b->texts = calloc(size + 1, sizeof *b->texts);
    if (b->texts == NULL)
        refuse("texts: no memory");
    for (char *at = b->text_data, *end = at + size; at < end;) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL)
            stop = end;
        b->texts[b->text_count++] = (heed_bytes){at, (size_t)(stop - at)};
        at = stop + 1;
    }
}

/* The number of a storage, or of weights, among the first `count` names; NULL: the first. */
static int kept_as(const char *name, int count)
{
    static const char *const names[] = {"float32", "bfloat16", "int8"};
    for (int i = 0; i < count; i++)
        if (name == NULL || strcmp(name, names[i]) == 0)
            return i;
    refuse(name);
    return 0;
}

/* texts: "-" or NULL: none */
static void open_model(bench *b, unsigned threads, const char *model, const char *texts, heed_precision storage,
                       heed_precision weights)
{
    heed_error error;
    must(pool_new(&b->workers, threads, &error), &error);
    must(heed_model_load(&b->model, model, &error), &error);
    must(classifier_new(&b->classifier, b->model, b->workers, &error), &error);
    must(heed_predictor_new(&b->predictor, b->model, threads, &error), &error);
    must(classifier_set_storage(b->classifier, storage, &error), &error);
    must(heed_predictor_set_projections(b->predictor, storage, &error), &error);
    must(classifier_set_weights(b->classifier, weights, &error), &error);
    must(heed_predictor_set_weights(b->predictor, weights, &error), &error);
    b->probability = malloc((size_t)b->row_count * 2 * sizeof *b->probability);
    if (b->probability == NULL)
        refuse("probabilities: no memory");
    if (texts != NULL && strcmp(texts, "-") != 0)
        read_texts(b, texts);
}

static void classify(bench *b, int first, int count)
{
    heed_error error;
    must(classifier_run(b->classifier, b->rows + first, (size_t)count, b->probability, &error), &error);
}

static void predict(bench *b, int count)
{
    double begin = seconds();
    for (int i = 0; i < count; i++) {
        if (b->next + b->batch > b->row_count)
            b->next = 0;
        classify(b, b->next, b->batch);
        b->next += b->batch;
    }
    printf("{\"seconds\": %.9f, \"rows\": %d}\n", seconds() - begin, count * b->batch);
}

static void one_row(bench *b, int number)
{
    classify(b, number % b->row_count, 1);
}

static void one_text(bench *b, int number)
{
    heed_error error;
    if (b->text_count == 0)
        refuse("review: no texts were given");
    must(heed_predictor_run(b->probability, b->predictor, &b->texts[(size_t)number % b->text_count], 1, &error),
         &error);
}

static void singles(bench *b, int count, void (*run)(bench *, int))
{
    double whole = seconds();
    printf("{\"each\": [");
    for (int i = 0; i < count; i++) {
        double begin = seconds();
        run(b, i);
        printf("%s%.9f", i > 0 ? ", " : "", seconds() - begin);
    }
    printf("], \"seconds\": %.9f, \"rows\": %d}\n", seconds() - whole, count);
}

static void probabilities(bench *b, int count)
{
    size_t outputs = b->model->config.network.outputs;
    if (count > b->row_count)
        count = b->row_count;
    classify(b, 0, count);
    printf("{\"probabilities\": [");
    for (int i = 0; i < count; i++) /* the classifier gives one for each label; of two the later one is positive */
        printf("%s%.9g", i > 0 ? ", " : "", (double)b->probability[outputs == 1 ? 2 * i + 1 : i]);
    printf("]}\n");
}

/* ---- commands */

static bool answer(bench *b, const char *line)
{
    char name[32];
    int count;
    if (sscanf(line, "%31s %d", name, &count) != 2 || count < 1)
        return false;
    if (b->trainer != NULL && strcmp(name, "losses") == 0)
        losses(b, count);
    else if (b->trainer != NULL && strcmp(name, "train") == 0)
        train(b, count);
    else if (b->model != NULL && strcmp(name, "predict") == 0)
        predict(b, count);
    else if (b->model != NULL && strcmp(name, "one") == 0)
        singles(b, count, one_row);
    else if (b->model != NULL && strcmp(name, "review") == 0)
        singles(b, count, one_text);
    else if (b->model != NULL && strcmp(name, "probabilities") == 0)
        probabilities(b, count);
    else
        return false;
    fflush(stdout);
    return true;
}

static void release(bench *b)
{
    heed_predictor_free(b->predictor);
    classifier_free(b->classifier);
    heed_model_free(b->model);
    trainer_free(b->trainer);
    network_free(b->net);
    pool_free(b->workers);
    safetensors_release(&b->file);
    free(b->data);
    free(b->rows);
    free(b->ids);
    free(b->labels);
    free(b->texts);
    free(b->text_data);
    free(b->probability);
}

int main(int count, char **words)
{
    bool training = count == 4 && strcmp(words[1], "train") == 0;
    bool predicting = count >= 5 && count <= 8 && strcmp(words[1], "predict") == 0;
    if (!training && !predicting)
        refuse("usage: heed_steps train CASE THREADS | heed_steps predict CASE THREADS MODEL "
               "[TEXTS [STORAGE [WEIGHTS]]]");
    bench b = {0};
    char line[128];
    read_case(&b, words[2]);
    if (training)
        open_trainer(&b, (unsigned)atoi(words[3]));
    else
        open_model(&b, (unsigned)atoi(words[3]), words[4], count >= 6 ? words[5] : NULL,
                   (heed_precision)kept_as(count >= 7 ? words[6] : NULL, 3),
                   (heed_precision)kept_as(count == 8 ? words[7] : NULL, 2));
    printf("{\"ready\": true}\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL)
        if (!answer(&b, line))
            refuse(line);
    release(&b);
    return 0;
}
