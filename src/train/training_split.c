#include "train/training_split.h"

#include "train/training_table.h"

bool training_crossfits(const heed_corpus *corpus, const heed_train_options *options)
{
    return options->validation == HEED_VALIDATION_AUTO && training_class_of(options->architecture)->crossfits &&
           !split_is_fixed(corpus);
}

heed_status training_split(split *out, heed_corpus *corpus, const heed_train_options *options, heed_error *error)
{
    heed_train_options o = *options;
    if (training_crossfits(corpus, options))
        o.validation = HEED_VALIDATION_NONE;
    training_measure_apart(&o);
    return split_rows(out, corpus, o.validation, o.validation_fraction, o.seed, error);
}

void training_measure_apart(heed_train_options *options)
{
    if (options->validation == HEED_VALIDATION_AUTO)
        options->validation = HEED_VALIDATION_FRACTION;
}
