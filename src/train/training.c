#include "train/training.h"

#include <string.h>

#include "base/status.h"
#include "options/option_checks.h"
#include "options/option_structs.h"
#include "train/training_split.h"
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
    training_context c = *context;
    heed_status status;
    c.crossfits = training_crossfits(c.corpus, c.options);
    *out = (training_result){.class = class->classifier};
    TRY(train_options_check(c.options, error));
    TRY(class->run(out, &c, error));
    return HEED_OK;
done:
    if (status != HEED_STOPPED)
        training_result_release(out);
    return status;
}

bool training_data_alike(const heed_train_options *a, const heed_train_options *b)
{
    const training_class *class = training_class_of(a->architecture);
    return class == training_class_of(b->architecture) && a->init_from == b->init_from &&
           (!class->words_by_architecture || strcmp(a->architecture, b->architecture) == 0) &&
           options_equal(HEED_OPTIONS_TRAIN, a, b, TOUCHES_DATA);
}
