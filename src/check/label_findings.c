#include "check/label_findings.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "check/statistics.h"
#include "check/wording.h"
#include "data/labels_alike.h"

enum {
    SHOWN = 5,          /* labels of a finding */
    RARE = 10,          /* training rows that a label should have */
    FEW_ROWS = 30,      /* of which shares say nothing */
    EXPECTED_LEAST = 10 /* rows of a label that a part lacks: chance alone has none of them once in 22,000 */
};

#define BALANCE_CHANCE 0.001
#define BALANCE_DISTANCE 0.02 /* smaller ones do not matter, however sure they are */

/* Some labels, and what is said of them. */
typedef struct label_list {
    writer names;
    uint64_t labels, rows;
} label_list;

static void list_add(label_list *list, const heed_check *c, uint32_t label, uint64_t rows)
{
    if (list->labels++ < SHOWN) {
        writer_text(&list->names, list->labels > 1 ? ", " : "");
        say_label(&list->names, intern_word(&c->labels.names, label));
        writer_print(&list->names, " (%" PRIu64 ")", rows);
    }
    list->rows += rows;
}

static void list_say(writer *w, label_list *list)
{
    writer_bytes(w, list->names.data, list->names.size);
    if (list->names.problem != 0)
        writer_fail(w, list->names.problem);
    if (list->labels > SHOWN)
        writer_print(w, " and %" PRIu64 " more", list->labels - SHOWN);
    writer_release(&list->names);
}

/* The first row of a part (PARTS: of any) that has the label. */
static size_t first_with(const heed_check *c, uint32_t label, unsigned part)
{
    for (size_t i = 0; i < c->row_count; i++) {
        uint32_t set = c->rows[i].label;
        if (set == NO_LABEL || (part < PARTS && part_of(&c->rows[i]) != part))
            continue;
        for (size_t k = c->labels.first[set]; k < c->labels.first[set + 1]; k++)
            if (c->labels.of_set[k] == label)
                return i;
    }
    return SIZE_MAX;
}

static uint64_t labelled(const heed_check *c, unsigned part)
{
    uint64_t rows = 0;
    for (size_t i = 0; i < c->row_count; i++)
        rows += part_of(&c->rows[i]) == part && c->rows[i].label != NO_LABEL;
    return rows;
}

/* ---- labels that training lacks */

static void missing_from_training(heed_check *c, unsigned part)
{
    label_list list = {0};
    uint32_t first = NO_LABEL;
    for (uint32_t i = 0; i < c->labels.names.count; i++) {
        if (c->labels.rows[i][0] > 0 || c->labels.rows[i][part] == 0)
            continue;
        first = first == NO_LABEL ? i : first;
        list_add(&list, c, i, c->labels.rows[i][part]);
    }
    if (list.labels == 0)
        return;
    size_t row = first_with(c, first, part);
    writer *w = finding_begin(&c->found, "labels-missing-from-training", list.rows, c->rows_of[part], row);
    finding_is_serious(&c->found);
    finding_parts(&c->found, part, 0);
    finding_figure(&c->found, "labels", (double)list.labels);
    say_rows(w, list.rows, part);
    writer_print(w, " %s a label that no training row has: ", list.rows == 1 ? "has" : "have");
    list_say(w, &list);
    writer_text(w, "; the first: ");
    say_place(w, c, row);
    writer_text(w, "; a model can never answer it: add such rows to training, or map or drop the label");
}

/* ---- labels that another part lacks */

static void missing_from_part(heed_check *c, unsigned part)
{
    double in_training = (double)labelled(c, 0), in_part = (double)labelled(c, part);
    label_list list = {0};
    uint32_t first = NO_LABEL;
    for (uint32_t i = 0; i < c->labels.names.count; i++) {
        double expected = (double)c->labels.rows[i][0] / in_training * in_part;
        if (c->labels.rows[i][part] > 0 || !(expected >= EXPECTED_LEAST))
            continue;
        first = first == NO_LABEL ? i : first;
        list_add(&list, c, i, c->labels.rows[i][0]);
    }
    if (list.labels == 0)
        return;
    writer *w = finding_begin(&c->found, "labels-missing", list.rows, c->rows_of[0], first_with(c, first, 0));
    finding_parts(&c->found, 0, part);
    finding_figure(&c->found, "labels", (double)list.labels);
    writer_print(w, "no %s row has a label that training rows have: ", part_word(part));
    list_say(w, &list);
    writer_print(w, "; the %s part says nothing about it", part_word(part));
}

/* ---- rare labels, and rows without one */

static void rare_labels(heed_check *c)
{
    label_list list = {0};
    uint32_t first = NO_LABEL;
    for (uint32_t i = 0; i < c->labels.names.count; i++) {
        if (c->labels.rows[i][0] == 0 || c->labels.rows[i][0] >= RARE)
            continue;
        first = first == NO_LABEL ? i : first;
        list_add(&list, c, i, c->labels.rows[i][0]);
    }
    if (list.labels == 0)
        return;
    size_t row = first_with(c, first, 0);
    writer *w = finding_begin(&c->found, "rare-labels", list.rows, c->rows_of[0], row);
    finding_parts(&c->found, 0, 0);
    finding_figure(&c->found, "labels", (double)list.labels);
    writer_print(w, "%" PRIu64 " label%s fewer than %d training rows, too few to be learnt: ", list.labels,
                 list.labels == 1 ? " has" : "s have", RARE);
    list_say(w, &list);
    writer_text(w, "; the first: ");
    say_place(w, c, row);
    writer_text(w, "; add rows, or join labels (--label-map)");
}

