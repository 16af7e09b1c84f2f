#include "data/corpus.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "data/groups.h"
#include "rows/reader.h"

enum { MAX_STOP_LIST = 64 << 20 };

/* What the cleaner does not look at. */
static heed_status check_options(const heed_text_options *options, heed_error *error)
{
    const struct {
        const char *name;
        int found, last;
    } fields[] = {{"vocabulary", (int)options->vocabulary, HEED_VOCABULARY_KERAS},
                  {"cut", (int)options->cut, HEED_CUT_MIDDLE},
                  {"pad", (int)options->pad, HEED_PAD_BEHIND}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (fields[i].found < 0 || fields[i].found > fields[i].last)
            return fail(error, HEED_USAGE, "text option %s: found %d, expected 0 to %d; heed_text_options_init sets it",
                        fields[i].name, fields[i].found, fields[i].last);
    return HEED_OK;
}

/* Stop words that come from a file are kept: the model will need them when the file may be gone. */
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
    return strcmp(named, "english") == 0 ? HEED_OK
                                         : file_read(&c->stop_list, &c->stop_list_size, named, MAX_STOP_LIST, error);
}

heed_status corpus_new(heed_corpus **out, const heed_text_options *options, const heed_bytes *stop_list,
                       heed_error *error)
{
    *out = NULL;
    heed_corpus *c = memory_array(1, sizeof *c);
    if (c == NULL)
        return fail_memory(error, "a corpus");
    c->options = *options;
    c->options.stop_words = NULL;
    heed_status status = check_options(options, error);
    if (status == HEED_OK)
        status = cleaner_new(&c->cleaner, options, stop_list, error);
    if (status == HEED_OK)
        status = copy_stop_words(c, options->stop_words, stop_list, error);
    if (status == HEED_OK)
        status = intern_init(&c->words, error);
    if (status == HEED_OK)
        status = intern_init(&c->label_names, error);
    if (status == HEED_OK)
        status = heed_tokens_new(&c->pieces, error);
    if (status == HEED_OK) {
        c->digest = XXH3_createState();
        if (c->digest == NULL || XXH3_128bits_reset(c->digest) != XXH_OK)
            status = fail_memory(error, "a corpus");
    }
    if (status != HEED_OK) {
        heed_corpus_free(c);
        return status;
    }
    *out = c;
    return HEED_OK;
}

heed_status heed_corpus_new(heed_corpus **out, const heed_text_options *options, heed_error *error)
{
    return corpus_new(out, options, NULL, error);
}

