/* The built-in definitions: what heed demo learns from. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <xxhash.h>
#include <zlib.h>

#include "base/intern.h"
#include "rows/glosses.h"

/* The digests (XXH3-128) are those of a separate implementation in Python over WordNet 3.0's data.noun. */
static const struct part {
    const char *name;
    size_t rows;
    uint64_t digest_high, digest_low;
} parts[] = {{"train", 20000, 0xd8ff3c3820e6990a, 0xb73efc6115c2a191},
             {"validation", 4000, 0x5900854a153c4615, 0x778651b15ce344c3},
             {"test", 4000, 0x9968df785d884e96, 0xb0eeb955f18ec87f}};

enum { PARTS = sizeof parts / sizeof parts[0], LABELS = 19, CATEGORY_MINIMUM = 30 };

static char *part_text(const char *name, size_t *size)
{
    char *text = NULL;
    heed_error error;
    assert_int_equal(heed_demo_data(&text, size, name, &error), HEED_OK);
    assert_non_null(text);
    return text;
}

/* Calls see(user, label, definition) for each row; both are NUL-terminated in place. Returns the number of rows. */
static size_t each_row(char *text, void (*see)(void *user, char *label, char *definition), void *user)
{
    size_t rows = 0;
    char *rest = text;
    char *header = strsep(&rest, "\n");
    assert_string_equal(header, "label\ttext");
    for (; *rest != '\0'; rows++) {
        char *definition = strsep(&rest, "\n");
        assert_non_null(rest); /* the last row ends with a newline, too */
        char *label = strsep(&definition, "\t");
        assert_non_null(definition);
        assert_null(strchr(definition, '\t'));
        see(user, label, definition);
    }
    return rows;
}

struct label_counts {
    intern labels;
    size_t rows[LABELS];
};

static void count_label(void *user, char *label, char *definition)
{
    struct label_counts *seen = user;
    (void)definition;
    uint32_t number;
    assert_memory_equal(label, "noun.", 5);
    assert_int_equal(intern_put(&number, &seen->labels, (heed_bytes){label, strlen(label)}, NULL), HEED_OK);
    assert_true(number < LABELS);
    seen->rows[number]++;
}

static void parts_have_their_rows_and_all_labels(void **state)
{
    (void)state;
    for (size_t i = 0; i < PARTS; i++) {
        struct label_counts seen = {0};
        size_t size;
        char *text = part_text(parts[i].name, &size);
        assert_int_equal(intern_init(&seen.labels, NULL), HEED_OK);
        assert_int_equal(each_row(text, count_label, &seen), parts[i].rows);
        assert_int_equal(seen.labels.count, LABELS);
        for (size_t label = 0; label < LABELS; label++)
            assert_true(seen.rows[label] >= CATEGORY_MINIMUM);
        intern_release(&seen.labels);
        heed_free(text);
    }
}

static void fold_and_put(void *user, char *label, char *definition)
{
    intern *definitions = user;
    uint32_t number, before = definitions->count;
    (void)label;
    assert_true(definition[0] > ' ' && definition[0] != '"'); /* nothing that a reader of TSV would take for a quote */
    for (char *p = definition; *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + ('a' - 'A'));
    heed_bytes word = {definition, strlen(definition)};
    assert_int_equal(intern_put(&number, definitions, word, NULL), HEED_OK);
    assert_int_equal(number, before); /* it is new */
}

static void no_definition_stands_twice(void **state)
{
    (void)state;
    intern definitions = {0};
    assert_int_equal(intern_init(&definitions, NULL), HEED_OK);
    for (size_t i = 0; i < PARTS; i++) {
        size_t size;
        char *text = part_text(parts[i].name, &size);
        each_row(text, fold_and_put, &definitions);
        heed_free(text);
    }
    assert_int_equal(definitions.count, 28000);
    intern_release(&definitions);
}

static void parts_are_the_same_everywhere(void **state)
{
    (void)state;
    for (size_t i = 0; i < PARTS; i++) {
        size_t size;
        char *text = part_text(parts[i].name, &size);
        assert_int_equal(strlen(text), size);
        XXH128_hash_t digest = XXH3_128bits(text, size);
        assert_int_equal(digest.high64, parts[i].digest_high);
        assert_int_equal(digest.low64, parts[i].digest_low);
        heed_free(text);
    }
}

static void unknown_part_is_a_usage_error_that_names_the_parts(void **state)
{
    (void)state;
    static const char *const unknown[] = {"", "dev", "Train", "train ", "tests"};
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        char *text = (char *)&text;
        size_t size = 1;
        heed_error error = {""};
        assert_int_equal(heed_demo_data(&text, &size, unknown[i], &error), HEED_USAGE);
        assert_null(text);
        assert_int_equal(size, 0);
        assert_non_null(strstr(error.message, "train, validation and test"));
        assert_int_equal(heed_demo_data(&text, &size, unknown[i], NULL), HEED_USAGE);
    }
}

/* A blob of three parts that hold "abc" each. */
static size_t small_blob(unsigned char blob[256])
{
    size_t end = GLOSSES_HEADER;
    memset(blob, 0, 256);
    for (size_t part = 0; part < GLOSSES_PARTS; part++) {
        uLongf packed = (uLongf)(256 - end);
        assert_int_equal(compress2(blob + end, &packed, (const Bytef *)"abc", 3, 9), Z_OK);
        blob[8 * part] = 3;
        blob[8 * part + 4] = (unsigned char)packed;
        end += packed;
    }
    return end;
}

static heed_status unpack(const unsigned char *blob, size_t size, size_t part)
{
    char *text;
    size_t text_size;
    heed_error error;
    unsigned char *exact = malloc(size == 0 ? 1 : size); /* so that a sanitizer sees a read behind the end */
    assert_non_null(exact);
    memcpy(exact, blob, size);
    heed_status status = glosses_unpack(&text, &text_size, exact, size, part, &error);
    if (status == HEED_OK)
        assert_true(text_size == 3 && strcmp(text, "abc") == 0);
    else
        assert_true(text == NULL && text_size == 0);
    heed_free(text);
    free(exact);
    return status;
}

static void damaged_blob_is_refused(void **state)
{
    (void)state;
    unsigned char blob[256], damaged[256];
    size_t size = small_blob(blob);
    for (size_t part = 0; part < GLOSSES_PARTS; part++)
        assert_int_equal(unpack(blob, size, part), HEED_OK);
    for (size_t cut = 0; cut < size; cut++)
        assert_int_equal(unpack(blob, cut, GLOSSES_PARTS - 1), HEED_BAD_DATA);
    for (size_t byte = 0; byte < GLOSSES_HEADER; byte++) { /* every size too large */
        memcpy(damaged, blob, size);
        damaged[byte] = 0xFF;
        assert_int_equal(unpack(damaged, size, byte / 8), HEED_BAD_DATA);
    }
    memcpy(damaged, blob, size);
    damaged[0] = 2; /* a size too small */
    assert_int_equal(unpack(damaged, size, 0), HEED_BAD_DATA);
    damaged[0] = 3;
    damaged[GLOSSES_HEADER + 3] ^= 0x55;
    assert_int_equal(unpack(damaged, size, 0), HEED_BAD_DATA);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_have_their_rows_and_all_labels),
        cmocka_unit_test(no_definition_stands_twice),
        cmocka_unit_test(parts_are_the_same_everywhere),
        cmocka_unit_test(unknown_part_is_a_usage_error_that_names_the_parts),
        cmocka_unit_test(damaged_blob_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
