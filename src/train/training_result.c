#include "train/training_result.h"

#include <stdlib.h>

void training_result_release(training_result *result)
{
    if (result->class != NULL)
        result->class->free(result->trained);
    shared_encoder_release(result->encoder);
    free(result->train);
    free(result->validation);
    free(result->architecture);
    free(result->recipe.name);
    free(result->held.probability);
    free(result->held.row);
    vocabulary_release(&result->words);
    *result = (training_result){0};
}
