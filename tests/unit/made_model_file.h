/* For tests: a small model and the bytes of its file. */
#ifndef UNIT_MADE_MODEL_FILE_H
#define UNIT_MADE_MODEL_FILE_H

#include "unit/made_rows.h"

#include "model/model.h"
#include "model/model_file.h"

static heed_model *model; /* two labels, words of two bytes, trained in a moment */
static writer bytes;      /* its file */

static inline int set_up(void **state)
{
    (void)state;
    heed_train_options train = made_train_options();
    train.architecture = "embed 2 | bilstm 2 | attention additive 2 | dense 2";
    train.epochs = 2;
    model = trained_on_forty(&train);
    must(model_print(&bytes, model, &made_error));
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    heed_model_free(model);
    writer_release(&bytes);
    return 0;
}

/* No model, and a message that names the file. */
static inline void check_refused(const char *data, size_t size, const char *piece, const char *what)
{
    heed_model *out = NULL;
    must_refuse(model_parse(&out, data, size, "the/file", &made_error), HEED_BAD_DATA, piece, what);
    assert_null(out);
    assert_memory_equal(made_error.message, "the/file: ", 10);
}

#endif
