/* Golden networks: what Keras computes (golden/models), computed by heed.
 *
 *   test_golden_networks [FOLDER or FILE ...]      a line for each case; status 1 on any miss
 *
 * Compared: probabilities, attention, loss to 1e-5; gradients to 1e-4 of the tensor's largest plus 1e-7; weights after
 * three Adam steps to 2e-5, and 3e-4 where the tensor's largest gradient is under 1e-7. */
#include <dirent.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/writer.h"
#include "base/file.h"
#include "base/pool.h"
#include "base/safetensors.h"
#include "network/network.h"
#include "network/saliency.h"
#include "train/trainer.h"

typedef struct golden {
    const char *path;
    safetensors file;
    json_t *config;
    network *net;
    pool *workers;
    trainer *t;
    batch_row rows[64];
    uint32_t ids[64][64], labels[64][64];
    int count, window;
    int misses;
    double worst; /* largest error, as a share of what is allowed */
} golden;

static int integer(const golden *g, const char *key)
{
    return (int)json_integer_value(json_object_get(g->config, key));
}

static const float *numbers(const golden *g, const char *name, size_t *count)
{
    const stored_tensor *t = safetensors_find(&g->file, name);
    if (t == NULL)
        return NULL;
    if (count != NULL)
        *count = t->size / 4;
    return (const float *)(const void *)t->data; /* the data of these files stands on 8 bytes */
}

static void compare(golden *g, const char *what, const float *expected, const real *found, size_t count, double allowed)
{
    for (size_t i = 0; i < count; i++) {
        double error = fabs((double)found[i] - (double)expected[i]);
        if (error / allowed > g->worst)
            g->worst = error / allowed;
        if (!(error <= allowed)) {
            if (g->misses++ < 5)
                printf("  %s[%zu]: found %.9g, expected %.9g\n", what, i, (double)found[i], (double)expected[i]);
        }
    }
}

/* ---- from the golden file to heed's terms */

static void architecture_text(const golden *g, writer *text)
{
    writer_print(text, "embed %d", integer(g, "embedding"));
    size_t i;
    json_t *layer;
    json_array_foreach(json_object_get(g->config, "encoder"), i, layer)
    {
        const char *kind = json_string_value(json_object_get(layer, "layer"));
        int units = (int)json_integer_value(json_object_get(layer, "units"));
        if (strcmp(kind, "conv1d") == 0)
            writer_print(text, " | conv %d %d", units, (int)json_integer_value(json_object_get(layer, "width")));
        else if (strcmp(kind, "transformer") == 0)
            writer_print(text, " | transformer %d %d", (int)json_integer_value(json_object_get(layer, "heads")),
                         (int)json_integer_value(json_object_get(layer, "feedforward")));
        else
            writer_print(text, " | %s%s %d", json_is_true(json_object_get(layer, "bidirectional")) ? "bi" : "", kind,
                         units);
    }
    const char *pool = json_string_value(json_object_get(g->config, "pool"));
    bool yardstick = strcmp(pool, "max") == 0 || strcmp(pool, "mean") == 0 || strcmp(pool, "last") == 0;
    writer_print(text, " | %s%s", yardstick ? "" : "attention ", pool);
    if (strcmp(pool, "additive") == 0)
        writer_print(text, " %d", integer(g, "attention_units"));
    writer_print(text, " | dense %d", integer(g, "dense"));
    writer_byte(text, '\0');
}

/* "bi_lstm_0.forward.kernel" -> "weight/bi_lstm_0/forward_lstm_0/lstm_cell/kernel" */
static const float *golden_parameter(const golden *g, const char *kind, const char *name)
{
    for (size_t i = 0; i < g->file.count; i++) {
        const char *path = g->file.tensors[i].name;
        size_t length = strlen(kind);
        if (strncmp(path, kind, length) != 0 || path[length] != '/')
            continue;
        char plain[TENSOR_NAME + 1] = "";
        char copy[TENSOR_NAME + 1];
        strcpy(copy, path + length + 1);
        for (char *state, *part = strtok_r(copy, "/", &state); part != NULL; part = strtok_r(NULL, "/", &state)) {
            if (strstr(part, "_cell") != NULL)
                continue;
            const char *direction = strncmp(part, "forward_", 8) == 0    ? "forward"
                                    : strncmp(part, "backward_", 9) == 0 ? "backward"
                                                                         : part;
            snprintf(plain + strlen(plain), sizeof plain - strlen(plain), "%s%s", *plain ? "." : "", direction);
        }
        if (strcmp(plain, name) == 0)
            return (const float *)(const void *)g->file.tensors[i].data;
    }
    return NULL;
}

