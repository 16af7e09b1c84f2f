/* Whole structs of options, by the rows of the table. `options` is a struct of its kind. */
#ifndef OPTIONS_OPTION_STRUCTS_H
#define OPTIONS_OPTION_STRUCTS_H

#include "options/option_table.h"

/* What a preset has, in the head and in every field that a row has; the others become 0. */
void options_preset(heed_options_kind home, void *options, heed_preset preset);
/* Fills the head of a struct whose fields are set otherwise. */
void options_set_head(heed_options_kind home, void *options, heed_preset preset);
/* out = the options of a caller, who may have been compiled with an older heed.h: what that one did not have is as the
 * preset has it. Every public function takes its options through this. HEED_USAGE for NULL, a struct that no _init
 * has filled, and one of a newer heed.h. */
heed_status options_take(heed_options_kind home, void *out, const void *options, heed_error *error);
/* Refuses (HEED_USAGE) the first value that is out of its range. */
heed_status options_check(heed_options_kind home, const void *options, heed_error *error);
/* out = a copy whose texts are its own; options_release releases them. HEED_USAGE for a text that is not UTF-8; out is
 * as it was after a failure. */
heed_status options_copy(heed_options_kind home, void *out, const void *options, heed_error *error);
void options_release(heed_options_kind home, void *options);
/* Whether all options that touch these bits are equal. */
bool options_equal(heed_options_kind home, const void *a, const void *b, unsigned touches);

/* ---- the record in a model file: of one struct the options that have one, in the file's order */

/* After `last` (NULL: the first); NULL after the last one. */
const option *options_next_recorded(heed_options_kind home, const option *last);
/* Of those, the next one for which option_is_set: descriptions of a model list them. */
const option *options_next_set(heed_options_kind home, const void *options, const option *last);
/* As options_copy; what is not recorded becomes 0. */
heed_status options_copy_recorded(heed_options_kind home, void *out, const void *options, heed_error *error);
/* Whether the field is 0, false or NULL. */
bool option_is_zero(const option *o, const void *options);
/* Whether it is one that is recorded only in some cases (RECORD_SET and after), and this is one. */
bool option_is_set(const option *o, const void *options);

#endif
