#include "experiment/measured_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "train/seen_rows.h"
#include "train/training.h"
#include "train/training_data.h"
#include "train/training_table.h"

static heed_status choose_rows(measured_rows *r, heed_error *error)
{
    const heed_corpus *corpus = r->corpus;
    r->measured = memory_array(corpus->row_count, sizeof *r->measured);
    if (r->measured == NULL)
        return fail_memory(error, "a comparison");
    for (size_t i = 0; i < corpus->row_count; i++)
        if (corpus->rows[i].part == HEED_PART_TEST)
            r->measured[r->count++] = (uint32_t)i;
    r->are_validation = r->count == 0;
    if (r->are_validation) {
        r->count = r->parts.validation_count;
        memcpy(r->measured, r->parts.validation, r->count * sizeof *r->measured);
    }
    return r->count > 0 ? HEED_OK
                        : fail(error, HEED_BAD_DATA,
                               "no rows to measure on: expected a test file, a test part in the split column, "
                               "or a validation part");
}

/* Which of the measured rows the contenders see in training, and reports it; with a test part also how many of the
 * validation rows. */
static heed_status find_seen(measured_rows *r, const heed_listener *listener, heed_error *error)
{
    const split *parts = &r->parts;
    digest_list texts = {0};
    leak found[2] = {{.part = "test", .of = r->count}, {.part = "validation", .of = parts->validation_count}};
    heed_status status;
    r->seen = memory_array(r->count, sizeof *r->seen);
    TRY(r->seen == NULL ? fail_memory(error, "a comparison") : HEED_OK);
    TRY(digest_list_add_rows(&texts, r->corpus, parts->train, parts->train_count, error));
    found[1].rows = digest_list_count(&texts, r->corpus, parts->validation, parts->validation_count);
    if (!r->are_validation)
        TRY(digest_list_add_rows(&texts, r->corpus, parts->validation, parts->validation_count, error));
    for (uint32_t i = 0; i < r->count; i++)
        r->seen_count += r->seen[i] = digest_list_has(&texts, r->corpus->rows[r->measured[i]].digest);
    found[0].rows = r->are_validation ? 0 : r->seen_count;
    status = leaks_tell(r->corpus, found, 2, listener, error);
done:
    digest_list_release(&texts);
    return status;
}

/* Numbers unknown labels as an evaluation of these rows does. */
static heed_status number_unknown(measured_rows *r, heed_error *error)
{
    const heed_corpus *c = r->corpus;
    uint32_t known = c->learnable, count = c->label_names.count - known;
    uint32_t *number = memory_array(count, sizeof *number); /* from 1 */
    r->unknown = memory_array(count, sizeof *r->unknown);
    bool fine = number != NULL && r->unknown != NULL;
    for (uint32_t i = 0; i < r->count && fine; i++) {
        uint32_t *labels = r->truth.label + r->truth.first[i], end = r->truth.first[i + 1] - r->truth.first[i];
        for (uint32_t k = 0; k < end; k++) {
            uint32_t label = labels[k];
            if (label < known)
                continue;
            if (number[label - known] == 0) {
                r->unknown[r->unknown_count++] = label;
                number[label - known] = r->unknown_count;
            }
            labels[k] = known + number[label - known] - 1;
        }
        label_list_sort(labels, end);
    }
    free(number);
    return fine ? HEED_OK : fail_memory(error, "labels");
}

heed_status measured_rows_init(measured_rows *r, heed_corpus *corpus, const heed_train_options *first,
                               const heed_listener *listener, heed_error *error)
{
    *r = (measured_rows){.corpus = corpus};
    heed_status status =
        split_rows(&r->parts, corpus, first->validation, first->validation_fraction, first->seed, error);
    if (status == HEED_OK)
        status = choose_rows(r, error);
    if (status == HEED_OK)
        status = label_lists_of_rows(&r->truth, corpus, r->measured, r->count, error);
    if (status == HEED_OK)
        status = number_unknown(r, error);
    return status == HEED_OK ? find_seen(r, listener, error) : status;
}

static void release_made(measured_rows *r)
{
    training_data_release(&r->data);
    r->made_for = NULL;
}

heed_status measured_rows_make(measured_rows *r, const heed_train_options *options, heed_error *error)
{
    heed_status status = HEED_OK;
    if (r->made_for != NULL && training_data_alike(r->made_for, options))
        return HEED_OK;
    release_made(r);
    TRY(training_data_make(&r->data, training_class_of(options->architecture), r->corpus, &r->parts, options, NULL,
                           error));
    r->made_for = options;
done:
    if (r->made_for == NULL)
        release_made(r);
    return status;
}

void measured_rows_release(measured_rows *r)
{
    release_made(r);
    label_lists_release(&r->truth);
    free(r->unknown);
    free(r->measured);
    free(r->seen);
    split_release(&r->parts);
}
