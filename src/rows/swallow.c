#include "rows/swallow.h"

/* What the lines of a record say, each read as a row without quotes. */
typedef struct swallow_lines {
    size_t count;     /* lines looked at that are whole, and not the last of a record that is closed */
    size_t unproven;  /* those without a value that is known in its column */
    int proofs;       /* values that are */
    bool rows;        /* so far all lines could be rows */
    size_t quoted_at; /* the column in which the quote opens */
} swallow_lines;

void swallow_release(swallow *s)
{
    delimited_record_release(&s->line);
}

static size_t opened_column(const delimited_record *line)
{
    size_t at = line->field_count < DELIMITED_COLUMNS ? line->field_count : DELIMITED_COLUMNS;
    while (at > 0 && (line->field[at - 1].size == 0 || line->field[at - 1].data[0] != '"'))
        at--;
    return at - 1; /* SIZE_MAX: none */
}

static void add_line(swallow *s, swallow_lines *lines, const row_shape *shape, bool last)
{
    if (lines->count == 0)
        lines->quoted_at = opened_column(&s->line);
    int fit = row_shape_fit(shape, s->line.field, s->line.field_count, lines->quoted_at);
    lines->rows = fit >= 0;
    lines->proofs += fit > 0 ? fit : 0;
    lines->unproven += fit <= 0 && !last;
    lines->count += !last;
}

/* Reads the lines as rows. A blank line is none. learn: into this shape, besides. */
static swallow_lines read_lines(swallow *s, const delimited_dialect *plain, size_t columns, heed_bytes record,
                                swallow_end end, row_shape *learn)
{
    swallow_lines lines = {.rows = true};
    const row_shape *shape = learn != NULL ? learn : &s->shape;
    s->line.field = s->field;
    for (size_t at = 0; lines.rows && lines.count < SWALLOW_LINES && at < record.size; at += s->line.next) {
        delimited_result result =
            delimited_parse(&s->line, plain, record.data + at, record.size - at, end != SWALLOW_OPEN);
        bool last = end <= SWALLOW_TRAILING && result == DELIMITED_RECORD && s->line.next == record.size - at;
        if (result != DELIMITED_RECORD || (last && end == SWALLOW_TRAILING))
            break;
        lines.rows = s->line.blank_lines == 0 && s->line.field_count == columns;
        if (lines.rows && learn != NULL && !last)
            row_shape_learn(learn, s->field, columns);
        if (lines.rows)
            add_line(s, &lines, shape, last);
    }
    return lines;
}

bool swallow_is_one(swallow *s, const delimited_dialect *plain, size_t columns, heed_bytes record, swallow_end end)
{
    enum { MANY = 6 }; /* lines that are enough to tell by themselves */
    if (columns == 0 || (columns == 1 && end != SWALLOW_UNCLOSED))
        return false;
    swallow_lines lines = read_lines(s, plain, columns, record, end, NULL);
    if (!lines.rows || lines.count == 0)
        return false;
    if (end == SWALLOW_UNCLOSED)
        return true;
    if (end == SWALLOW_OPEN && lines.count < SWALLOW_LINES)
        return false;
    bool tells = row_shape_tells(&s->shape, lines.quoted_at);
    if (plain->delimiter == '\t') /* texts seldom have tabs, so that lines with the right number of them are rows */
        return !tells || lines.unproven == 0 || lines.count >= 2;
    if (tells)
        return lines.unproven == 0 && lines.proofs >= 2;
    row_shape_clear(&s->own);
    read_lines(s, plain, columns, record, end, &s->own);
    return s->shape.rows < SHAPE_FEW && lines.count >= MANY && row_shape_tells(&s->own, lines.quoted_at);
}
