#include "train/training.h"

#include <stdlib.h>

#include "base/status.h"
#include "options/option_checks.h"
#include "options/option_structs.h"
#include "train/training_table.h"

heed_status train_options_check(const heed_train_options *o, heed_error *error)
{
    heed_status status = options_check(HEED_OPTIONS_TRAIN, o, error);
    if (status != HEED_OK)
        return status;
    if (o->architecture == NULL)
        return heed_architecture_check(NULL, error);
    if (vectors_file(o->vectors) != NULL && o->init_from != NULL)
        return fail(error, HEED_USAGE,
                    "found --vectors with a file and --init-from, expected one of them to start from, or --vectors "
                    "self for the new words");
    if (o->vectors == NULL && o->init_from == NULL && o->frozen_epochs > 0)
        return fail(error, HEED_USAGE, "--freeze: --vectors is missing, expected a file of word vectors to freeze");
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
    free(result->architecture);
    *result = (training_result){0};
}
