/* The options of the text: the words of their choices, and whether they can be used. */
#ifndef TEXT_TEXT_OPTIONS_H
#define TEXT_TEXT_OPTIONS_H

#include "heed.h"

/* HEED_USAGE for a value that its enum does not have. */
heed_status text_options_check(const heed_text_options *options, heed_error *error);

#endif
