/* An evaluation as yes-or-no questions: does a row have a label, and is the most likely prediction right. */
#ifndef METRICS_QUESTIONS_H
#define METRICS_QUESTIONS_H

#include "metrics/calibration.h"
#include "metrics/evaluation.h"

/* Fills items[rows] with a label against the rest, sorted; returns how many they are: without rows whose label the
 * model does not have. */
size_t evaluation_fill_items(scored *items, const heed_evaluation *e, size_t label);
/* How many questions there are, and items[their number] with all of them, sorted. Of two labels only the positive one
 * is a question. */
size_t evaluation_count_questions(const heed_evaluation *e);
size_t evaluation_fill_all_items(scored *items, const heed_evaluation *e);

/* Most likely predictions per row: one, or with several labels per row yes or no for each. */
size_t evaluation_answers_a_row(const heed_evaluation *e);
/* The probability of the most likely prediction of a row (from 0, of evaluation_answers_a_row), and whether it is
 * right. */
scored evaluation_answer(const heed_evaluation *e, size_t row, size_t number);
/* Fills bins[CALIBRATION_BINS] with these, for the calibration error. */
void evaluation_calibration(calibration_bin *bins, const heed_evaluation *e);
/* The squared distance of a row's probabilities to 0 and 1: of two labels the positive one's, of more their sum, with
 * several labels per row their mean. */
double evaluation_distance(const heed_evaluation *e, size_t row);
/* The Brier score: the mean of these. */
heed_status evaluation_brier(double *out, const heed_evaluation *e, heed_error *error);

#endif
