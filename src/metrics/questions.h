/* An evaluation as yes-or-no questions: does a row have a label, and is the most likely prediction right. */
#ifndef METRICS_QUESTIONS_H
#define METRICS_QUESTIONS_H

#include "metrics/calibration.h"
#include "metrics/evaluation.h"

/* Fills items[rows] with a label against the rest, sorted. */
void evaluation_fill_items(scored *items, const heed_evaluation *e, size_t label);
/* Fills items[rows * label_count] with every question of every row, sorted (of two labels the positive one's: [rows]);
 * returns how many they are. */
size_t evaluation_fill_all_items(scored *items, const heed_evaluation *e);

/* Most likely predictions per row: one, or with several labels per row yes or no for each. */
size_t evaluation_answers_a_row(const heed_evaluation *e);
/* Fills items[rows][evaluation_answers_a_row] with the probabilities of the most likely predictions, and whether they
 * are right; returns how many there are. */
size_t evaluation_fill_answers(scored *items, const heed_evaluation *e);
/* Fills bins[CALIBRATION_BINS] with these, for the calibration error. */
heed_status evaluation_calibration(calibration_bin *bins, const heed_evaluation *e, heed_error *error);

#endif
