/* The pictures: what is in the data is in the picture, nothing covers anything else, whatever labels and numbers are.
 * With PICTURES=FOLDER they are kept there, to be looked at. */
#include "unit/svg_check.h"

#include <math.h>
#include <unistd.h>

#include "draw/pictures_comparison.h"
#include "draw/pictures_curves.h"
#include "draw/pictures_faithfulness.h"
#include "draw/pictures_rows.h"
#include "draw/pictures_training.h"

enum { MANY = 26 };

static const char *const two[] = {"neg", "pos"};
static const char cjk[] =
    "\xE6\xBC\xA2\xE5\xAD\x97\xE3\x81\xA8\xE4\xBB\xAE\xE5\x90\x8D\xE3\x81\xAE\xE3\x83\xA9\xE3\x83\x99"
    "\xE3\x83\xAB";
static const char *const strange[] = {
    "a label of exactly forty characters, yes",
    "\xD8\xA7\xD9\x84\xD8\xB9\xD8\xB1\xD8\xA8\xD9\x8A\xD8\xA9 12 \xD9\x88 34", /* Arabic, numbers */
    "\xD7\xA2\xD7\x91\xD7\xA8\xD7\x99\xD7\xAA (abc)",                          /* Hebrew, Latin */
    cjk,
    "<script>alert(\"&\")</script>",
    "bell \a, line\nend, \x1b[31m, \xFF",
    "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW",
    "",
};
enum { STRANGE = sizeof strange / sizeof *strange };

static char many_text[MANY][48];
static const char *many[MANY];

static int make_many(void **state)
{
    (void)state;
    for (int i = 0; i < MANY; i++) {
        snprintf(many_text[i], sizeof many_text[i],
                 i % 5 == 3 ? "class %c, which has a name of forty char" : "class %c", 'A' + i);
        many[i] = many_text[i];
    }
    return 0;
}

static heed_error error;

/* Checks the picture that was drawn, keeps it in a file if asked to, and hands it over as text. */
static char *checked(writer *svg, const char *name)
{
    char path[500], *text = NULL;
    if (writer_take(svg, &text, NULL, &error) != HEED_OK)
        fail_msg("%s: %s", name, error.message);
    const char *folder = getenv("PICTURES");
    if (folder != NULL) {
        snprintf(path, sizeof path, "%s/%s.svg", folder, name);
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(text, file);
        fclose(file);
    }
    svg_check(text);
    return text;
}

static void assert_has(const char *svg, const char *piece)
{
    if (strstr(svg, piece) == NULL)
        fail_msg("no '%s' in %s", piece, svg);
}

/* ---- training */

static heed_keras_metrics made_figures(double share, double rows)
{
    return (heed_keras_metrics){.loss = 0.7 * (1 - share) + 0.05,
                                .tp = rows * (0.25 + share / 4),
                                .fp = rows * (0.25 - share / 5),
                                .tn = rows * (0.25 + share / 5),
                                .fn = rows * (0.25 - share / 4),
                                .accuracy = 0.5 + share / 2.3,
                                .precision = 0.52 + share / 2.4,
                                .recall = 0.5 + share / 2.2,
                                .auc = 0.5 + share / 2.05};
}

static char *training_of(unsigned epochs, unsigned kept, bool validated, const char *name)
{
    heed_keras_metrics *train = calloc(epochs + 1, sizeof *train), *validation = calloc(epochs + 1, sizeof *validation);
    for (unsigned e = 0; e < epochs; e++) {
        train[e] = made_figures(1 - exp(-1.5 * (e + 1) / 3), 40000);
        validation[e] = made_figures(0.85 - exp(-1.2 * (e + 1) / 3), 10000);
        if (!validated)
            validation[e] = (heed_keras_metrics){.loss = NAN};
    }
    writer svg = {0};
    const training_history history = {train, validation, epochs, kept, false};
    picture_training(&svg, &history);
    char *text = checked(&svg, name);
    free(train);
    free(validation);
    return text;
}

