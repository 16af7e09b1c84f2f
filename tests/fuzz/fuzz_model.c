/* Fuzz entry over model files. The digest is put right first, so that what stands behind it is reached; a file that is
 * taken all the same has to be written again, and has to answer. */
#include <stdlib.h>
#include <string.h>

#include "model/model_file.h"
#include "unit/sealed_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool fine)
{
    if (!fine)
        abort();
}

static void use_model(const heed_model *model)
{
    static const heed_bytes texts[] = {{"up and no", 9}, {"", 0}};
    writer again = {0};
    heed_predictor *predictor = NULL;
    size_t labels;
    labels = heed_model_describe(model)->label_count;
    require(model_print(&again, model, NULL) == HEED_OK);
    writer_release(&again);
    float *probabilities = calloc(2 * labels, sizeof *probabilities);
    if (heed_predictor_new(&predictor, model, 1, NULL) == HEED_OK)
        require(heed_predictor_run(probabilities, predictor, texts, 2, NULL) == HEED_OK);
    heed_predictor_free(predictor);
    free(probabilities);
    char *text = NULL;
    if (heed_model_summary(&text, model, NULL) == HEED_OK)
        heed_free(text);
    if (heed_model_json(&text, model, NULL) == HEED_OK)
        heed_free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    heed_model *model = NULL;
    heed_error error = {""};
    char *copy = malloc(size + 1);
    require(copy != NULL);
    memcpy(copy, data, size);
    seal_model(copy, size);
    heed_status status = model_parse(&model, copy, size, "seed", &error);
    require(status == HEED_OK ? model != NULL : model == NULL && strncmp(error.message, "seed: ", 6) == 0);
    if (status == HEED_OK)
        use_model(model);
    heed_model_free(model);
    free(copy);
    return 0;
}
