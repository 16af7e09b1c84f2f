/* heed_check_page: the findings of a check, and pairs of texts side by side. */
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/status.h"
#include "report/page_parts.h"
#include "report/text_diff.h"

enum {
    LIKENESSES = 3,   /* of heed_likeness */
    MOST_PAIRS = 4,   /* of each of them, of a finding */
    KEPT_SAME = 20,   /* words around what differs */
    KEPT_OTHER = 120, /* of a run of words that differ */
    KEPT_EQUAL = 60   /* of texts that are equal */
};

typedef struct check_page {
    writer *w;
    const heed_check *check;
    const heed_check_info *info;
} check_page;

static const char *part_of_row(heed_part part)
{
    static const char *const words[] = {"", "training", "validation", "test"};
    return words[part];
}

/* ---- texts */

static void write_words(writer *w, const char *text, const diff_word *words, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (words[i].begin > words[i].space)
            writer_byte(w, ' ');
        escape_markup(w, (heed_bytes){text + words[i].begin, words[i].end - words[i].begin});
    }
}

static void write_left_out(writer *w, size_t count, const char *kind)
{
    writer_text(w, " <i>[");
    page_count(w, count);
    writer_print(w, " %s word%s]</i>", kind, count == 1 ? "" : "s");
}

/* A run of words that are in both texts; first, last: nothing is before or after it. */
static void write_same(writer *w, const char *text, const diff_word *words, size_t count, bool first, bool last)
{
    size_t before = first && last ? KEPT_EQUAL : first ? 0 : KEPT_SAME, after = last ? 0 : KEPT_SAME;
    if (count <= before + after + KEPT_SAME) {
        write_words(w, text, words, count);
        return;
    }
    write_words(w, text, words, before);
    write_left_out(w, count - before - after, first && last ? "more" : "equal");
    write_words(w, text, words + count - after, after);
}

static void write_other(writer *w, const char *text, const diff_word *words, size_t count)
{
    size_t shown = count > KEPT_OTHER + KEPT_SAME ? KEPT_OTHER : count;
    if (words->begin > words->space)
        writer_byte(w, ' ');
    writer_text(w, "<mark>");
    escape_markup(w, (heed_bytes){text + words->begin, words->end - words->begin});
    write_words(w, text, words + 1, shown - 1);
    writer_text(w, "</mark>");
    if (shown < count)
        write_left_out(w, count - shown, "other");
}

/* One of the texts. Both are gone through, so that words are left out at the same places of both. */
static void write_text(writer *w, const char *text, const text_diff *d, size_t side)
{
    size_t at[2] = {0, 0}, begin[2];
    writer_text(w, "<p class=\"text\" dir=\"auto\">");
    while (at[0] < d->count[0] || at[1] < d->count[1]) {
        begin[0] = at[0];
        begin[1] = at[1];
        while (at[0] < d->count[0] && at[1] < d->count[1] && d->words[0][at[0]].same && d->words[1][at[1]].same)
            at[0]++, at[1]++;
        if (at[0] > begin[0])
            write_same(w, text, d->words[side] + begin[side], at[side] - begin[side], begin[0] == 0 && begin[1] == 0,
                       at[0] == d->count[0] && at[1] == d->count[1]);
        for (size_t s = 0; s < 2; s++)
            for (begin[s] = at[s]; at[s] < d->count[s] && !d->words[s][at[s]].same;)
                at[s]++;
        if (at[side] > begin[side])
            write_other(w, text, d->words[side] + begin[side], at[side] - begin[side]);
    }
    if (d->count[side] == 0)
        writer_text(w, "<i>[empty]</i>");
    writer_text(w, "</p>\n");
}

/* ---- pairs */

static void write_row(check_page *p, size_t number)
{
    const heed_checked_row *row = heed_check_row(p->check, number);
    writer_print(p->w, "<h3>%s row ", part_of_row(row->part));
    page_count(p->w, row->row);
    writer_text(p->w, row->label != NULL ? ", label " : "");
    if (row->label != NULL)
        page_outside(p->w, row->label);
    writer_text(p->w, "</h3>\n<p class=\"note\">");
    page_outside(p->w, row->file);
    writer_text(p->w, ", line ");
    page_count(p->w, row->line_number);
    writer_text(p->w, row->dropped ? "; left out of clean parts</p>\n" : "</p>\n");
}

/* Equal texts are shown once. */
static void write_sides(check_page *p, const heed_checked_pair *pair, char *const texts[2], const text_diff *d)
{
    bool equal = pair->likeness == HEED_LIKENESS_EXACT;
    writer_text(p->w, "<div class=\"pair\">\n<div>\n");
    write_row(p, pair->one);
    if (!equal)
        write_text(p->w, texts[0], d, 0);
    writer_text(p->w, "</div>\n<div>\n");
    write_row(p, pair->other);
    if (!equal)
        write_text(p->w, texts[1], d, 1);
    writer_text(p->w, "</div>\n</div>\n");
    if (equal)
        write_text(p->w, texts[0], d, 0);
}

static void write_likeness(writer *w, const heed_checked_pair *pair)
{
    static const char *const words[] = {"the same text", "the same but for case, punctuation, spacing or entities", ""};
    writer_text(w, "<article>\n<p class=\"note\">");
    if (pair->likeness == HEED_LIKENESS_NEAR)
        writer_print(w, "nearly the same: %.1f%% of what either has is in both", 100 * pair->similarity);
    else
        writer_text(w, words[pair->likeness]);
    writer_text(w, pair->labels_differ ? "; the labels differ</p>\n" : "</p>\n");
}