static void a_training_is_nine_panels_with_both_lines_and_the_kept_epoch(void **state)
{
    (void)state;
    static const char *const titles[] = {"loss", "tp", "fp", "tn", "fn", "accuracy", "precision", "recall", "auc"};
    char *svg = training_of(5, 4, true, "training");
    for (size_t i = 0; i < 9; i++) {
        char piece[40];
        snprintf(piece, sizeof piece, ">%s</text>", titles[i]);
        assert_has(svg, piece);
    }
    assert_int_equal(svg_count(svg, "<title>training</title>"), 9);
    assert_int_equal(svg_count(svg, "<title>validation</title>"), 9);
    assert_int_equal(svg_count(svg, "<title>epoch 4: its weights are kept</title>"), 9);
    assert_int_equal(svg_count(svg, "class=\"mark\""), 9 * 2 * 5 + 2); /* and the legend's */
    assert_has(svg, ">10k<");
    free(svg);
}

static void a_training_may_be_one_epoch_or_fifty_or_none_and_have_no_validation(void **state)
{
    (void)state;
    char *svg = training_of(1, 1, true, "training-1");
    assert_int_equal(svg_count(svg, "class=\"mark\""), 9 * 2 + 2);
    free(svg);
    svg = training_of(50, 31, true, "training-50");
    assert_has(svg, "epoch 31 of 50");
    free(svg);
    svg = training_of(3, 3, false, "training-alone");
    assert_int_equal(svg_count(svg, "<title>validation</title>"), 0);
    assert_null(strstr(svg, ">validation<"));
    free(svg);
    svg = training_of(0, 0, false, "training-0");
    assert_int_equal(svg_count(svg, ">no data<"), 9);
    assert_null(strstr(svg, "kept"));
    free(svg);
}

static void figures_that_are_not_finite_or_constant_or_huge_are_drawn_as_far_as_they_can(void **state)
{
    (void)state;
    heed_keras_metrics train[4], validation[4];
    static const double values[4] = {INFINITY, -INFINITY, 1e308, -1e308};
    for (int e = 0; e < 4; e++) {
        train[e] = (heed_keras_metrics){values[e], NAN, 1e-300, 1e15, 7, 0, 1, values[e], 0.5};
        validation[e] = (heed_keras_metrics){0.25, 3, 3e-9 * e, 1e15 + e, 7, 0, 1, NAN, 0.5};
    }
    writer svg = {0};
    const training_history history = {train, validation, 4, 9, false};
    picture_training(&svg, &history);
    free(checked(&svg, "training-bad"));
}

/* ---- counts */

static void a_confusion_matrix_tells_counts_and_shares(void **state)
{
    (void)state;
    static const uint64_t rows[] = {5890, 382, 415, 5819};
    writer svg = {0};
    picture_confusion(&svg, two, 2, rows);
    char *text = checked(&svg, "confusion");
    assert_int_equal(svg_count(text, "class=\"heat\""), 4);
    static const char *const pieces[] = {">5890<", ">382<",   ">415<",
                                         ">5819<", ">93.9%<", ">6.1%<",
                                         ">6.7%<", ">93.3%<", "actual pos, predicted neg: 415 of 6234 rows, 6.7%"};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
        assert_has(text, pieces[i]);
    free(text);
}

static void a_confusion_matrix_of_many_labels_stays_legible(void **state)
{
    (void)state;
    uint64_t *rows = calloc((size_t)MANY * MANY, sizeof *rows);
    for (size_t i = 0; i < MANY; i++)
        for (size_t j = 0; j < MANY; j++)
            rows[i * MANY + j] = i == j ? 150 * (i + 1) * (i + 1) : (i * 7 + j * 3) % 11;
    writer svg = {0};
    picture_confusion(&svg, many, MANY, rows);
    char *text = checked(&svg, "confusion-26");
    assert_int_equal(svg_count(text, "class=\"heat\""), MANY * MANY);
    assert_has(text, ">101k<");
    assert_has(text, ">class Z<");
    free(text);
    picture_confusion(&svg, strange, STRANGE, rows);
    free(checked(&svg, "confusion-strange"));
    memset(rows, 0, (size_t)MANY * MANY * sizeof *rows);
    rows[0] = UINT64_MAX / 4;
    picture_confusion(&svg, two, 2, rows);
    free(checked(&svg, "confusion-empty"));
    picture_confusion(&svg, two, 0, rows);
    free(checked(&svg, "confusion-none"));
    free(rows);
}

