/* A corpus as a file: a header, the arrays whose sizes are in it, and XXH3-128 of all that. It is written and read by
 * the same program on the same machine: numbers are as in memory, and a file that does not fit is written again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"
#include "data/corpus.h"
#include "data/kept_file.h"

enum { KEY = 32, LAYOUT = 4 };
#define LARGEST_FILE ((size_t)1 << 36)

typedef struct file_header {
    char magic[8];
    char key[KEY]; /* of its name */
    uint32_t layout;
    uint16_t several, grouped;
    uint64_t rows, words_of_rows, subwords, labels_of_rows, words, word_bytes, labels, label_bytes, column_bytes;
    XXH128_hash_t digest; /* of the rows */
} file_header;

typedef struct file_row {
    uint64_t first, first_subword, first_label, group, digest;
    double weight;
    uint32_t tokens, part;
} file_row;

static const char magic[8] = {'h', 'e', 'e', 'd', 'r', 'o', 'w', 's'};

/* ---- writing */

/* Numbers as they are in memory. */
static void write_array(writer *w, const void *data, size_t count, size_t size)
{
    writer_bytes(w, data, count * size);
}

static void write_words(writer *w, const intern *words)
{
    for (uint32_t i = 0; i < words->count; i++) {
        uint32_t size = (uint32_t)intern_word(words, i).size;
        write_array(w, &size, 1, sizeof size);
    }
    writer_bytes(w, words->bytes, words->bytes_size);
}

static void write_rows(writer *w, const heed_corpus *c)
{
    for (size_t i = 0; i < c->row_count; i++) {
        const corpus_row *r = &c->rows[i];
        file_row row = {.first = r->first,
                        .first_subword = r->first_subword,
                        .first_label = r->first_label,
                        .group = r->group,
                        .digest = r->digest,
                        .weight = r->weight,
                        .tokens = r->tokens,
                        .part = (uint32_t)r->part};
        write_array(w, &row, 1, sizeof row);
    }
}

static void write_corpus(writer *w, const heed_corpus *c, const char *key)
{
    file_header head = {.layout = LAYOUT,
                        .several = c->several,
                        .grouped = c->grouped,
                        .rows = c->row_count,
                        .words_of_rows = c->word_count,
                        .subwords = c->subword_count,
                        .labels_of_rows = c->label_count,
                        .words = c->words.count,
                        .word_bytes = c->words.bytes_size,
                        .labels = c->label_names.count,
                        .label_bytes = c->label_names.bytes_size,
                        .column_bytes = c->label_column.size,
                        .digest = corpus_digest(c)};
    memcpy(head.magic, magic, sizeof magic);
    memcpy(head.key, key, KEY);
    write_array(w, &head, 1, sizeof head);
    write_rows(w, c);
    write_array(w, c->words_of_rows, c->word_count, sizeof *c->words_of_rows);
    write_array(w, c->subwords, c->subword_count, sizeof *c->subwords);
    write_array(w, c->labels_of_rows, c->label_count, sizeof *c->labels_of_rows);
    write_words(w, &c->words);
    write_words(w, &c->label_names);
    writer_bytes(w, c->label_column.data, c->label_column.size);
    XXH128_hash_t seal = XXH3_128bits(w->data, w->size);
    write_array(w, &seal, 1, sizeof seal);
}

heed_status heed_corpus_keep(const heed_corpus *c, const char *path, heed_error *error)
{
    const char *key = kept_file_digits(path, KEPT_CORPUS);
    if (key == NULL)
        return fail(error, HEED_USAGE, "%s: found another name than heed_corpus_cache_path gives", path);
    writer w = {.limit = LARGEST_FILE};
    write_corpus(&w, c, key);
    heed_status status = writer_check(&w, error);
    if (status == HEED_OK)
        status = file_write(path, w.data, w.size, error);
    writer_release(&w);
    return status;
}

/* ---- reading */

/* The next count elements of the file; false if it has fewer. */
static bool take(const char **out, heed_bytes *rest, uint64_t count, size_t size)
{
    if (count > rest->size / size)
        return false;
    *out = rest->data;
    rest->data += count * size;
    rest->size -= count * size;
    return true;
}

typedef struct file_parts {
    file_header head;
    const char *rows, *words_of_rows, *subwords, *labels_of_rows, *word_sizes, *words, *label_sizes, *labels, *column;
} file_parts;

static bool find_parts(file_parts *p, heed_bytes file, const char *key)
{
    const char *head;
    XXH128_hash_t seal;
    if (file.size < sizeof p->head + sizeof seal)
        return false;
    file.size -= sizeof seal;
    memcpy(&seal, file.data + file.size, sizeof seal);
    if (!XXH128_isEqual(seal, XXH3_128bits(file.data, file.size)) || !take(&head, &file, 1, sizeof p->head))
        return false;
    memcpy(&p->head, head, sizeof p->head);
    const file_header *h = &p->head;
    return memcmp(h->magic, magic, sizeof magic) == 0 && memcmp(h->key, key, KEY) == 0 && h->layout == LAYOUT &&
           h->several <= 1 && h->grouped <= 1 && h->words < INTERN_NONE / 8 && h->labels < INTERN_NONE / 8 &&
           h->rows < UINT32_MAX && take(&p->rows, &file, h->rows, sizeof(file_row)) &&
           take(&p->words_of_rows, &file, h->words_of_rows, sizeof(uint32_t)) &&
           take(&p->subwords, &file, h->subwords, sizeof(uint32_t)) &&
           take(&p->labels_of_rows, &file, h->labels_of_rows, sizeof(uint32_t)) &&
           take(&p->word_sizes, &file, h->words, sizeof(uint32_t)) && take(&p->words, &file, h->word_bytes, 1) &&
           take(&p->label_sizes, &file, h->labels, sizeof(uint32_t)) && take(&p->labels, &file, h->label_bytes, 1) &&
           take(&p->column, &file, h->column_bytes, 1) && file.size == 0;
}

