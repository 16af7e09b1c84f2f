#include "report/report_limits.h"

#include <stddef.h>

const char *const *report_limits(void)
{
    static const char *const limits[] = {
        "The figures are of these rows alone. Texts of another kind, time or source can fare better or worse.",
        "Whether test rows stood among the training rows cannot be known from the model file, which keeps none of "
        "them. Where they did, the figures are too good.",
        "The intervals tell how far the figures would move with other rows of the same kind. They leave out what "
        "another seed of the training would change, and rows that depend on each other.",
        "The labels of the rows are taken as true. Some of the surest mistakes may be mistakes of the labels.",
        "Attention is shown as where the model looked. That is not why it answered as it did, and it is the same for "
        "every label.",
        "A word's pull is a mean over texts: it tells what goes along with the model's answers, not what causes them, "
        "and a word alone says nothing of those beside it.",
        NULL};
    return limits;
}
