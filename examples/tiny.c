/* The least program with heed: tiny MODEL TEXT prints the probability of each label.
 *
 *   cc tiny.c $(pkg-config --cflags --libs heed) -o tiny
 *   ./tiny reviews.safetensors "what a film"
 */
#include <heed.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static heed_status classify(const char *path, const char *text, heed_error *error)
{
    heed_model *model = NULL;
    heed_predictor *predictor = NULL;
    float *probabilities = NULL;
    heed_bytes bytes = {text, strlen(text)};
    heed_status status = heed_model_load(&model, path, error);
    if (status != HEED_OK)
        goto done;
    const heed_model_info *info = heed_model_describe(model);
    status = heed_predictor_new(&predictor, model, 1, error);
    if (status != HEED_OK)
        goto done;
    probabilities = calloc(info->label_count, sizeof *probabilities);
    if (probabilities == NULL) {
        snprintf(error->message, sizeof error->message, "out of memory");
        status = HEED_FAILED;
        goto done;
    }
    status = heed_predictor_run(probabilities, predictor, &bytes, 1, error);
    for (size_t i = 0; status == HEED_OK && i < info->label_count; i++)
        printf("%s\t%.6g\n", info->labels[i], (double)probabilities[i]);
done:
    free(probabilities);
    heed_predictor_free(predictor);
    heed_model_free(model);
    return status;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        printf("heed %s\n", heed_version());
        return 0;
    }
    heed_error error = {""};
    heed_status status = classify(argv[1], argv[2], &error);
    if (status != HEED_OK)
        fprintf(stderr, "tiny: %s\n", error.message);
    return heed_status_exit(status);
}
