#include "train/training.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/status.h"
#include "train/training_table.h"

heed_status train_options_check(const heed_train_options *o, heed_error *error)
{
    const struct {
        const char *name;
        double found, low, high;
    } fields[] = {{"epochs", o->epochs, 1, 65535},
                  {"batch-size", o->batch_size, 1, 65536},
                  {"learning-rate", o->learning_rate, 1e-9, 1e3},
                  {"weight-decay", o->weight_decay, 0, 1},
                  {"momentum", o->momentum, 0, 0.9999},
                  {"clip-norm", o->clip_norm, 0, 1e9},
                  {"warmup", o->warmup, 0, 65535},
                  {"threads", o->threads, 0, 256},
                  {"patience", o->patience, 0, 65535},
                  {"validation", o->validation == HEED_VALIDATION_NONE ? 0.5 : o->validation_fraction, 0.0001, 0.9999}};
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        if (!(fields[i].found >= fields[i].low && fields[i].found <= fields[i].high))
            return fail(error, HEED_USAGE, "--%s: found %g, expected %g to %g", fields[i].name, fields[i].found,
                        fields[i].low, fields[i].high);
    if (o->seed > INT64_MAX) /* JSON's whole numbers end there */
        return fail(error, HEED_USAGE, "--seed: found %" PRIu64 ", expected at most %" PRId64, o->seed, INT64_MAX);
    if (o->validation < HEED_VALIDATION_FRACTION || o->validation > HEED_VALIDATION_NONE || o->keep < HEED_KEEP_BEST ||
        o->keep > HEED_KEEP_LAST)
        return fail(error, HEED_USAGE,
                    "training option validation or keep: found %d and %d; heed_preset_train sets them",
                    (int)o->validation, (int)o->keep);
    if (!(o->label_smoothing >= 0 && o->label_smoothing < 1))
        return fail(error, HEED_USAGE, "--label-smoothing: found %g, expected a share from 0 to less than 1",
                    o->label_smoothing);
    if (o->optimizer < HEED_OPTIMIZER_ADAM || o->optimizer > HEED_OPTIMIZER_SGD ||
        o->schedule < HEED_SCHEDULE_CONSTANT || o->schedule > HEED_SCHEDULE_PLATEAU)
        return fail(error, HEED_USAGE,
                    "training option optimizer or schedule: found %d and %d; heed_preset_train sets them",
                    (int)o->optimizer, (int)o->schedule);
    if (o->vectors != NULL && o->init_from != NULL)
        return fail(error, HEED_USAGE, "found --vectors and --init-from, expected one of them to start from");
    if (o->vectors == NULL && o->init_from == NULL && o->frozen_epochs > 0)
        return fail(error, HEED_USAGE,
                    "--freeze: found without --vectors, expected a file of word vectors to keep as they are");
    const training_class *class = training_class_of(o->architecture);
    return class->check != NULL ? class->check(o, error) : HEED_OK;
}

heed_status training_run(training_result *out, const training_context *context, heed_error *error)
{
    const training_class *class = training_class_of(context->options->architecture);
    heed_status status;
    *out = (training_result){.class = class->classifier};
    TRY(train_options_check(context->options, error));
    TRY(class->run(out, context, error));
    return HEED_OK;
done:
    if (status != HEED_STOPPED)
        training_result_release(out);
    return status;
}

void training_result_release(training_result *result)
{
    if (result->class != NULL)
        result->class->free(result->trained);
    free(result->train);
    free(result->validation);
    *result = (training_result){0};
}
