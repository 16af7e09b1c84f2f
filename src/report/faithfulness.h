/* What a measurement of explanations holds. */
#ifndef REPORT_FAITHFULNESS_H
#define REPORT_FAITHFULNESS_H

#include "base/buffer.h"
#include "model/model.h"
#include "report/faithful_row.h"

struct heed_faithfulness {
    heed_faithfulness_info info; /* points into what follows */
    heed_method_faithfulness methods[MOST_METHODS];
    heed_faithfulness_options options; /* as they were used: no number is 0 */
    const heed_model *model;           /* to be recognised by, never followed */
};

heed_status picture_faithfulness(buffer *out, const heed_faithfulness_info *info, heed_error *error);

#endif
