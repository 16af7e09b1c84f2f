#include "model/part_table.h"

#include <string.h>

#include "model/encoder_classifier.h"
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
    static const char *const names[][2] = {
        {"linear", "linear"}, {WIDE_KEYWORD, "wide"}, {ENCODER_KEYWORD, "the encoder"}};
    size_t size = strcspn(architecture, " |;"), i = 0;
    while (i < sizeof names / sizeof *names && !bytes_same(bytes_of(names[i][0]), (heed_bytes){architecture, size}))
        i++;
    return i < sizeof names / sizeof *names ? names[i][1] : "a network";
}
