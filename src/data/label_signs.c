#include "data/label_signs.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/memory.h"
#include "base/status.h"
#include "data/label_conflicts.h"
#include "data/labels_alike.h"

enum {
    FEW_ROWS = 20,   /* with fewer rows their number says nothing about a label */
    RARE_ROWS = 2,   /* of a rare label, at most */
    LABEL_BYTES = 60 /* of a label in a line, at most */
};

static uint64_t label_rows(const heed_corpus *c, uint32_t rank)
{
    return c->label_rows[rank];
}

/* As much of a label as a line shows: whole characters. */
static int shown(const char *label)
{
    size_t size = strlen(label), end = size < LABEL_BYTES ? size : LABEL_BYTES;
    while (end < size && ((unsigned char)label[end] & 0xC0) == 0x80)
        end--;
    return (int)end;
}

/* ---- several labels in one */

/* How labels are joined, as the user has to write it; NULL: by more than one of these bytes, which has no option. Of
 * the strict ones, which single labels have too, every part has to be a label by itself. */
static const struct {
    const char *bytes;
    bool strict;
    const char *option;
} separators[] = {{",;|", false, NULL}, {",", false, ","},       {";", false, "';'"},
                  {"|", false, "'|'"},  {"\n", false, "$'\\n'"}, {"/", true, "/"},
                  {"&", true, "'&'"},   {"+", true, "+"},        {" ", true, "' '"}};

/* Takes the next part of a joined label, without the blanks around it. */
static heed_bytes take_part(heed_bytes *rest, const char *bytes)
{
    size_t size = 0;
    while (size < rest->size && strchr(bytes, rest->data[size]) == NULL)
        size++;
    size_t taken = size + (size < rest->size);
    heed_bytes part = {rest->data, size};
    *rest = (heed_bytes){rest->data + taken, rest->size - taken};
    return blanks_trim(part);
}

static size_t count_parts(heed_bytes label, const char *bytes)
{
    size_t count = 0;
    while (label.size > 0)
        count += take_part(&label, bytes).size > 0;
    return count;
}

/* Counts in how many joined labels each part is. */
static heed_status count_uses(uint32_t **uses, intern *parts, const heed_corpus *c, const char *bytes,
                              heed_error *error)
{
    size_t capacity = 0;
    heed_status status;
    TRY(intern_init(parts, error));
    for (uint32_t i = 0; i < c->label_names.count; i++) {
        heed_bytes rest = bytes_of(c->labels[i]);
        bool joined = count_parts(rest, bytes) > 1;
        while (joined && rest.size > 0) {
            uint32_t number, known = parts->count;
            heed_bytes part = take_part(&rest, bytes);
            if (part.size == 0)
                continue;
            TRY(intern_put(&number, parts, part, error));
            TRY(memory_grow(uses, &capacity, (size_t)number + 1, sizeof **uses, error));
            (*uses)[number] = number < known ? (*uses)[number] + 1 : 1;
        }
    }
    return HEED_OK;
done:
    return status;
}

/* Whether a joined label's parts are labels: at least one by itself, the others in other joined ones at least. */
static bool is_made_of_labels(const heed_corpus *c, heed_bytes label, size_t kind, const intern *parts,
                              const uint32_t *uses)
{
    size_t alone = 0;
    while (label.size > 0) {
        heed_bytes part = take_part(&label, separators[kind].bytes);
        bool known = part.size > 0 && intern_find(&c->label_names, part) != INTERN_NONE;
        alone += known;
        if (part.size > 0 && !known && (separators[kind].strict || uses[intern_find(parts, part)] < 2))
            return false;
    }
    return alone > 0;
}

/* The bytes of the separator that are in the label, as bits. */
static unsigned bytes_in(const char *label, const char *bytes)
{
    unsigned found = 0;
    for (size_t i = 0; bytes[i] != '\0'; i++)
        found |= strchr(label, bytes[i]) != NULL ? 1U << i : 0;
    return found;
}

static void write_joined(writer *out, const char *label, size_t kind)
{
    writer_print(out, "labels such as '%.*s' look like several labels", shown(label), label);
    if (separators[kind].option != NULL)
        writer_print(out, "; --label-separator %s takes any number", separators[kind].option);
    else
        writer_text(out, ", joined by different characters; write the same one in all of them, then --label-separator "
                         "takes any number");
}

/* Says so if most labels with this separator are made of others. */
static heed_status find_separator(writer *out, const heed_corpus *c, size_t kind, heed_error *error)
{
    intern parts = {0};
    const char *bytes = separators[kind].bytes;
    uint32_t *uses = NULL, with = 0, made = 0, best = 0;
    unsigned used = 0;
    heed_status status = count_uses(&uses, &parts, c, bytes, error);
    for (uint32_t i = 0; i < c->label_names.count && status == HEED_OK && parts.count > 0; i++) {
        heed_bytes label = bytes_of(c->labels[i]);
        if (count_parts(label, bytes) < 2)
            continue;
        with++;
        if (!is_made_of_labels(c, label, kind, &parts, uses))
            continue;
        best = made == 0 || label_rows(c, i) > label_rows(c, best) ? i : best;
        used |= bytes_in(c->labels[i], bytes);
        made++;
    }
    bool mixed = (used & (used - 1)) != 0; /* more than one bit */
    if (2 * made > with && (mixed || separators[kind].option != NULL))
        write_joined(out, c->labels[best], kind);
    intern_release(&parts);
    free(uses);
    return status;
}

