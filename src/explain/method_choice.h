/* The method that HEED_METHOD_AUTO means for a text: the one that was measured to be the most faithful, if one is
 * stored in the model; else that of its kind, which is the weights of words or integrated gradients. A method of one
 * pass takes the place of integrated gradients for a text for which those would take too long:
 *
 *   work = tokens * steps * multiplications of one pass for each token
 *
 * counted from the sizes of the model, never by a clock, so that a text has the same method everywhere. Through the
 * blocks of an encoder the gradient of one pass says less than chance: there integrated gradients are worth a thousand
 * times the work, and beyond that it is attention. docs/EXPLANATIONS.md has what was measured. */
#ifndef EXPLAIN_METHOD_CHOICE_H
#define EXPLAIN_METHOD_CHOICE_H

#include "model/model.h"

/* Most work: about 50 ms on two cores, and 50 s. */
#define MOST_WORK UINT64_C(1000000000)
#define MOST_ENCODER_WORK (1000 * MOST_WORK)

/* steps: as asked for; 0: those that integrated gradients begin with. */
heed_method method_for_text(const heed_model *model, unsigned steps, size_t tokens);
/* The work of integrated gradients. */
uint64_t integrated_work(const heed_model *model, unsigned steps, size_t tokens);

#endif
