#include "report/report_limits.h"

#include <stddef.h>

const char *const *report_limits(void)
{
    static const char *const limits[] = {
        "The metrics hold only for these rows. On texts of another kind, time or source they can be better or worse.",
        "Test rows that were also training rows make the metrics too good. They are found only if the model has "
        "digests of "
        "its rows, and if their texts are the same but for case, punctuation, spacing and entities.",
        "The intervals say how much the metrics could change with other rows of the same kind. They do not include "
        "changes from another training seed, and assume that rows are independent.",
        "The labels of the rows are taken as true. Some of the most confident errors may be wrong labels.",
        "Attention shows where the model looked. It is not the reason for its prediction, and it is the same for every "
        "label.",
        "The effect of a word is a mean over texts: it shows what goes along with the model's predictions, not what "
        "causes them, and it ignores the words around it.",
        NULL};
    return limits;
}
