/* The faithfulness of explanations as tables for people and as JSON. */
#include <inttypes.h>
#include <jansson.h>
#include <math.h>

#include "base/status.h"
#include "explain/faithfulness.h"

enum { NAME = 14 };

static const char *method_name(const heed_method_faithfulness *m)
{
    return m->method == HEED_METHOD_AUTO ? "random order" : heed_method_name(m->method);
}

/* ---- for people */

/* "  +0.1234 [+0.1100, +0.1402] *": the star where the interval leaves out 0; a dash where nothing is defined. */
static heed_status print_signed(buffer *b, heed_interval i, bool star, heed_error *error)
{
    if (isnan(i.mean))
        return buffer_print(b, error, "  %-*s", star ? 28 : 26, "-");
    return buffer_print(b, error, "  %+.4f [%+.4f, %+.4f]%s", i.mean, i.low, i.high,
                        !star                     ? ""
                        : i.low > 0 || i.high < 0 ? " *"
                                                  : "  ");
}

/* Ends a line without the blanks of its last column. */
static heed_status end_line(buffer *b, heed_error *error)
{
    while (b->data[b->size - 1] == ' ')
        b->size--;
    return buffer_byte(b, '\n', error);
}

/* Of each method at 10, 20, 50% and their mean, and beside it the difference to random order. */
static heed_status print_losses(buffer *b, const heed_faithfulness_info *info, bool kept, heed_error *error)
{
    heed_status status = buffer_print(
        b, error, "\n%s\n%-*s  %7s  %7s  %7s  %-26s  %s\n",
        kept ? "sufficiency: what it loses where the top words alone are left (less is better)"
             : "comprehensiveness: what the label's probability loses without the top words (more is better)",
        NAME, "", "10%", "20%", "50%", "   mean", kept ? "under random order" : "over random order");
    for (size_t i = 0; i < info->count && status == HEED_OK; i++) {
        const heed_method_faithfulness *m = &info->methods[i];
        const heed_interval *l = kept ? m->sufficiency : m->comprehensiveness;
        status =
            buffer_print(b, error, "%-*s  %+.4f  %+.4f  %+.4f", NAME, method_name(m), l[0].mean, l[1].mean, l[2].mean);
        if (status == HEED_OK)
            status = print_signed(b, l[HEED_ERASED_MEAN], false, error);
        if (status == HEED_OK && m->method != HEED_METHOD_AUTO)
            status = print_signed(b, kept ? m->under_random : m->over_random, true, error);
        if (status == HEED_OK)
            status = end_line(b, error);
    }
    return status;
}

static heed_status print_checks(buffer *b, const heed_faithfulness_info *info, heed_error *error)
{
    heed_status status = buffer_print(b, error, "\n%-*s  %-28s  %-26s  %s\n", NAME, "", "gain: mean of the two",
                                      "tau with leave-one-out", "tau with random weights");
    for (size_t i = 0; i < info->count && status == HEED_OK; i++) {
        const heed_method_faithfulness *m = &info->methods[i];
        if (m->method == HEED_METHOD_AUTO)
            continue;
        status = buffer_print(b, error, "%-*s", NAME, method_name(m));
        if (status == HEED_OK)
            status = print_signed(b, m->gain, true, error);
        if (status == HEED_OK)
            status = print_signed(b, m->leave_one_out, false, error);
        if (status == HEED_OK)
            status = print_signed(b, m->random_weights, false, error);
        if (status == HEED_OK)
            status = end_line(b, error);
    }
    if (status == HEED_OK && !isnan(info->permuted.mean))
        status = buffer_print(b, error,
                              "\npermuted attention moves the output by %.4f [%.4f, %.4f] (median of a text, total "
                              "variation distance)\n",
                              info->permuted.mean, info->permuted.low, info->permuted.high);
    return status;
}

