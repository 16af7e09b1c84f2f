/* Which weights --weights auto takes: by made-up processors, so that the one that runs this does not matter. */
#include "unit/kernel_cases.h"
#include "unit/made_rows.h"

#include "math/processor.h"

/* Signatures that these processors have, as their makers publish them. */
static const struct {
    const char *vendor;
    uint32_t signature;
    unsigned family, model;
    const char *name; /* in the table; NULL: not there */
    bool gains, encoder_gains;
} processors[] = {
    {"AuthenticAMD", 0x00A10F11, 25, 17, "AMD EPYC 9004 (Zen 4)", true, false},
    {"AuthenticAMD", 0x00B00F21, 26, 2, "AMD EPYC 9005 (Zen 5)", true, true},
    {"AuthenticAMD", 0x00B10F10, 26, 17, "AMD EPYC 9005 (Zen 5)", true, true},
    {"GenuineIntel", 0x000806F8, 6, 143, "Intel Xeon Sapphire Rapids", false, false},
    {"GenuineIntel", 0x000C06F2, 6, 207, NULL, false, false}, /* Emerald Rapids */
    {"GenuineIntel", 0x0005065B, 6, 85, NULL, false, false},  /* Cooper Lake */
    {"GenuineIntel", 0x00000F29, 15, 2, NULL, false, false},  /* Pentium 4 */
    {"GenuineIntel", 0x00000543, 5, 4, NULL, false, false},   /* Pentium MMX */
    {"AuthenticAMD", 0x00A00F11, 25, 1, NULL, false, false},  /* EPYC 7003 (Zen 3), of the same family as Zen 4 */
    {"AuthenticAMD", 0x00B40F40, 26, 68, NULL, false, false}, /* Ryzen 9000 */
    {"HygonGenuine", 0x00A10F11, 25, 17, NULL, false, false}, /* the numbers of another vendor's */
    {"AuthenticAMDs", 0x00B00F21, 26, 2, "AMD EPYC 9005 (Zen 5)", true, true}, /* a vendor has 12 letters */
    {"", 0, 0, 0, NULL, false, false},
};
enum { PROCESSORS = sizeof processors / sizeof *processors };

static void signatures_are_families_and_models(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROCESSORS; i++) {
        processor p = processor_of(processors[i].vendor, processors[i].signature);
        assert_int_equal(p.family, processors[i].family);
        assert_int_equal(p.model, processors[i].model);
        assert_true(strlen(p.vendor) <= 12);
    }
}

static void only_measured_processors_gain_and_only_by_the_instruction(void **state)
{
    (void)state;
    for (size_t i = 0; i < PROCESSORS; i++) {
        processor p = processor_of(processors[i].vendor, processors[i].signature);
        const processor_kind *kind = processor_kind_of(&p);
        assert_int_equal(kind != NULL, processors[i].name != NULL);
        if (kind != NULL)
            assert_string_equal(kind->name, processors[i].name);
        for (int t = 0; t < TABLES; t++)
            if (table(t) != NULL) {
                bool multiplies = strcmp(table(t)->name, "avx512-bf16") == 0;
                assert_int_equal(processor_gains_bf16(&p, BF16_RECURRENT, table(t)), processors[i].gains && multiplies);
                assert_int_equal(processor_gains_bf16(&p, BF16_ENCODER, table(t)),
                                 processors[i].encoder_gains && multiplies);
            }
    }
}

