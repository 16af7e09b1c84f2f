#include "train/checkpoint.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/json_memory.h"
#include "base/path.h"
#include "base/safetensors.h"
#include "base/status.h"
#include "options/option_json.h"
#include "options/option_structs.h"

enum { MOST_BLOCKS = 16, LARGEST_FILE = 2000000000 };

static const double seconds_between = 60;

/* ---- what is saved: blocks of bytes, in a file tensors of U8 */

typedef struct saved_block {
    const char *name;
    void *data;
    size_t size;
} saved_block;

typedef struct saved_blocks {
    saved_block block[MOST_BLOCKS];
    size_t count;
} saved_blocks;

static void add(saved_blocks *b, const char *name, void *data, size_t size)
{
    if (data != NULL && size > 0)
        b->block[b->count++] = (saved_block){name, data, size};
}

static void add_moved(saved_blocks *b, const moved_weights *m, const char *const names[3])
{
    add(b, names[0], m->weights, m->count * sizeof(real));
    add(b, names[1], m->moment1, m->count * sizeof(real));
    add(b, names[2], m->moment2, m->count * sizeof(real));
}

/* What of a run is not in an array. */
typedef struct saved_numbers {
    run_state state;
    uint64_t steps, embedding_steps, encoder_steps;
    uint32_t epochs_run, epoch_kept, mean_points, mean_kept;
} saved_numbers;

/* Of a damaged file they may be anything. */
static bool numbers_hold(const saved_numbers *n, const network_run *t)
{
    const run_state *s = &n->state;
    const uint32_t rows = t->data->train.count;
    return s->epoch >= 1 && s->epoch <= t->options->epochs + 1 && s->first <= rows &&
           (s->first == rows || s->first % t->options->batch_size == 0) && n->epochs_run <= s->epoch - 1 &&
           n->epoch_kept <= n->epochs_run && n->mean_kept <= 1 && n->mean_points <= MEAN_POINTS &&
           memchr(s->ending, 0, sizeof s->ending) != NULL;
}

static void numbers_set(network_run *t, const saved_numbers *n)
{
    t->state = n->state;
    t->result->epochs_run = n->epochs_run;
    t->result->epoch_kept = n->epoch_kept;
    t->mean.points = n->mean_points;
    t->result->mean_kept = n->mean_kept != 0;
    trainer_continue(t->trainer, n->steps, n->embedding_steps);
    if (t->encoder != NULL)
        encoder_trainer_continue(t->encoder, n->encoder_steps);
}

static void list_blocks(saved_blocks *b, network_run *t, saved_numbers *numbers)
{
    static const char *const network_names[] = {"weights", "moment1", "moment2"};
    static const char *const encoder_names[] = {"encoder.weights", "encoder.moment1", "encoder.moment2"};
    const trainer_state network = trainer_state_of(t->trainer);
    const size_t size = network.moved.count * sizeof(real), metrics = t->options->epochs * sizeof *t->result->train;
    encoder_trainer_state encoder = {.steps = 0};
    if (t->encoder != NULL)
        encoder = encoder_trainer_state_of(t->encoder);
    *numbers = (saved_numbers){.state = t->state,
                               .steps = network.steps,
                               .embedding_steps = network.embedding_steps,
                               .encoder_steps = encoder.steps,
                               .epochs_run = t->result->epochs_run,
                               .epoch_kept = t->result->epoch_kept,
                               .mean_points = t->mean.points,
                               .mean_kept = t->result->mean_kept};
    *b = (saved_blocks){.count = 0};
    add(b, "numbers", numbers, sizeof *numbers);
    add_moved(b, &network.moved, network_names);
    add(b, "kept", t->trained->weights, size);
    add(b, "mean", t->mean.mean, size);
    add_moved(b, &encoder.moved, encoder_names);
    add(b, "encoder.kept", encoder.kept, encoder.moved.count * sizeof(real));
    add(b, "train", t->result->train, metrics);
    add(b, "validation", t->result->validation, metrics);
}