static void long_labels_are_cut_in_the_middle_and_told_whole(void **state)
{
    (void)state;
    uint64_t rows[STRANGE] = {10, 2000, 33, 4, 555, 66, 7, 0};
    writer svg = {0};
    picture_labels(&svg, strange, STRANGE, rows);
    char *text = checked(&svg, "labels-strange");
    assert_has(text, "\xE2\x80\xA6");
    assert_has(text, "<title>WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW</title>");
    assert_has(text, "&lt;script&gt;");
    assert_null(strstr(text, "<script"));
    assert_int_equal(svg_count(text, "direction=\"rtl\""), 2);
    assert_int_equal(svg_count(text, "class=\"bar\""), STRANGE);
    free(text);
}

static void labels_and_lengths_and_scores_are_bars(void **state)
{
    (void)state;
    uint64_t rows[MANY], lengths[40], scores[MANY * 20], most = 0;
    for (size_t i = 0; i < MANY; i++)
        rows[i] = 900 - 30 * i;
    for (size_t b = 0; b < 40; b++)
        lengths[b] = (uint64_t)(30000 * exp(-0.5 * pow(((double)b - 12) / 6, 2)));
    for (size_t i = 0; i < MANY * 20; i++) {
        scores[i] = i / 20 % 2 ? i % 20 * i % 20 : 400 - i % 20 * (i % 20);
        most += scores[i] > 0;
    }
    writer svg = {0};
    picture_labels(&svg, many, MANY, rows);
    char *text = checked(&svg, "labels-26");
    assert_int_equal(svg_count(text, "class=\"bar\""), MANY);
    assert_has(text, ">900<");
    free(text);
    picture_lengths(&svg, lengths, 40, 20, 130);
    text = checked(&svg, "lengths");
    assert_has(text, ">window 130<");
    assert_has(text, ">30k<");
    free(text);
    picture_lengths(&svg, lengths, 40, 20, 790);
    free(checked(&svg, "lengths-late"));
    picture_scores(&svg, two, 2, scores, 20, "probability of pos");
    text = checked(&svg, "scores");
    assert_int_equal(svg_count(text, ">probability of pos<"), 2);
    free(text);
    picture_scores(&svg, many, MANY, scores, 20, "probability of the label");
    text = checked(&svg, "scores-26");
    assert_int_equal(svg_count(text, "class=\"bar\""), most);
    free(text);
    picture_scores(&svg, strange, STRANGE, scores, 20, "score");
    free(checked(&svg, "scores-strange"));
}

static void empty_counts_say_so(void **state)
{
    (void)state;
    const uint64_t none[20] = {0};
    writer svg = {0};
    picture_scores(&svg, two, 2, none, 10, "score");
    char *text = checked(&svg, "scores-empty");
    assert_int_equal(svg_count(text, ">no data<"), 2);
    free(text);
    picture_lengths(&svg, none, 0, 10, 0);
    text = checked(&svg, "lengths-empty");
    assert_int_equal(svg_count(text, ">no data<"), 1);
    free(text);
    picture_labels(&svg, two, 0, none);
    text = checked(&svg, "labels-empty");
    assert_int_equal(svg_count(text, ">no data<"), 1);
    free(text);
}

/* ---- curves */

enum { POINTS = 2000 };

static void fill_curves(heed_line *lines, const char *const *names, size_t count, double (*values)[2][POINTS])
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < POINTS; k++) {
            values[i][0][k] = (double)k / (POINTS - 1);
            values[i][1][k] = pow(values[i][0][k], 0.03 + 0.03 * (double)i);
        }
        lines[i] = (heed_line){names[i], values[i][0], values[i][1], NULL, NULL, POINTS, 1 / (1.03 + 0.03 * (double)i)};
    }
}

