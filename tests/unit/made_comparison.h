/* For tests: heed_compare over an array of options. */
#ifndef UNIT_MADE_COMPARISON_H
#define UNIT_MADE_COMPARISON_H

#include "unit/made_rows.h"

enum { MAX_CONTENDERS = 8 };

static inline heed_status compare(heed_comparison **out, heed_corpus *corpus, const heed_train_options *contenders,
                                  size_t count, unsigned seeds, const heed_listener *listener)
{
    const heed_train_options *list[MAX_CONTENDERS];
    heed_compare_options options;
    heed_compare_options_init(&options);
    assert_true(count <= MAX_CONTENDERS);
    for (size_t i = 0; i < count; i++)
        list[i] = &contenders[i];
    options.contenders = list;
    options.count = count;
    options.seeds = seeds;
    options.resamples = 50;
    return heed_compare(out, corpus, &options, listener, &made_error);
}

#endif
