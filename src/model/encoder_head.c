#include "model/encoder_head.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

heed_status encoder_head_new(encoder_head **out, const encoder_spec *spec, const shared_encoder *e, uint32_t outputs,
                             bool softmax, heed_error *error)
{
    heed_status status;
    *out = NULL;
    status = encoder_name_check(spec->name, e, error);
    if (status != HEED_OK)
        return status;
    encoder_head *head = memory_array(1, sizeof *head);
    if (head == NULL)
        return fail_memory(error, "a model");
    head->spec = *spec;
    memcpy(head->spec.name, e->name, sizeof head->spec.name);
    TRY(logistic_init(&head->fit, shared_encoder_width(e), outputs, softmax, error));
    head->fit.strength = spec->strength;
    *out = head;
    return HEED_OK;
done:
    free(head);
    return status;
}

void encoder_head_free(void *trained)
{
    encoder_head *head = trained;
    if (head == NULL)
        return;
    logistic_release(&head->fit);
    free(head);
}

void encoder_head_read_by(encoder_head *head, const shared_encoder *e, uint32_t window, const heed_text_options *text)
{
    head->key = (feature_key){{head->spec.pooling, shared_encoder_room(e, window)},
                              shared_encoder_reads(e, window, text->stretches),
                              text->cut};
}
