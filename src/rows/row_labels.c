#include "rows/row_labels.h"

#include <string.h>

#include "rows/row_build.h"

void row_labels_clear(row_file *f)
{
    buffer_clear(&f->label);
    f->part_count = 0;
}

static heed_bytes trim(heed_bytes b)
{
    while (b.size > 0 && (b.data[0] == ' ' || b.data[0] == '\t'))
        b = (heed_bytes){b.data + 1, b.size - 1};
    while (b.size > 0 && (b.data[b.size - 1] == ' ' || b.data[b.size - 1] == '\t'))
        b.size--;
    return b;
}

/* Parts stand in f->label, a separator between them; while that grows, their sizes alone hold. */
static bool came_before(const row_file *f, heed_bytes label)
{
    const char *at = f->label.data;
    for (size_t i = 0; i < f->part_count; i++) {
        if (f->part[i].size == label.size && memcmp(at, label.data, label.size) == 0)
            return true;
        at += f->part[i].size + strlen(f->options.label_separator);
    }
    return false;
}

/* One more of several. */
static heed_status add_part(row_file *f, heed_bytes label, row_outcome *outcome, heed_error *error)
{
    const char *separator = f->options.label_separator;
    if (memmem(label.data, label.size, separator, strlen(separator)) != NULL) {
        *outcome = row_bad(f, error, "found the label '%.*s', which holds the separator '%s'; see --label-separator",
                           row_shown(label), label.data, separator);
        return HEED_OK;
    }
    if (came_before(f, label))
        return HEED_OK;
    if (f->part_count == ROW_LABELS) {
        *outcome = row_bad(f, error, "found more than %d labels, expected fewer; see --label-separator", ROW_LABELS);
        return HEED_OK;
    }
    heed_status status = f->part_count > 0 ? buffer_append(&f->label, separator, strlen(separator), error) : HEED_OK;
    if (status == HEED_OK)
        status = buffer_append(&f->label, label.data, label.size, error);
    if (status == HEED_OK)
        f->part[f->part_count++].size = label.size;
    return status;
}

heed_status row_labels_add(row_file *f, heed_bytes label, row_outcome *outcome, heed_error *error)
{
    bool several = f->options.label_separator != NULL;
    if (several)
        label = trim(label);
    if (label.size == 0)
        return HEED_OK;
    if (label_rules_drop(&f->rules, label)) {
        *outcome = ROW_DROPPED;
        return HEED_OK;
    }
    if (!label_rules_map(&f->rules, &label)) {
        *outcome = row_bad(f, error, "found the label '%.*s', expected one that the label map names (%.200s)",
                           row_shown(label), label.data, f->options.label_map);
        return HEED_OK;
    }
    if (several)
        return add_part(f, label, outcome, error);
    if (f->part_count > 0) {
        *outcome = row_bad(f, error,
                           "found the labels '%.*s' and '%.*s', expected one; --label-separator ',' takes any number",
                           row_shown(f->part[0]), f->part[0].data, row_shown(label), label.data);
        return HEED_OK;
    }
    f->part[f->part_count++] = label;
    return HEED_OK;
}

heed_status row_labels_split(row_file *f, heed_bytes cell, row_outcome *outcome, heed_error *error)
{
    const char *separator = f->options.label_separator;
    if (separator == NULL)
        return row_labels_add(f, cell, outcome, error);
    heed_status status = HEED_OK;
    while (status == HEED_OK && *outcome == ROW_TAKEN && cell.size > 0) {
        const char *end = memmem(cell.data, cell.size, separator, strlen(separator));
        size_t size = end == NULL ? cell.size : (size_t)(end - cell.data);
        size_t taken = end == NULL ? size : size + strlen(separator);
        status = row_labels_add(f, (heed_bytes){cell.data, size}, outcome, error);
        cell = (heed_bytes){cell.data + taken, cell.size - taken};
    }
    return status;
}

row_outcome row_labels_finish(row_file *f, heed_record *out, heed_error *error)
{
    out->labels = f->part;
    out->label_count = f->part_count;
    if (f->options.label_separator == NULL) {
        out->label = f->part_count > 0 ? f->part[0] : (heed_bytes){NULL, 0};
        return f->part_count == 0 && f->options.need_label ? row_bad(f, error, "found no label, expected one")
                                                           : ROW_TAKEN;
    }
    const char *at = f->label.data;
    out->label = f->part_count > 0 ? (heed_bytes){at, f->label.size} : (heed_bytes){NULL, 0};
    for (size_t i = 0; i < f->part_count; i++) {
        f->part[i].data = at;
        at += f->part[i].size + strlen(f->options.label_separator);
    }
    return ROW_TAKEN;
}
