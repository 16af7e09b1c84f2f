#include "data/unknown_list.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/writer.h"

enum { MAX_NAMED = 5, MAX_NAME = 60 };

static int compare_labels(const void *a, const void *b)
{
    const unknown_label *x = a, *y = b;
    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static void write_name(writer *w, heed_bytes name)
{
    bool cut = name.size > MAX_NAME;
    while (cut && (name.size > MAX_NAME || ((unsigned char)name.data[name.size] & 0xC0) == 0x80))
        name.size--; /* to the begin of a character */
    writer_byte(w, '\'');
    escape_terminal_line(w, name);
    writer_text(w, cut ? "...'" : "'");
}

heed_status unknown_list_take(char **out, unknown_label *labels, size_t count, heed_error *error)
{
    writer w = {0};
    size_t listed = 0;
    qsort(labels, count, sizeof *labels, compare_labels);
    for (; listed < count && labels[listed].rows > 0; listed++) {
        if (listed >= MAX_NAMED)
            continue;
        writer_text(&w, listed > 0 ? ", " : "");
        write_name(&w, labels[listed].name);
        writer_print(&w, " (%" PRIu64 " row%s)", labels[listed].rows, labels[listed].rows == 1 ? "" : "s");
    }
    if (listed > MAX_NAMED)
        writer_print(&w, " and %zu more", listed - MAX_NAMED);
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}