/* Where other rows of the part have one. */
static void unlabelled_rows(heed_check *c, unsigned part)
{
    uint64_t with = labelled(c, part), without = c->rows_of[part] - with;
    size_t first = 0;
    if (with == 0 || without == 0)
        return;
    while (part_of(&c->rows[first]) != part || c->rows[first].label != NO_LABEL)
        first++;
    writer *w = finding_begin(&c->found, "no-label", without, c->rows_of[part], first);
    finding_parts(&c->found, part, part);
    say_rows(w, without, part);
    writer_text(w, without == 1 ? " has no label; the first: " : " have no label; the first: ");
    say_place(w, c, first);
    writer_text(w, "; heed train refuses them unless they are left out (--drop-label '')");
}

/* ---- spellings */

static heed_status alike_labels(heed_check *c, heed_error *error)
{
    uint32_t count = c->labels.names.count;
    uint64_t *rows = memory_array(count, sizeof *rows);
    writer line = {0};
    heed_status status = rows == NULL ? fail_memory(error, "labels") : HEED_OK;
    for (uint32_t i = 0; i < count && status == HEED_OK; i++)
        rows[i] = c->labels.rows[i][0] + c->labels.rows[i][1] + c->labels.rows[i][2];
    if (status == HEED_OK)
        status = labels_alike_find(&line, (const char *const *)c->labels.texts, rows, count, error);
    if (status == HEED_OK && line.size > 0) {
        writer *w = finding_begin(&c->found, "labels-alike", c->row_count, c->row_count, SIZE_MAX);
        writer_bytes(w, line.data, line.size);
    }
    writer_release(&line);
    free(rows);
    return status;
}

/* ---- balance */

static void balance_say(heed_check *c, unsigned part, const shares_test *t, const double share[2])
{
    writer *w = finding_begin(&c->found, "balance", c->rows_of[part], c->rows_of[part], SIZE_MAX);
    finding_parts(&c->found, part, 0);
    finding_figure(&c->found, "chi_squared", t->statistic);
    finding_figure(&c->found, "degrees_of_freedom", t->degrees);
    finding_figure(&c->found, "p", t->p);
    finding_figure(&c->found, "distance", t->distance);
    writer_print(w, "the %s part has another balance of labels than training: ", part_word(part));
    say_label(w, intern_word(&c->labels.names, (uint32_t)t->most));
    writer_text(w, " is ");
    say_share(w, share[0]);
    writer_text(w, " of the training rows and ");
    say_share(w, share[1]);
    writer_print(w, " of the %s rows (chi-squared %.3g, %u degree%s of freedom, p %.1g); ", part_word(part),
                 t->statistic, t->degrees, t->degrees == 1 ? "" : "s", t->p);
    writer_text(w, "thresholds and figures do not carry over: draw the parts from the same rows");
}

static heed_status balance_compare(heed_check *c, unsigned part, heed_error *error)
{
    uint32_t count = c->labels.names.count;
    uint64_t *counts[2] = {memory_array(count, sizeof **counts), memory_array(count, sizeof **counts)};
    double rows[2] = {0};
    bool complete = counts[0] != NULL && counts[1] != NULL;
    for (uint32_t i = 0; i < count && complete; i++) {
        rows[0] += (double)(counts[0][i] = c->labels.rows[i][0]);
        rows[1] += (double)(counts[1][i] = c->labels.rows[i][part]);
    }
    if (complete && rows[0] >= FEW_ROWS && rows[1] >= FEW_ROWS) {
        shares_test t = shares_compare(counts[0], counts[1], count);
        double share[2] = {(double)counts[0][t.most] / rows[0], (double)counts[1][t.most] / rows[1]};
        if (t.p < BALANCE_CHANCE && t.distance >= BALANCE_DISTANCE)
            balance_say(c, part, &t, share);
    }
    free(counts[0]);
    free(counts[1]);
    return complete ? HEED_OK : fail_memory(error, "labels");
}

heed_status label_findings(heed_check *check, pool *workers, heed_error *error)
{
    (void)workers;
    heed_status status = HEED_OK;
    for (unsigned part = 0; part < PARTS; part++)
        unlabelled_rows(check, part);
    if (check->labels.names.count == 0)
        return HEED_OK;
    rare_labels(check);
    for (unsigned part = 1; part < PARTS && check->rows_of[0] > 0; part++) {
        if (labelled(check, 0) == 0 || labelled(check, part) == 0)
            continue;
        missing_from_training(check, part);
        missing_from_part(check, part);
        TRY(balance_compare(check, part, error));
    }
    status = alike_labels(check, error);
done:
    return status;
}
