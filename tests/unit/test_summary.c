/* The summary's table of layers, in the form of Keras's: what each layer returns, and from whom it reads. */
#include "unit/made_network.h"

#include <stdlib.h>
#include <string.h>

/* Each expected text is a line of the table, its columns set apart by one '|' in place of spaces. */
static const struct {
    const char *architecture, *lines[8];
} cases[] = {
    {"embed 8 | bilstm 4 | bilstm 3 | attention additive 10 | dense 5",
     {"embedding (Embedding)|(None, 30, 8)|160|input", "bi_lstm_0 (Bidirectional)|(None, 30, 8)|416|embedding",
      "bi_lstm_1 (Bidirectional)|(None, 30, 6)|288|bi_lstm_0\n|+ 4 x (None, 3)",
      "state_h (Concatenate)|(None, 6)|0|bi_lstm_1, bi_lstm_1",
      "attention (Attention)|(None, 6)|151|bi_lstm_1, state_h\n|+ (None, 30, 1)",
      "dense (Dense)|(None, 5)|35|attention", "output (Dense)|(None, 1)|6|dense"}},
    {"embed 8 | gru 4 | attention general + max",
     {"gru_0 (GRU)|(None, 30, 4)|168|embedding\n|+ (None, 4)",
      "attention (Attention)|(None, 4)|16|gru_0, gru_0\n|+ (None, 30, 1)", "max (GlobalMaxPooling1D)|(None, 4)|0|gru_0",
      "concatenate (Concatenate)|(None, 8)|0|attention, max", "output (Dense)|(None, 1)|9|concatenate"}},
    {"embed 8 | bigru 4 | last",
     {"bi_gru_0 (Bidirectional)|(None, 30, 8)|336|embedding\n|+ 2 x (None, 4)", "last (Identity)|(None, 8)|0|state_h",
      "output (Dense)|(None, 1)|9|last"}},
    {"embed 8 | lstm 4 | mean", /* nobody asks for its state */
     {"lstm_0 (LSTM)|(None, 30, 4)|208|embedding", "mean (GlobalAveragePooling1D)|(None, 4)|0|lstm_0"}},
    {"embed 8 | lstm 4 | conv 5 3 | attention dot", /* the query is the mean of what it reads */
     {"lstm_0 (LSTM)|(None, 30, 4)|208|embedding", "conv1d_1 (Conv1D)|(None, 30, 5)|65|lstm_0",
      "attention (Attention)|(None, 5)|0|conv1d_1\n|+ (None, 30, 1)"}},
};

/* Runs of two and more spaces become one '|', so that the widths of columns do not matter. */
static void squeeze(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0';) {
        size_t spaces = strspn(from, " ");
        if (spaces > 1) {
            *to++ = '|';
            from += spaces;
        } else {
            *to++ = *from++;
        }
    }
    *to = '\0';
}

static void layers_say_what_they_return_and_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        heed_model model = made_network(cases[i].architecture, 20, 30);
        heed_error error = {0};
        char *text = NULL;
        if (heed_model_summary(&text, &model, &error) != HEED_OK)
            fail_msg("%s", error.message);
        squeeze(text);
        for (size_t j = 0; cases[i].lines[j] != NULL; j++)
            if (strstr(text, cases[i].lines[j]) == NULL)
                fail_msg("no line '%s' in:\n%s", cases[i].lines[j], text);
        free(text);
        trained_network_free(model.trained);
    }
}

static void the_table_fits_into_100_columns(void **state)
{
    (void)state;
    static const char *const usual[] = {
        "embed 128 | bilstm 32 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05",
        "embed 300 | bilstm 256 | bilstm 256 | attention general | dense 128 | dropout 0.5",
        "embed 300 | bigru 256 | attention additive 64 + max + mean + last | dense 128",
    };
    for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
        heed_model model = made_network(usual[i], 50000, 1000);
        heed_error error = {0};
        char *text = NULL;
        if (heed_model_summary(&text, &model, &error) != HEED_OK)
            fail_msg("%s", error.message);
        for (const char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n"))
            if (strlen(line) > 100)
                fail_msg("%zu columns: %s", strlen(line), line);
        free(text);
        trained_network_free(model.trained);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(layers_say_what_they_return_and_read),
                                       cmocka_unit_test(the_table_fits_into_100_columns)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
