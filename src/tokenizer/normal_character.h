/* Characters of a text after the steps that it goes through before it is divided into tokens. */
#ifndef TOKENIZER_NORMAL_CHARACTER_H
#define TOKENIZER_NORMAL_CHARACTER_H

#include "heed.h"

/* A character of the normalized text, and bytes [begin, end) of the text that it came from. */
typedef struct normal_character {
    size_t begin, end;
    uint32_t point;
} normal_character;

#endif
