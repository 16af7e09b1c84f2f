/* heed_check_report: the findings, for people. */
#include <inttypes.h>
#include <string.h>

#include "base/escape.h"
#include "check/check_state.h"
#include "check/wording.h"

enum { WIDTH = 80 };

#define INDENT "    "

/* "rows: 25000 training, 12506 test" */
static void say_parts(writer *w, const heed_check *c)
{
    writer_print(w, "rows: %" PRIu64, c->info.rows);
    const char *before = " (";
    for (unsigned part = 0; part < PARTS; part++)
        if (c->rows_of[part] > 0) {
            writer_print(w, "%s%" PRIu64 " %s", before, c->rows_of[part], part_word(part));
            before = ", ";
        }
    writer_text(w, ")\n");
}

/* The words of a line, in lines of a terminal's width; a longer word has a line of its own. */
static void say_wrapped(writer *w, const char *text)
{
    size_t column = 0;
    for (const char *word = text; *word != '\0';) {
        size_t size = strcspn(word, " "), columns = escape_columns((heed_bytes){word, size});
        if (column == 0 || column + 1 + columns > WIDTH) {
            writer_text(w, column == 0 ? INDENT : "\n" INDENT);
            column = strlen(INDENT);
        } else {
            writer_byte(w, ' ');
            column++;
        }
        writer_bytes(w, word, size);
        column += columns;
        word += size + (word[size] == ' ');
    }
    writer_byte(w, '\n');
}

heed_status heed_check_report(char **out, const heed_check *check, heed_error *error)
{
    const findings *f = &check->found;
    writer w = {0};
    say_parts(&w, check);
    for (size_t i = 0; i < f->count; i++) {
        const heed_finding *item = &f->items[i].shown;
        if (i == 0 || item->serious != f->items[i - 1].shown.serious)
            writer_text(&w, item->serious ? "\nserious\n" : "\nworth knowing\n");
        writer_print(&w, "  %s\n", item->kind);
        say_wrapped(&w, item->text);
    }
    if (f->count == 0)
        writer_text(&w, "nothing was found\n");
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}
