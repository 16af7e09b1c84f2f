/* For tests of the text stages: cleaners, and what they are to give. */
#ifndef UNIT_TEXT_CHECK_H
#define UNIT_TEXT_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "text/cleaner.h"

/* The options need no head. */
static inline heed_cleaner *new_cleaner(heed_text_options options)
{
    heed_text_options off;
    heed_text_options_init(&off, HEED_PRESET_OFF);
    options.head = off.head;
    heed_cleaner *cleaner;
    heed_error error;
    heed_status status = heed_cleaner_new(&cleaner, &options, &error);
    if (status != HEED_OK)
        print_error("%s\n", error.message);
    assert_int_equal(status, HEED_OK);
    return cleaner;
}

/* What the tutorial does to a text. */
static const heed_text_options tutorial_options = {.punctuation = HEED_PUNCTUATION_FIRST32,
                                                   .letters = HEED_LETTERS_LOWER,
                                                   .tokens = HEED_TOKENS_SPLIT,
                                                   .lemmas = HEED_LEMMAS_NOUN_VERB,
                                                   .stop_words = "english"};

static inline void assert_bytes(heed_bytes found, const char *expected, size_t size)
{
    if (found.size != size || memcmp(found.data, expected, size) != 0)
        print_error("found    \"%.*s\"\nexpected \"%.*s\"\n", (int)found.size, found.data, (int)size, expected);
    assert_int_equal(found.size, size);
    assert_memory_equal(found.data, expected, size);
}

#endif
