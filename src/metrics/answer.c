#include "metrics/answer.h"

#include "options/choices.h"

const names task_names = NAMES("binary", "multiclass", "multilabel");

size_t answer_one(const answer_rule *rule, const float *probabilities)
{
    if (rule->task == HEED_TASK_BINARY)
        return (double)probabilities[rule->positive] > *rule->thresholds ? rule->positive : 1 - rule->positive;
    return answer_likeliest(probabilities, rule->labels);
}

/* Inserts a label among `held` others, sorted by decreasing probability; the first `fixed` of them do not move.
 */
static void insert(size_t *out, size_t held, size_t fixed, const float *probabilities, size_t label)
{
    size_t place = held;
    for (; place > fixed && probabilities[label] > probabilities[out[place - 1]]; place--)
        out[place] = out[place - 1];
    out[place] = label;
}

size_t answer_choose(size_t *out, const answer_rule *rule, const float *probabilities)
{
    size_t count = 0;
    if (rule->task != HEED_TASK_MULTILABEL) {
        *out = answer_one(rule, probabilities);
        return 1;
    }
    for (size_t label = 0; label < rule->labels; label++)
        if (answer_has(rule, probabilities, label))
            insert(out, count++, 0, probabilities, label);
    return count;
}

/* Insertion sort, as only a few are needed. */
void answer_rank(size_t *out, size_t most, const answer_rule *rule, const float *probabilities)
{
    size_t held = 1;
    out[0] = answer_one(rule, probabilities);
    for (size_t label = 0; label < rule->labels; label++) {
        if (label == out[0])
            continue;
        if (held < most)
            insert(out, held++, 1, probabilities, label);
        else if (most > 1 && probabilities[label] > probabilities[out[most - 1]])
            insert(out, most - 1, 1, probabilities, label); /* the last one is dropped */
    }
}
