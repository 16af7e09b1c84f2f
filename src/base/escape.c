#include "base/escape.h"

#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

/* ---- byte by byte */

/* What a byte is replaced by; NULL: the byte itself. scratch: memory for replacements that are composed. */
typedef const char *byte_rule(char byte, char delimiter, char scratch[8]);

static void replace_bytes(writer *w, heed_bytes text, byte_rule *rule, char delimiter)
{
    char scratch[8];
    size_t begin = 0;
    for (size_t i = 0; i < text.size; i++) {
        const char *instead = rule(text.data[i], delimiter, scratch);
        if (instead == NULL)
            continue;
        writer_bytes(w, text.data + begin, i - begin);
        writer_text(w, instead);
        begin = i + 1;
    }
    if (begin < text.size)
        writer_bytes(w, text.data + begin, text.size - begin);
}

/* A backslash and a letter, by pairs of a letter and the byte that it stands for; NULL for a byte that is in none. */
static const char *backslash(char byte, const char *pairs, char scratch[8])
{
    for (; *pairs != '\0'; pairs += 2)
        if (pairs[1] == byte) {
            scratch[0] = '\\';
            scratch[1] = pairs[0];
            scratch[2] = '\0';
            return scratch;
        }
    return NULL;
}

static const char *json_rule(char byte, char delimiter, char scratch[8])
{
    (void)delimiter;
    const char *escaped = backslash(byte, "b\bf\fn\nr\rt\t\"\"\\\\", scratch);
    if (escaped != NULL)
        return escaped;
    if ((unsigned char)byte >= 0x20 && byte != 0x7F)
        return NULL;
    snprintf(scratch, 8, "\\u%04x", (unsigned)(unsigned char)byte);
    return scratch;
}

static const char *quote_rule(char byte, char delimiter, char scratch[8])
{
    (void)delimiter;
    (void)scratch;
    return byte == '"' ? "\"\"" : NULL;
}

static const char *column_rule(char byte, char delimiter, char scratch[8])
{
    (void)scratch;
    return byte == '\n' || byte == '\t' || byte == '\r' || byte == delimiter ? " " : NULL;
}

/* The pairs of escape_label: a letter, and the byte that it stands for. */
static const char label_escapes[] = "n\nr\rt\t\\\\";

static const char *label_rule(char byte, char delimiter, char scratch[8])
{
    (void)delimiter;
    return backslash(byte, label_escapes, scratch);
}

void escape_label(writer *w, heed_bytes label)
{
    replace_bytes(w, label, label_rule, 0);
}

void unescape_label(writer *w, heed_bytes text)
{
    for (size_t at = 0; at < text.size; at++) {
        char byte = text.data[at];
        for (size_t i = 0; byte == '\\' && at + 1 < text.size && i + 1 < sizeof label_escapes - 1; i += 2)
            if (label_escapes[i] == text.data[at + 1]) {
                byte = label_escapes[i + 1];
                at++;
                break;
            }
        writer_byte(w, byte);
    }
}

void escape_json(writer *w, heed_bytes text)
{
    writer_byte(w, '"');
    replace_bytes(w, text, json_rule, 0);
    writer_byte(w, '"');
}

void escape_field(writer *w, heed_bytes text, char delimiter)
{
    bool quotes = false;
    for (size_t i = 0; i < text.size && !quotes; i++)
        quotes = text.data[i] == delimiter || memchr("\"\r\n", text.data[i], 3) != NULL;
    if (!quotes) {
        writer_bytes(w, text.data, text.size);
        return;
    }
    writer_byte(w, '"');
    replace_bytes(w, text, quote_rule, delimiter);
    writer_byte(w, '"');
}

void escape_bare_field(writer *w, heed_bytes text, char delimiter)
{
    replace_bytes(w, text, column_rule, delimiter);
}

/* Most texts of a corpus are one line already, and are long. */
void escape_line(writer *w, heed_bytes text)
{
    const char *end;
    while (text.size > 0 && (end = memchr(text.data, '\n', text.size)) != NULL) {
        size_t size = (size_t)(end - text.data);
        writer_bytes(w, text.data, size);
        writer_byte(w, ' ');
        text = (heed_bytes){end + 1, text.size - size - 1};
    }
    writer_bytes(w, text.data, text.size);
}

void escape_column(writer *w, heed_bytes text)
{
    replace_bytes(w, text, column_rule, '\t');
}

/* ---- character by character */

/* Characters that change what is around them (controls, direction overrides), and bytes that are not a character. */
static bool is_obeyed(uint32_t point)
{
    bool control = (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0);
    bool direction = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    return control || direction || point == 0x2028 || point == 0x2029 || point == 0xFFFE || point == 0xFFFF;
}

/* What a character is replaced by (point UINT32_MAX: a byte that is not part of one); NULL: the character itself. */
typedef const char *point_rule(uint32_t point);

static const char *markup_rule(uint32_t point)
{
    switch (point) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\'':
        return "&#39;";
    case '\r': /* a line end; see replace_points for the first half of one */
        return "\n";
    default:
        return point == UINT32_MAX || is_obeyed(point) ? "\xEF\xBF\xBD" : NULL;
    }
}

static const char *terminal_rule(uint32_t point)
{
    if (point == '\r')
        return "\n";
    return point == UINT32_MAX || is_obeyed(point) ? "?" : NULL;
}

static const char *terminal_line_rule(uint32_t point)
{
    return point == '\n' || point == '\t' || point == '\r' ? "?" : terminal_rule(point);
}

/* The character at `at`, or UINT32_MAX for a byte that is not part of one; returns its length. */
static size_t next_point(uint32_t *point, heed_bytes text, size_t at)
{
    size_t length = utf8_decode(text.data + at, text.size - at, point);
    if (length > 0)
        return length;
    *point = UINT32_MAX;
    return 1;
}

static void replace_points(writer *w, heed_bytes text, point_rule *rule)
{
    size_t begin = 0, length;
    for (size_t at = 0; at < text.size; at += length) {
        uint32_t point;
        length = next_point(&point, text, at);
        const char *instead = rule(point);
        if (instead == NULL)
            continue;
        if (point == '\r' && at + 1 < text.size && text.data[at + 1] == '\n')
            instead = rule('\n') == NULL ? "" : instead; /* CR LF is one line end */
        writer_bytes(w, text.data + begin, at - begin);
        writer_text(w, instead);
        begin = at + length;
    }
    if (begin < text.size)
        writer_bytes(w, text.data + begin, text.size - begin);
}

void escape_markup(writer *w, heed_bytes text)
{
    replace_points(w, text, markup_rule);
}

void escape_terminal(writer *w, heed_bytes text)
{
    replace_points(w, text, terminal_rule);
}

void escape_terminal_line(writer *w, heed_bytes text)
{
    replace_points(w, text, terminal_line_rule);
}

int point_columns(uint32_t point)
{
    int columns = utf8proc_charwidth((utf8proc_int32_t)point);
    return columns < 0 ? 0 : columns > 2 ? 2 : columns;
}

size_t escape_columns(heed_bytes text)
{
    size_t columns = 0;
    for (size_t at = 0; at < text.size;) {
        uint32_t point;
        at += next_point(&point, text, at);
        columns += terminal_line_rule(point) != NULL ? 1 : (size_t)point_columns(point);
    }
    return columns;
}
