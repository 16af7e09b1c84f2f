/* The kinds of classifier that need no other: each is a part of a sum (sum.h), or all of a model. */
#ifndef MODEL_PART_TABLE_H
#define MODEL_PART_TABLE_H

#include "model/classifier_class.h"

/* The class of the architecture of one part; never NULL. */
const classifier_class *part_class_of(const char *architecture);
/* What people call a part, or the first one of several: "wide", "the encoder", "a network". */
const char *part_name(const char *architecture);

#endif