static heed_status print_sample(buffer *b, const heed_faithfulness_info *info, unsigned resamples, heed_error *error)
{
    heed_status status =
        buffer_print(b, error, "%" PRIu64 " of %" PRIu64 " texts, erased words %s, for the label answered", info->rows,
                     info->offered, info->erase == HEED_ERASE_UNK ? "read as <unk>" : "removed");
    if (status == HEED_OK && info->short_texts > 0)
        status = buffer_print(b, error, "; %" PRIu64 " more left out (fewer than two words, or over 10000)",
                              info->short_texts);
    return status == HEED_OK
               ? buffer_print(b, error,
                              "\nin brackets 95%% intervals of a bootstrap over texts (%u resamples); * leaves "
                              "out 0\n",
                              resamples)
               : status;
}

heed_status heed_faithfulness_report(const heed_faithfulness *f, char **out, heed_error *error)
{
    buffer b = {0};
    *out = NULL;
    heed_status status = print_sample(&b, &f->info, f->options.resamples, error);
    if (status == HEED_OK)
        status = print_losses(&b, &f->info, false, error);
    if (status == HEED_OK)
        status = print_losses(&b, &f->info, true, error);
    if (status == HEED_OK)
        status = print_checks(&b, &f->info, error);
    if (status == HEED_OK && f->info.best == HEED_METHOD_AUTO)
        status = buffer_print(&b, error, "\nmost faithful: none; no gain's interval lies above 0\n");
    else if (status == HEED_OK)
        status = buffer_print(&b, error, "\nmost faithful: %s, by its gain\n", heed_method_name(f->info.best));
    if (status == HEED_OK)
        status = buffer_take(&b, out, error);
    buffer_release(&b);
    return status;
}

/* ---- JSON */

static json_t *number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

static json_t *interval_object(heed_interval i)
{
    return json_pack("{s:o, s:o, s:o}", "mean", number(i.mean), "low", number(i.low), "high", number(i.high));
}

static json_t *erased_object(const heed_interval *i)
{
    return json_pack("{s:o, s:o, s:o, s:o}", "10", interval_object(i[HEED_ERASED_10]), "20",
                     interval_object(i[HEED_ERASED_20]), "50", interval_object(i[HEED_ERASED_50]), "mean",
                     interval_object(i[HEED_ERASED_MEAN]));
}

static json_t *method_object(const heed_method_faithfulness *m)
{
    return json_pack("{s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "method",
                     m->method == HEED_METHOD_AUTO ? "random" : heed_method_name(m->method), "comprehensiveness",
                     erased_object(m->comprehensiveness), "sufficiency", erased_object(m->sufficiency), "over_random",
                     interval_object(m->over_random), "under_random", interval_object(m->under_random), "gain",
                     interval_object(m->gain), "leave_one_out_tau", interval_object(m->leave_one_out),
                     "random_weights_tau", interval_object(m->random_weights));
}

heed_status heed_faithfulness_json(const heed_faithfulness *f, char **out, heed_error *error)
{
    const heed_faithfulness_info *info = &f->info;
    const heed_faithfulness_options *o = &f->options;
    json_t *methods = json_array();
    bool fine = methods != NULL;
    for (size_t i = 0; i < info->count && fine; i++)
        fine = json_array_append_new(methods, method_object(&info->methods[i])) == 0;
    json_t *best = info->best == HEED_METHOD_AUTO ? json_null() : json_string(heed_method_name(info->best));
    json_t *root =
        json_pack("{s:I, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "rows", (json_int_t)info->rows, "offered",
                  (json_int_t)info->offered, "left_out", (json_int_t)info->short_texts, "erase",
                  info->erase == HEED_ERASE_UNK ? "unk" : "remove", "orders", (json_int_t)o->orders, "permutations",
                  (json_int_t)o->permutations, "resamples", (json_int_t)o->resamples, "seed", (json_int_t)o->seed,
                  "permuted_attention", interval_object(info->permuted), "best", best, "methods", methods);
    *out = fine && root != NULL ? json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(root);
    return *out == NULL ? fail_memory(error, "faithfulness") : HEED_OK;
}