static void curves_are_named_with_their_areas(void **state)
{
    (void)state;
    double(*values)[2][POINTS] = calloc(MANY, sizeof *values);
    heed_line lines[MANY];
    writer svg = {0};
    fill_curves(lines, two + 1, 1, values);
    picture_roc(&svg, lines, 1);
    char *text = checked(&svg, "roc");
    assert_has(text, ">0.9709<");
    assert_has(text, ">pos<");
    assert_int_equal(svg_count(text, "class=\"guide\""), 1);
    assert_true(strlen(text) < 20000); /* points that nobody could tell apart are left out */
    free(text);
    fill_curves(lines, many, MANY, values);
    picture_roc(&svg, lines, MANY);
    text = checked(&svg, "roc-26");
    assert_int_equal(svg_count(text, "class=\"line\""), 2 * MANY);
    free(text);
    fill_curves(lines, strange, STRANGE, values);
    lines[1].area = NAN;
    picture_precision_recall(&svg, lines, STRANGE);
    free(checked(&svg, "precision-recall-strange"));
    free(values);
}

static void a_curve_without_points_leaves_an_empty_plot(void **state)
{
    (void)state;
    const double bad[] = {NAN, INFINITY};
    const heed_line lines[] = {{"empty", NULL, NULL, NULL, NULL, 0, NAN}, {"bad", bad, bad, NULL, NULL, 2, INFINITY}};
    writer svg = {0};
    picture_roc(&svg, lines, 2);
    char *text = checked(&svg, "roc-empty");
    assert_has(text, ">no data<");
    free(text);
    picture_learning(&svg, lines, 0, "accuracy");
    text = checked(&svg, "learning-empty");
    assert_has(text, ">no data<");
    free(text);
}

static void learning_curves_have_marks_and_intervals(void **state)
{
    (void)state;
    const double rows[] = {500, 1000, 2000, 4000, 8000, 16000, 25000}, y[] = {.70, .76, .81, .845, .87, .884, .891};
    double low[7], high[7], other[7];
    for (int i = 0; i < 7; i++) {
        low[i] = y[i] - 0.02 / (i + 1);
        high[i] = y[i] + 0.02 / (i + 1);
        other[i] = y[i] - 0.03;
    }
    const heed_line lines[] = {{"embed 128 | bilstm 32 | attention additive 32", rows, y, low, high, 7, NAN},
                               {"linear", rows, other, NULL, NULL, 7, NAN}};
    writer svg = {0};
    picture_learning(&svg, lines, 2, "accuracy");
    char *text = checked(&svg, "learning");
    assert_int_equal(svg_count(text, "class=\"mark\""), 7 + 7 + 2);
    assert_int_equal(svg_count(text, "<line class=\"line\""), 3 * 7);
    assert_has(text, ">20k<");
    free(text);
}

static void reliability_shows_bins_that_have_rows(void **state)
{
    (void)state;
    picture_bin bins[15];
    size_t filled = 0;
    for (size_t b = 0; b < 15; b++) {
        double mean = ((double)b + 0.5) / 15;
        bins[b] = (picture_bin){mean, pow(mean, 1.3), b < 7 ? 0 : UINT64_C(100) << (b - 7)};
        filled += bins[b].rows > 0;
    }
    bins[3] = (picture_bin){NAN, NAN, 0};
    writer svg = {0};
    picture_reliability(&svg, bins, 15);
    char *text = checked(&svg, "reliability");
    assert_int_equal(svg_count(text, "class=\"mark\""), filled);
    assert_int_equal(svg_count(text, "class=\"bar\""), filled);
    free(text);
    picture_reliability(&svg, bins, 0);
    text = checked(&svg, "reliability-empty");
    assert_has(text, ">no data<");
    free(text);
}

/* ---- comparison */

