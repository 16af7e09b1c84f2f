/* The table that tools/make_lexicon writes and lexicon.c reads; all numbers are little-endian.
 *
 *   header  u32 number of slots (a power of two), u32 number of words
 *   slots   u32 each: 0: free, else the top 8 bits of the word's XXH3-64 over the 24 bits of its entry's offset
 *           from the table's begin; the word belongs at slot hash % slots or the next free one after it
 *   entries u8 flags, u8 size, the word; then for each part of speech with an exception, the noun first:
 *           u8 size, what the word becomes
 */
#ifndef TEXT_LEXICON_FORMAT_H
#define TEXT_LEXICON_FORMAT_H

enum {
    LEXICON_HEADER = 8,
    LEXICON_NOUN = 1, /* WordNet has it as a noun */
    LEXICON_VERB = 2,
    LEXICON_NOUN_EXCEPTION = 4, /* a key of noun.exc: the rules are not tried */
    LEXICON_VERB_EXCEPTION = 8,
    LEXICON_LONGEST = 255
};

#endif
