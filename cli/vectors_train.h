/* heed vectors train. */
#ifndef CLI_VECTORS_TRAIN_H
#define CLI_VECTORS_TRAIN_H

#include "settings.h"

/* From files of texts to a file of word vectors. */
heed_status vectors_train(settings *s, heed_error *error);

#endif
