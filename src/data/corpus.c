#include "data/corpus.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "options/option_structs.h"
#include "text/stop_words.h"

/* Stop words from a file are kept, as the model needs them when the file may be gone. */
static heed_status copy_stop_words(heed_corpus *c, const char *named, const heed_bytes *stop_list, heed_error *error)
{
    if (stop_list != NULL) {
        c->stop_list = memory_copy(stop_list->data, stop_list->size);
        c->stop_list_size = stop_list->size;
        return c->stop_list == NULL ? fail_memory(error, "stop words") : HEED_OK;
    }
    if (named == NULL || strcmp(named, "none") == 0)
        return HEED_OK;
    c->options.stop_words = memory_copy(named, strlen(named));
    if (c->options.stop_words == NULL)
        return fail_memory(error, "a corpus");
    return stop_words_are_in_file(named) ? file_read(&c->stop_list, &c->stop_list_size, named, STOP_WORDS_BYTES, error)
                                         : HEED_OK;
}

static heed_status take_encoder(heed_corpus *c, const heed_text_options *options, const shared_encoder *given,
                                heed_error *error)
{
    heed_status status = HEED_OK;
    c->encoder = shared_encoder_hold(given);
    if (given == NULL && options->encoder != NULL)
        status = shared_encoder_open(&c->encoder, options->encoder, options->save_as, error);
    if (c->encoder == NULL)
        return status;
    c->features = feature_cache_new();
    c->states = state_table_new();
    return c->features == NULL || c->states == NULL ? fail_memory(error, "a corpus") : HEED_OK;
}

heed_status corpus_new(heed_corpus **out, const heed_text_options *options, const corpus_source *source,
                       heed_error *error)
{
    heed_status status;
    heed_corpus *c = *out = memory_array(1, sizeof *c);
    if (c == NULL)
        return fail_memory(error, "a corpus");
    c->options = *options;
    c->options.stop_words = c->options.libraries = c->options.encoder = c->options.tokenizer = NULL;
    TRY(cleaner_new(&c->cleaner, options, &source->text, error));
    if (c->cleaner->tokenizer != NULL)
        c->options.letters = HEED_LETTERS_KEEP; /* its tokenizer makes them small, or does not */
    TRY(copy_stop_words(c, options->stop_words, source->text.stop_list, error));
    TRY(take_encoder(c, options, source->encoder, error));
    TRY(intern_init(&c->words, error));
    TRY(intern_init(&c->label_names, error));
    c->digest = XXH3_createState();
    if (c->digest == NULL || XXH3_128bits_reset(c->digest) != XXH_OK)
        TRY(fail_memory(error, "a corpus"));
    c->learned = vector_cache_new();
    TRY(c->learned == NULL ? fail_memory(error, "a corpus") : HEED_OK);
    return HEED_OK;
done:
    heed_corpus_free(c);
    *out = NULL;
    return status;
}

heed_status heed_corpus_new(heed_corpus **out, const heed_text_options *options, heed_error *error)
{
    heed_text_options o;
    heed_status status = options_take(HEED_OPTIONS_TEXT, &o, options, error);
    *out = NULL;
    return status == HEED_OK ? corpus_new(out, &o, &(corpus_source){{NULL, NULL}, NULL}, error) : status;
}

void heed_corpus_free(heed_corpus *corpus)
{
    if (corpus == NULL)
        return;
    heed_cleaner_free(corpus->cleaner);
    intern_release(&corpus->words);
    intern_release(&corpus->label_names);
    writer_release(&corpus->label_text);
    writer_release(&corpus->label_column);
    writer_release(&corpus->label_header);
    XXH3_freeState(corpus->digest);
    vector_cache_free(corpus->learned);
    shared_encoder_release(corpus->encoder);
    feature_cache_free(corpus->features);
    free(corpus->feature_folder);
    state_table_free(corpus->states);
    free(corpus->subwords);
    free(corpus->words_of_rows);
    free(corpus->labels_of_rows);
    free(corpus->rows);
    free(corpus->label_order);
    free(corpus->label_rank);
    free((void *)(uintptr_t)corpus->labels);
    free(corpus->label_rows);
    free((void *)(uintptr_t)corpus->options.stop_words);
    free(corpus->stop_list);
    free(corpus);
}

heed_status heed_corpus_keep_features(heed_corpus *corpus, const char *folder, heed_error *error)
{
    char *copy = memory_copy(folder, strlen(folder));
    if (copy == NULL)
        return fail_memory(error, "a corpus");
    free(corpus->feature_folder);
    corpus->feature_folder = copy;
    return HEED_OK;
}

/* ---- rows */

const uint32_t *corpus_words(const heed_corpus *corpus, size_t row, size_t *count)
{
    size_t first = corpus->rows[row].first;
    size_t next = row + 1 < corpus->row_count ? corpus->rows[row + 1].first : corpus->word_count;
    *count = next - first;
    return corpus->words_of_rows + first;
}

