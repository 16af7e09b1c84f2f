#include "model/part_table.h"

#include <string.h>

#include "model/encoder_classifier.h"
#include "model/encoder_spec.h"
#include "model/linear_classifier.h"
#include "model/network_classifier.h"
#include "model/wide_classifier.h"
#include "network/architecture.h"

/* The network comes last: what no other kind recognises is an architecture of layers. */
static const classifier_class *const classes[] = {&linear_classifier, &wide_classifier, &encoder_classifier,
                                                  &states_classifier, &network_classifier};

const classifier_class *part_class_of(const char *architecture)
{
    size_t i = 0;
    while (!classes[i]->recognises(architecture))
        i++;
    return classes[i];
}

const char *part_name(const char *architecture)
{
    static const char *const names[][2] = {{"linear", "linear"}, {WIDE_KEYWORD, "wide"}};
    size_t size = strcspn(architecture, " |;");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (bytes_same(bytes_of(names[i][0]), (heed_bytes){architecture, size}))
            return names[i][1];
    if (!bytes_same(bytes_of(ENCODER_KEYWORD), (heed_bytes){architecture, size}))
        return "a network";
    return architecture_trains_encoder(architecture)           ? "the encoder trained" /* there is no other beside it */
           : part_class_of(architecture) == &states_classifier ? "a network on its states"
                                                               : "the encoder";
}
