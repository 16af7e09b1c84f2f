/* Rows cleaned on several threads: the order, the bytes, and every way to end. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "text/cleaner.h"

enum { ROWS = 3000 };

/* A text file of its own for each test. */
static char path[] = "/tmp/heed-test-XXXXXX";

static void write_rows(size_t rows, const char *last)
{
    strcpy(path + sizeof path - 7, "XXXXXX");
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    for (size_t i = 0; i < rows; i++) {
        fprintf(file, "Row %zu:", i);
        for (size_t k = 0; k < i % 40; k++)
            fprintf(file, " the Dogs' tails");
        fprintf(file, "\n");
    }
    fprintf(file, "%s", last);
    assert_int_equal(fclose(file), 0);
}

typedef struct receiver {
    heed_tokens *expected;
    const heed_cleaner *cleaner;
    size_t rows, stop_at; /* stop_at 0: never */
    const char *encoding; /* after the path; NULL: none */
} receiver;

/* Every row against the cleaner run by itself. */
static int receive(void *user, const heed_record *record, heed_tokens *tokens)
{
    receiver *r = user;
    assert_int_equal(record->row, ++r->rows);
    assert_int_equal(heed_cleaner_run(r->expected, r->cleaner, record->text, NULL), HEED_OK);
    assert_int_equal(heed_tokens_count(tokens), heed_tokens_count(r->expected));
    for (size_t i = 0; i < heed_tokens_count(tokens); i++) {
        const heed_token *found = heed_tokens_item(tokens, i), *expected = heed_tokens_item(r->expected, i);
        assert_int_equal(found->text.size, expected->text.size);
        assert_memory_equal(found->text.data, expected->text.data, expected->text.size);
        assert_true(found->begin == expected->begin && found->end == expected->end);
    }
    heed_bytes joined = heed_tokens_joined(tokens), expected_joined = heed_tokens_joined(r->expected);
    assert_int_equal(joined.size, expected_joined.size);
    assert_memory_equal(joined.data, expected_joined.data, joined.size);
    return r->rows == r->stop_at;
}

static heed_status clean_file(receiver *r, heed_tokenizer tokenizer, unsigned threads, heed_error *error)
{
    heed_text_options options;
    heed_text_options_init(&options, HEED_PRESET_OFF);
    options.letters = HEED_LETTERS_LOWER;
    options.tokens = tokenizer;
    options.stop_words = tokenizer == HEED_TOKENS_NONE ? NULL : "english";
    heed_rows_options rows;
    heed_rows_options_init(&rows);
    rows.format = HEED_FORMAT_LINES;
    heed_cleaner *cleaner;
    heed_reader *reader;
    char named[sizeof path + 16];
    snprintf(named, sizeof named, "%s%s", path, r->encoding != NULL ? r->encoding : "");
    const char *paths[] = {named};
    assert_int_equal(heed_cleaner_new(&cleaner, &options, NULL), HEED_OK);
    assert_int_equal(heed_tokens_new(&r->expected, NULL), HEED_OK);
    assert_int_equal(heed_reader_open(&reader, paths, 1, &rows, NULL), HEED_OK);
    r->cleaner = cleaner;
    heed_status status = heed_clean_rows(reader, cleaner, threads, receive, r, error);
    heed_reader_free(reader);
    heed_tokens_free(r->expected);
    heed_cleaner_free(cleaner);
    unlink(path);
    return status;
}

static void rows_come_in_order_at_any_number_of_threads(void **state)
{
    (void)state;
    static const unsigned threads[] = {1, 2, 5};
    static const heed_tokenizer tokenizers[] = {HEED_TOKENS_NONE, HEED_TOKENS_SPLIT, HEED_TOKENS_WORDS};
    for (size_t i = 0; i < 3; i++) {
        write_rows(ROWS, "");
        receiver r = {0};
        assert_int_equal(clean_file(&r, tokenizers[i], threads[i], NULL), HEED_OK);
        assert_int_equal(r.rows, ROWS);
    }
}

static void a_receiver_can_stop(void **state)
{
    (void)state;
    static const size_t stops[] = {1, 17, 600};
    for (size_t i = 0; i < 3; i++) {
        write_rows(ROWS, "");
        receiver r = {.stop_at = stops[i]};
        assert_int_equal(clean_file(&r, HEED_TOKENS_SPLIT, 2, NULL), HEED_STOPPED);
        assert_int_equal(r.rows, stops[i]);
    }
}

static void rows_before_a_bad_one_are_delivered(void **state)
{
    (void)state;
    write_rows(700, "bad \xC3\xA9 \xFF byte\n");
    receiver r = {.encoding = ":utf-8"}; /* else the file would be read as windows-1252 */
    heed_error error = {{0}};
    assert_int_equal(clean_file(&r, HEED_TOKENS_SPLIT, 2, &error), HEED_BAD_DATA);
    assert_int_equal(r.rows, 700);
    assert_true(strlen(error.message) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_come_in_order_at_any_number_of_threads),
        cmocka_unit_test(a_receiver_can_stop),
        cmocka_unit_test(rows_before_a_bad_one_are_delivered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
