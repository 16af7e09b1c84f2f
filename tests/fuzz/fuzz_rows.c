/* Fuzz entry over the byte-range parsers of rows. The first byte chooses the dialect and where the bytes are cut in
 * two; besides not falling over, a record must be the same whether it comes in one piece or grows byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/escape.h"
#include "base/number.h"
#include "heed.h"
#include "rows/delimited.h"
#include "rows/encoding.h"
#include "rows/json_line.h"
#include "rows/label_rules.h"
#include "rows/line_scan.h"
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
    delimited_guess(&whole, dialect->delimiter, data, size, true);
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

static void fuzz_line(heed_bytes line)
{
    char why[JSON_ERROR_TEXT_LENGTH], number[JSON_NUMBER];
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
    json_t *object;
    if (json_line_parse(&object, why, line) != JSON_LINE_OBJECT)
        return;
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) json_line_value(&label, number, value);
    json_decref(object);
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

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size == 0)
        return 0;
    const char *data = (const char *)bytes + 1;
    size--;
    delimited_dialect dialect;
    delimited_dialect_init(&dialect, bytes[0] & 4 ? '\t' : ',',
                           (heed_quoting)(HEED_QUOTING_MINIMAL + bytes[0] % 4 % 3));
    fuzz_delimited(data, size, &dialect);
    heed_bytes line;
    size_t next;
    for (size_t at = 0; text_line_find(&line, &next, data + at, size - at, true); at += next)
        fuzz_line(line);
    fuzz_rules(data, size);
    fuzz_weights(data, size);
    writer out = {0};
    encoding_append(&out, bytes[0] & 8 ? HEED_WINDOWS_1252 : HEED_LATIN_1, data, size);
    require(writer_check(&out, NULL) == HEED_OK);
    writer_release(&out);
    return 0;
}