/* ---- its name */

static heed_status hash_options(XXH3_state_t *hash, const heed_train_options *options, heed_error *error)
{
    for (const option *o = NULL; (o = options_next_recorded(HEED_OPTIONS_TRAIN, o)) != NULL;) {
        const size_t failures = json_memory_failures();
        heed_status status = HEED_OK;
        char *text = NULL;
        json_t *value = option_json(o, options); /* NULL: no memory, or not UTF-8, as a file's name may be */
        if (value != NULL || json_memory_failures() != failures)
            status = json_print(&text, value, JSON_ENCODE_ANY | JSON_COMPACT, failures, "a checkpoint", error);
        json_decref(value);
        if (status != HEED_OK)
            return status;
        XXH3_128bits_update(hash, o->name, strlen(o->name));
        if (text != NULL)
            XXH3_128bits_update(hash, text, strlen(text));
        free(text);
    }
    return HEED_OK;
}

static void hash_rows(XXH3_state_t *hash, const examples *e)
{
    XXH3_128bits_update(hash, &e->count, sizeof e->count);
    if (e->count == 0)
        return;
    XXH3_128bits_update(hash, e->first, (e->count + 1) * sizeof *e->first);
    XXH3_128bits_update(hash, e->first_label, (e->count + 1) * sizeof *e->first_label);
    XXH3_128bits_update(hash, e->ids, e->first[e->count] * sizeof *e->ids);
    XXH3_128bits_update(hash, e->labels, e->first_label[e->count] * sizeof *e->labels);
    XXH3_128bits_update(hash, e->weight, e->count * sizeof *e->weight);
    XXH3_128bits_update(hash, e->row, e->count * sizeof *e->row);
}

static heed_status find_name(network_run *t, heed_error *error)
{
    const training_data *d = t->data;
    const real *weights = trainer_weights(t->trainer);
    const shared_encoder *e = t->progress.context->corpus->encoder;
    const char *version = heed_version();
    XXH3_state_t *hash = XXH3_createState();
    if (hash == NULL)
        return fail_memory(error, "a checkpoint");
    XXH3_128bits_reset(hash);
    XXH3_128bits_update(hash, version, strlen(version));
    heed_status status = hash_options(hash, t->options, error);
    XXH3_128bits_update(hash, &t->progress.epochs, sizeof t->progress.epochs);
    hash_rows(hash, &d->train);
    hash_rows(hash, &d->validation);
    hash_rows(hash, &d->unknown);
    if (d->class_weight != NULL)
        XXH3_128bits_update(hash, d->class_weight, d->label_count * sizeof *d->class_weight);
    XXH3_128bits_update(hash, weights, t->trained->net->weight_count * sizeof *weights);
    if (e != NULL)
        XXH3_128bits_update(hash, e->digest, strlen(e->digest));
    digest_digits(t->checkpoint, XXH3_128bits_digest(hash));
    XXH3_freeState(hash);
    return status;
}

static heed_status path_of(char **out, const network_run *t, heed_error *error)
{
    char name[DIGEST_DIGITS + sizeof ".checkpoint"];
    snprintf(name, sizeof name, "%s.checkpoint", t->checkpoint);
    *out = path_join(t->options->checkpoint, name);
    return *out == NULL ? fail_memory(error, "a checkpoint") : HEED_OK;
}

/* ---- files */

