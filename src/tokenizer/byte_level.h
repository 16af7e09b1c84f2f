/* Texts as GPT-2 divides them: words by its regular expression, and in them a character for each byte. */
#ifndef TOKENIZER_BYTE_LEVEL_H
#define TOKENIZER_BYTE_LEVEL_H

#include "tokenizer/normal_character.h"

/* The character that stands for a byte: itself where it is printed in Latin-1, else one of those from U+0100 on. */
uint32_t byte_level_point(unsigned char byte);
/* The byte that a character stands for; -1: none. */
int byte_level_byte(uint32_t point);

/* Where the word ends that begins at `from`; from < count. */
size_t byte_level_word(const normal_character *characters, size_t from, size_t count);

#endif
