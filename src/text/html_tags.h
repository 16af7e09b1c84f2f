/* Tags and comments of HTML among text that is none: "<user>", "x<y then z>w" and "<ann@example.com>" stay text. */
#ifndef TEXT_HTML_TAGS_H
#define TEXT_HTML_TAGS_H

#include "heed.h"

/* What is known about the rest of a text, so that nothing is searched for twice. Begin with {.text = ...}. */
typedef struct html_tags {
    heed_bytes text;
    size_t quotes_from; /* tags before it end at the first ">", whatever the quotes */
    bool no_comment_end;
    bool no_raw_end[2]; /* of script, of style */
} html_tags;

/* The size of what begins at text.data[at], a "<", and is to be replaced; 0 if it stays. `at` does not decrease from
 * call to call. It is one of these:
 *   - a tag: "<" or "</", the name of an element of the HTML standard, obsolete ones included, or svg or math, in any
 *     case, then a blank, "/" or ">". It ends at the first ">" outside of quoted values; a quote that is not after "="
 *     is an ordinary character, as in HTML. If a quote is not closed, or a "<" outside of quotes comes before the ">",
 *     quotes do not count up to there: the first ">" ends it, and with a "<" before that it is not a tag.
 *   - an element script or style, from its tag to its end tag: its inside is not text. Without an end tag, only the
 *     tag: a word in angle brackets must not take the rest of a text with it, as it would in a browser.
 *   - a comment, from "<!--" to "-->". A comment without an end, "<!doctype", and "<?" before a letter (XML and PHP
 *     leave such instructions in pages, and HTML reads them as comments) end at the first ">", if no "<" comes before
 *     it. */
size_t html_tag_at(html_tags *tags, size_t at);

#endif