static void the_manual_shows_the_table(void **state)
{
    (void)state;
    static char manual[1 << 20];
    FILE *file = fopen("../docs/USAGE.md", "r");
    assert_non_null(file);
    manual[fread(manual, 1, sizeof manual - 1, file)] = '\0';
    assert_int_equal(fclose(file), 0);
    for (size_t i = 0; i < PROCESSORS; i++) {
        char row[200], models[32];
        processor p = processor_of(processors[i].vendor, processors[i].signature);
        const processor_kind *kind = processor_kind_of(&p);
        if (kind == NULL)
            continue;
        snprintf(models, sizeof models, kind->first_model < kind->last_model ? "%u to %u" : "%u", kind->first_model,
                 kind->last_model);
        int end = snprintf(row, sizeof row, "| %s | %u | %s |", kind->name, kind->family, models);
        for (int work = 0; work < BF16_WORKS; work++)
            end += kind->bf16_time[work] > 0
                       ? snprintf(row + end, sizeof row - (size_t)end, " %.2f |", kind->bf16_time[work])
                       : snprintf(row + end, sizeof row - (size_t)end, " not measured |");
        snprintf(row + end, sizeof row - (size_t)end, " `%s`, `%s` |\n", processors[i].gains ? "bfloat16" : "float32",
                 processors[i].encoder_gains ? "bfloat16" : "float32");
        if (strstr(manual, row) == NULL)
            fail_msg("docs/USAGE.md does not have the row: %s", row);
    }
}

/* ---- predictors */

static heed_precision weights_of(const char *architecture, const char *isa, heed_precision wanted)
{
    heed_predictor *p = NULL;
    setenv("HEED_ISA", isa, 1);
    heed_model *m = made_model(architecture);
    unsetenv("HEED_ISA");
    must(heed_predictor_new(&p, m, 1, &made_error));
    assert_int_equal(heed_predictor_weights(p), HEED_PRECISION_FLOAT32);
    must(heed_predictor_set_weights(p, wanted, &made_error));
    heed_precision found = heed_predictor_weights(p);
    must_refuse(heed_predictor_set_weights(p, HEED_PRECISION_INT8, &made_error), HEED_USAGE,
                "weights: found 'int8', expected float32, bfloat16 or auto", architecture);
    assert_int_equal(heed_predictor_weights(p), found); /* a refusal changes nothing */
    heed_predictor_free(p);
    heed_model_free(m);
    return found;
}

static void predictors_tell_what_auto_is(void **state)
{
    (void)state;
    const char *const recurrent = "embed 4 | bilstm 3 | mean";
    const processor here = processor_here();
    for (int t = 0; t < TABLES; t++)
        if (table(t) != NULL)
            assert_int_equal(weights_of(recurrent, table(t)->name, HEED_PRECISION_AUTO),
                             processor_gains_bf16(&here, BF16_RECURRENT, table(t)) ? HEED_PRECISION_BFLOAT16
                                                                                   : HEED_PRECISION_FLOAT32);
    assert_int_equal(weights_of(recurrent, "plain", HEED_PRECISION_BFLOAT16), HEED_PRECISION_BFLOAT16);
    assert_int_equal(weights_of(recurrent, "plain", HEED_PRECISION_AUTO), HEED_PRECISION_FLOAT32);
    assert_int_equal(weights_of("linear", "avx512-bf16", HEED_PRECISION_AUTO), HEED_PRECISION_FLOAT32);
    assert_int_equal(weights_of("embed 4 | mean", "avx512-bf16", HEED_PRECISION_AUTO), HEED_PRECISION_FLOAT32);
}

static void projections_have_no_auto(void **state)
{
    (void)state;
    heed_predictor *p = NULL;
    heed_model *m = made_model("embed 4 | lstm 3 | mean");
    must(heed_predictor_new(&p, m, 1, &made_error));
    must_refuse(heed_predictor_set_projections(p, HEED_PRECISION_AUTO, &made_error), HEED_USAGE,
                "storage: found 'auto', expected float32, bfloat16 or int8", "auto");
    heed_predictor_free(p);
    heed_model_free(m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signatures_are_families_and_models),
        cmocka_unit_test(only_measured_processors_gain_and_only_by_the_instruction),
        cmocka_unit_test(the_manual_shows_the_table),
        cmocka_unit_test(predictors_tell_what_auto_is),
        cmocka_unit_test(projections_have_no_auto),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
