/* Fuzz entry over the byte-range parsers of rows. The first byte chooses the dialect and where the bytes are cut in
 * two; besides not falling over, a record must be the same whether it comes in one piece or grows byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/escape.h"
#include "base/file_kind.h"
#include "base/number.h"
#include "base/utf8.h"
#include "heed.h"
#include "rows/dialect.h"
#include "rows/encoding.h"
#include "rows/json_line.h"
#include "rows/label_rules.h"
#include "rows/line_scan.h"
#include "rows/survey.h"
#include "rows/wide_text.h"
#include "train/class_weights.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool fine)
{
    if (!fine)
        abort();
}

/* The record of the whole is also that of every shorter range which says that it holds one. */
static void fuzz_delimited(const char *data, size_t size, const delimited_dialect *dialect)
{
    static heed_bytes whole_fields[DELIMITED_COLUMNS], part_fields[DELIMITED_COLUMNS];
    delimited_record whole = {.field = whole_fields}, part = {.field = part_fields};
    for (size_t at = 0;;) {
        delimited_result result = delimited_parse(&whole, dialect, data + at, size - at, true);
        require(result != DELIMITED_NO_MEMORY);
        for (size_t cut = 0; cut < size - at && cut < 64; cut++) {
            delimited_result early = delimited_parse(&part, dialect, data + at, cut, false);
            require(early != DELIMITED_END);
            require(delimited_is_complete(dialect, data + at, cut) ==
                    (early == DELIMITED_RECORD || early == DELIMITED_OPEN_QUOTE));
            if (early != DELIMITED_RECORD)
                continue;
            require(result == DELIMITED_RECORD && part.begin == whole.begin && part.end == whole.end);
            require(part.field_count == whole.field_count && part.lines == whole.lines);
            for (size_t i = 0; i < part.field_count && i < DELIMITED_COLUMNS; i++)
                require(part.field[i].size == whole.field[i].size &&
                        memcmp(part.field[i].data, whole.field[i].data, part.field[i].size) == 0);
        }
        if (result != DELIMITED_RECORD)
            break;
        require(whole.next > 0 && whole.next <= size - at && whole.end <= whole.next && whole.begin <= whole.end);
        at += whole.next;
    }
    delimited_record_release(&whole);
    delimited_record_release(&part);
}

static void fuzz_json(heed_bytes line)
{
    char why[JSON_ERROR_TEXT_LENGTH], number[JSON_NUMBER], shown[JSON_SHOWN];
    json_numbers numbers = {0};
    json_t *object, *value;
    const char *key;
    if (json_line_parse(&object, &numbers, why, line, NULL) == JSON_LINE_OBJECT) {
        json_object_foreach(object, key, value)
        {
            heed_bytes label;
            json_line_value(&label, number, value, &numbers);
            json_line_describe(shown, value, &numbers);
        }
        json_decref(object);
    }
    json_numbers_release(&numbers);
}

/* What dialect_parse makes of the beginning of some bytes is also what it makes of all of them: a choice of quoting
 * does not depend on when bytes come. */
static void fuzz_dialect(const char *data, size_t size, char delimiter)
{
    static dialect slow, fast;
    static heed_bytes slow_fields[DELIMITED_COLUMNS], fast_fields[DELIMITED_COLUMNS];
    delimited_record early = {.field = slow_fields}, whole = {.field = fast_fields};
    dialect_sample sample = {{data, size}, true, false};
    size_t columns;
    double share;
    dialect_set(&slow, delimiter, HEED_QUOTING_AUTO);
    dialect_choose(&slow, &early, sample);
    require(dialect_try(&columns, &share, &slow, sample, SIZE_MAX) && share >= 0 && share <= 1);
    dialect_set(&slow, delimiter, HEED_QUOTING_AUTO);
    dialect_set(&fast, delimiter, HEED_QUOTING_AUTO);
    for (size_t at = 0, rows = 0; rows < 64; rows++) {
        delimited_result result = DELIMITED_MORE;
        size_t cut = 0;
        for (; result == DELIMITED_MORE && cut < size - at; cut++)
            result = dialect_parse(&slow, &early, data + at, cut, false);
        if (result == DELIMITED_MORE || result == DELIMITED_END)
            result = dialect_parse(&slow, &early, data + at, size - at, true);
        require(dialect_parse(&fast, &whole, data + at, size - at, true) == result);
        if (result != DELIMITED_RECORD)
            break;
        require(early.end == whole.end && early.field_count == whole.field_count);
        for (size_t i = 0; i < early.field_count && i < DELIMITED_COLUMNS; i++)
            require(bytes_same(early.field[i], whole.field[i]));
        if (rows == 0)
            slow.columns = fast.columns = whole.field_count;
        else if (whole.lines == 1 && whole.field_count == fast.columns && whole.field_count <= DELIMITED_COLUMNS) {
            row_shape_learn(&slow.swallow.shape, whole.field, whole.field_count);
            row_shape_learn(&fast.swallow.shape, whole.field, whole.field_count);
        }
        at += whole.next;
    }
    for (heed_quoting q = HEED_QUOTING_MINIMAL; q <= HEED_QUOTING_NONE; q++)
        require(slow.possible[q] == fast.possible[q]);
    delimited_record_release(&early);
    delimited_record_release(&whole);
    dialect_release(&slow);
    dialect_release(&fast);
    memset(&slow.other, 0, sizeof slow.other);
    memset(&fast.other, 0, sizeof fast.other);
}

