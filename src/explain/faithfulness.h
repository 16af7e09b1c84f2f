/* The results of measuring explanations. */
#ifndef EXPLAIN_FAITHFULNESS_H
#define EXPLAIN_FAITHFULNESS_H

#include "explain/faithful_row.h"
#include "model/model.h"

struct heed_faithfulness {
    heed_faithfulness_info info; /* points into what follows */
    heed_method_faithfulness methods[MAX_METHODS];
    heed_faithfulness_options options; /* as used: no number is 0 */
    const heed_model *model;           /* only compared, never dereferenced */
};

/* "leave-one-out"; "random order" for HEED_METHOD_AUTO. */
const char *order_name(heed_method method);

#endif