static heed_status write_file(network_run *t, const char *path, heed_error *error)
{
    saved_numbers numbers;
    saved_blocks b;
    stored_tensor tensors[MOST_BLOCKS];
    replacement file;
    list_blocks(&b, t, &numbers);
    for (size_t i = 0; i < b.count; i++) {
        tensors[i] = (stored_tensor){
            .type = TENSOR_U8, .rank = 1, .shape = {b.block[i].size}, .data = b.block[i].data, .size = b.block[i].size};
        snprintf(tensors[i].name, sizeof tensors[i].name, "%s", b.block[i].name);
    }
    heed_status status;
    TRY(replacement_begin(&file, path, error));
    writer out = {.file = file.file};
    safetensors_write(&out, &(safetensors){.tensors = tensors, .count = b.count});
    status = writer_check(&out, error);
    if (status == HEED_OK)
        return replacement_commit(&file, error);
    replacement_abandon(&file);
done:
    return status;
}

void checkpoint_write(network_run *t, bool now)
{
    char *path = NULL;
    heed_error error;
    heed_status status;
    if (t->options->checkpoint == NULL || (!now && stopwatch_seconds(&t->saved) < seconds_between))
        return;
    t->saved = stopwatch_start();
    TRY(path_of(&path, t, &error));
    status = write_file(t, path, &error);
done:
    free(path);
    if (status != HEED_OK)
        progress_warning(&t->progress, HEED_WARNING_CHECKPOINT, error.message);
}

/* Everything is checked before anything is set. */
static heed_status read_blocks(network_run *t, const safetensors *file, const char *path, heed_error *error)
{
    saved_numbers numbers, found;
    saved_blocks b;
    const stored_tensor *from[MOST_BLOCKS];
    list_blocks(&b, t, &numbers);
    for (size_t i = 0; i < b.count; i++) {
        from[i] = safetensors_find(file, b.block[i].name);
        if (from[i] == NULL || from[i]->type != TENSOR_U8 || from[i]->size != b.block[i].size)
            return fail(error, HEED_BAD_DATA,
                        "%s: found no %zu bytes of '%s', expected a checkpoint of this training; "
                        "remove it, or leave out --resume",
                        path, b.block[i].size, b.block[i].name);
    }
    memcpy(&found, from[0]->data, sizeof found);
    if (!numbers_hold(&found, t))
        return fail(error, HEED_BAD_DATA,
                    "%s: found numbers that no training has, expected a checkpoint; remove it, or "
                    "leave out --resume",
                    path);
    for (size_t i = 1; i < b.count; i++)
        memcpy(b.block[i].data, from[i]->data, from[i]->size);
    numbers_set(t, &found);
    return HEED_OK;
}

static void tell(network_run *t)
{
    char note[120];
    if (t->state.epoch > t->progress.epochs || t->state.ending[0] != '\0')
        snprintf(note, sizeof note, "resumed: this training had ended");
    else
        snprintf(note, sizeof note, "resumed in epoch %u, after %u of %u rows", t->state.epoch, t->state.first,
                 t->data->train.count);
    progress_note(&t->progress, note);
}

static heed_status read_file(network_run *t, const char *path, heed_error *error)
{
    char *data = NULL;
    size_t size;
    safetensors file = {0};
    heed_status status;
    heed_error why;
    TRY(file_read(&data, &size, path, LARGEST_FILE, error));
    status = safetensors_parse(&file, data, size, &why);
    if (status == HEED_BAD_DATA)
        fail(error, status, "%s: is no checkpoint: %.200s; remove it, or leave out --resume", path, why.message);
    TRY(status);
    TRY(read_blocks(t, &file, path, error));
    tell(t);
done:
    safetensors_release(&file);
    free(data);
    return status;
}

heed_status checkpoint_begin(network_run *t, heed_error *error)
{
    const char *folder = t->options->checkpoint;
    char *path = NULL;
    struct stat there;
    heed_status status;
    t->saved = stopwatch_start();
    if (folder == NULL)
        return HEED_OK;
    TRY(path_need_folder(folder, error));
    TRY(find_name(t, error));
    TRY(path_of(&path, t, error));
    if (t->options->resume && stat(path, &there) == 0)
        status = read_file(t, path, error);
    else
        status = file_check_writable(path, error);
done:
    free(path);
    return status;
}
