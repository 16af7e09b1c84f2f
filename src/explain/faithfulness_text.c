/* The faithfulness of explanations as tables for people and as JSON. */
#include <inttypes.h>
#include <math.h>

#include "base/json.h"
#include "base/writer.h"
#include "explain/faithfulness.h"
#include "metrics/bootstrap.h"
#include "options/choices.h"

/* ---- for people */

enum { NAME = 14 };

/* "  +0.1234 [+0.1100, +0.1402] *", with a star if the interval does not contain 0; "  +0.1234" without an interval; a
 * dash if undefined. */
static void print_signed(writer *w, heed_interval i, bool star)
{
    if (isnan(i.mean))
        writer_print(w, "  %-*s", star ? 28 : 26, "-");
    else if (isnan(i.low))
        writer_print(w, "  %-+*.4f", star ? 28 : 26, i.mean);
    else
        writer_print(w, "  %+.4f [%+.4f, %+.4f]%s", i.mean, i.low, i.high,
                     !star                   ? ""
                     : difference_is_sure(i) ? " *"
                                             : "  ");
}

/* Ends a line without the blanks of its last column. */
static void end_line(writer *w)
{
    while (w->size > 0 && w->data[w->size - 1] == ' ')
        w->size--;
    writer_byte(w, '\n');
}

/* For each method at 10, 20, 50% and their mean, and the difference from random order. */
static void print_losses(writer *w, const heed_faithfulness *f, bool kept)
{
    writer_print(
        w, "\n%s\n%-*s  %7s  %7s  %7s  %-26s  %s\n",
        kept ? "sufficiency: how much the probability falls with only the top words (lower is better)"
             : "comprehensiveness: how much the label's probability falls without the top words (higher is better)",
        NAME, "", "10%", "20%", "50%", "   mean", kept ? "under random order" : "over random order");
    for (size_t i = 0; i < f->info.method_count; i++) {
        const heed_method_faithfulness *m = &f->methods[i];
        const heed_interval *l = kept ? m->sufficiency : m->comprehensiveness;
        writer_print(w, "%-*s  %+.4f  %+.4f  %+.4f", NAME, order_name(m->method), l[HEED_ERASED_10].mean,
                     l[HEED_ERASED_20].mean, l[HEED_ERASED_50].mean);
        print_signed(w, l[HEED_ERASED_MEAN], false);
        if (m->method != HEED_METHOD_AUTO)
            print_signed(w, kept ? m->under_random : m->over_random, true);
        end_line(w);
    }
}

static void print_permuted(writer *w, heed_interval change)
{
    writer_print(w, "\npermuted attention changes the output by %.4f", change.mean);
    if (!isnan(change.low))
        writer_print(w, " [%.4f, %.4f]", change.low, change.high);
    writer_text(w, " (median of a text, total variation distance)\n");
}

static void print_checks(writer *w, const heed_faithfulness *f)
{
    writer_print(w, "\n%-*s  %-28s  %-26s  %s\n", NAME, "", "gain: mean of the two", "tau with leave-one-out",
                 "tau with random weights");
    for (size_t i = 0; i < f->info.method_count; i++) {
        const heed_method_faithfulness *m = &f->methods[i];
        if (m->method == HEED_METHOD_AUTO)
            continue;
        writer_print(w, "%-*s", NAME, order_name(m->method));
        print_signed(w, m->gain, true);
        print_signed(w, m->leave_one_out, false);
        print_signed(w, m->random_weights, false);
        end_line(w);
    }
    if (!isnan(f->info.permuted.mean))
        print_permuted(w, f->info.permuted);
}

static void print_sample(writer *w, const heed_faithfulness *f, unsigned resamples)
{
    writer_print(w, "%" PRIu64 " of %" PRIu64 " texts, erased words %s, for the predicted label", f->info.rows,
                 f->info.offered, f->info.erase == HEED_ERASE_UNK ? "replaced by <unk>" : "removed");
    if (f->info.short_texts > 0)
        writer_print(w, "; %" PRIu64 " more left out (fewer than two words, or over 10000)", f->info.short_texts);
    if (f->info.seen > 0)
        writer_print(w, "\nof these texts the model saw %" PRIu64 " in training", f->info.seen);
    if (f->info.rows < MIN_BOOTSTRAP_ROWS)
        writer_text(w, "\nno intervals: they take at least two texts\n");
    else
        writer_print(w,
                     "\nin brackets: 95%% intervals of a bootstrap over texts (%u resamples); *: does not contain 0\n",
                     resamples);
}

