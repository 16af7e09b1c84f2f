/* Digests of a text by which equal texts are found. */
#ifndef DATA_TEXT_DIGEST_H
#define DATA_TEXT_DIGEST_H

#include "heed.h"

/* By which rows are kept on one side of a split: XXH3-64 of the text's \w characters, case-folded. Which rows a seed
 * draws depends on its values, so they never change. */
uint64_t group_digest(heed_bytes text);

/* By which a text is found again, whatever was done to its case, punctuation, spacing, entities and Unicode form:
 * XXH3-64 of its words. Character references of HTML are decoded once (html_entities.h); characters without a shape
 * are left out (Default_Ignorable_Code_Point); the rest is in Unicode's form NFKD, by which the same texts are equal as
 * by NFKC, so that full-width letters, ligatures and raised digits are the plain ones; what counts is \w and the marks
 * on it (accents, vowel signs), case-folded. A text without \w is all of its characters in that form but white space:
 * ":)" is not ":(". Of ASCII without "&" and with words it is group_digest. */
uint64_t text_digest(heed_bytes text);
/* The same, where group_digest(text) is known. */
uint64_t text_digest_after(heed_bytes text, uint64_t group);

#endif
