/* heed_corpus_add: rows are cleaned and their words looked up on all threads, then added in order. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/compose.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "data/corpus.h"
#include "data/split_column.h"
#include "data/text_digest.h"
#include "rows/reader.h"
#include "text/clean_pool.h"
#include "tokenizer/subwords.h"

/* A row as prepared by a thread. Words are looked up in the corpus as it was before the batch. */
typedef struct prepared_row {
    uint32_t *words; /* [count]; INTERN_NONE: a new word, */
    size_t count, capacity;
    writer fresh;    /* whose size and bytes are the next in here */
    heed_bytes text; /* as it counts for the digest: the record's, or composed */
    writer composed_text, composed_group;
    uint32_t *subwords; /* [subword_count] */
    size_t subword_count, subword_capacity;
    uint64_t group, digest;
    uint32_t tokens;
} prepared_row;

typedef struct adding {
    heed_corpus *corpus;
    heed_part part;
    const heed_listener *listener;
    heed_reader *reader;
    stopwatch watch;
    prepared_row rows[ROW_SLOTS];
} adding;

/* ---- on any thread */

static heed_status look_words_up(prepared_row *row, const intern *words, const heed_token *pieces, size_t count,
                                 heed_error *error)
{
    heed_status status = memory_grow(&row->words, &row->capacity, count, sizeof *row->words, error);
    if (status != HEED_OK)
        return status;
    intern_find_all(row->words, words, pieces, count);
    row->count = count;
    for (size_t i = 0; i < count; i++) {
        heed_bytes word = pieces[i].text;
        if (row->words[i] != INTERN_NONE)
            continue;
        writer_bytes(&row->fresh, (const char *)&word.size, sizeof word.size);
        writer_bytes(&row->fresh, word.data, word.size);
    }
    return writer_check(&row->fresh, error);
}

static void free_subwords(void *own)
{
    subwords_free(own);
}

/* The sub-words of the text without its HTML. */
static heed_status find_subwords(prepared_row *row, const heed_corpus *c, heed_bytes text, row_scratch *scratch,
                                 heed_error *error)
{
    size_t count;
    heed_status status = HEED_OK;
    subwords *list = scratch->own;
    if (list == NULL)
        TRY(subwords_new(&list, c->encoder->words, error));
    scratch->own = list;
    TRY(subwords_find(list, stage_input(scratch->cleaned->stages, STAGE_CHARACTERS, text), 0, false, error));
    const subword *items = subwords_items(list, &count);
    TRY(memory_grow(&row->subwords, &row->subword_capacity, count, sizeof *row->subwords, error));
    for (size_t i = 0; i < count; i++)
        row->subwords[i] = items[i].id;
    row->subword_count = count;
done:
    return status;
}

/* len(text.split(" ")) of the tokens joined by a space. A token that was split off contains no space. */
static uint32_t split_length(const heed_cleaner *cleaner, const heed_token *tokens, size_t count)
{
    size_t length = count;
    for (size_t i = 0; i < count && cleaner->tokens == HEED_TOKENS_NONE; i++)
        for (size_t at = 0; at < tokens[i].text.size; at++)
            length += tokens[i].text.data[at] == ' ';
    return length == 0 ? 1 : (uint32_t)length;
}

/* By Unicode's rules its spellings are the same text. */
static heed_bytes in_form(const heed_corpus *c, writer *out, heed_bytes text)
{
    writer_clear(out);
    return c->options.rules == HEED_TEXT_RULES_UNICODE ? compose(out, text) : text;
}