static const char *task_of(const golden *g)
{
    return json_string_value(json_object_get(g->config, "task"));
}

static void read_rows(golden *g)
{
    const stored_tensor *ids = safetensors_find(&g->file, "ids");
    size_t label_count = 0;
    const float *labels = numbers(g, "labels", &label_count);
    int outputs = integer(g, "outputs");
    bool mask = json_is_true(json_object_get(g->config, "mask"));
    g->count = (int)ids->shape[0];
    g->window = (int)ids->shape[1];
    for (int r = 0; r < g->count; r++) {
        const int32_t *row = (const int32_t *)(const void *)ids->data + r * g->window;
        int length = 0;
        for (int t = 0; t < g->window; t++)
            if (!mask || row[t] != 0)
                g->ids[r][length++] = (uint32_t)row[t];
        g->rows[r] = (batch_row){.ids = g->ids[r], .length = length, .number = (uint32_t)r, .label = 0};
        bool several = strcmp(task_of(g), "multilabel") == 0;
        bool indexes = label_count == (size_t)g->count; /* one number a row: 0 or 1, or the class */
        for (int k = 0; k < outputs && !indexes; k++)
            if (labels[r * outputs + k] > 0.5f && several)
                g->labels[r][g->rows[r].label++] = (uint32_t)k;
            else if (labels[r * outputs + k] > 0.5f)
                g->rows[r].label = (uint32_t)k;
        g->rows[r].labels = g->labels[r];
        if (indexes)
            g->rows[r].label = safetensors_find(&g->file, "labels")->type == TENSOR_I32
                                   ? (uint32_t)((const int32_t *)(const void *)labels)[r]
                                   : (uint32_t)labels[r];
    }
}

static void load_weights(golden *g)
{
    real *weights = trainer_weights(g->t);
    for (int i = 0; i < g->net->parameter_count; i++) {
        const parameter *p = &g->net->parameters[i];
        const float *from = golden_parameter(g, "weight", p->name);
        for (size_t j = 0; j < parameter_count(p) && from != NULL; j++)
            weights[p->offset + j] = (real)from[j];
        if (from == NULL) {
            printf("  no weight is called %s\n", p->name);
            g->misses++;
        }
    }
    trainer_restart(g->t);
}

/* ---- comparisons */

/* Attention by row and column of the padded window, as an explanation has it. */
static void compare_attention(golden *g)
{
    const float *expected = numbers(g, "attention", NULL);
    if (expected == NULL || g->net->attention < 0)
        return;
    const int32_t *ids = (const int32_t *)(const void *)safetensors_find(&g->file, "ids")->data;
    saliency *s = NULL;
    saliency_new(&s, g->net, trainer_weights(g->t), g->workers, NULL);
    for (int row = 0; row < g->count; row++) {
        double scores[64];
        saliency_attention(s, &g->rows[row], scores);
        for (int t = 0, token = 0; t < g->window; t++) {
            bool seen = !g->net->spec.mask || ids[row * g->window + t] != 0;
            real found = seen ? (real)scores[token++] : 0;
            compare(g, "attention", expected + row * g->window + t, &found, 1, 1e-5);
        }
    }
    saliency_free(s);
}

static double largest(const float *x, size_t count)
{
    double most = 0;
    for (size_t i = 0; i < count; i++)
        most = fabs((double)x[i]) > most ? fabs((double)x[i]) : most;
    return most;
}

