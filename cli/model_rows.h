/* The model that a command line names, and how the rows of a model are read. */
#ifndef CLI_MODEL_ROWS_H
#define CLI_MODEL_ROWS_H

#include "progress.h"
#include "settings.h"

/* Loads the model that the first argument names. */
heed_status settings_model_load(heed_model **out, const settings *s, heed_error *error);
/* Reads rows as in the model's training, unless the command line says otherwise. */
heed_status settings_rows_of_model(settings *s, const heed_model *model, heed_error *error);
/* Trains as the model was trained, unless the command line says otherwise. HEED_USAGE for an option that cannot be
 * changed, as texts must be read as the model reads them. */
heed_status settings_start_from(settings *s, const heed_model *model, heed_error *error);
/* Opens a reader for a model's rows, after settings_rows_of_model. */
heed_status settings_reader_open(heed_reader **out, const settings *s, const char *const *paths, size_t count,
                                 heed_error *error);

/* Says that a model cannot tell which of the rows it saw, if so. */
void model_tell_forgotten(const heed_model *model, progress *p);
/* Warns of so many rows of these that the model saw, if there are some. */
void model_warn_seen(uint64_t seen, uint64_t rows, progress *p);

/* A predictor with --storage and --weights of the command line. */
heed_status settings_predictor_new(heed_predictor **out, const settings *s, const heed_model *model, heed_error *error);
/* Says which weights --weights auto took. */
void settings_tell_weights(const settings *s, const heed_predictor *predictor, progress *p);

#endif
