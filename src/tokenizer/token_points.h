/* What Hugging Face's `tokenizers` takes each code point for: the table that tools/make_token_points makes of
 * token_points.txt. It is its own rather than utf8proc's, as ids must not depend on which version of Unicode utf8proc
 * has here. `tokenizers` 0.22.1 has several: control characters, accents and punctuation of Unicode 8, decompositions,
 * classes and marks of Unicode 9, small letters of Unicode 16. Unicode 15.0 (utf8proc 2.8) has 434 accents more, 127
 * punctuation marks, 355 marks, 109 characters with a class, 20 control characters and a decomposition (U+11938), and
 * lacks 27 small letters. */
#ifndef TOKENIZER_TOKEN_POINTS_H
#define TOKENIZER_TOKEN_POINTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/points.h"

enum {
    TOKEN_REMOVED = 1 << 0, /* clean_text removes it: a control, format or private character, U+0000 or U+FFFD */
    TOKEN_SPACE = 1 << 1,   /* White_Space */
    TOKEN_PUNCTUATION = 1 << 2,
    TOKEN_IDEOGRAPH = 1 << 3, /* handle_chinese_chars puts spaces around it */
    TOKEN_ACCENT = 1 << 4,    /* strip_accents removes it: general category Mn */
    TOKEN_MARK = 1 << 5,      /* StripAccents removes it: general category M */
    TOKEN_WORD = 1 << 6,      /* \w of single_word */
    TOKEN_LOWERS = 1 << 7,    /* has another lower-case form */
    TOKEN_DECOMPOSES = 1 << 8,
    TOKEN_LETTER = 1 << 9,    /* \p{L} of GPT-2's regular expression */
    TOKEN_NUMBER = 1 << 10,   /* \p{N} */
    TOKEN_CLUSTER_SHIFT = 11, /* 4 bits: a cluster_class */
    TOKEN_WIDENS = 1 << 15,   /* has a compatibility decomposition that is another one */
    TOKEN_CLASS_SHIFT = 16,   /* from here on a number in the order of the canonical combining classes; 0: class 0 */

    TOKEN_FORM = 4, /* characters of a form at most */
    TOKEN_LOWERED = 1460,
    TOKEN_DECOMPOSED = 2060, /* without Hangul's syllables */
    TOKEN_WIDE_FORM = 18,    /* characters of a compatibility decomposition at most */
    TOKEN_WIDENED = 3678,
    TOKEN_WIDE_POINTS = 5599 /* of all of those */
};

/* What a character is where texts are divided into clusters, as users see characters (UAX #29). Syllables of Hangul and
 * U+200D are CLUSTER_OTHER here: clusters.c knows them. */
typedef enum cluster_class {
    CLUSTER_OTHER,
    CLUSTER_CONTROL,
    CLUSTER_EXTENDS,
    CLUSTER_SPACING,
    CLUSTER_PREPENDED,
    CLUSTER_PICTURE,
    CLUSTER_LEAD,      /* of Hangul: L, */
    CLUSTER_VOWEL,     /* V, */
    CLUSTER_TAIL,      /* T */
    CLUSTER_CONSONANT, /* of Indic scripts, which linkers join */
    CLUSTER_LINKER,
    CLUSTER_LEAD_VOWEL,
    CLUSTER_LEAD_VOWEL_TAIL,
    CLUSTER_JOINER
} cluster_class;

/* What a character becomes; to ends with zeros. */
typedef struct token_form {
    uint32_t point, to[TOKEN_FORM];
} token_form;

/* What a character becomes: so many of the table's wide_points. */
typedef struct token_wide_form {
    uint32_t point;
    uint16_t first, size;
} token_wide_form;

typedef struct token_point_table {
    uint8_t page[POINT_PAGES];
    token_form lowered[TOKEN_LOWERED], decomposed[TOKEN_DECOMPOSED]; /* sorted by point */
    token_wide_form widened[TOKEN_WIDENED];                          /* sorted by point */
    uint32_t wide_points[TOKEN_WIDE_POINTS];
    uint32_t bits[][POINT_PAGE];
} token_point_table;

extern const token_point_table token_points_data;

/* point: at most U+10FFFF. */
static inline unsigned token_point_bits(uint32_t point)
{
    return token_points_data.bits[token_points_data.page[point / POINT_PAGE]][point % POINT_PAGE];
}

/* Its lower-case form and its canonical decomposition (NFD): how many characters, itself if it has none. */
size_t token_point_lower(uint32_t point, uint32_t to[TOKEN_FORM]);
size_t token_point_decompose(uint32_t point, uint32_t to[TOKEN_FORM]);
/* Its compatibility decomposition (NFKD). */
size_t token_point_widen(uint32_t point, uint32_t to[TOKEN_WIDE_FORM]);

#endif
