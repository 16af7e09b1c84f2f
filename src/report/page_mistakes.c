/* Long texts are shown around their strongest words. */
#include "report/page_mistakes.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/memory.h"
#include "explain/draw_html.h"
#include "explain/explanation_words.h"
#include "explain/highlight.h"
#include "report/page_parts.h"

enum {
    MAX_TEXT = 900,   /* longest text that is shown whole, in bytes */
    STRONGEST = 8,    /* words around which a longer one is shown, */
    AROUND = 16,      /* with this many segments on each side: about eight words */
    MAX_SEGMENT = 200 /* most bytes of a segment that are shown */
};

static void mark_around(bool *shown, const heed_explanation *e, size_t at)
{
    size_t first = at > AROUND ? at - AROUND : 0;
    for (size_t i = first; i <= at + AROUND && i < e->info.segment_count; i++)
        shown[i] = true;
}

/* Marks the strongest words and their surroundings; the beginning of the text if no word has a score. */
static void mark_strongest(bool *shown, bool *taken, const heed_explanation *e)
{
    double scale = scale_of(e);
    for (int turn = 0; turn < STRONGEST; turn++) {
        size_t best = e->info.segment_count;
        for (size_t i = 0; i < e->info.segment_count; i++)
            if (!taken[i] && segment_is_shown(&e->segments[i], scale) &&
                (best == e->info.segment_count || fabs(e->segments[i].score) > fabs(e->segments[best].score)))
                best = i;
        if (best == e->info.segment_count && turn == 0)
            best = 0;
        if (best == e->info.segment_count)
            return;
        taken[best] = true;
        mark_around(shown, e, best);
    }
}

static void write_segments(writer *w, const heed_explanation *e, const bool *shown)
{
    double scale = scale_of(e);
    bool gap = false;
    for (size_t i = 0; i < e->info.segment_count; i++) {
        const heed_segment *s = &e->segments[i];
        if ((shown != NULL && !shown[i]) || s->end - s->begin > MAX_SEGMENT) {
            writer_text(w, gap ? "" : " <em>\xE2\x80\xA6</em> ");
            gap = true;
            continue;
        }
        draw_html_segment(w, e, s, scale);
        gap = false;
    }
}

static void write_text(writer *w, const heed_explanation *e)
{
    bool whole = e->info.text.size <= MAX_TEXT;
    bool *marks = whole ? NULL : memory_array(2 * e->info.segment_count, sizeof *marks);
    if (!whole && marks == NULL) {
        writer_fail(w, ENOMEM);
        return;
    }
    if (!whole)
        mark_strongest(marks, marks + e->info.segment_count, e);
    writer_text(w, "<p class=\"text\" dir=\"auto\">");
    write_segments(w, e, marks);
    writer_text(w, "</p>\n");
    if (!whole) {
        writer_text(w, "<p class=\"note\">Only the parts around the strongest words are shown; the text has ");
        page_count(w, e->info.text.size);
        writer_text(w, " bytes, and report.json has all of them.</p>\n");
    }
    free(marks);
}

static void write_probability(writer *w, const heed_report *r, const kept_row *m, size_t label)
{
    page_name(w, evaluation_name(r->evaluation, label));
    if (label >= r->evaluation->label_count) {
        writer_text(w, " <small>which the model does not have</small>");
        return;
    }
    writer_print(w, " <small>%.4f</small>",
                 (double)r->evaluation->probabilities[(size_t)m->row * r->evaluation->label_count + label]);
}

/* "predicted pos 0.9987, is neg 0.0013" */
static void write_answer_and_truth(writer *w, const heed_report *r, const kept_row *m)
{
    const heed_evaluation *e = r->evaluation;
    writer_text(w, m->given ? "predicted " : "not predicted ");
    write_probability(w, r, m, m->label);
    if (!evaluation_is_multilabel(e)) {
        writer_text(w, ", is ");
        write_probability(w, r, m, evaluation_truth(e, m->row));
        return;
    }
    writer_text(w, ", the row has ");
    bool some = false;
    for (size_t i = 0; i < evaluation_labels(e); i++) {
        if (!evaluation_has_truth(e, m->row, i))
            continue;
        writer_text(w, some ? ", " : "");
        write_probability(w, r, m, i);
        some = true;
    }
    writer_text(w, some ? "" : "no label");
}

static void write_mistake(writer *w, const heed_report *r, const kept_row *m)
{
    writer_text(w, "<article>\n<h3>");
    write_answer_and_truth(w, r, m);
    writer_text(w, "</h3>\n<p class=\"note\">row ");
    page_count(w, (uint64_t)m->row + 1);
    if (m->id != NULL) {
        writer_text(w, ", id ");
        page_outside(w, m->id);
    }
    writer_text(w, "; ");
    write_method(w, m->explanation, escape_markup);
    writer_text(w, "</p>\n");
    write_text(w, m->explanation);
    writer_text(w, "</article>\n");
}

static void write_legend(writer *w, const heed_explanation *e)
{
    writer_text(w, "<p class=\"legend\">");
    if (is_signed(e))
        writer_text(w,
                    "<b class=\"f\" style=\"--a:1\">for the label</b> <b class=\"a\" style=\"--a:1\">against it</b> ");
    else
        writer_text(w, "<b class=\"l\" style=\"--a:1\">looked at</b> ");
    writer_text(w, "<u>unknown</u> <s>dropped</s> <i>cut off</i>; a darker colour means a larger score</p>\n");
}

void page_mistakes(writer *w, const heed_report *r)
{
    const mistake_list *list = &r->mistakes;
    page_begin(w, "mistakes", "The most confident errors");
    if (list->count == 0) {
        writer_text(w, "<p>All predictions were right.</p>\n");
        page_end(w);
        return;
    }
    writer_text(w, "<p>");
    page_count(w, list->wrong);
    writer_print(w, " %s%s wrong; ", evaluation_is_multilabel(r->evaluation) ? "single label" : "row",
                 list->wrong == 1 ? " is" : "s are");
    writer_print(w, list->count == 1 ? "this is the one" : "these are the %zu", list->count);
    writer_text(w, " with the highest probability of a wrong prediction.</p>\n");
    write_legend(w, list->rows[0].explanation);
    for (size_t i = 0; i < list->count; i++)
        write_mistake(w, r, &list->rows[i]);
    page_end(w);
}
