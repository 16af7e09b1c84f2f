/* The words of all choices, for the table of options: each is defined in the room of its enum, whose values it names.
 */
#ifndef OPTIONS_CHOICES_H
#define OPTIONS_CHOICES_H

#include "base/names.h"

extern const names format_names, encoding_names, quoting_names, on_bad_row_names;             /* src/rows */
extern const names text_rules_names, segment_names, stem_names, html_names, punctuation_names, letters_names, tokens_names, lemmas_names;  /* src/text */
extern const names vocabulary_names, cut_names, pad_names;                                    /* src/text, src/data */
extern const names task_names;                                                                /* src/metrics */
extern const names storage_names, weights_names, method_names;                                /* src/model */
extern const names save_names; /* src/features */
extern const names optimizer_names, schedule_names, keep_names, preset_names, word2vec_names; /* src/train */
extern const names token_status_names, erase_names;                                           /* src/explain */
extern const names goal_names;                                                                /* src/experiment */

#endif