/* The best method, and whether it is sure that it is. */
static void print_best(writer *w, const heed_faithfulness_info *info)
{
    const heed_interval lead = info->lead;
    writer_print(w, "\nmost faithful: %s, by its gain\n", heed_method_name(info->best));
    if (info->rival == HEED_METHOD_AUTO)
        return;
    writer_print(w, "its lead over %s: %+.4f [%+.4f, %+.4f]", heed_method_name(info->rival), lead.mean, lead.low,
                 lead.high);
    if (info->rows_needed > 0)
        writer_print(w, "; too few texts to tell the two apart, about %" PRIu64 "%s would", info->rows_needed,
                     info->rows_needed == 1000000 ? " or more" : "");
    writer_text(w, "\n");
}

heed_status heed_faithfulness_report(char **out, const heed_faithfulness *f, heed_error *error)
{
    writer w = {0};
    print_sample(&w, f, f->options.resamples);
    print_losses(&w, f, false);
    print_losses(&w, f, true);
    print_checks(&w, f);
    if (f->info.best == HEED_METHOD_AUTO)
        writer_text(&w, f->info.rows < MIN_BOOTSTRAP_ROWS
                            ? "\nmost faithful: none; one text says nothing about others\n"
                            : "\nmost faithful: none; no interval of a gain is above 0\n");
    else
        print_best(&w, &f->info);
    heed_status status = writer_take(&w, out, NULL, error);
    writer_release(&w);
    return status;
}

/* ---- JSON */

static void put_interval(json_builder *j, const char *key, heed_interval i)
{
    json_open_object(j, key);
    json_put_number(j, "mean", i.mean);
    json_put_number(j, "low", i.low);
    json_put_number(j, "high", i.high);
    json_close(j);
}

static void put_erased(json_builder *j, const char *key, const heed_interval *i)
{
    static const char *const shares[HEED_ERASED] = {"10", "20", "50", "mean"};
    json_open_object(j, key);
    for (int s = 0; s < HEED_ERASED; s++)
        put_interval(j, shares[s], i[s]);
    json_close(j);
}

static void put_method(json_builder *j, const heed_method_faithfulness *m)
{
    json_open_object(j, NULL);
    json_put_text(j, "method", m->method == HEED_METHOD_AUTO ? "random" : heed_method_name(m->method));
    put_erased(j, "comprehensiveness", m->comprehensiveness);
    put_erased(j, "sufficiency", m->sufficiency);
    put_interval(j, "over_random", m->over_random);
    put_interval(j, "under_random", m->under_random);
    put_interval(j, "gain", m->gain);
    put_interval(j, "leave_one_out_tau", m->leave_one_out);
    put_interval(j, "random_weights_tau", m->random_weights);
    json_close(j);
}

heed_status heed_faithfulness_json(char **out, const heed_faithfulness *f, heed_error *error)
{
    const heed_faithfulness_options *o = &f->options;
    json_builder j = {0};
    json_open_object(&j, NULL);
    json_put_count(&j, "rows", f->info.rows);
    json_put_count(&j, "offered", f->info.offered);
    json_put_count(&j, "left_out", f->info.short_texts);
    if (heed_model_digests(f->model) > 0)
        json_put_count(&j, "seen", f->info.seen);
    else
        json_put_null(&j, "seen");
    json_put_text(&j, "erase", names_of(&erase_names, f->info.erase));
    json_put_count(&j, "orders", o->orders);
    json_put_count(&j, "permutations", o->permutations);
    json_put_count(&j, "resamples", o->resamples);
    json_put_count(&j, "seed", o->seed);
    put_interval(&j, "permuted_attention", f->info.permuted);
    json_put_text(&j, "best", f->info.best == HEED_METHOD_AUTO ? NULL : heed_method_name(f->info.best));
    json_put_text(&j, "rival", f->info.rival == HEED_METHOD_AUTO ? NULL : heed_method_name(f->info.rival));
    if (f->info.rival != HEED_METHOD_AUTO) {
        put_interval(&j, "lead", f->info.lead);
        json_put_count(&j, "rows_needed", f->info.rows_needed);
    }
    json_open_list(&j, "methods");
    for (size_t i = 0; i < f->info.method_count; i++)
        put_method(&j, &f->methods[i]);
    json_close(&j);
    json_close(&j);
    return json_take(&j, out, "faithfulness", error);
}
