#include "rows/delimited.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

void delimited_record_release(delimited_record *record)
{
    free(record->scratch);
    *record = (delimited_record){0};
}

void delimited_dialect_init(delimited_dialect *dialect, char delimiter, heed_quoting quoting)
{
    *dialect = (delimited_dialect){.delimiter = delimiter, .quoting = quoting};
    dialect->stop[(unsigned char)delimiter] = dialect->stop['\n'] = dialect->stop['\r'] = true;
}

uint64_t delimited_line_ends(const char *data, size_t size)
{
    uint64_t count = 0;
    const char *end = data + size, *at;
    for (at = data; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++)
        count++;
    for (at = data; (at = memchr(at, '\r', (size_t)(end - at))) != NULL; at++)
        if (at + 1 == end || at[1] != '\n')
            count++;
    return count;
}

static size_t line_end_length(const char *data, size_t size)
{
    return data[0] == '\r' && size > 1 && data[1] == '\n' ? 2 : 1;
}

static size_t skip_blank_lines(delimited_record *r, const delimited_dialect *d, const char *data, size_t size,
                               bool at_end)
{
    size_t line = 0; /* where the line begins */
    r->blank_lines = 0;
    for (;;) {
        size_t at = line;
        while (at < size && (data[at] == ' ' || data[at] == '\t') && data[at] != d->delimiter)
            at++;
        if (at == size)
            return at_end ? size : line;
        if (data[at] != '\n' && data[at] != '\r')
            return line;
        line = at + line_end_length(data + at, size - at);
        r->blank_lines++;
    }
}

/* The end of a field in which quotes are ordinary. */
static size_t plain_end(const delimited_dialect *d, const char *data, size_t size, size_t at)
{
    while (at < size && !d->stop[(unsigned char)data[at]])
        at++;
    return at;
}

static void put_field(delimited_record *r, const char *data, size_t size)
{
    if (r->field != NULL && r->field_count < DELIMITED_COLUMNS)
        r->field[r->field_count] = (heed_bytes){data, size};
    r->field_count++;
}

static void copy(delimited_record *r, const char *data, size_t size)
{
    if (r->scratch == NULL) /* only the extent of the record is wanted */
        return;
    memcpy(r->scratch + r->scratch_size, data, size);
    r->scratch_size += size;
}

/* A quote after an odd number of backslashes. */
static bool is_escaped(const char *data, size_t begin, size_t quote)
{
    size_t at = quote;
    while (at > begin && data[at - 1] == '\\')
        at--;
    return (quote - at) % 2 == 1;
}

/* From the opening quote at *at to the end of the field. */
static delimited_result parse_quoted(delimited_record *r, const delimited_dialect *d, const char *data, size_t size,
                                     bool at_end, size_t *at)
{
    size_t begin = *at + 1, run = begin, quote = begin; /* run: text not yet copied */
    size_t last = size - begin > DELIMITED_FIELD ? begin + DELIMITED_FIELD + 1 : size;
    size_t scratch = r->scratch_size;
    r->quoted = true;
    r->quote = *at;
    for (;;) {
        const char *found = memchr(data + quote, '"', last - quote);
        if (found == NULL)
            return last < size || at_end ? DELIMITED_OPEN_QUOTE : DELIMITED_MORE;
        quote = (size_t)(found - data);
        if (d->quoting == HEED_QUOTING_BACKSLASH && is_escaped(data, begin, quote)) {
            copy(r, data + run, quote - 1 - run);
            run = quote++;
        } else if (quote + 1 < size && data[quote + 1] == '"') {
            copy(r, data + run, quote + 1 - run);
            run = quote += 2;
        } else {
            break;
        }
        if (quote > last)
            return DELIMITED_OPEN_QUOTE;
    }
    size_t end = plain_end(d, data, size, quote + 1);
    if (end == size && !at_end)
        return DELIMITED_MORE;
    *at = end;
    if (end == quote + 1 && run == begin) { /* the common case: the bytes between its quotes */
        put_field(r, data + begin, quote - begin);
        return DELIMITED_RECORD;
    }
    r->trailing |= end > quote + 1;
    copy(r, data + run, quote - run);
    copy(r, data + quote + 1, end - quote - 1);
    put_field(r, r->scratch == NULL ? NULL : r->scratch + scratch, r->scratch_size - scratch);
    return DELIMITED_RECORD;
}

static delimited_result parse_field(delimited_record *r, const delimited_dialect *d, const char *data, size_t size,
                                    bool at_end, size_t *at)
{
    if (*at < size && data[*at] == '"' && d->quoting != HEED_QUOTING_NONE)
        return parse_quoted(r, d, data, size, at_end, at);
    size_t end = plain_end(d, data, size, *at);
    if (end == size && !at_end)
        return DELIMITED_MORE;
    put_field(r, data + *at, end - *at);
    *at = end;
    return DELIMITED_RECORD;
}

delimited_result delimited_parse(delimited_record *record, const delimited_dialect *dialect, const char *data,
                                 size_t size, bool at_end)
{
    if (record->field != NULL && memory_grow(&record->scratch, &record->scratch_capacity, size, 1, NULL) != HEED_OK)
        return DELIMITED_NO_MEMORY;
    size_t at = skip_blank_lines(record, dialect, data, size, at_end);
    record->begin = at;
    record->field_count = record->scratch_size = 0;
    record->quoted = record->trailing = false;
    if (at == size)
        return at_end ? DELIMITED_END : DELIMITED_MORE;
    for (;;) {
        delimited_result result = parse_field(record, dialect, data, size, at_end, &at);
        if (result != DELIMITED_RECORD)
            return result;
        if (at == size || data[at] != dialect->delimiter)
            break;
        at++;
    }
    record->end = at;
    record->next = at == size ? size : at + line_end_length(data + at, size - at);
    record->lines = record->quoted ? delimited_line_ends(data + record->begin, record->next - record->begin) : 1;
    return DELIMITED_RECORD;
}

bool delimited_is_complete(const delimited_dialect *dialect, const char *data, size_t size)
{
    delimited_record extent = {0};
    delimited_result result = delimited_parse(&extent, dialect, data, size, false);
    return result == DELIMITED_RECORD || result == DELIMITED_OPEN_QUOTE;
}
