#include "rows/dialect.h"

#include <string.h>

const char dialect_delimiters[] = ",;\t|";

void dialect_release(dialect *d)
{
    swallow_release(&d->swallow);
    delimited_record_release(&d->other);
}

void dialect_set(dialect *d, char delimiter, heed_quoting quoting)
{
    d->automatic = quoting == HEED_QUOTING_AUTO;
    d->columns = 0;
    d->other.field = d->other_field;
    row_shape_clear(&d->swallow.shape);
    for (heed_quoting q = HEED_QUOTING_MINIMAL; q <= HEED_QUOTING_NONE; q++) {
        delimited_dialect_init(&d->by[q], delimiter, q);
        d->possible[q] = d->automatic || q == quoting;
    }
}

heed_quoting dialect_quoting(const dialect *d)
{
    heed_quoting q = HEED_QUOTING_MINIMAL;
    while (q < HEED_QUOTING_NONE && !d->possible[q])
        q++;
    return q;
}

static void settle(dialect *d, heed_quoting quoting)
{
    for (heed_quoting q = HEED_QUOTING_MINIMAL; q <= HEED_QUOTING_NONE; q++)
        d->possible[q] = q == quoting;
}

/* ---- one record */

/* Some bytes of a file. */
typedef struct piece {
    const char *data;
    size_t size;
    bool at_end; /* nothing follows them */
} piece;

/* Whether a quote of the record swallows rows; result: of parsing it from these bytes. */
static swallow_answer swallows(dialect *d, const delimited_record *r, delimited_result result, piece b)
{
    heed_bytes rest = {b.data + r->begin, b.size - r->begin};
    swallow_quote quote = {.columns = d->columns, .record = rest, .at_end = b.at_end};
    if (!r->quoted)
        return SWALLOW_NO;
    if (result == DELIMITED_RECORD) {
        if (r->lines == (r->next > r->end)) /* no line ends within it */
            return SWALLOW_NO;
        quote.record.size = r->end - r->begin;
        quote.end = r->trailing ? SWALLOW_TRAILING : SWALLOW_CLOSED;
        quote.after = (heed_bytes){b.data + r->next, b.size - r->next};
    } else if (result == DELIMITED_MORE || result == DELIMITED_OPEN_QUOTE) {
        quote.end = result == DELIMITED_MORE ? SWALLOW_OPEN : SWALLOW_UNCLOSED;
    } else {
        return SWALLOW_NO;
    }
    return swallow_judge(&d->swallow, &d->by[HEED_QUOTING_NONE], quote);
}

static bool is_clean(const dialect *d, const delimited_record *r, delimited_result result)
{
    return result == DELIMITED_RECORD && !r->trailing && (d->columns == 0 || r->field_count == d->columns);
}

static bool reads_alike(const delimited_record *a, const delimited_record *b)
{
    if (a->end != b->end || a->next != b->next || a->field_count != b->field_count)
        return false;
    for (size_t i = 0; i < a->field_count && i < DELIMITED_COLUMNS; i++)
        if (a->field[i].size != b->field[i].size ||
            (a->field[i].size > 0 && memcmp(a->field[i].data, b->field[i].data, a->field[i].size) != 0))
            return false;
    return true;
}

/* From now on only quotings that read this record alike are possible. */
static void keep_alike(dialect *d, const delimited_record *r, const char *data, size_t size, bool at_end)
{
    for (heed_quoting q = HEED_QUOTING_MINIMAL; q <= HEED_QUOTING_NONE; q++)
        if (d->possible[q])
            d->possible[q] = delimited_parse(&d->other, &d->by[q], data, size, at_end) == DELIMITED_RECORD &&
                             reads_alike(r, &d->other);
}

/* Reads a record once more if a quote of it swallows rows; result: of parsing it from these bytes. */
static delimited_result mend(dialect *d, delimited_record *r, delimited_result result, piece b)
{
    swallow_answer bad = swallows(d, r, result, b);
    if (bad == SWALLOW_YES)
        return delimited_parse(r, &d->by[HEED_QUOTING_NONE], b.data, b.size, b.at_end);
    return bad == SWALLOW_UNSURE ? DELIMITED_MORE : result;
}

/* Where several quotings are possible, the first one that reads the record cleanly is chosen. Without one the choice is
 * left to the next record. */
static delimited_result choose_by_record(dialect *d, delimited_record *r, const char *data, size_t size, bool at_end)
{
    for (heed_quoting q = HEED_QUOTING_MINIMAL; q <= HEED_QUOTING_NONE; q++) {
        if (!d->possible[q])
            continue;
        delimited_result result = delimited_parse(r, &d->by[q], data, size, at_end);
        swallow_answer bad = swallows(d, r, result, (piece){data, size, at_end});
        if (bad == SWALLOW_UNSURE)
            return DELIMITED_MORE;
        if (result == DELIMITED_NO_MEMORY || (result == DELIMITED_MORE && bad == SWALLOW_NO))
            return result;
        if (bad == SWALLOW_YES || !is_clean(d, r, result))
            continue;
        keep_alike(d, r, data, size, at_end);
        return result;
    }
    piece b = {data, size, at_end};
    return mend(d, r, delimited_parse(r, &d->by[dialect_quoting(d)], data, size, at_end), b);
}

/* Whether more than one quoting is possible. */
static bool is_open(const dialect *d)
{
    int count = 0;
    for (heed_quoting q = HEED_QUOTING_MINIMAL; q <= HEED_QUOTING_NONE; q++)
        count += d->possible[q];
    return count > 1;
}