static void fuzz_line(heed_bytes line)
{
    heed_bytes before, label, rest = line;
    while (fasttext_take_label(&before, &label, &rest))
        require(rest.data >= line.data && rest.size <= line.size && before.size + label.size <= line.size);
    heed_bytes trimmed = blanks_trim(line);
    require(trimmed.size <= line.size && blanks_trim(trimmed).size == trimmed.size);
    writer written = {0}, back = {0};
    escape_label(&written, line);
    unescape_label(&back, (heed_bytes){written.data, written.size});
    require(bytes_same((heed_bytes){back.data, back.size}, line) && written.problem == 0 && back.problem == 0);
    require(written.size == 0 ||
            (memchr(written.data, '\t', written.size) == NULL && memchr(written.data, '\r', written.size) == NULL));
    writer_release(&written);
    writer_release(&back);
    double weight;
    require(!number_parse(&weight, line) || weight - weight == 0);
    label_rules rules = {.threshold = 5};
    label_rules_rate(&rules, line, &label);
    fuzz_json(line);
}

static void fuzz_rules(const char *data, size_t size)
{
    char *text = malloc(size + 1);
    require(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    heed_rows_options options = {.label_from = text};
    label_rules rules;
    label_rules_init(&rules, &options, NULL);
    label_rules_release(&rules);
    options = (heed_rows_options){.label_map = text, .drop_labels = text};
    if (label_rules_init(&rules, &options, NULL) == HEED_OK) {
        heed_bytes label = {"a", 1};
        label_rules_drop(&rules, label);
        label_rules_map(&rules, &label);
    }
    label_rules_release(&rules);
    free(text);
}

static void fuzz_weights(const char *data, size_t size)
{
    static const char *const names[] = {"a", "b"};
    const weighed_labels labels = {names, 2, 1, HEED_TASK_BINARY};
    heed_error error;
    double weights[2];
    if (class_weights_parse(weights, (heed_bytes){data, size}, "weights", &labels, &error) == HEED_OK)
        require(weights[0] >= 0 && weights[1] >= 0);
}

/* What the first bytes say is the same however many of them come at once, once it is clear. */
static void fuzz_begin(heed_bytes data)
{
    for (size_t cut = 0; cut <= data.size && cut < 64; cut++) {
        heed_bytes part = {data.data, cut};
        heed_encoding encoding = part.size % 2 == 0 ? HEED_UTF8 : HEED_LATIN_1;
        wide_text early = wide_text_look(part, encoding, false);
        require(early == WIDE_OPEN || early == wide_text_look(data, encoding, true));
        require(file_kind_is_open(part) || file_kind_of(part) == file_kind_of(data) || data.size >= 262);
    }
}

/* Pieces say the same as the whole; what is counted fits the other readers of the same bytes. */
static void fuzz_survey(heed_bytes data)
{
    survey whole = {0}, pieces = {0};
    require(survey_take(&whole, data, true) == data.size);
    for (size_t at = 0, size = 5; at < data.size; size = size % 11 + 4) {
        bool last = data.size - at <= size;
        at += survey_take(&pieces, (heed_bytes){data.data + at, last ? data.size - at : size}, last);
    }
    require(memcmp(&whole, &pieces, sizeof whole) == 0);
    require((whole.invalid == 0) == (utf8_check(data.data, data.size) == data.size));
    require(whole.invalid == 0 || whole.first == utf8_check(data.data, data.size));
    require(!(survey_is_utf8(&whole) && survey_is_windows_1252(&whole)));
    require(utf8_ascii(data.data, data.size) <= data.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    const char *data = (const char *)bytes + 1;
    size--;
    delimited_dialect by;
    delimited_dialect_init(&by,
                           bytes[0] & 4    ? '\t'
                           : bytes[0] & 16 ? ';'
                                           : ',',
                           (heed_quoting)(HEED_QUOTING_MINIMAL + bytes[0] % 4 % 3));
    fuzz_delimited(data, size, &by);
    if (size <= 2048) /* it takes the square of it */
        fuzz_dialect(data, size, by.delimiter);
    heed_bytes line;
    size_t next;
    char end = text_line_end(data, size);
    for (size_t at = 0; text_line_find(&line, &next, data + at, size - at, true, end); at += next)
        fuzz_line(line);
    fuzz_rules(data, size);
    fuzz_weights(data, size);
    fuzz_begin((heed_bytes){data, size});
    fuzz_survey((heed_bytes){data, size});
    writer out = {0};
    encoding_append(&out, bytes[0] & 8 ? HEED_WINDOWS_1252 : HEED_LATIN_1, data, size);
    require(writer_check(&out, NULL) == HEED_OK);
    writer_release(&out);
    return 0;
}
