/* A sum in a model file: sum.weights [parts], and of part number i, from 1, what it is alone, with "sum.i." before the
 * names; sum.i.words are the numbers of its words in the vocabulary of the sum, unless it has all of them. */
#ifndef MODEL_SUM_TENSORS_H
#define MODEL_SUM_TENSORS_H

#include "model/model.h"

/* The functions of a classifier_class. */
void sum_tensors_read(tensor_reader *r, heed_model *model);
void sum_tensors_list(tensor_list *l, const heed_model *model);
void sum_tensors_list_bytes(tensor_list *l, const heed_model *model);

#endif
