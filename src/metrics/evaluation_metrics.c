/* An evaluation's metrics and intervals by name. */
#include <math.h>
#include <string.h>

#include "base/compose.h"
#include "base/status.h"
#include "base/writer.h"
#include "metrics/metric_table.h"
#include "metrics/unseen.h"

#define LABEL_METRICS "f1:LABEL, precision:LABEL, recall:LABEL"
#define UNSEEN_METRICS "; unseen. before a name: of the rows that the model has not seen"

/* ---- names */

/* What a name refers to: a metric of the table, or the score of a label. */
typedef struct named_metric {
    const metric *metric; /* NULL: of a label */
    uint32_t label;
    score score;
} named_metric;

/* known: the valid names; released. */
static heed_status fail_unknown(const char *what, const char *name, writer *known, heed_error *error)
{
    writer_byte(known, '\0');
    heed_status status = writer_check(known, error);
    if (status == HEED_OK)
        status =
            fail(error, HEED_USAGE, "evaluation: there is no %s '%s', expected one of: %s", what, name, known->data);
    writer_release(known);
    return status;
}

static heed_status fail_metric(const heed_evaluation *e, const char *name, heed_error *error)
{
    writer known = {0};
    for (size_t i = 0; i < metric_count; i++)
        if (metric_is_defined(&metrics[i], e))
            writer_print(&known, "%s, ", metrics[i].name);
    writer_text(&known, LABEL_METRICS UNSEEN_METRICS);
    return fail_unknown("metric", name, &known, error);
}

static heed_status fail_interval(const heed_evaluation *e, const char *name, heed_error *error)
{
    writer known = {0};
    for (size_t i = 0; i < metric_count; i++)
        if (metrics[i].resampled && metric_is_defined(&metrics[i], e) && !metric_is_average(&metrics[i]))
            writer_print(&known, "%s, ", metrics[i].name);
    writer_text(&known, "macro_, weighted_ or micro_f1, _precision or _recall, " LABEL_METRICS);
    return fail_unknown("interval of", name, &known, error);
}

static heed_status fail_label(const heed_evaluation *e, const char *label, heed_error *error)
{
    writer known = {0};
    for (size_t i = 0; i < e->label_count; i++) {
        heed_bytes name = evaluation_name(e, i);
        writer_text(&known, i > 0 ? ", " : "");
        writer_bytes(&known, name.data, name.size);
    }
    return fail_unknown("label", label, &known, error);
}

static heed_status named_metric_find(named_metric *out, const heed_evaluation *e, const char *name, heed_error *error)
{
    *out = (named_metric){.metric = metric_find(name)};
    if (out->metric != NULL && metric_is_defined(out->metric, e))
        return HEED_OK;
    out->metric = NULL;
    for (score i = 0; i < SCORE_COUNT; i++) {
        const char *of = names_of(&score_names, i);
        size_t size = strlen(of);
        if (strncmp(name, of, size) != 0 || name[size] != ':')
            continue;
        const char *label = name + size + 1;
        out->score = i;
        out->label = compose_find(&e->names, bytes_of(label));
        return out->label != INTERN_NONE ? HEED_OK : fail_label(e, label, error);
    }
    return fail_metric(e, name, error);
}

/* ---- metrics and intervals */

heed_status heed_evaluation_check_metric(const heed_evaluation *evaluation, const char *name, heed_error *error)
{
    named_metric found;
    unseen_named(&name);
    return named_metric_find(&found, evaluation, name, error);
}

/* The evaluation that a name is about, and the name within it; NULL: the rows that it is about are none. */
static heed_status named_evaluation(const heed_evaluation **out, const char **name, const heed_evaluation *e,
                                    heed_error *error)
{
    named_metric found;
    bool unseen = unseen_named(name);
    *out = unseen ? heed_evaluation_unseen(e) : e;
    if (unseen && e->judged_rows == 0)
        return fail(error, HEED_USAGE,
                    "evaluation: unseen.%.100s: it is not known which rows the model saw (heed_evaluation_saw)", *name);
    heed_status status = named_metric_find(&found, e, *name, error);
    if (*out != NULL && named_metric_find(&found, *out, *name, NULL) != HEED_OK) /* a label of seen rows only */
        *out = NULL;
    return status;
}

static double named_metric_value(const heed_evaluation *e, named_metric f)
{
    return f.metric != NULL ? metric_value(f.metric, e) : scores_of(e->counts.of[f.label]).of[f.score];
}

heed_status heed_evaluation_metric(double *out, const heed_evaluation *evaluation, const char *name, heed_error *error)
{
    const heed_evaluation *e;
    named_metric found;
    heed_status status;
    *out = 0;
    TRY(evaluation_check_finished(evaluation, error));
    TRY(named_evaluation(&e, &name, evaluation, error));
    *out =
        e != NULL && named_metric_find(&found, e, name, NULL) == HEED_OK ? named_metric_value(e, found) : (double)NAN;
done:
    return status;
}

heed_status heed_evaluation_interval(heed_interval *out, const heed_evaluation *evaluation, const char *name,
                                     heed_error *error)
{
    const heed_evaluation *e = evaluation;
    named_metric found;
    *out = (heed_interval){0};
    if (unseen_named(&name) && (e = heed_evaluation_unseen(evaluation)) == NULL)
        return fail(error, HEED_USAGE,
                    "evaluation: there are no rows of which it is known that the model has not seen them");
    if (e->resamples == 0)
        return fail(error, HEED_USAGE, "evaluation: call heed_evaluation_bootstrap before asking for intervals");
    if (named_metric_find(&found, e, name, NULL) != HEED_OK || (found.metric != NULL && !found.metric->resampled))
        return fail_interval(e, name, error);
    interval range = found.metric != NULL ? metric_interval(found.metric, e)
                                          : evaluation_interval(e, interval_of_label(found.label, found.score));
    *out = (heed_interval){named_metric_value(e, found), range.low, range.high};
    return HEED_OK;
}
