/* heed explain --faithfulness: how far each method of explaining a model can be trusted. */
#ifndef CLI_EXPLAIN_MEASURE_H
#define CLI_EXPLAIN_MEASURE_H

#include "settings.h"

/* Checks that the options of heed explain fit together, with --faithfulness or without: HEED_USAGE if not. */
heed_status faithfulness_check(const settings *s, heed_error *error);
/* Measures, prints, draws and stores, as the settings say. */
heed_status faithfulness_run(settings *s, heed_model *model, heed_error *error);

#endif
