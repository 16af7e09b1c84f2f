/* The surest mistakes, each with its text coloured by the explanation; long texts are shown around their strongest
 * words. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "report/report_page.h"

enum {
    TEXT_MOST = 900,   /* bytes of a text that is shown whole */
    STRONGEST = 8,     /* words that a longer one is shown around, */
    AROUND = 16,       /* with so many segments on each side: some eight words */
    SEGMENT_MOST = 200 /* bytes of a segment that is shown */
};

static void mark_around(bool *shown, const heed_explanation_info *info, size_t at)
{
    size_t first = at > AROUND ? at - AROUND : 0;
    for (size_t i = first; i <= at + AROUND && i < info->segment_count; i++)
        shown[i] = true;
}

/* Marks the strongest words and what is around them; the text's beginning where no word has a score. */
static void mark_strongest(bool *shown, bool *taken, const heed_explanation_info *info)
{
    double scale = scale_of(info);
    for (int turn = 0; turn < STRONGEST; turn++) {
        size_t best = info->segment_count;
        for (size_t i = 0; i < info->segment_count; i++)
            if (!taken[i] && segment_share(&info->segments[i], scale) >= 0.05 &&
                (best == info->segment_count || fabs(info->segments[i].score) > fabs(info->segments[best].score)))
                best = i;
        if (best == info->segment_count && turn == 0)
            best = 0;
        if (best == info->segment_count)
            return;
        taken[best] = true;
        mark_around(shown, info, best);
    }
}

static void write_segments(pen *p, const heed_explanation_info *info, const bool *shown)
{
    double scale = scale_of(info);
    bool gap = false;
    for (size_t i = 0; i < info->segment_count; i++) {
        const heed_segment *s = &info->segments[i];
        if ((shown != NULL && !shown[i]) || s->end - s->begin > SEGMENT_MOST) {
            pen_text(p, gap ? "" : " <em>\xE2\x80\xA6</em> ");
            gap = true;
            continue;
        }
        draw_html_segment(p, info, s, scale);
        gap = false;
    }
}

static void write_text(pen *p, const heed_explanation_info *info)
{
    bool whole = info->text.size <= TEXT_MOST;
    bool *marks = whole ? NULL : memory_array(2 * info->segment_count, sizeof *marks);
    if (!whole && marks == NULL) {
        p->status = fail_memory(p->error, "a report");
        return;
    }
    if (!whole)
        mark_strongest(marks, marks + info->segment_count, info);
    pen_text(p, "<p class=\"text\" dir=\"auto\">");
    write_segments(p, info, marks);
    pen_text(p, "</p>\n");
    if (!whole) {
        pen_text(p, "<p class=\"note\">Shortened to what is around its strongest words; the text has ");
        page_count(p, info->text.size);
        pen_text(p, " bytes, all of them in report.json.</p>\n");
    }
    free(marks);
}

static void write_probability(pen *p, const heed_report *r, const kept_row *m, size_t label)
{
    page_label(p, r, label);
    pen_print(p, " <small>%.4f</small>",
              (double)r->evaluation->probabilities[(size_t)m->row * r->evaluation->label_count + label]);
}

/* "answered pos 0.9987, is neg 0.0013" */
static void write_answer_and_truth(pen *p, const heed_report *r, const kept_row *m)
{
    const heed_evaluation *e = r->evaluation;
    pen_text(p, m->given ? "answered " : "not answered ");
    write_probability(p, r, m, m->label);
    if (!evaluation_is_several(e)) {
        pen_text(p, ", is ");
        write_probability(p, r, m, evaluation_truth(e, m->row));
        return;
    }
    pen_text(p, ", the row has ");
    bool some = false;
    for (size_t i = 0; i < e->label_count; i++) {
        if (!evaluation_has_truth(e, m->row, i))
            continue;
        pen_text(p, some ? ", " : "");
        write_probability(p, r, m, i);
        some = true;
    }
    pen_text(p, some ? "" : "no label");
}

static void write_mistake(pen *p, const heed_report *r, size_t number)
{
    const kept_row *m = &r->mistakes[number];
    heed_explanation_info info = heed_explanation_describe(r->explanations[number]);
    pen_text(p, "<article>\n<h3>");
    write_answer_and_truth(p, r, m);
    pen_text(p, "</h3>\n<p class=\"note\">row ");
    page_count(p, (uint64_t)m->row + 1);
    if (m->id != NULL) {
        pen_text(p, ", id ");
        page_outside(p, m->id);
    }
    pen_text(p, "; ");
    write_method(p, &info, pen_markup);
    pen_text(p, "</p>\n");
    write_text(p, &info);
    pen_text(p, "</article>\n");
}

static void write_legend(pen *p, const heed_report *r)
{
    heed_explanation_info info = heed_explanation_describe(r->explanations[0]);
    pen_text(p, "<p class=\"legend\">");
    if (is_signed(&info))
        pen_text(p, "<b class=\"f\" style=\"--a:1\">for the label</b> <b class=\"a\" style=\"--a:1\">against it</b> ");
    else
        pen_text(p, "<b class=\"l\" style=\"--a:1\">looked at</b> ");
    pen_text(p, "<u>unknown</u> <s>dropped</s> <i>cut off</i>; the darker, the larger the score</p>\n");
}

void page_mistakes(pen *p, const heed_report *r)
{
    page_begin(p, "mistakes", "The surest mistakes");
    if (r->mistake_count == 0) {
        pen_text(p, "<p>No row was answered wrongly.</p>\n");
        page_end(p);
        return;
    }
    pen_text(p, "<p>");
    page_count(p, r->wrong);
    pen_print(p, " %s%s wrong; ", evaluation_is_several(r->evaluation) ? "single label" : "row",
              r->wrong == 1 ? " is" : "s are");
    pen_print(p, r->mistake_count == 1 ? "here is the one" : "here are the %zu", r->mistake_count);
    pen_text(p, " whose wrong answer was surest.</p>\n");
    write_legend(p, r);
    for (size_t i = 0; i < r->mistake_count; i++)
        write_mistake(p, r, i);
    page_end(p);
}
