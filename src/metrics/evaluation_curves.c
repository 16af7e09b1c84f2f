/* An evaluation's curves as a table, for plotting. */
#include <math.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/memory.h"
#include "base/status.h"
#include "metrics/questions.h"

static void write_head(writer *w, const char *kind, heed_bytes label)
{
    writer_print(w, "%s,", kind);
    if (label.size == 0)
        writer_text(w, "\"\"");
    escape_field(w, label, ',');
}

static heed_status write_curve(writer *w, const char *kind, heed_bytes label, curve_maker *make, const scored *items,
                               size_t rows, heed_error *error)
{
    curve c = {0};
    heed_status status = make(&c, items, rows, error);
    for (size_t i = 0; i < c.count; i++) {
        write_head(w, kind, label);
        writer_print(w, ",%.15g,%.15g,%.9g,\n", c.x[i], c.y[i], c.threshold[i]);
    }
    curve_release(&c);
    return status;
}

static void write_calibration(writer *w, heed_bytes label, const scored *items, size_t rows)
{
    calibration_bin bins[CALIBRATION_BINS];
    calibration_fill(bins, CALIBRATION_BINS, items, rows);
    for (size_t i = 0; i < CALIBRATION_BINS; i++) {
        double in_bin = (double)bins[i].rows;
        if (bins[i].rows == 0)
            continue;
        write_head(w, "calibration", label);
        writer_print(w, ",%.15g,%.15g,,%.0f\n", bins[i].sum / in_bin, (double)bins[i].positives / in_bin, in_bin);
    }
}

/* A label against the rest. Curves that are not defined are left out. items [rows]: scratch. */
static heed_status write_label(writer *w, const heed_evaluation *e, size_t label, scored *items, heed_error *error)
{
    const curve_areas *areas = &e->areas[label];
    heed_bytes name = evaluation_name(e, label);
    heed_status status = HEED_OK;
    size_t rows = evaluation_fill_items(items, e, label);
    if (!isnan(areas->roc))
        TRY(write_curve(w, "roc", name, roc_curve, items, rows, error));
    if (!isnan(areas->average_precision))
        TRY(write_curve(w, "precision_recall", name, precision_recall_curve, items, rows, error));
    write_calibration(w, name, items, rows);
done:
    return status;
}

heed_status heed_evaluation_curves_csv(char **out, const heed_evaluation *evaluation, heed_error *error)
{
    const heed_evaluation *e = evaluation;
    writer w = {0};
    scored *items = NULL;
    heed_status status;
    *out = NULL;
    TRY(evaluation_check_finished(e, error));
    items = memory_array(e->rows, sizeof *items);
    TRY(items == NULL ? fail_memory(error, "the scores of an evaluation") : HEED_OK);
    writer_text(&w, "curve,label,x,y,threshold,rows\n");
    for (size_t i = 0; i < e->label_count; i++)
        if (evaluation_asks(e, i))
            TRY(write_label(&w, e, i, items, error));
    status = writer_take(&w, out, NULL, error);
done:
    writer_release(&w);
    free(items);
    return status;
}