static heed_status write_pair(check_page *p, const heed_checked_pair *pair, heed_error *error)
{
    char *texts[2] = {NULL, NULL};
    size_t size[2] = {0, 0};
    text_diff d = {0};
    heed_status status;
    TRY(heed_check_text(&texts[0], &size[0], p->check, pair->one, error));
    TRY(heed_check_text(&texts[1], &size[1], p->check, pair->other, error));
    TRY(text_diff_make(&d, (heed_bytes){texts[0], size[0]}, (heed_bytes){texts[1], size[1]}, error));
    write_likeness(p->w, pair);
    write_sides(p, pair, texts, &d);
    writer_text(p->w, "</article>\n");
done:
    text_diff_release(&d);
    heed_free(texts[0]);
    heed_free(texts[1]);
    return status;
}

/* The first pairs of each likeness, each of another row. */
static size_t pairs_choose(size_t chosen[MOST_PAIRS * LIKENESSES], const check_page *p, const heed_finding *f)
{
    size_t count = 0;
    for (heed_likeness likeness = HEED_LIKENESS_EXACT; likeness <= HEED_LIKENESS_NEAR; likeness++)
        for (size_t i = f->first_pair, shown = 0, last = SIZE_MAX; i < f->first_pair + f->pair_count; i++) {
            const heed_checked_pair *pair = heed_check_pair(p->check, i);
            if (pair->likeness != likeness || pair->one == last || shown == MOST_PAIRS)
                continue;
            last = pair->one;
            chosen[count++] = i;
            shown++;
        }
    return count;
}

static heed_status write_finding_pairs(check_page *p, size_t number, heed_error *error)
{
    const heed_finding *f = heed_check_finding(p->check, number);
    size_t chosen[MOST_PAIRS * LIKENESSES], count = pairs_choose(chosen, p, f);
    char id[32];
    if (count == 0)
        return HEED_OK;
    snprintf(id, sizeof id, "pairs-%zu", number + 1);
    page_begin(p->w, id, f->kind);
    writer_text(p->w, "<p>");
    page_outside(p->w, f->text);
    writer_text(p->w, "</p>\n<p class=\"note\">");
    page_count(p->w, count);
    writer_text(p->w, " of ");
    page_count(p->w, f->pair_count);
    writer_print(p->w, " pair%s; <span class=\"text\"><mark>marked</mark></span>: words that are not in both</p>\n",
                 f->pair_count == 1 ? "" : "s");
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count && status == HEED_OK; i++)
        status = write_pair(p, heed_check_pair(p->check, chosen[i]), error);
    page_end(p->w);
    return status;
}

/* ---- the page */

static void write_tile(writer *w, const char *heading, uint64_t count)
{
    writer_print(w, "<div class=\"tile\"><span>%s</span><strong>", heading);
    page_count(w, count);
    writer_text(w, "</strong></div>\n");
}

static void write_header(check_page *p)
{
    const heed_check_info *info = p->info;
    writer *w = p->w;
    writer_text(w, "<header>\n<p class=\"kind\">heed check</p>\n<h1>");
    if (info->serious_count == 0)
        writer_text(w, info->finding_count > 0 ? "Nothing serious was found" : "Nothing was found");
    else
        writer_print(w, "%zu serious fault%s", info->serious_count, info->serious_count == 1 ? "" : "s");
    writer_text(w, "</h1>\n<div class=\"tiles\">\n");
    write_tile(w, "training rows", info->rows_train);
    if (info->rows_validation > 0)
        write_tile(w, "validation rows", info->rows_validation);
    if (info->rows_test > 0)
        write_tile(w, "test rows", info->rows_test);
    if (info->bad > 0)
        write_tile(w, "bad rows", info->bad);
    write_tile(w, "rows that clean parts leave out", info->dropped);
    writer_text(w, "</div>\n</header>\n");
}

static void write_findings(check_page *p)
{
    page_begin(p->w, "findings", "Findings");
    writer_text(p->w, p->info->finding_count == 0 ? "<p>none</p>\n" : "<ul class=\"findings\">\n");
    for (size_t i = 0; i < p->info->finding_count; i++) {
        const heed_finding *f = heed_check_finding(p->check, i);
        writer_print(p->w, "<li%s><strong>%s%s</strong>", f->serious ? " class=\"serious\"" : "", f->kind,
                     f->serious ? ": serious" : "");
        page_outside(p->w, f->text);
        if (f->pair_count > 0)
            writer_print(p->w, " <a href=\"#pairs-%zu\">pairs</a>", i + 1);
        writer_text(p->w, "</li>\n");
    }
    writer_text(p->w, p->info->finding_count == 0 ? "" : "</ul>\n");
    page_end(p->w);
}

heed_status heed_check_page(char **out, const heed_check *check, heed_error *error)
{
    writer w = {0};
    check_page p = {&w, check, heed_check_describe(check)};
    heed_status status = HEED_OK;
    *out = NULL;
    page_open(&w, "heed check");
    write_header(&p);
    writer_text(&w, "<main>\n");
    write_findings(&p);
    for (size_t i = 0; i < p.info->finding_count && status == HEED_OK; i++)
        status = write_finding_pairs(&p, i, error);
    page_close(&w);
    if (status == HEED_OK)
        status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}