bool dialect_is_sure(const dialect *d, const delimited_record *r, const char *data)
{
    if (!d->automatic || !r->quoted)
        return true;
    if (r->lines > (r->next > r->end)) /* it may swallow rows */
        return false;
    bool backslashes = memchr(data + r->begin, '\\', r->end - r->begin) != NULL;
    return !is_open(d) || (!d->possible[HEED_QUOTING_NONE] && !backslashes);
}

delimited_result dialect_parse(dialect *d, delimited_record *r, const char *data, size_t size, bool at_end)
{
    heed_quoting quoting = dialect_quoting(d);
    delimited_result result = delimited_parse(r, &d->by[quoting], data, size, at_end);
    if (result == DELIMITED_END || result == DELIMITED_NO_MEMORY || !d->automatic || !r->quoted ||
        (result == DELIMITED_RECORD && dialect_is_sure(d, r, data)))
        return result;
    if (is_open(d))
        return choose_by_record(d, r, data, size, at_end);
    return mend(d, r, result, (piece){data, size, at_end});
}

heed_quoting dialect_fitting(dialect *d, const char *data, size_t size, bool at_end)
{
    for (heed_quoting q = HEED_QUOTING_MINIMAL; q <= HEED_QUOTING_NONE; q++)
        if (!d->possible[q] && is_clean(d, &d->other, delimited_parse(&d->other, &d->by[q], data, size, at_end)))
            return q;
    return HEED_QUOTING_AUTO;
}

/* ---- the beginning of a file */

/* Learns what rows look like from those on one line. */
static void learn_rows(dialect *d, delimited_record *r, heed_quoting quoting, dialect_sample sample)
{
    row_shape_clear(&d->swallow.shape);
    bool header = !sample.no_header;
    heed_bytes b = sample.bytes;
    d->columns = 0;
    for (size_t at = 0; d->swallow.shape.rows < SHAPE_ROWS; at += r->next) {
        if (delimited_parse(r, &d->by[quoting], b.data + at, b.size - at, sample.at_end) != DELIMITED_RECORD)
            return;
        if (d->columns == 0)
            d->columns = r->field_count;
        bool row = !header && r->lines == 1 && is_clean(d, r, DELIMITED_RECORD);
        header = false;
        if (row)
            row_shape_learn(&d->swallow.shape, r->field, r->field_count);
    }
}

/* A sample that ends inside a quoted field says nothing, unless the field is so long that it cannot be one. */
static bool reads_cleanly(dialect *d, delimited_record *r, heed_quoting quoting, dialect_sample sample, bool mends)
{
    enum { LONG = DELIMITED_SAMPLE / 4 };
    learn_rows(d, r, quoting, sample);
    for (size_t at = 0;; at += r->next) {
        const char *data = sample.bytes.data + at;
        size_t size = sample.bytes.size - at;
        delimited_result result = delimited_parse(r, &d->by[quoting], data, size, sample.at_end);
        if (result == DELIMITED_END)
            return true;
        if (swallows(d, r, result, (piece){data, size, sample.at_end}) == SWALLOW_YES) {
            if (!mends)
                return false;
            result = delimited_parse(r, &d->by[HEED_QUOTING_NONE], data, size, sample.at_end);
        }
        if (result == DELIMITED_MORE)
            return !r->quoted || size - r->quote < LONG;
        if (!is_clean(d, r, result))
            return false;
    }
}

bool dialect_choose(dialect *d, delimited_record *r, dialect_sample sample)
{
    static const struct {
        heed_quoting quoting;
        bool mends;
    } tried[] = {{HEED_QUOTING_MINIMAL, false},
                 {HEED_QUOTING_BACKSLASH, false},
                 {HEED_QUOTING_NONE, false},
                 {HEED_QUOTING_MINIMAL, true},
                 {HEED_QUOTING_BACKSLASH, true}};
    for (size_t i = 0; d->automatic && i < sizeof tried / sizeof *tried; i++)
        if (reads_cleanly(d, r, tried[i].quoting, sample, tried[i].mends)) {
            settle(d, tried[i].quoting);
            d->columns = 0;
            return true;
        }
    if (d->automatic) {
        settle(d, HEED_QUOTING_MINIMAL);
        learn_rows(d, r, HEED_QUOTING_MINIMAL, sample);
    }
    d->columns = 0;
    return false;
}

bool dialect_try(size_t *columns, double *share, dialect *d, dialect_sample sample, size_t most)
{
    size_t count = 0, alike = 0;
    heed_bytes b = sample.bytes;
    *columns = 0;
    *share = 0;
    for (size_t at = 0; count < most; at += d->other.next) {
        const delimited_dialect *by = &d->by[dialect_quoting(d)];
        delimited_result result = delimited_parse(&d->other, by, b.data + at, b.size - at, sample.at_end);
        if (result == DELIMITED_OPEN_QUOTE)
            result = delimited_parse(&d->other, &d->by[HEED_QUOTING_NONE], b.data + at, b.size - at, sample.at_end);
        if (result == DELIMITED_MORE && most < SIZE_MAX)
            return false;
        if (result != DELIMITED_RECORD)
            break;
        if (count++ == 0)
            *columns = d->other.field_count;
        alike += d->other.field_count == *columns;
    }
    *share = count > 1 ? (double)(alike - 1) / (double)(count - 1) : 1;
    return true;
}
