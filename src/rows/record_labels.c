#include "rows/record_labels.h"

#include <string.h>

#include "base/blanks.h"
#include "base/compose.h"
#include "base/utf8.h"

/* Whether the record has this label already. Its labels are in r->label, a separator between them. */
static bool came_before(const record_draft *r, heed_bytes label)
{
    const char *at = r->label.data;
    for (size_t i = 0; i < r->part_count; i++) {
        if (bytes_same((heed_bytes){at, r->part[i].size}, label))
            return true;
        at += r->part[i].size + strlen(r->options->label_separator);
    }
    return false;
}

/* Adds one more of several labels. */
static void add_part(record_draft *r, heed_bytes label)
{
    const char *separator = r->options->label_separator;
    if (memmem(label.data, label.size, separator, strlen(separator)) != NULL) {
        record_refuse(r, "found the label '%.*s', which contains the separator '%s'; see --label-separator",
                      record_shown(label), label.data, separator);
        return;
    }
    if (came_before(r, label))
        return;
    if (r->part_count == RECORD_LABELS) {
        record_refuse(r, "found more than %d labels, expected fewer; see --label-separator", RECORD_LABELS);
        return;
    }
    if (r->part_count > 0)
        writer_text(&r->label, separator);
    writer_bytes(&r->label, label.data, label.size);
    if (r->label.problem != 0)
        record_fail(r, writer_check(&r->label, r->error));
    else
        r->part[r->part_count++].size = label.size;
}

static void add_only(record_draft *r, heed_bytes label)
{
    if (r->part_count > 0)
        record_refuse(r, "found the labels '%.*s' and '%.*s', expected one; --label-separator ',' allows any number",
                      record_shown(r->part[0]), r->part[0].data, record_shown(label), label.data);
    else
        r->part[r->part_count++] = label;
}

/* The label in NFC. That of a record with one label stays where it is. */
static heed_bytes compose_label(record_draft *r, heed_bytes label)
{
    if (r->part_count > 0 && r->options->label_separator == NULL)
        return label; /* it will be refused */
    writer_clear(&r->composed);
    label = compose(&r->composed, label);
    if (r->composed.problem != 0)
        record_fail(r, writer_check(&r->composed, r->error));
    return label;
}

void record_label(record_draft *r, heed_bytes label)
{
    bool several = r->options->label_separator != NULL;
    if (!r->options->keep_blanks)
        label = blanks_trim(label);
    else if (several)
        label = spaces_trim(label); /* as 0.1.0 did */
    if (r->rules.composes && utf8_ascii(label.data, label.size) < label.size)
        label = compose_label(r, label);
    if (r->outcome != RECORD_TAKEN || label.size == 0)
        return;
    if (label_rules_drop(&r->rules, label))
        r->outcome = RECORD_DROPPED;
    else if (!label_rules_map(&r->rules, &label))
        record_refuse(
            r, "found the label '%.*s', expected a label of the label map (%.200s); ,* at its end lets others pass",
            record_shown(label), label.data, r->options->label_map);
    else
        (several ? add_part : add_only)(r, label);
}

void record_label_cell(record_draft *r, heed_bytes cell)
{
    const char *separator = r->options->label_separator;
    if (separator == NULL) {
        record_label(r, cell);
        return;
    }
    while (r->outcome == RECORD_TAKEN && cell.size > 0) {
        const char *end = memmem(cell.data, cell.size, separator, strlen(separator));
        size_t size = end == NULL ? cell.size : (size_t)(end - cell.data);
        size_t taken = end == NULL ? size : size + strlen(separator);
        record_label(r, (heed_bytes){cell.data, size});
        cell = (heed_bytes){cell.data + taken, cell.size - taken};
    }
}

void record_label_by_rules(record_draft *r, heed_bytes cell, heed_bytes rating)
{
    heed_bytes label;
    if (r->rules.rated.data == NULL)
        record_label_cell(r, cell);
    else if (rating.data == NULL)
        return;
    else if (label_rules_rate(&r->rules, rating, &label))
        record_label(r, label);
    else
        record_refuse(r, "found '%.*s', expected a rating: a number after the last underscore", record_shown(rating),
                      rating.data);
}

bool record_wants_label(const record_draft *r)
{
    return r->options->label_column == NULL || *r->options->label_column != '\0';
}

void record_labels_finish(record_draft *r)
{
    heed_record *out = r->out;
    if (r->outcome == RECORD_TAKEN && r->part_count == 0 && r->options->drop_unlabelled && record_wants_label(r)) {
        r->outcome = RECORD_DROPPED;
        r->unlabelled++;
    }
    out->labels = r->part;
    out->label_count = r->part_count;
    if (r->options->label_separator == NULL) {
        out->label = r->part_count > 0 ? r->part[0] : (heed_bytes){NULL, 0};
        if (r->part_count == 0 && r->options->need_label)
            record_refuse(r, "found no label, expected one; --drop-label '' leaves such rows out");
        return;
    }
    const char *at = r->label.data;
    out->label = r->part_count > 0 ? (heed_bytes){at, r->label.size} : (heed_bytes){NULL, 0};
    for (size_t i = 0; i < r->part_count; i++) {
        r->part[i].data = at;
        at += r->part[i].size + strlen(r->options->label_separator);
    }
}
