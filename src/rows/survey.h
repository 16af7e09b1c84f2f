/* Which encoding the bytes beyond ASCII of a file are in. */
#ifndef ROWS_SURVEY_H
#define ROWS_SURVEY_H

#include "heed.h"

/* What the bytes of a file are as UTF-8. Begins as {0}. */
typedef struct survey {
    uint64_t characters;      /* beyond ASCII; also those that only look like one: overlong forms, surrogates */
    uint64_t invalid;         /* bytes that are not UTF-8 */
    uint64_t not_text;        /* of them those that windows-1252 does not have, and NUL bytes anywhere */
    uint64_t letters;         /* of them those that are letters in windows-1252 */
    uint64_t crowded;         /* of these letters those after two others */
    uint64_t run;             /* how many of these letters end at the last invalid byte, without a gap */
    uint64_t last;            /* where the byte after that is */
    uint64_t size;            /* bytes so far */
    uint64_t first;           /* where the first invalid byte is, from 0 */
    unsigned char first_byte; /* and which it is */
} survey;

/* Takes the next bytes; returns how many of them were taken: at most three at the end may have to come again, with more
 * after them. at_end: nothing comes after these bytes, and all are taken. */
size_t survey_take(survey *s, heed_bytes bytes, bool at_end);
/* Whether it is UTF-8 whatever comes. */
bool survey_is_clear(const survey *s);
/* Some of it is beyond ASCII, and that is UTF-8 but for a few damaged bytes. */
bool survey_is_utf8(const survey *s);
/* Whether many letters are UTF-8 and many others are not: rows in two encodings, perhaps. */
bool survey_is_mixed(const survey *s);
/* It is not UTF-8, and can be windows-1252. A few bytes of such a file may look like UTF-8; a file with more than that
 * has both encodings, or is damaged. Whole words of letters beyond ASCII are of another alphabet, in its own encoding. */
bool survey_is_windows_1252(const survey *s);

#endif
