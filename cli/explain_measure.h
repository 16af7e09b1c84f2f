/* heed explain --faithfulness: how far each way of explaining a model can be trusted. */
#ifndef CLI_EXPLAIN_MEASURE_H
#define CLI_EXPLAIN_MEASURE_H

#include "settings.h"

/* Whether the options of heed explain go together, with --faithfulness or without: HEED_USAGE where not. */
heed_status faithfulness_check(const settings *s, heed_error *error);
/* Measures, prints, draws and stores, as the settings have it. */
heed_status faithfulness_run(settings *s, heed_model *model, heed_error *error);

#endif