static heed_status find_joined(writer *out, const heed_corpus *c, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t kind = 0; kind < sizeof separators / sizeof *separators && out->size == 0 && status == HEED_OK; kind++)
        status = find_separator(out, c, kind, error);
    return status;
}

/* ---- rows and labels */

/* Whether a row has a label that no other row has. */
static bool is_unique(const heed_corpus *c, size_t row)
{
    size_t count;
    const uint32_t *labels = corpus_labels(c, row, &count);
    for (size_t i = 0; i < count; i++)
        if (label_rows(c, c->label_rank[labels[i]]) == 1)
            return true;
    return false;
}

static void find_column(writer *out, const heed_corpus *c)
{
    size_t unique = 0;
    for (size_t i = 0; i < c->row_count; i++)
        unique += is_unique(c, i);
    if (c->row_count < FEW_ROWS || unique <= c->row_count / 2)
        return;
    writer_print(out, "%" PRIu32 " labels in %zu rows, most of them once; ", c->label_names.count, c->row_count);
    if (c->label_column.size > 0)
        writer_print(out, "is '%.*s' the label column?", (int)c->label_column.size, c->label_column.data);
    else
        writer_text(out, "are these the labels?");
}

static void find_header(writer *out, const heed_corpus *c)
{
    const heed_bytes header = {c->label_header.data, c->label_header.size};
    for (uint32_t i = 0; header.size > 0 && i < c->label_names.count; i++)
        if (bytes_same(bytes_of(c->labels[i]), header))
            writer_print(out,
                         "the first row is read as the header, and has the label '%.*s' of %" PRIu64
                         " other rows; if it is "
                         "data: --no-header",
                         shown(c->labels[i]), c->labels[i], label_rows(c, i));
}

static void find_rare(writer *out, const heed_corpus *c)
{
    enum { SHOWN = 5 };
    uint32_t rare = 0;
    for (uint32_t i = 0; i < c->learnable; i++)
        rare += label_rows(c, i) <= RARE_ROWS;
    if (c->row_count < FEW_ROWS || rare == 0)
        return;
    writer_print(out, "%" PRIu32 " label%s at most %d rows: ", rare, rare == 1 ? " has" : "s have", RARE_ROWS);
    for (uint32_t i = 0, told = 0; i < c->learnable && told < SHOWN; i++)
        if (label_rows(c, i) <= RARE_ROWS)
            writer_print(out, "%s'%.*s' %" PRIu64, told++ == 0 ? "" : ", ", shown(c->labels[i]), c->labels[i],
                         label_rows(c, i));
    writer_text(out, rare > SHOWN ? ", ..." : "");
    writer_text(out, "; so few are hardly learnt or measured: add rows, join labels by --label-map, or leave them out "
                     "by --drop-label");
}

static heed_status find_twice(writer *out, const heed_corpus *c, heed_error *error)
{
    label_conflicts found;
    heed_status status = label_conflicts_count(&found, c, error);
    if (status == HEED_OK && c->row_count >= FEW_ROWS && found.conflicts > found.texts / 100)
        writer_print(
            out,
            "%zu of %zu texts (%.1f%%) have several labels, of which a model can learn one: 'heed check' lists "
            "them",
            found.conflicts, found.texts, 100 * (double)found.conflicts / (double)found.texts);
    return status;
}

heed_status label_signs_find(label_signs *out, const heed_corpus *corpus, heed_error *error)
{
    heed_status status;
    *out = (label_signs){0};
    find_header(&out->header, corpus);
    TRY(find_joined(&out->joined, corpus, error));
    if (out->joined.size == 0) /* sets of labels are often a row's own */
        find_column(&out->column, corpus);
    if (out->column.size == 0)
        TRY(labels_alike_find(&out->alike, corpus->labels, corpus->label_rows, corpus->label_names.count, error));
    if (out->joined.size + out->column.size + out->alike.size == 0) {
        find_rare(&out->rare, corpus);
        TRY(find_twice(&out->twice, corpus, error));
    }
    writer *const lines[] = {&out->alike, &out->joined, &out->column, &out->header, &out->twice, &out->rare};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        writer_byte(lines[i], '\0');
        TRY(writer_check(lines[i], error));
        lines[i]->size--;
    }
    return HEED_OK;
done:
    return status;
}

void label_signs_release(label_signs *signs)
{
    writer_release(&signs->alike);
    writer_release(&signs->joined);
    writer_release(&signs->column);
    writer_release(&signs->header);
    writer_release(&signs->twice);
    writer_release(&signs->rare);
}
