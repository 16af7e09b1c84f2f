#include "check/text_findings.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/status.h"
#include "check/wording.h"

/* A text is long or short if it has so many times the words of others. A few short ones are no fault. */
enum { TIMES = 25, SHORTEST_MEDIAN = 4, SHORT_SHARE = 1000 };

static void bad_rows(heed_check *c)
{
    if (c->bad > 0) {
        writer *w = finding_begin(&c->found, "bad-rows", c->bad, c->row_count + c->bad, SIZE_MAX);
        writer_print(w, "%" PRIu64 " row%s cannot be read; the first: ", c->bad, c->bad == 1 ? "" : "s");
        escape_terminal_line(w, bytes_of(c->first_bad.message));
        writer_text(w, "; mend them, or see whether the options fit the file (--quoting, --delimiter)");
    }
    if (c->misfits > 0) {
        writer *w = finding_begin(&c->found, "encoding", c->misfits, c->files.count, SIZE_MAX);
        escape_terminal_line(w, bytes_of(c->first_misfit.message));
        if (c->misfits > 1)
            writer_print(w, "; and so in %" PRIu64 " more file%s", c->misfits - 1, c->misfits == 2 ? "" : "s");
    }
}

/* ---- characters */

static void marked_rows(heed_check *c, unsigned mark, const char *kind, const char *found, const char *advice)
{
    uint64_t rows = 0;
    size_t first = SIZE_MAX;
    for (size_t i = 0; i < c->row_count; i++)
        if ((c->rows[i].marks & mark) != 0) {
            rows++;
            first = first == SIZE_MAX ? i : first;
        }
    if (rows == 0)
        return;
    writer *w = finding_begin(&c->found, kind, rows, c->row_count, first);
    writer_print(w, "%" PRIu64 " text%s %s; the first: ", rows, rows == 1 ? "" : "s", found);
    say_place(w, c, first);
    writer_print(w, "; %s", advice);
}

/* ---- lengths */

/* The median number of words; counted, as numbers of words are small. False: memory. */
static bool median_words(uint32_t *out, const heed_check *c)
{
    enum { MOST = 1 << 20 };
    uint64_t *texts = memory_array(MOST, sizeof *texts), below = 0;
    *out = 0;
    if (texts == NULL)
        return false;
    for (size_t i = 0; i < c->row_count; i++)
        texts[c->rows[i].words < MOST ? c->rows[i].words : MOST - 1]++;
    while (below + texts[*out] <= c->row_count / 2 && *out < MOST - 1)
        below += texts[(*out)++];
    free(texts);
    return true;
}

static void lengths(heed_check *c, uint32_t median, bool longer)
{
    uint64_t rows = 0;
    size_t first = SIZE_MAX, extreme = 0;
    uint64_t usual = median > SHORTEST_MEDIAN ? median : SHORTEST_MEDIAN;
    for (size_t i = 0; i < c->row_count; i++) {
        uint64_t words = c->rows[i].words;
        if (row_is_empty(&c->rows[i]) || (longer ? words <= usual * TIMES : words * TIMES >= median))
            continue;
        extreme = first == SIZE_MAX || (longer ? words > c->rows[extreme].words : words < c->rows[extreme].words)
                      ? i
                      : extreme;
        first = first == SIZE_MAX ? i : first;
        rows++;
    }
    if (rows == 0 || (!longer && rows < c->row_count / SHORT_SHARE))
        return;
    writer *w = finding_begin(&c->found, longer ? "long-texts" : "short-texts", rows, c->row_count, first);
    finding_figure(&c->found, "median_words", median);
    finding_figure(&c->found, longer ? "most_words" : "fewest_words", c->rows[extreme].words);
    writer_print(w, "%" PRIu64 " text%s %s the median length (%" PRIu32 " words); the %s: ", rows,
                 rows == 1 ? " has" : "s have", longer ? "over 25 times" : "less than a 25th of", median,
                 longer ? "longest" : "shortest");
    say_place(w, c, extreme);
    writer_print(w, " has %" PRIu32 "; %s", c->rows[extreme].words,
                 longer ? "rows that ran together, perhaps: see whether --quoting fits the file"
                        : "rows that were cut, perhaps");
}

heed_status text_findings(heed_check *check, pool *workers, heed_error *error)
{
    uint32_t median;
    (void)workers;
    bad_rows(check);
    marked_rows(check, TEXT_LOST, "lost-characters", "with U+FFFD, in place of characters that were lost",
                "read the original again in its encoding");
    marked_rows(check, TEXT_MOJIBAKE, "mojibake", "with UTF-8 that was read in another encoding, such as \"Ã©\"",
                "convert the original again, from UTF-8");
    marked_rows(check, TEXT_CONTROL, "control-characters", "with control characters",
                "windows-1252 that was read as latin-1, perhaps: see whether --encoding is right");
    marked_rows(check, TEXT_EMPTY, "empty-texts", "without a visible character", "leave such rows out");
    if (!median_words(&median, check))
        return fail_memory(error, "lengths");
    lengths(check, median, true);
    lengths(check, median, false);
    return HEED_OK;
}
