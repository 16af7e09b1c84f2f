/* Requirements on the metrics of an evaluation, such as "macro_f1=0.85". */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"
#include "metrics/metric_table.h"

typedef struct requirement {
    char figure[512];
    double value; /* which the metric must reach, or, if lower is better, must not exceed */
} requirement;

/* The value comes after the last =, as a label may contain others: "f1:a=b=0.5". */
static heed_status requirement_read(requirement *out, const char *text, heed_error *error)
{
    const char *equals = strrchr(text, '=');
    size_t size = equals == NULL ? 0 : (size_t)(equals - text);
    if (size == 0 || size >= sizeof out->figure || !number_parse(&out->value, bytes_of(equals + 1)))
        return fail(error, HEED_USAGE, "--require: found '%s', expected a metric and a number such as macro_f1=0.85",
                    text);
    memcpy(out->figure, text, size);
    out->figure[size] = '\0';
    return HEED_OK;
}

heed_status heed_evaluation_check_requirements(const heed_evaluation *evaluation, const char *const *requirements,
                                               size_t count, heed_error *error)
{
    requirement r;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++) {
        TRY(requirement_read(&r, requirements[i], error));
        TRY(evaluation == NULL ? HEED_OK : heed_evaluation_check_metric(evaluation, r.figure, error));
    }
done:
    return status;
}

/* Adds the requirement to the missed ones if it is not met, or if its metric is undefined. */
static void weigh(writer *missed, const requirement *r, double figure)
{
    const metric *m = metric_find(r->figure);
    bool falling = m != NULL && m->falling;
    if (!isnan(figure) && (falling ? figure <= r->value : figure >= r->value))
        return;
    writer_print(missed, "%s%s is %.6g, required is at %s %.6g", missed->size > 0 ? "; " : "", r->figure, figure,
                 falling ? "most" : "least", r->value);
}

heed_status heed_evaluation_require(const heed_evaluation *evaluation, const char *const *requirements, size_t count,
                                    heed_error *error)
{
    writer missed = {0};
    requirement r;
    double figure = 0;
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++) {
        TRY(requirement_read(&r, requirements[i], error));
        TRY(heed_evaluation_metric(evaluation, r.figure, &figure, error));
        weigh(&missed, &r, figure);
    }
    writer_byte(&missed, '\0');
    TRY(writer_check(&missed, error));
    if (missed.size > 1)
        status = fail(error, HEED_UNMET, "%s", missed.data);
done:
    writer_release(&missed);
    return status;
}
