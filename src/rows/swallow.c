#include "rows/swallow.h"

/* What the lines of a record say, each read as a row without quotes. */
typedef struct swallow_lines {
    size_t count;    /* lines looked at that are whole, and not the last of a record that is closed */
    size_t unproven; /* those without a value that is known in its column */
    int proofs;      /* values that are */
    bool rows;       /* so far all lines could be rows */
} swallow_lines;

void swallow_release(swallow *s)
{
    delimited_record_release(&s->line);
}

static bool parse_line(swallow *s, const delimited_dialect *plain, heed_bytes bytes, bool at_end)
{
    s->line.field = s->field;
    return delimited_parse(&s->line, plain, bytes.data, bytes.size, at_end) == DELIMITED_RECORD;
}

/* A value as it would be without the quotes that open and close the record: that of the first line's last field that
 * begins with one, and of the last line's first that ends with one. */
static void strip_quotes(swallow *s, bool first, bool last)
{
    size_t count = s->line.field_count < DELIMITED_COLUMNS ? s->line.field_count : DELIMITED_COLUMNS;
    for (size_t i = count; first && i > 0; i--) {
        heed_bytes *f = &s->field[i - 1];
        if (f->size > 0 && f->data[0] == '"') {
            *f = (heed_bytes){f->data + 1, f->size - 1};
            break;
        }
    }
    for (size_t i = 0; last && i < count; i++) {
        heed_bytes *f = &s->field[i];
        if (f->size > 0 && f->data[f->size - 1] == '"') {
            f->size--;
            break;
        }
    }
}

/* Reads the lines as rows, by the shape of others. A blank line is none. */
static swallow_lines read_lines(swallow *s, const delimited_dialect *plain, const swallow_quote *q,
                                const row_shape *shape)
{
    swallow_lines lines = {.rows = true};
    heed_bytes record = q->record;
    row_shape_clear(&s->own);
    for (size_t at = 0; lines.rows && lines.count < SWALLOW_LINES && at < record.size; at += s->line.next) {
        if (!parse_line(s, plain, (heed_bytes){record.data + at, record.size - at}, q->end != SWALLOW_OPEN))
            break;
        bool last = q->end <= SWALLOW_TRAILING && s->line.next == record.size - at;
        if (last && q->end == SWALLOW_TRAILING)
            break;
        strip_quotes(s, at == 0, last);
        int fit = -1;
        if (s->line.blank_lines == 0 && s->line.field_count == q->columns) {
            fit = row_shape_fit(shape, s->field, s->line.field_count);
            row_shape_learn(&s->own, s->field, s->line.field_count);
        }
        lines.rows = fit >= 0;
        lines.proofs += fit > 0 ? fit : 0;
        lines.unproven += fit <= 0 && !last;
        lines.count += !last;
    }
    return lines;
}

/* Whether a field of the line begins with a quote, which may be as wrong as the one that is judged. */
static bool has_quote(const swallow *s)
{
    for (size_t i = 0; i < s->line.field_count && i < DELIMITED_COLUMNS; i++)
        if (s->field[i].size > 0 && s->field[i].data[0] == '"')
            return true;
    return false;
}

/* Learns the rows after the record, except those with quotes, until enough are known or a line is no row. False: more
 * bytes are needed. */
static bool learn_after(swallow *s, const delimited_dialect *plain, const swallow_quote *q)
{
    enum { LONG = 1 << 16 }; /* more is not waited for */
    s->known = s->shape;
    for (size_t at = 0; s->known.rows < SHAPE_FEW && at < LONG; at += s->line.next) {
        if (!parse_line(s, plain, (heed_bytes){q->after.data + at, q->after.size - at}, q->at_end))
            return q->at_end;
        if (s->line.field_count != q->columns)
            return true;
        if (!has_quote(s))
            row_shape_learn(&s->known, s->field, s->line.field_count);
    }
    return true;
}

/* Where enough rows are known: whether the lines have values that those have, or at least the right number of tabs,
 * which texts seldom have. A field that is quoted rightly needs more proof than one with text after its closing quote.
 */
static bool lines_are_rows(const row_shape *shape, const delimited_dialect *plain, swallow_lines lines, swallow_end end)
{
    bool tells = row_shape_tells(shape);
    if (plain->delimiter == '\t')
        return !tells || lines.unproven == 0 || lines.count >= 2;
    return tells && lines.unproven == 0 && lines.proofs >= (end == SWALLOW_TRAILING ? 1 : 2);
}

/* The same where few are known, or none. */
static swallow_answer judge_by_few(swallow *s, const delimited_dialect *plain, const swallow_quote *q)
{
    enum { MANY = 6 }; /* lines that are enough to tell by themselves */
    bool waits = q->end <= SWALLOW_TRAILING && !learn_after(s, plain, q);
    if (q->end > SWALLOW_TRAILING)
        s->known = s->shape;
    swallow_lines lines = read_lines(s, plain, q, &s->known);
    if (!lines.rows)
        return SWALLOW_NO;
    if (s->own.rows >= MANY && row_shape_tells(&s->own))
        return SWALLOW_YES;
    if (waits)
        return SWALLOW_UNSURE;
    bool proven = s->known.rows >= SHAPE_FEW && lines_are_rows(&s->known, plain, lines, q->end);
    return proven || row_shape_is_shared(&s->known, &s->own) ? SWALLOW_YES : SWALLOW_NO;
}

swallow_answer swallow_judge(swallow *s, const delimited_dialect *plain, swallow_quote q)
{
    if (q.columns == 0 && parse_line(s, plain, q.record, true))
        q.columns = s->line.field_count;
    if (q.columns <= 1) /* every line of a text could be a row */
        return q.columns == 1 && q.end != SWALLOW_CLOSED && q.end != SWALLOW_OPEN ? SWALLOW_YES : SWALLOW_NO;
    swallow_lines lines = read_lines(s, plain, &q, &s->shape);
    if (!lines.rows || lines.count == 0)
        return SWALLOW_NO;
    if (q.end == SWALLOW_UNCLOSED)
        return SWALLOW_YES;
    if (q.end == SWALLOW_OPEN && lines.count < SWALLOW_LINES)
        return SWALLOW_NO;
    if (plain->delimiter == '\t' || s->shape.rows >= SHAPE_FEW)
        return lines_are_rows(&s->shape, plain, lines, q.end) ? SWALLOW_YES : SWALLOW_NO;
    return judge_by_few(s, plain, &q);
}
