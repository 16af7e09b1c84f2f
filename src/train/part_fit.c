#include "train/part_fit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "train/part_training.h"
#include "train/trained_model.h"
#include "train/training_data.h"
#include "train/training_result.h"

void part_order_init(part_order *out, const heed_train_options *options, const char *architecture,
                     const heed_model *start)
{
    *out = (part_order){.class = part_training_of(architecture), .options = *options, .context = {.part = true}};
    out->options.architecture = architecture;
    out->options.init_from = start;
    out->options.train_share = 1; /* the rows of the sum are thinned already */
    if (!out->class->starts) {
        out->options.vectors = NULL;
        out->options.frozen_epochs = 0;
    }
}

/* "part 2 of 3: embed 8 | max" */
static void tell(const part_order *o)
{
    const char *text = o->options.architecture;
    char note[400];
    if (o->parts == 1)
        return;
    if (o->number == 0)
        snprintf(note, sizeof note, "%s, to compare with", text);
    else if (o->context.last_epoch > 0)
        snprintf(note, sizeof note, "part %u of %u again, on all training rows, %u epoch%s", o->number, o->parts,
                 o->context.last_epoch, o->context.last_epoch == 1 ? "" : "s");
    else
        snprintf(note, sizeof note, "part %u of %u: %s", o->number, o->parts, text);
    o->context.listener->on_event(o->context.listener->user, &(heed_event){.stage = HEED_STAGE_NOTE, .note = note});
}

heed_status part_fit_run(part_fit *out, const part_order *order, const heed_corpus *corpus, const split *parts,
                         const vocabulary *words, heed_error *error)
{
    training_context context = order->context;
    training_result result = {.class = order->class->classifier};
    heed_status status;
    *out = (part_fit){.model = NULL};
    context.data = &out->data;
    context.corpus = corpus;
    context.options = &order->options;
    tell(order);
    TRY(training_data_make(&out->data, order->class, corpus, parts, &order->options, words, error));
    status = order->class->run(&result, &context, error);
    out->stopped = status == HEED_STOPPED && result.epochs_run > 0;
    TRY(out->stopped ? HEED_OK : status);
    out->pretrained = result.pretrained;
    out->frozen_epochs = result.frozen_epochs;
    out->mean_kept = result.mean_kept;
    TRY(trained_model_make(&out->model, &context, &result, error));
    out->held = result.held;
    result.held = (held_out){.count = 0};
done:
    training_result_release(&result);
    return status;
}

void part_fit_release(part_fit *f)
{
    training_data_release(&f->data);
    heed_model_free(f->model);
    free(f->held.probability);
    free(f->held.row);
    *f = (part_fit){.model = NULL};
}