static void compare_training(golden *g)
{
    size_t outputs = (size_t)integer(g, "outputs");
    real *gradient = calloc(g->net->weight_count, sizeof *gradient),
         *probability = calloc(64 * outputs, sizeof *probability);
    double loss;
    trainer_gradient(g->t, g->rows, g->count, 1, &loss, probability);
    real mean = (real)(loss / g->count);
    compare(g, "loss", numbers(g, "loss", NULL), &mean, 1, 1e-5);
    compare(g, "probability", numbers(g, "probability", NULL), probability, (size_t)g->count * outputs, 1e-5);
    trainer_copy_gradient(g->t, gradient);
    for (int step = 0; step < 3; step++) {
        trainer_gradient(g->t, g->rows, g->count, 1, &loss, NULL);
        trainer_update(g->t, 0.001);
    }
    for (int i = 0; i < g->net->parameter_count; i++) {
        const parameter *p = &g->net->parameters[i];
        size_t count = parameter_count(p);
        const float *dw = golden_parameter(g, "gradient", p->name), *after = golden_parameter(g, "adam3", p->name);
        char what[160];
        double most = largest(dw, count);
        snprintf(what, sizeof what, "gradient of %s", p->name);
        compare(g, what, dw, gradient + p->offset, count, 1e-4 * most + 1e-7);
        snprintf(what, sizeof what, "%s after Adam", p->name);
        compare(g, what, after, trainer_weights(g->t) + p->offset, count, most < 1e-7 ? 3e-4 : 2e-5);
    }
    free(gradient);
    free(probability);
}

/* ---- cases */

enum { HOLDS, MISSES };

static int run_case(const char *path)
{
    golden *g = calloc(1, sizeof *g);
    char *data = NULL;
    size_t size;
    heed_error error = {""};
    writer text = {0};
    int result = MISSES;
    g->path = path;
    if (file_read(&data, &size, path, 1 << 24, &error) != HEED_OK ||
        safetensors_parse(&g->file, data, size, &error) != HEED_OK) {
        printf("%s: %s\n", path, error.message);
        goto done;
    }
    g->config = json_loads(safetensors_metadata(&g->file, "config"), 0, NULL);
    architecture_text(g, &text);
    read_rows(g);
    network_spec spec = {text.data,
                         (uint32_t)integer(g, "vocabulary"),
                         (uint32_t)integer(g, "length"),
                         (uint32_t)integer(g, "outputs"),
                         json_is_true(json_object_get(g->config, "mask")),
                         false,
                         strcmp(task_of(g), "multilabel") == 0 ? HEED_TASK_MULTILABEL : HEED_TASK_BINARY,
                         0};
    if (network_new(&g->net, &spec, &error) != HEED_OK) {
        printf("%-60s MISSES: %s\n", path, error.message);
        goto done;
    }
    pool_new(&g->workers, 1, NULL);
    if (trainer_new(&g->t, g->net, g->workers, &(trainer_options){.batch_rows = 64, .seed = 1}, &error) != HEED_OK)
        goto done;
    load_weights(g);
    compare_attention(g);
    compare_training(g);
    result = g->misses == 0 ? HOLDS : MISSES;
    printf("%-60s %s (largest error %.2g of what is allowed)\n", path, result == HOLDS ? "holds" : "MISSES", g->worst);
done:
    trainer_free(g->t);
    pool_free(g->workers);
    network_free(g->net);
    json_decref(g->config);
    safetensors_release(&g->file);
    writer_release(&text);
    free(data);
    free(g);
    return result;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void run_path(const char *path, int counts[2])
{
    struct stat about;
    DIR *folder = stat(path, &about) == 0 && S_ISDIR(about.st_mode) ? opendir(path) : NULL;
    if (folder == NULL) {
        counts[run_case(path)]++;
        return;
    }
    char *names[256];
    size_t count = 0;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL && count < 256;)
        if (strstr(entry->d_name, ".safetensors") != NULL) {
            names[count] = malloc(strlen(path) + strlen(entry->d_name) + 2);
            sprintf(names[count++], "%s/%s", path, entry->d_name);
        }
    closedir(folder);
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++) {
        counts[run_case(names[i])]++;
        free(names[i]);
    }
}

int main(int argc, char **argv)
{
    int counts[2] = {0};
    if (argc == 1)
        run_path("golden/models", counts);
    for (int i = 1; i < argc; i++)
        run_path(argv[i], counts);
    printf("%d hold, %d miss (kernels: %s)\n", counts[HOLDS], counts[MISSES], kernels_choose()->name);
    return counts[MISSES] > 0 || counts[HOLDS] == 0;
}
