/* Requirements on the metrics of an evaluation, such as "macro_f1=0.85". */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"
#include "metrics/metric_table.h"
#include "metrics/unseen.h"

typedef struct requirement {
    char metric[512];
    double value; /* which the metric must reach, or, if lower is better, must not exceed */
} requirement;

/* The value comes after the last =, as a label may contain others: "f1:a=b=0.5". */
static heed_status requirement_read(requirement *out, const char *text, heed_error *error)
{
    const char *equals = strrchr(text, '=');
    size_t size = equals == NULL ? 0 : (size_t)(equals - text);
    if (size == 0 || size >= sizeof out->metric || !number_parse(&out->value, bytes_of(equals + 1)))
        return fail(error, HEED_USAGE, "--require: found '%s', expected a metric and a number such as macro_f1=0.85",
                    text);
    memcpy(out->metric, text, size);
    out->metric[size] = '\0';
    return HEED_OK;
}

heed_status heed_evaluation_check_requirements(const heed_evaluation *evaluation, const char *const *requirements,
                                               size_t count, heed_error *error)
{
    requirement r;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++) {
        TRY(requirement_read(&r, requirements[i], error));
        TRY(evaluation == NULL ? HEED_OK : heed_evaluation_check_metric(evaluation, r.metric, error));
    }
done:
    return status;
}

/* Adds the requirement to the missed ones if it is not met, or if its metric is undefined. */
static void weigh(writer *missed, const requirement *r, double value)
{
    const char *name = r->metric;
    unseen_named(&name);
    const metric *m = metric_find(name);
    bool falling = m != NULL && m->falling;
    if (!isnan(value) && (falling ? value <= r->value : value >= r->value))
        return;
    char found[NUMBER_TEXT];
    writer_print(missed, "%s%s is %s, required is at %s %.6g", missed->size > 0 ? "; " : "", r->metric,
                 isnan(value) ? "not defined for these rows" : number_cell(found, value, 6), falling ? "most" : "least",
                 r->value);
}

heed_status heed_evaluation_require(const heed_evaluation *evaluation, const char *const *requirements, size_t count,
                                    heed_error *error)
{
    writer missed = {0};
    requirement r;
    double value = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++) {
        TRY(requirement_read(&r, requirements[i], error));
        TRY(heed_evaluation_metric(&value, evaluation, r.metric, error));
        weigh(&missed, &r, value);
    }
    writer_byte(&missed, '\0');
    TRY(writer_check(&missed, error));
    if (missed.size > 1)
        status = fail(error, HEED_UNMET, "%s", missed.data);
done:
    writer_release(&missed);
    return status;
}
