/* A comparison as text for people, and as CSV. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"
#include "experiment/comparison.h"
#include "metrics/bootstrap.h"

/* ---- for people */

/* "A", ..., "Z", "27", ...: the architectures are too long for the tables' columns. */
static const char *contender_mark(char out[24], size_t i)
{
    snprintf(out, 24, i < 26 ? "%c" : "%u", i < 26 ? 'A' + (int)i : (int)i + 1);
    return out;
}

static void write_mark(writer *w, size_t i)
{
    char mark[24];
    writer_print(w, "%-2s", contender_mark(mark, i));
}

static void write_names(writer *w, const heed_comparison *c)
{
    for (size_t i = 0; i < c->contender_count; i++) {
        write_mark(w, i);
        writer_print(w, " %s%s\n", c->contenders[i].name, c->contenders[i].baseline ? " (baseline)" : "");
    }
}

/* "0.8787 ± 0.0012", "0.8787" for one trial, "-" for none; all 15 columns wide. */
static void write_spread(writer *w, heed_spread s)
{
    if (isnan(s.mean))
        writer_print(w, "  %-15s", "-");
    else if (isnan(s.deviation))
        writer_print(w, "  %-15.4f", s.mean);
    else
        writer_print(w, "  %.4f \u00b1 %.4f", s.mean, s.deviation);
}

/* Ends a line without the blanks of its last column. */
static void end_line(writer *w)
{
    while (w->size > 0 && w->data[w->size - 1] == ' ')
        w->size--;
    writer_byte(w, '\n');
}

/* unseen: of the rows that were not seen, without what does not depend on rows. */
static void write_spreads(writer *w, const heed_comparison *c, bool unseen)
{
    writer_print(w, "\n    %-15s  %-15s  %-15s", "accuracy", "macro F1", "AUC");
    if (!unseen)
        writer_print(w, "  %8s  %10s", "seconds", "parameters");
    end_line(w);
    for (size_t i = 0; i < c->contender_count; i++) {
        const heed_contender *k = &c->contenders[i];
        write_mark(w, i);
        write_spread(w, unseen ? k->unseen_accuracy : k->accuracy);
        write_spread(w, unseen ? k->unseen_macro_f1 : k->macro_f1);
        write_spread(w, unseen ? k->unseen_auc : k->auc);
        if (unseen)
            end_line(w);
        else if (k->failed == k->trials)
            writer_print(w, "  %8s  %10s\n", "-", "-");
        else
            writer_print(w, "  %8.1f  %10" PRIu64 "\n", k->seconds.mean, k->parameters);
    }
}

/* "+0.0120 [+0.0051, +0.0188] *", of one row "+0.0120": 28 columns, except at the end of a line; the star means that
 * chance alone is an unlikely cause. */
static void write_difference(writer *w, heed_interval d, bool last)
{
    bool sure = difference_is_sure(d);
    if (isnan(d.mean))
        writer_print(w, "  %-*s", last ? 0 : 28, "-");
    else if (isnan(d.low))
        writer_print(w, "  %-+*.4f", last ? 0 : 28, d.mean);
    else
        writer_print(w, "  %+.4f [%+.4f, %+.4f]%s", d.mean, d.low, d.high, sure ? " *" : last ? "" : "  ");
}

static void write_differences(writer *w, const heed_comparison *c, bool unseen)
{
    writer_print(w, "\n    %-28s  %s\n", "accuracy minus that of A", "macro F1 minus that of A");
    for (size_t i = 1; i < c->contender_count; i++) {
        write_mark(w, i);
        const heed_contender *k = &c->contenders[i];
        write_difference(w, unseen ? k->unseen_accuracy_difference : k->accuracy_difference, false);
        write_difference(w, unseen ? k->unseen_macro_f1_difference : k->macro_f1_difference, true);
        writer_byte(w, '\n');
    }
}

static void write_failures(writer *w, const heed_comparison *c)
{
    char mark[24];
    for (size_t i = 0; i < c->contender_count; i++)
        for (size_t j = 0; j < c->contenders[i].trials; j++) {
            const heed_trial *t = &c->trials[c->contenders[i].first + j];
            if (t->status != HEED_OK)
                writer_print(w, "%s, seed %" PRIu64 ", has no metrics: %s\n", contender_mark(mark, i), t->seed,
                             t->problem);
        }
}

/* What rows that the contenders saw in training hide. */
static void write_unseen(writer *w, const heed_comparison *c)
{
    const heed_comparison_info *info = &c->info;
    if (info->seen == 0)
        return;
    writer_print(w, "\n%" PRIu64 " of the %" PRIu64 " rows (%.*f%%) have the text of a %s; ", info->seen, info->rows,
                 info->seen < info->rows ? 1 : 0, 100 * (double)info->seen / (double)info->rows,
                 c->measured_validation ? "training row" : "training or validation row");
    if (info->seen == info->rows) {
        writer_text(w, "without them there is nothing to measure.\n");
        return;
    }
    writer_text(w, "without them:\n");
    write_spreads(w, c, true);
    write_differences(w, c, true);
}

heed_status heed_comparison_report(char **out, const heed_comparison *c, heed_error *error)
{
    writer w = {0};
    write_names(&w, c);
    write_spreads(&w, c, false);
    write_differences(&w, c, false);
    write_unseen(&w, c);
    write_failures(&w, c);
    writer_print(&w,
                 "\nOf %" PRIu64 " %s rows; mean \u00b1 standard deviation of %" PRIu64
                 " seed%s. In brackets: 95%% intervals of a paired\nbootstrap over rows and seeds (%u resamples); *: "
                 "does not contain 0.\n",
                 c->rows, c->measured_validation ? "validation" : "test", c->seeds, c->seeds == 1 ? "" : "s",
                 c->resamples);
    if (c->measured_validation)
        writer_text(&w, "The epochs were also chosen on these rows: a test file would be a fairer test.\n");
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}

/* ---- CSV */

/* A text in quotes, with its own quotes doubled. */
static void write_quoted(writer *w, const char *text)
{
    writer_byte(w, '"');
    for (; *text != '\0'; text++)
        writer_repeat(w, *text, *text == '"' ? 2 : 1);
    writer_byte(w, '"');
}

static void write_trial(writer *w, const heed_trial *t)
{
    write_quoted(w, t->name);
    writer_byte(w, ',');
    write_quoted(w, t->architecture);
    writer_print(w, ",%" PRIu64 ",%s,", t->seed, heed_status_name(t->status));
    if (t->status == HEED_OK) {
        const double cells[] = {t->accuracy,        t->macro_f1, t->auc, t->loss, t->validation->accuracy,
                                t->validation->loss};
        char cell[NUMBER_TEXT];
        writer_print(w, "%u,%u,%.3f,%" PRIu64 ",", t->epochs, t->epoch_kept, t->seconds, t->parameters);
        for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
            writer_print(w, "%s,", number_cell(cell, cells[i], 9));
        writer_byte(w, '\n');
    } else {
        writer_text(w, ",,,,,,,,,,");
        write_quoted(w, t->problem);
        writer_byte(w, '\n');
    }
}

heed_status heed_comparison_csv(char **out, const heed_comparison *c, heed_error *error)
{
    writer w = {0};
    writer_text(&w, "name,architecture,seed,status,epochs,epoch_kept,seconds,parameters,accuracy,macro_f1,"
                    "auc,loss,val_accuracy,val_loss,problem\n");
    for (size_t i = 0; i < c->trial_count; i++)
        write_trial(&w, &c->trials[i]);
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}
