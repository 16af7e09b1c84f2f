#include "tokenizer/token_model_table.h"

#include <stdio.h>
#include <string.h>

#include "tokenizer/bpe.h"
#include "tokenizer/unigram.h"
#include "tokenizer/wordpiece.h"

static const token_model *const models[] = {&wordpiece_model, &bpe_model, &unigram_model};

enum { MODELS = sizeof models / sizeof *models };

const token_model *token_model_of(const char *type)
{
    for (size_t i = 0; i < MODELS; i++)
        if (strcmp(models[i]->type, type) == 0)
            return models[i];
    return NULL;
}

void token_models_list(char *out, size_t size)
{
    for (size_t i = 0, used = 0; i < MODELS && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s",
                                 i == 0            ? ""
                                 : i + 1 == MODELS ? " or "
                                                   : ", ",
                                 models[i]->type);
}