const uint32_t *corpus_subwords(const heed_corpus *corpus, size_t row, size_t *count)
{
    size_t first = corpus->rows[row].first_subword;
    size_t next = row + 1 < corpus->row_count ? corpus->rows[row + 1].first_subword : corpus->subword_count;
    *count = next - first;
    return next > first ? corpus->subwords + first : NULL;
}

const uint32_t *corpus_labels(const heed_corpus *corpus, size_t row, size_t *count)
{
    size_t first = corpus->rows[row].first_label;
    size_t next = row + 1 < corpus->row_count ? corpus->rows[row + 1].first_label : corpus->label_count;
    *count = next - first;
    return corpus->labels_of_rows + first;
}

heed_task corpus_task(const heed_corpus *corpus)
{
    if (corpus->several)
        return HEED_TASK_MULTILABEL;
    return corpus->learnable == 2 ? HEED_TASK_BINARY : HEED_TASK_MULTICLASS;
}

/* ---- labels and facts */

/* label_rank still says which labels can be learnt. */
static int compare_labels(const void *a, const void *b, void *corpus)
{
    const heed_corpus *c = corpus;
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    if (c->label_rank[x] != c->label_rank[y])
        return c->label_rank[x] > c->label_rank[y] ? -1 : 1;
    return bytes_compare(intern_word(&c->label_names, x), intern_word(&c->label_names, y));
}

/* Sets label_rank to 1 for labels that can be learnt. */
static void mark_learnable(heed_corpus *c)
{
    c->learnable = 0;
    for (size_t i = 0; i < c->row_count; i++) {
        size_t count;
        const uint32_t *labels = corpus_labels(c, i, &count);
        bool trains = c->rows[i].part == HEED_PART_TRAIN || c->rows[i].part == HEED_PART_ANY;
        for (size_t k = 0; k < count && trains; k++) {
            c->learnable += c->label_rank[labels[k]] == 0;
            c->label_rank[labels[k]] = 1;
        }
    }
}

static heed_status allocate_labels(heed_corpus *c, heed_error *error)
{
    uint32_t count = c->label_names.count;
    free(c->label_order);
    free(c->label_rank);
    free((void *)(uintptr_t)c->labels);
    free(c->label_rows);
    c->label_order = memory_array(count, sizeof *c->label_order);
    c->label_rank = memory_array(count, sizeof *c->label_rank);
    c->labels = memory_array(count, sizeof *c->labels);
    c->label_rows = memory_array(count, sizeof *c->label_rows);
    writer_clear(&c->label_text);
    bool fine = c->label_order && c->label_rank && c->labels && c->label_rows &&
                writer_reserve(&c->label_text, c->label_names.bytes_size + count + 1) != NULL;
    return fine ? HEED_OK : fail_memory(error, "labels");
}

heed_status corpus_sort_labels(heed_corpus *c, heed_error *error)
{
    uint32_t count = c->label_names.count;
    heed_status status = allocate_labels(c, error);
    if (status != HEED_OK)
        return status;
    for (uint32_t i = 0; i < count; i++)
        c->label_order[i] = i;
    mark_learnable(c);
    qsort_r(c->label_order, count, sizeof *c->label_order, compare_labels, c);
    for (uint32_t i = 0; i < count; i++) {
        heed_bytes name = intern_word(&c->label_names, c->label_order[i]);
        c->label_rank[c->label_order[i]] = i;
        c->labels[i] =
            c->label_text.data + c->label_text.size; /* room for everything is reserved, so it does not move */
        writer_bytes(&c->label_text, name.data, name.size);
        writer_byte(&c->label_text, '\0');
    }
    for (size_t i = 0; i < c->label_count; i++)
        c->label_rows[c->label_rank[c->labels_of_rows[i]]]++;
    return HEED_OK;
}

const heed_corpus_info *heed_corpus_describe(heed_corpus *corpus)
{
    heed_corpus_info info = {.rows = corpus->row_count,
                             .skipped = corpus->skipped,
                             .unlabelled = corpus->unlabelled,
                             .distinct_words = corpus->words.count};
    uint64_t tokens = 0;
    for (size_t i = 0; i < corpus->row_count; i++) {
        tokens += corpus->rows[i].tokens;
        info.rows_train += corpus->rows[i].part == HEED_PART_TRAIN;
        info.rows_validation += corpus->rows[i].part == HEED_PART_VALIDATION;
        info.rows_test += corpus->rows[i].part == HEED_PART_TEST;
    }
    info.mean_tokens = corpus->row_count > 0 ? (double)tokens / (double)corpus->row_count : 0;
    if (corpus_sort_labels(corpus, NULL) == HEED_OK) {
        info.label_count = corpus->label_names.count;
        info.labels = corpus->labels;
        info.label_rows = corpus->label_rows;
    }
    info.task = corpus_task(corpus);
    corpus->info = info;
    return &corpus->info;
}

XXH128_hash_t corpus_digest(const heed_corpus *corpus)
{
    return corpus->restored ? corpus->restored_digest : XXH3_128bits_digest(corpus->digest);
}