static heed_status prepare_row(void *user, size_t slot, const heed_record *record, row_scratch *scratch,
                               heed_error *error)
{
    adding *a = user;
    const heed_corpus *c = a->corpus;
    prepared_row *row = &a->rows[slot];
    size_t count, pieces;
    const heed_token *tokens = tokens_items(scratch->cleaned, &count);
    row->tokens = split_length(c->cleaner, tokens, count);
    row->text = in_form(c, &row->composed_text, record->text);
    heed_bytes group = in_form(c, &row->composed_group, record->group);
    row->group = group.size > 0 ? XXH3_64bits(group.data, group.size) : group_digest(row->text);
    row->digest = group.size > 0 ? text_digest(row->text) : text_digest_after(row->text, row->group);
    writer_clear(&row->fresh);
    heed_status status = writer_check(&row->composed_text, error);
    if (status == HEED_OK)
        status = writer_check(&row->composed_group, error);
    if (status == HEED_OK)
        status = vocabulary_pieces(scratch->spare, c->options.vocabulary, tokens, count, error);
    const heed_token *piece = tokens_items(scratch->spare, &pieces);
    if (status == HEED_OK)
        status = look_words_up(row, &c->words, piece, pieces, error);
    return status == HEED_OK && c->encoder != NULL ? find_subwords(row, c, record->text, scratch, error) : status;
}

/* ---- in order */

/* New words get their numbers here, where rows come in order. */
static heed_status add_words(heed_corpus *c, const prepared_row *row, heed_error *error)
{
    heed_status status;
    TRY(memory_grow(&c->words_of_rows, &c->word_capacity, c->word_count + row->count + 1, sizeof *c->words_of_rows,
                    error));
    const char *next = row->fresh.data;
    for (size_t i = 0; i < row->count; i++) {
        uint32_t *number = &c->words_of_rows[c->word_count++];
        *number = row->words[i];
        if (*number != INTERN_NONE)
            continue;
        size_t size;
        memcpy(&size, next, sizeof size);
        next += sizeof size;
        TRY(intern_put(number, &c->words, (heed_bytes){next, size}, error));
        next += size;
    }
done:
    return status;
}

static heed_status add_subwords(heed_corpus *c, const prepared_row *row, heed_error *error)
{
    heed_status status = memory_grow(&c->subwords, &c->subword_capacity, c->subword_count + row->subword_count,
                                     sizeof *c->subwords, error);
    if (status == HEED_OK && row->subword_count > 0)
        memcpy(c->subwords + c->subword_count, row->subwords, row->subword_count * sizeof *c->subwords);
    c->subword_count += status == HEED_OK ? row->subword_count : 0;
    return status;
}

/* With several labels their parts, so that "a b" and "a", "b" differ. */
static void add_to_digest(heed_corpus *c, const heed_record *record, heed_bytes text)
{
    uint64_t more = c->several || record->weight != 1 ? (uint64_t)1 << 63 : 0;
    uint64_t sizes[2] = {text.size, record->label.size | more}; /* so that corpora do not run together */
    XXH3_128bits_update(c->digest, sizes, sizeof sizes);
    XXH3_128bits_update(c->digest, text.data, text.size);
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

/* A label has to fit into a model file: UTF-8, not empty, without NUL. */
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
    heed_status status;
    if (record->label_count == 0 && !c->several)
        return fail(error, HEED_BAD_DATA, "%s:%llu: row %llu has no label", record->file,
                    (unsigned long long)record->line_number, (unsigned long long)record->row);
    TRY(memory_grow(&c->labels_of_rows, &c->label_capacity, c->label_count + record->label_count + 1,
                    sizeof *c->labels_of_rows, error));
    for (size_t i = 0; i < record->label_count; i++) {
        TRY(check_label(record, record->labels[i], error));
        TRY(intern_put(&c->labels_of_rows[c->label_count++], &c->label_names, record->labels[i], error));
    }
done:
    return status;
}

/* A rare long text does not keep its memory in every slot that it passes. */
static void shrink(prepared_row *row)
{
    enum { KEPT = 1 << 16 };
    if (row->capacity > KEPT) {
        free(row->words);
        row->words = NULL;
        row->capacity = 0;
    }
    if (row->subword_capacity > KEPT) {
        free(row->subwords);
        row->subwords = NULL;
        row->subword_capacity = 0;
    }
    if (row->fresh.capacity > KEPT)
        writer_release(&row->fresh);
    if (row->composed_text.capacity > KEPT)
        writer_release(&row->composed_text);
}

