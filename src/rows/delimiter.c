#include "rows/delimiter.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/status.h"
#include "options/option_checks.h"
#include "rows/delimited_state.h"
#include "rows/line_scan.h"
#include "rows/line_window.h"

/* Waits until the window has the first line that is not blank, and a byte after it. */
static heed_status read_first_line(input_file *f, heed_bytes *line)
{
    for (;;) {
        heed_bytes window = source_window(&f->source);
        size_t begin = 0;
        while (begin < window.size && (window.data[begin] == '\n' || window.data[begin] == '\r'))
            begin++;
        size_t end = begin;
        while (end < window.size && window.data[end] != '\n' && window.data[end] != '\r')
            end++;
        *line = (heed_bytes){window.data + begin, end - begin};
        if (f->source.ended || window.size >= DELIMITED_SAMPLE || end + 1 < window.size ||
            (end < window.size && window.data[end] == '\n'))
            return HEED_OK;
        if (line_window_read_on(f, true) == RECORD_FAILED)
            return f->record.status;
    }
}

static const char *first_line_end(const input_file *f, heed_bytes line)
{
    heed_bytes window = source_window(&f->source);
    const char *end = line.data + line.size, *last = window.data + window.size;
    if (end == last)
        return "";
    return text_line_end_name(end, end + (*end == '\r' && end + 1 < last && end[1] == '\n' ? 2 : 1));
}

/* Takes the first line if it only says what separates fields, as Excel writes it: sep=; */
static char take_separator(input_file *f, heed_bytes line)
{
    heed_bytes window = source_window(&f->source);
    size_t quote = line.size == sizeof "\"sep=;\"" - 1 && line.data[0] == '"' && line.data[line.size - 1] == '"';
    char separator[2] = {line.size > quote + 4 ? line.data[quote + 4] : '\0', '\0'};
    if (line.size != 5 + 2 * quote || strncasecmp(line.data + quote, "sep=", 4) != 0 || delimiter_of(separator) == '\0')
        return '\0';
    size_t size = (size_t)(line.data - window.data) + line.size + strlen(f->first_end);
    uint64_t lines = delimited_line_ends(window.data, size);
    snprintf(f->head, sizeof f->head, "%.*s", (int)(window.data + size - line.data), line.data);
    delimited_take(f, size, lines);
    return separator[0];
}

/* ---- which delimiter */

/* Whether the columns that the options need are there if this is the delimiter, by which the sample was tried. */
static bool has_columns(const input_file *f, const dialect_sample *sample, char delimiter, size_t count)
{
    delimited_state *s = f->state;
    delimited_dialect by;
    columns found;
    delimited_dialect_init(&by, delimiter, s->dialect.automatic ? HEED_QUOTING_MINIMAL : dialect_quoting(&s->dialect));
    if (delimited_parse(&s->ahead, &by, sample->bytes.data, sample->bytes.size, sample->at_end) != DELIMITED_RECORD ||
        count > DELIMITED_COLUMNS)
        return false;
    column_names has = {f->name, f->options.no_header ? NULL : s->ahead.field, count};
    return columns_resolve(&found, &f->options, f->record.rules.rated, has, NULL) == HEED_OK;
}

/* How well the delimiter suits: 4 if all rows have as many fields as the first, 3 for at least half of them, 2 more if
 * the columns are there. One column suits any file, so it counts little. -1: more bytes are needed. */
static int rate_delimiter(const input_file *f, char delimiter)
{
    delimited_state *s = f->state;
    dialect_sample sample = delimited_sample(f);
    size_t columns, most = f->source.live ? 2 : SIZE_MAX;
    double share;
    dialect_set(&s->dialect, delimiter, f->options.quoting);
    if (!f->source.live)
        dialect_choose(&s->dialect, &s->parsed, sample);
    if (!dialect_try(&columns, &share, &s->dialect, sample, most))
        return -1;
    s->ahead.field = s->ahead_field;
    int rating = share >= 1 ? 4 : share >= 0.5 ? 3 : 0;
    if (columns < 2)
        rating = share >= 1 ? 2 : 0;
    return rating + (columns > 1) + 2 * has_columns(f, &sample, delimiter, columns);
}

static bool has_delimiter(heed_bytes line, char delimiter)
{
    return line.size > 0 && memchr(line.data, delimiter, line.size) != NULL;
}

/* Of those in the first line; 0: more bytes are needed. */
static char best_delimiter(const input_file *f, heed_bytes line, char own)
{
    char best = own;
    int most = rate_delimiter(f, own);
    for (const char *d = dialect_delimiters; *d != '\0' && most >= 0; d++) {
        int rating = *d == own || !has_delimiter(line, *d) ? 0 : rate_delimiter(f, *d);
        if (rating < 0)
            return '\0';
        if (rating > most) {
            best = *d;
            most = rating;
        }
    }
    return most < 0 ? '\0' : best;
}

heed_status delimiter_find(input_file *f, char *out)
{
    char own = f->class->delimiter, given = delimiter_of(f->options.delimiter), best = '\0';
    bool choice = false;
    heed_bytes line;
    heed_status status;
    TRY(read_first_line(f, &line));
    f->first_end = first_line_end(f, line);
    char said = take_separator(f, line);
    *out = given != '\0' ? given : said != '\0' ? said : own;
    if (given != '\0' || said != '\0' || (f->options.no_header && f->options.text_columns == NULL))
        return HEED_OK;
    for (const char *d = dialect_delimiters; *d != '\0'; d++)
        choice = choice || (*d != own && has_delimiter(line, *d));
    while (choice && best == '\0' && source_window(&f->source).size <= DELIMITED_SAMPLE) {
        TRY(read_first_line(f, &line));
        best = best_delimiter(f, line, own);
        if (best == '\0' && line_window_read_on(f, true) == RECORD_FAILED)
            return f->record.status;
    }
    *out = best != '\0' ? best : own;
done:
    return status;
}
