#include "rows/record_build.h"

#include "base/number.h"
#include "base/utf8.h"

void record_check_utf8(record_draft *r, heed_bytes bytes)
{
    size_t at = *r->is_ascii ? bytes.size : utf8_check(bytes.data, bytes.size);
    if (at < bytes.size)
        record_refuse(r, "found invalid UTF-8 (byte 0x%02X at byte %zu of the row), expected UTF-8%s",
                      (unsigned)(unsigned char)bytes.data[at], at + 1,
                      *r->is_utf8 ? ", as the file has elsewhere; a damaged character, or rows in two encodings? see "
                                    "--on-bad-row"
                                  : OTHER_ENCODINGS);
}

void record_text(record_draft *r, heed_bytes part)
{
    if (r->texts++ == 0) {
        r->out->text = part;
        return;
    }
    if (r->texts == 2)
        writer_bytes(&r->text, r->out->text.data, r->out->text.size);
    writer_byte(&r->text, ' ');
    writer_bytes(&r->text, part.data, part.size);
}

void record_check_text(record_draft *r)
{
    size_t size = r->texts > 1 ? r->text.size : r->out->text.size;
    if (size > RECORD_TEXT)
        record_refuse(r, "found a text of %zu bytes, expected at most %d", size, RECORD_TEXT);
}

/* A number that is no weight is too large or too small, unless it is below 0. */
void record_weight(record_draft *r, heed_bytes text)
{
    if (number_parse_weight(&r->out->weight, text))
        return;
    bool beyond = number_is(text) && text.data[0] != '-';
    r->out->weight = 1;
    record_refuse(r, "found the weight '%.*s', expected %s; see --weight-column", record_shown(text),
                  text.data == NULL ? "" : text.data, beyond ? WEIGHT_RANGE : "a number from 0");
}

record_outcome record_finish(record_draft *r)
{
    if (r->text.problem != 0)
        return record_fail(r, writer_check(&r->text, r->error));
    if (r->texts > 1)
        r->out->text = (heed_bytes){r->text.data, r->text.size};
    record_labels_finish(r);
    return r->outcome;
}