static heed_status add_row(adding *a, const prepared_row *prepared, const heed_record *record, heed_error *error)
{
    heed_corpus *c = a->corpus;
    size_t words = c->word_count, labels = c->label_count, subwords = c->subword_count;
    heed_part part = a->part;
    heed_status status;
    TRY(memory_grow(&c->rows, &c->row_capacity, c->row_count + 1, sizeof *c->rows, error));
    if (part == HEED_PART_ANY && record->split.data != NULL)
        TRY(split_column_part(&part, record, error));
    TRY(add_labels(c, record, error));
    TRY(add_words(c, prepared, error));
    TRY(add_subwords(c, prepared, error));
    add_to_digest(c, record, prepared->text);
    c->grouped |= record->group.size > 0;
    c->rows[c->row_count++] = (corpus_row){.first = words,
                                           .first_label = labels,
                                           .first_subword = subwords,
                                           .group = prepared->group,
                                           .digest = prepared->digest,
                                           .weight = record->weight,
                                           .part = part,
                                           .tokens = prepared->tokens};
    return HEED_OK;
done:
    c->word_count = words; /* no part of it goes to the row before it */
    c->label_count = labels;
    c->subword_count = subwords;
    return status;
}

static heed_status take_row(void *user, size_t slot, const heed_record *record, heed_error *error)
{
    adding *a = user;
    heed_status status = add_row(a, &a->rows[slot], record, error);
    shrink(&a->rows[slot]);
    return status == HEED_OK
               ? reader_tell(a->reader, HEED_STAGE_READ, a->listener, &a->watch, "stopped while reading", error)
               : status;
}

heed_status heed_corpus_add(heed_corpus *corpus, heed_reader *reader, heed_part part, unsigned threads,
                            const heed_listener *listener, heed_error *error)
{
    bool several = reader_takes_multilabel(reader);
    if (corpus->row_count > 0 && several != corpus->several)
        return fail(error, HEED_USAGE, "label separator: found a file with %s, expected %s as in the files before it",
                    several ? "several labels per row" : "one label per row",
                    several ? "one label per row" : "several labels per row");
    if ((unsigned)part > HEED_PART_TEST)
        return fail(error, HEED_USAGE, "rows: found the number %d, expected a heed_part", (int)part);
    if (corpus->restored)
        return fail(error, HEED_USAGE, "found a corpus that was restored and is complete, expected a new one");
    adding *a = memory_array(1, sizeof *a);
    if (a == NULL)
        return fail_memory(error, "rows");
    a->corpus = corpus;
    a->part = part;
    a->listener = listener;
    a->reader = reader;
    a->watch = stopwatch_start();
    corpus->several = several;
    if (corpus->row_count == 0) {
        heed_bytes column = reader_label_column(reader);
        writer_clear(&corpus->label_column);
        writer_bytes(&corpus->label_column, column.data, column.size);
        heed_bytes header = reader_label_header(reader);
        writer_clear(&corpus->label_header);
        writer_bytes(&corpus->label_header, header.data, header.size);
    }
    clean_pool work = {.prepare = prepare_row,
                       .take = take_row,
                       .free_own = free_subwords,
                       .take_beside = false, /* taking a row changes the words that are looked up */
                       .user = a};
    heed_status status = clean_pool_run(reader, corpus->cleaner, threads, &work, error);
    corpus->skipped += reader_skipped(reader);
    corpus->unlabelled += heed_reader_describe(reader)->unlabelled;
    for (size_t i = 0; i < ROW_SLOTS; i++) {
        free(a->rows[i].words);
        free(a->rows[i].subwords);
        writer_release(&a->rows[i].fresh);
        writer_release(&a->rows[i].composed_text);
        writer_release(&a->rows[i].composed_group);
    }
    free(a);
    return status;
}
