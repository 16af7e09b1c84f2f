#include "check/wording.h"

#include <inttypes.h>

#include "base/escape.h"
#include "base/utf8.h"

enum { LABEL_SHOWN = 40 };

const char *part_word(unsigned part)
{
    static const char *const words[PARTS] = {"training", "validation", "test"};
    return words[part];
}

void say_rows(writer *w, uint64_t count, unsigned part)
{
    writer_print(w, "%" PRIu64 " %s row%s", count, part_word(part), count == 1 ? "" : "s");
}

void say_place(writer *w, const heed_check *check, size_t row)
{
    const checked *r = &check->rows[row];
    escape_terminal_line(w, intern_word(&check->files, r->file));
    writer_print(w, ":%" PRIu64, r->shown.line_number);
}

void say_label(writer *w, heed_bytes label)
{
    size_t size = label.size > LABEL_SHOWN ? LABEL_SHOWN : label.size;
    while (size > 0 && size < label.size && ((unsigned char)label.data[size] & 0xC0) == 0x80)
        size--;
    writer_byte(w, '\'');
    escape_terminal_line(w, (heed_bytes){label.data, size});
    writer_text(w, size < label.size ? "...'" : "'");
}

void say_share(writer *w, double share)
{
    writer_print(w, share < 0.0995 ? "%.2g%%" : "%.3g%%", 100 * share);
}
