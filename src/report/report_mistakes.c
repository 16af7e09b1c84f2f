#include "report/report_mistakes.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/status.h"
#include "explain/explainer.h"

/* With one label per row: the prediction, if it is wrong. */
static bool find_wrong_answer(kept_row *out, const heed_evaluation *e, size_t row, uint64_t *wrong)
{
    const answer_rule rule = evaluation_rule(e);
    const float *p = evaluation_row(e, row);
    size_t answer = answer_one(&rule, p);
    bool found = answer != evaluation_truth(e, row);
    *out = (kept_row){.row = (uint32_t)row, .label = (uint32_t)answer, .given = true, .sure = p[answer]};
    *wrong += found;
    return found;
}

/* With several labels per row: the most confident wrong prediction, yes or no. */
static bool find_wrong_label(kept_row *out, const heed_evaluation *e, size_t row, uint64_t *wrong)
{
    const answer_rule rule = evaluation_rule(e);
    const float *p = evaluation_row(e, row);
    bool found = false;
    for (size_t i = 0; i < e->label_count; i++) {
        bool given = answer_has(&rule, p, i);
        float sure = given ? p[i] : 1 - p[i];
        if (given == evaluation_has_truth(e, row, i))
            continue;
        ++*wrong;
        if (!found || sure > out->sure)
            *out = (kept_row){.row = (uint32_t)row, .label = (uint32_t)i, .given = given, .sure = sure};
        found = true;
    }
    return found;
}

static void release_row(kept_row *row)
{
    free(row->text);
    free(row->id);
    heed_explanation_free(row->explanation);
}

/* Inserts an error among the most confident ones, after an earlier row with the same probability. */
static void insert(mistake_list *m, kept_row mistake)
{
    if (m->count == REPORT_MISTAKES)
        release_row(&m->rows[--m->count]);
    size_t at = m->count++;
    for (; at > 0 && m->rows[at - 1].sure < mistake.sure; at--)
        m->rows[at] = m->rows[at - 1];
    m->rows[at] = mistake;
}

heed_status mistakes_add(mistake_list *m, const heed_evaluation *e, size_t row, heed_bytes text, heed_bytes id,
                         heed_error *error)
{
    kept_row mistake = {0};
    bool wrong = evaluation_is_multilabel(e) ? find_wrong_label(&mistake, e, row, &m->wrong)
                                             : find_wrong_answer(&mistake, e, row, &m->wrong);
    if (!wrong || (m->count == REPORT_MISTAKES && !(mistake.sure > m->rows[REPORT_MISTAKES - 1].sure)))
        return HEED_OK;
    mistake.size = text.size;
    mistake.text = memory_copy(text.size > 0 ? text.data : "", text.size);
    mistake.id = id.data != NULL ? memory_copy(id.data, id.size) : NULL;
    if (mistake.text == NULL || (id.data != NULL && mistake.id == NULL)) {
        release_row(&mistake);
        return fail_memory(error, "a report");
    }
    insert(m, mistake);
    return HEED_OK;
}

heed_status mistakes_explain(mistake_list *m, const heed_model *model, unsigned threads, heed_error *error)
{
    heed_explain_options options;
    heed_explainer *explainer = NULL;
    heed_explain_options_init(&options);
    options.threads = threads;
    heed_status status = m->count > 0 ? heed_explainer_new(&explainer, model, &options, error) : HEED_OK;
    for (size_t i = 0; i < m->count && status == HEED_OK; i++) {
        kept_row *row = &m->rows[i];
        status =
            explainer_run_label(&row->explanation, explainer, (heed_bytes){row->text, row->size}, row->label, error);
    }
    heed_explainer_free(explainer);
    return status;
}

void mistakes_release(mistake_list *m)
{
    for (size_t i = 0; i < m->count; i++)
        release_row(&m->rows[i]);
    m->count = 0;
}