static void a_comparison_shows_each_contender_and_its_difference(void **state)
{
    (void)state;
    static const char *const names[] = {
        "embed 128 | bilstm 32 return-state | attention additive 32 | dense 20 | dropout 0.05",
        "embed 128 | bilstm 32 | mean", "linear", "<&> fails", "\xD7\xA2\xD7\x91\xD7\xA8\xD7\x99\xD7\xAA 3"};
    heed_contender contenders[5] = {{0}};
    for (int i = 0; i < 5; i++) {
        double mean = 0.88 - 0.004 * i;
        contenders[i] = (heed_contender){.name = names[i],
                                         .baseline = i == 1 || i == 2,
                                         .accuracy = {mean, i == 2 ? NAN : 0.003},
                                         .accuracy_difference = {-0.004 * i, -0.004 * i - 0.005, -0.004 * i + 0.005}};
    }
    contenders[3].accuracy = (heed_spread){NAN, NAN};
    contenders[3].accuracy_difference = (heed_interval){NAN, NAN, NAN};
    writer svg = {0};
    picture_comparison(&svg, contenders, 5);
    char *text = checked(&svg, "comparison");
    assert_int_equal(svg_count(text, "class=\"mark\""), 4 + 3);
    assert_int_equal(svg_count(text, ">no metrics<"), 2);
    assert_int_equal(svg_count(text, ">baseline<"), 2);
    assert_has(text, "<title>0.8800, from 0.8770 to 0.8830</title>");
    free(text);
    picture_comparison(&svg, contenders, 1);
    free(checked(&svg, "comparison-1"));
    picture_comparison(&svg, contenders, 0);
    free(checked(&svg, "comparison-0"));
}

static void faithfulness_is_two_bars_a_method(void **state)
{
    (void)state;
    heed_faithfulness f = {.info = {.method_count = 3},
                           .methods = {{.method = HEED_METHOD_ATTENTION},
                                       {.method = HEED_METHOD_LEAVE_ONE_OUT},
                                       {.method = HEED_METHOD_AUTO}}};
    for (int i = 0; i < 3; i++) {
        f.methods[i].comprehensiveness[HEED_ERASED_MEAN] = (heed_interval){0.3 * i, 0.3 * i - 0.02, 0.3 * i + 0.03};
        f.methods[i].sufficiency[HEED_ERASED_MEAN] = (heed_interval){0.2 - 0.3 * i, 0.1 - 0.3 * i, 0.21 - 0.3 * i};
    }
    writer svg = {0};
    picture_faithfulness(&svg, &f);
    char *text = checked(&svg, "faithfulness");
    assert_int_equal(svg_count(text, "class=\"bar\""), 6);
    assert_has(text, ">leave-one-out<");
    assert_has(text, ">random order<");
    assert_has(text, "<title>0.3000, from 0.2800 to 0.3300</title>");
    free(text);
    f.methods[1].sufficiency[HEED_ERASED_MEAN].mean = NAN;
    picture_faithfulness(&svg, &f);
    text = checked(&svg, "faithfulness-undefined");
    assert_int_equal(svg_count(text, "class=\"bar\""), 5);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_training_is_nine_panels_with_both_lines_and_the_kept_epoch),
        cmocka_unit_test(a_training_may_be_one_epoch_or_fifty_or_none_and_have_no_validation),
        cmocka_unit_test(figures_that_are_not_finite_or_constant_or_huge_are_drawn_as_far_as_they_can),
        cmocka_unit_test(a_confusion_matrix_tells_counts_and_shares),
        cmocka_unit_test(a_confusion_matrix_of_many_labels_stays_legible),
        cmocka_unit_test(long_labels_are_cut_in_the_middle_and_told_whole),
        cmocka_unit_test(labels_and_lengths_and_scores_are_bars),
        cmocka_unit_test(empty_counts_say_so),
        cmocka_unit_test(curves_are_named_with_their_areas),
        cmocka_unit_test(a_curve_without_points_leaves_an_empty_plot),
        cmocka_unit_test(learning_curves_have_marks_and_intervals),
        cmocka_unit_test(reliability_shows_bins_that_have_rows),
        cmocka_unit_test(a_comparison_shows_each_contender_and_its_difference),
        cmocka_unit_test(faithfulness_is_two_bars_a_method),
    };
    return cmocka_run_group_tests(tests, make_many, NULL);
}
