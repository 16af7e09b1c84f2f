/* What divides a normalized text into words, which a model then divides into tokens: a list of steps, each of which
 * goes over all words. Every character keeps the bytes of the text that it came from, as in `tokenizers`. */
#ifndef TOKENIZER_PRE_TOKENIZER_H
#define TOKENIZER_PRE_TOKENIZER_H

#include "base/writer.h"
#include "tokenizer/normalizer.h"
#include "tokenizer/token_points.h"

enum { PRE_STEPS = 4 };

typedef enum pre_step_kind {
    PRE_BERT,       /* at white space and around punctuation */
    PRE_BLANKS,     /* at white space */
    PRE_BYTE_LEVEL, /* as GPT-2; then a character for each byte */
    PRE_METASPACE   /* spaces become another character, before which words begin */
} pre_step_kind;

typedef enum prepend_scheme { PREPEND_ALWAYS, PREPEND_FIRST, PREPEND_NEVER, PREPEND_SCHEMES } prepend_scheme;

typedef struct pre_step {
    pre_step_kind kind;
    bool split;             /* PRE_BYTE_LEVEL, PRE_METASPACE: into words */
    prepend_scheme prepend; /* of the same: a space, or what stands for one, before a word that does not begin so;
                               FIRST: only at the begin of the text */
    uint32_t replacement;   /* PRE_METASPACE: the character that stands for a space */
} pre_step;

typedef struct pre_tokenizer {
    pre_step step[PRE_STEPS];
    size_t count;
} pre_tokenizer;

/* Words, and memory for the next ones. Begins as {0}. */
typedef struct word_list {
    normal_character *characters, *other; /* those of all words, one word after the other; other: of the next step */
    size_t *ends, *other_ends;            /* [count]: where each word ends in them */
    size_t count;
    size_t capacity, other_capacity, end_capacity, other_end_capacity;
    size_t put, put_words; /* while a step runs: what it has written */
    bool failed;           /* memory was not available: there are no words */
} word_list;

void word_list_release(word_list *words);

/* Divides these characters; words have at least one. */
void pre_tokenizer_run(word_list *out, const pre_tokenizer *p, const normal_character *characters, size_t count);
/* Whether the only step is BERT's. */
bool pre_tokenizer_is_bert(const pre_tokenizer *p);
/* Whether the words have a character for each byte. */
bool pre_tokenizer_gives_bytes(const pre_tokenizer *p);
/* Whether a token goes on with a word, as far as it shows: it begins with a letter or a digit, of a script that has
 * spaces between words. */
bool pre_tokenizer_goes_on(const pre_tokenizer *p, heed_bytes token);
/* A token as it stands in a text, without a space before it. */
void pre_tokenizer_write_text(writer *to, const pre_tokenizer *p, heed_bytes token);

/* What a character is for the division into words by PRE_BERT. */
typedef enum word_kind {
    KIND_OTHER, /* of bytes only: the normalizer has to look at what is around it */
    KIND_SPACE,
    KIND_PUNCTUATION, /* a word of its own */
    KIND_LETTER
} word_kind;

static inline word_kind word_kind_of(uint32_t point)
{
    unsigned bits = token_point_bits(point);
    return (bits & TOKEN_SPACE) != 0 ? KIND_SPACE : (bits & TOKEN_PUNCTUATION) != 0 ? KIND_PUNCTUATION : KIND_LETTER;
}

#endif
