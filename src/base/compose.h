/* Text in Unicode's normalization form C (NFC, UAX #15), in which the spellings of a character are one: e and U+0301
 * become U+00E9. */
#ifndef BASE_COMPOSE_H
#define BASE_COMPOSE_H

#include "base/intern.h"
#include "base/writer.h"

/* A part of a text is composed by itself. A base character with more marks than this is composed in several parts, so
 * that the time is linear in the size of the text, whatever the bytes. */
enum { COMPOSE_CHARACTERS = 128 };

/* Bytes [from, to) of a text become others. */
typedef struct composed_part {
    size_t from, to, size;
    char bytes[16 * COMPOSE_CHARACTERS]; /* a character decomposes into four at most, each of four bytes at most */
} composed_part;

/* Finds the next part that NFC changes, from *at on, and moves *at past it; false if there is none. Begin with *at = 0.
 * Bytes that are not UTF-8 stay as they are. */
bool compose_next(composed_part *part, heed_bytes text, size_t *at);

/* The text in NFC: itself, or what is appended to the writer, which borrows it. */
heed_bytes compose(writer *out, heed_bytes text);

/* Whether a name is the same as another one, or its NFC is. */
bool compose_same(heed_bytes name, heed_bytes typed);

/* intern_find for a list of words in NFC or as they were written: of the word itself, or else of its NFC. */
uint32_t compose_find(const intern *words, heed_bytes word);

#endif