/* Numbers of words or labels, each below count. **out belongs to the corpus, and is NULL before. */
static bool read_numbers(uint32_t **out, const char *data, uint64_t size, uint64_t count)
{
    *out = memory_array(size, sizeof **out);
    if (*out == NULL)
        return false;
    if (size > 0)
        memcpy(*out, data, size * sizeof **out);
    uint32_t largest = 0;
    for (uint64_t i = 0; i < size; i++)
        largest = (*out)[i] > largest ? (*out)[i] : largest;
    return size == 0 || largest < count;
}

static bool is_label(heed_bytes text)
{
    return text.size <= LONGEST_LABEL && memchr(text.data, '\0', text.size) == NULL;
}

/* Distinct texts, into an empty table. */
static bool read_texts(intern *out, const char *sizes, uint64_t count, const char *bytes, uint64_t size, bool labels)
{
    for (uint32_t i = 0; i < count; i++) {
        uint32_t length, number;
        memcpy(&length, sizes + (size_t)i * sizeof length, sizeof length);
        heed_bytes text = {bytes, length};
        if (length > size || utf8_check(bytes, length) != length || (labels && !is_label(text)) ||
            intern_put(&number, out, text, NULL) != HEED_OK || number != i)
            return false;
        bytes += length;
        size -= length;
    }
    return size == 0;
}

/* Rows in order, each within the existing words, sub-words and labels. */
static bool read_rows(heed_corpus *c, const file_parts *p)
{
    const file_header *h = &p->head;
    uint64_t first = 0, subword = 0, label = 0;
    c->rows = memory_array(h->rows, sizeof *c->rows);
    if (c->rows == NULL)
        return false;
    for (uint64_t i = 0; i < h->rows; i++) {
        file_row r;
        memcpy(&r, p->rows + i * sizeof r, sizeof r);
        bool fine = r.first >= first && r.first <= h->words_of_rows && r.first_label >= label &&
                    r.first_label <= h->labels_of_rows && r.first_subword >= subword &&
                    r.first_subword <= h->subwords &&
                    (i > 0 || (r.first == 0 && r.first_subword == 0 && r.first_label == 0)) && isfinite(r.weight) &&
                    r.weight >= 0 && r.part <= HEED_PART_TEST && (h->several == 1 || r.first_label == i);
        if (!fine)
            return false;
        first = r.first;
        subword = r.first_subword;
        label = r.first_label;
        c->rows[i] = (corpus_row){.first = r.first,
                                  .group = r.group,
                                  .digest = r.digest,
                                  .first_subword = r.first_subword,
                                  .first_label = r.first_label,
                                  .weight = r.weight,
                                  .tokens = r.tokens,
                                  .part = (heed_part)r.part};
    }
    return h->several == 1 || h->labels_of_rows == h->rows;
}

static bool read_corpus(heed_corpus *c, heed_bytes file, const char *key)
{
    file_parts p;
    if (!find_parts(&p, file, key))
        return false;
    const file_header *h = &p.head;
    uint32_t tokens = c->encoder == NULL ? 0 : tokenizer_size(c->encoder->words);
    if (!read_texts(&c->words, p.word_sizes, h->words, p.words, h->word_bytes, false) ||
        !read_texts(&c->label_names, p.label_sizes, h->labels, p.labels, h->label_bytes, true) ||
        utf8_check(p.column, h->column_bytes) != h->column_bytes ||
        !read_numbers(&c->words_of_rows, p.words_of_rows, h->words_of_rows, h->words) ||
        !read_numbers(&c->subwords, p.subwords, h->subwords, tokens) ||
        !read_numbers(&c->labels_of_rows, p.labels_of_rows, h->labels_of_rows, h->labels) || !read_rows(c, &p))
        return false;
    writer_bytes(&c->label_column, p.column, h->column_bytes);
    c->row_count = c->row_capacity = h->rows;
    c->word_count = c->word_capacity = h->words_of_rows;
    c->subword_count = c->subword_capacity = h->subwords;
    c->label_count = c->label_capacity = h->labels_of_rows;
    c->several = h->several == 1;
    c->grouped = h->grouped == 1;
    c->restored = true;
    c->restored_digest = h->digest;
    return true;
}

/* Back to the state after heed_corpus_new. */
static heed_status empty(heed_corpus *c, heed_error *error)
{
    free(c->rows);
    free(c->words_of_rows);
    free(c->subwords);
    free(c->labels_of_rows);
    intern_release(&c->words);
    intern_release(&c->label_names);
    c->rows = NULL;
    c->words_of_rows = c->subwords = c->labels_of_rows = NULL;
    heed_status status = intern_init(&c->words, error);
    return status == HEED_OK ? intern_init(&c->label_names, error) : status;
}

heed_status heed_corpus_restore(heed_corpus *corpus, const char *path, heed_error *error)
{
    const char *key = kept_file_digits(path, KEPT_CORPUS);
    if (key == NULL || corpus->row_count > 0)
        return fail(error, HEED_USAGE, "%s: found %s", path,
                    key == NULL ? "another name than heed_corpus_cache_path gives" : "a corpus that has rows already");
    char *data = NULL;
    size_t size;
    heed_status status;
    TRY(file_read(&data, &size, path, LARGEST_FILE, error));
    if (!read_corpus(corpus, (heed_bytes){data, size}, key)) {
        TRY(empty(corpus, error));
        status = fail(error, HEED_BAD_DATA, "%s: damaged, or from another program; it may be deleted", path);
    }
done:
    free(data);
    return status;
}