void heed_corpus_free(heed_corpus *corpus)
{
    if (corpus == NULL)
        return;
    heed_cleaner_free(corpus->cleaner);
    heed_tokens_free(corpus->pieces);
    intern_release(&corpus->words);
    intern_release(&corpus->label_names);
    buffer_release(&corpus->label_text);
    XXH3_freeState(corpus->digest);
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

/* ---- adding rows */

typedef struct adding {
    heed_corpus *corpus;
    heed_part part;
    const heed_listener *listener;
    heed_reader *reader;
    stopwatch watch;
    heed_status status; /* what went wrong in the sink, */
    heed_error error;   /* where the rows' cleaner only knows that it was stopped */
} adding;

static bool tell_progress(adding *a)
{
    if (a->listener == NULL || !stopwatch_due(&a->watch))
        return true;
    heed_event event = {.stage = HEED_STAGE_READ, .seconds = stopwatch_seconds(&a->watch)};
    event.done = heed_reader_progress(a->reader, &event.total);
    return a->listener->tell(a->listener->user, &event) == 0;
}

/* A split column's words, as people write them; Ludwig's numbers too. */
static heed_status split_part(heed_part *out, const heed_record *record, heed_error *error)
{
    static const struct {
        const char *word;
        heed_part part;
    } words[] = {{"train", HEED_PART_TRAIN},
                 {"training", HEED_PART_TRAIN},
                 {"0", HEED_PART_TRAIN},
                 {"valid", HEED_PART_VALIDATION},
                 {"validation", HEED_PART_VALIDATION},
                 {"val", HEED_PART_VALIDATION},
                 {"dev", HEED_PART_VALIDATION},
                 {"1", HEED_PART_VALIDATION},
                 {"test", HEED_PART_TEST},
                 {"2", HEED_PART_TEST}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strlen(words[i].word) == record->split.size &&
            memcmp(words[i].word, record->split.data, record->split.size) == 0) {
            *out = words[i].part;
            return HEED_OK;
        }
    return fail(error, HEED_BAD_DATA,
                "%s:%llu: split column: found '%.*s', expected train, validation or test (or 0, 1, 2)", record->file,
                (unsigned long long)record->line_number, (int)(record->split.size < 60 ? record->split.size : 60),
                record->split.data);
}

static heed_status add_words(heed_corpus *c, const heed_token *tokens, size_t count, heed_error *error)
{
    heed_status status = vocabulary_pieces(c->pieces, c->options.vocabulary, tokens, count, error);
    size_t pieces;
    const heed_token *piece = heed_tokens_items(c->pieces, &pieces);
    if (status == HEED_OK)
        status = memory_grow(&c->words_of_rows, &c->word_capacity, c->word_count + pieces + 1, sizeof *c->words_of_rows,
                             error);
    for (size_t i = 0; i < pieces && status == HEED_OK; i++)
        status = intern_put(&c->words_of_rows[c->word_count++], &c->words, piece[i].text, error);
    return status;
}

static uint32_t split_length(heed_bytes joined) /* len(text.split(" ")) */
{
    uint32_t count = 1;
    for (const char *p = joined.data, *end = p + joined.size; joined.size > 0 && p < end; p++) {
        p = memchr(p, ' ', (size_t)(end - p));
        if (p == NULL)
            break;
        count++;
    }
    return count;
}

/* Several labels: their parts, so that "a b" and "a", "b" differ. */
static void add_to_digest(heed_corpus *c, const heed_record *record)
{
    uint64_t more = c->several || record->weight != 1 ? (uint64_t)1 << 63 : 0;
    uint64_t sizes[2] = {record->text.size, record->label.size | more}; /* so that no two corpora run together */
    XXH3_128bits_update(c->digest, sizes, sizeof sizes);
    XXH3_128bits_update(c->digest, record->text.data, record->text.size);
    XXH3_128bits_update(c->digest, record->label.data, record->label.size);
    if (more == 0)
        return;
    uint64_t count = record->label_count;
    XXH3_128bits_update(c->digest, &count, sizeof count);
    for (size_t i = 0; i < record->label_count; i++) {
        uint64_t size = record->labels[i].size;
        XXH3_128bits_update(c->digest, &size, sizeof size);
    }
    XXH3_128bits_update(c->digest, &record->weight, sizeof record->weight);
}

/* A label has to fit the model file: a text that is not empty, in UTF-8, without NUL. */
static heed_status check_label(const heed_record *record, heed_bytes label, heed_error *error)
{
    unsigned long long line = record->line_number, row = record->row;
    if (label.size > LONGEST_LABEL)
        return fail(
            error, HEED_BAD_DATA,
            "%s:%llu: row %llu: found a label of %zu bytes, expected at most %d; is the label column the right one?",
            record->file, line, row, label.size, LONGEST_LABEL);
    if (memchr(label.data, '\0', label.size) != NULL || utf8_check(label.data, label.size) != label.size)
        return fail(error, HEED_BAD_DATA, "%s:%llu: row %llu: found a label with NUL or bytes that are not UTF-8",
                    record->file, line, row);
    return HEED_OK;
}

static heed_status add_labels(heed_corpus *c, const heed_record *record, heed_error *error)
{
    heed_status status = HEED_OK;
    if (record->label_count == 0 && !c->several)
        return fail(error, HEED_BAD_DATA, "%s:%llu: row %llu has no label", record->file,
                    (unsigned long long)record->line_number, (unsigned long long)record->row);
    status = memory_grow(&c->labels_of_rows, &c->label_capacity, c->label_count + record->label_count + 1,
                         sizeof *c->labels_of_rows, error);
    for (size_t i = 0; i < record->label_count && status == HEED_OK; i++) {
        status = check_label(record, record->labels[i], error);
        if (status == HEED_OK)
            status = intern_put(&c->labels_of_rows[c->label_count++], &c->label_names, record->labels[i], error);
    }
    return status;
}

static heed_status add_row(adding *a, const heed_record *record, const heed_token *tokens, size_t count,
                           heed_bytes joined)
{
    heed_corpus *c = a->corpus;
    heed_status status = memory_grow(&c->rows, &c->row_capacity, c->row_count + 1, sizeof *c->rows, &a->error);
    if (status != HEED_OK)
        return status;
    corpus_row *row = &c->rows[c->row_count];
    *row = (corpus_row){.first = c->word_count,
                        .first_label = c->label_count,
                        .weight = record->weight,
                        .part = a->part,
                        .tokens = split_length(joined)};
    row->group =
        record->group.size > 0 ? XXH3_64bits(record->group.data, record->group.size) : group_digest(record->text);
    if (a->part == HEED_PART_ANY && record->split.data != NULL)
        status = split_part(&row->part, record, &a->error);
    if (status == HEED_OK)
        status = add_labels(c, record, &a->error);
    if (status == HEED_OK)
        status = add_words(c, tokens, count, &a->error);
    if (status == HEED_OK) {
        add_to_digest(c, record);
        c->row_count++;
    } else {
        c->word_count = row->first; /* nothing of it is left to the row before it */
        c->label_count = row->first_label;
    }
    return status;
}

static int take_row(void *user, const heed_record *record, const heed_token *tokens, size_t count, heed_bytes joined)
{
    adding *a = user;
    a->status = add_row(a, record, tokens, count, joined);
    if (a->status == HEED_OK && !tell_progress(a))
        a->status = fail(&a->error, HEED_STOPPED, "stopped while reading");
    return a->status != HEED_OK;
}

heed_status heed_corpus_add(heed_corpus *corpus, heed_reader *reader, heed_part part, unsigned threads,
                            const heed_listener *listener, heed_error *error)
{
    adding a = {.corpus = corpus, .part = part, .listener = listener, .reader = reader, .watch = stopwatch_start()};
    bool several = reader_takes_several(reader);
    if (corpus->row_count > 0 && several != corpus->several)
        return fail(
            error, HEED_USAGE, "label separator: found a file with %s, expected one with %s like those before it",
            several ? "several labels a row" : "one label a row", several ? "one label a row" : "several labels a row");
    corpus->several = several;
    heed_status status = heed_clean_rows(reader, corpus->cleaner, threads, take_row, &a, error);
    if (status == HEED_STOPPED && a.status != HEED_OK)
        status = fail(error, a.status, "%s", a.error.message);
    corpus->skipped += heed_reader_skipped(reader, NULL);
    return status;
}

const uint32_t *corpus_words(const heed_corpus *corpus, size_t row, size_t *count)
{
    size_t first = corpus->rows[row].first;
    size_t next = row + 1 < corpus->row_count ? corpus->rows[row + 1].first : corpus->word_count;
    *count = next - first;
    return corpus->words_of_rows + first;
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
    return corpus->label_names.count == 2 ? HEED_TASK_BINARY : HEED_TASK_MULTICLASS;
}

/* ---- labels and facts */

static int compare_bytes(heed_bytes a, heed_bytes b)
{
    size_t size = a.size < b.size ? a.size : b.size;
    int order = size > 0 ? memcmp(a.data, b.data, size) : 0;
    return order != 0 ? order : a.size < b.size ? -1 : a.size > b.size;
}

static int compare_names(const void *a, const void *b, void *names)
{
    return compare_bytes(intern_word(names, *(const uint32_t *)a), intern_word(names, *(const uint32_t *)b));
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
    bool fine = c->label_order && c->label_rank && c->labels && c->label_rows;
    return fine ? HEED_OK : fail_memory(error, "labels");
}

heed_status corpus_sort_labels(heed_corpus *c, heed_error *error)
{
    heed_status status = allocate_labels(c, error);
    if (status != HEED_OK)
        return status;
    uint32_t count = c->label_names.count;
    for (uint32_t i = 0; i < count; i++)
        c->label_order[i] = i;
    qsort_r(c->label_order, count, sizeof *c->label_order, compare_names, &c->label_names);
    buffer_clear(&c->label_text);
    status = buffer_reserve(&c->label_text, c->label_names.bytes_size + count, error);
    for (uint32_t i = 0; i < count && status == HEED_OK; i++) {
        heed_bytes name = intern_word(&c->label_names, c->label_order[i]);
        c->label_rank[c->label_order[i]] = i;
        c->labels[i] = c->label_text.data + c->label_text.size; /* reserved above, so it stays where it is */
        status = buffer_append(&c->label_text, name.data, name.size, error);
        if (status == HEED_OK)
            status = buffer_byte(&c->label_text, '\0', error);
    }
    for (size_t i = 0; i < c->label_count && status == HEED_OK; i++)
        c->label_rows[c->label_rank[c->labels_of_rows[i]]]++;
    return status;
}

heed_corpus_info heed_corpus_describe(heed_corpus *corpus)
{
    heed_corpus_info info = {.rows = corpus->row_count,
                             .skipped = corpus->skipped,
                             .distinct_words = corpus->words.count,
                             .task = corpus_task(corpus)};
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
    return info;
}
