/* The epochs of a training: the metrics of each, kept in the model, written and described. A network has its own; a sum
 * has one row of figures for all its parts, and each of its networks keeps the epochs of the fit that rows were held
 * out of, as only those have validation metrics. */
#ifndef MODEL_MODEL_HISTORY_H
#define MODEL_MODEL_HISTORY_H

#include <jansson.h>

#include "model/model.h"
#include "model/tensor_reader.h"

/* Adds the tensor, unless there was no epoch. */
void model_history_list(tensor_list *l, const heed_model *model);
/* The history of as many epochs as the model's record says. */
void model_history_read(tensor_reader *r, heed_model *model);
/* That of a part of a sum, whose record it fills, if there is one. */
void model_history_read_part(tensor_reader *r, heed_model *part);
/* Gives a model the history of another of the same kind, which has none then. */
void model_history_move(heed_model *to, heed_model *from);

/* Lines for people, one each epoch; a star marks the kept one. */
void model_history_print(writer *out, const heed_model *model);
json_t *model_history_json(const heed_model *model);

#endif
