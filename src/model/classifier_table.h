/* The kinds of classifiers. A new one is a class in a file of its own, and a row of the table. */
#ifndef MODEL_CLASSIFIER_TABLE_H
#define MODEL_CLASSIFIER_TABLE_H

#include "model/classifier_class.h"

/* The kind that an architecture names, even if its sizes are invalid; never NULL. architecture may be NULL. */
const classifier_class *classifier_class_of(const char *architecture);

#endif
