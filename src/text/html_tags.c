#include "text/html_tags.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { NAME_SIZE = 16 }; /* of the longest name and its NUL */

/* The elements of the HTML standard as of 2024 and of its list of obsolete ones, and the two roots that it takes from
 * elsewhere; sorted. */
static const char *const elements[] = {
    "a",        "abbr",     "acronym",  "address",  "applet",  "area",     "article",    "aside",     "audio",
    "b",        "base",     "basefont", "bdi",      "bdo",     "bgsound",  "big",        "blink",     "blockquote",
    "body",     "br",       "button",   "canvas",   "caption", "center",   "cite",       "code",      "col",
    "colgroup", "data",     "datalist", "dd",       "del",     "details",  "dfn",        "dialog",    "dir",
    "div",      "dl",       "dt",       "em",       "embed",   "fieldset", "figcaption", "figure",    "font",
    "footer",   "form",     "frame",    "frameset", "h1",      "h2",       "h3",         "h4",        "h5",
    "h6",       "head",     "header",   "hgroup",   "hr",      "html",     "i",          "iframe",    "img",
    "input",    "ins",      "isindex",  "kbd",      "keygen",  "label",    "legend",     "li",        "link",
    "listing",  "main",     "map",      "mark",     "marquee", "math",     "menu",       "menuitem",  "meta",
    "meter",    "multicol", "nav",      "nextid",   "nobr",    "noembed",  "noframes",   "noscript",  "object",
    "ol",       "optgroup", "option",   "output",   "p",       "param",    "picture",    "plaintext", "pre",
    "progress", "q",        "rb",       "rp",       "rt",      "rtc",      "ruby",       "s",         "samp",
    "script",   "search",   "section",  "select",   "slot",    "small",    "source",     "spacer",    "span",
    "strike",   "strong",   "style",    "sub",      "summary", "sup",      "svg",        "table",     "tbody",
    "td",       "template", "textarea", "tfoot",    "th",      "thead",    "time",       "title",     "tr",
    "track",    "tt",       "u",        "ul",       "var",     "video",    "wbr",        "xmp",
};

/* Elements whose inside is not text. */
static const char *const raw_elements[] = {"script", "style"};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

/* Reads the name at `at`, in lower case, and a blank, "/" or ">" after it. Returns its size; 0 if there is none, or it
 * is too long. */
static size_t read_name(char name[NAME_SIZE], heed_bytes text, size_t at)
{
    for (size_t i = 0; i < NAME_SIZE && at + i < text.size; i++) {
        char c = text.data[at + i];
        name[i] = '\0';
        if (is_blank(c) || c == '/' || c == '>')
            return i;
        if (c == '\0')
            return 0;
        name[i] = ascii_lower(c);
    }
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(a, *(const char *const *)b);
}

/* Behind the first ">" from `at` on; 0 if there is none before a "<". */
static size_t plain_end(heed_bytes text, size_t at)
{
    for (; at < text.size && text.data[at] != '<'; at++)
        if (text.data[at] == '>')
            return at + 1;
    return 0;
}

/* Whether a ">" outside of quoted values ends the attributes at *at, and moves past it; otherwise to where that
 * became impossible: a "<", a quote that is not closed, the end of the text. */
static bool skip_attributes(heed_bytes text, size_t *at)
{
    enum { NAME, BEFORE_VALUE, VALUE } place = NAME;
    for (; *at < text.size && text.data[*at] != '<'; ++*at) {
        char c = text.data[*at];
        if (c == '>') {
            ++*at;
            return true;
        }
        if (place == BEFORE_VALUE && (c == '"' || c == '\'')) {
            const char *closing = memchr(text.data + *at + 1, c, text.size - *at - 1);
            if (closing == NULL)
                return false;
            *at = (size_t)(closing - text.data);
            place = NAME;
        } else if (is_blank(c))
            place = place == VALUE ? NAME : place;
        else if (place == NAME && c == '=')
            place = BEFORE_VALUE;
        else if (place == BEFORE_VALUE)
            place = VALUE;
    }
    return false;
}

/* Behind the tag that begins at `begin` and has its attributes at `at`; 0 if it has no end. A failure is found once:
 * tags that begin in what was read on the way to it do without quotes. */
static size_t tag_end(html_tags *tags, size_t begin, size_t at)
{
    size_t end = at;
    if (begin < tags->quotes_from)
        return plain_end(tags->text, at);
    if (skip_attributes(tags->text, &end))
        return end;
    tags->quotes_from = end;
    return plain_end(tags->text, at);
}

/* Behind the end tag of a raw element whose inside begins at `begin`, or begin if it has none. */
static size_t raw_end(html_tags *tags, size_t element, size_t begin)
{
    heed_bytes text = tags->text;
    const char *found, *from = text.data + begin, *stop = text.data + text.size;
    char name[NAME_SIZE];
    while (!tags->no_raw_end[element] && (found = memmem(from, (size_t)(stop - from), "</", 2)) != NULL) {
        size_t at = (size_t)(found - text.data), size = read_name(name, text, at + 2);
        size_t end = size > 0 && strcmp(name, raw_elements[element]) == 0 ? tag_end(tags, at, at + 2 + size) : 0;
        if (end > 0)
            return end;
        from = found + 2;
    }
    tags->no_raw_end[element] = true;
    return begin;
}

static size_t element_end(html_tags *tags, size_t at)
{
    char name[NAME_SIZE];
    bool closing = at + 1 < tags->text.size && tags->text.data[at + 1] == '/';
    size_t begin = at + 1 + closing, size = read_name(name, tags->text, begin);
    if (size == 0 ||
        bsearch(name, elements, sizeof elements / sizeof *elements, sizeof *elements, compare_names) == NULL)
        return 0;
    size_t end = tag_end(tags, at, begin + size);
    for (size_t i = 0; i < 2 && end > 0 && !closing; i++)
        if (strcmp(name, raw_elements[i]) == 0)
            return raw_end(tags, i, end);
    return end;
}

/* "<!--" and "-->" may share their dashes. */
static size_t comment_end(html_tags *tags, size_t at)
{
    heed_bytes text = tags->text;
    const char *end = tags->no_comment_end ? NULL : memmem(text.data + at + 2, text.size - at - 2, "-->", 3);
    tags->no_comment_end = end == NULL;
    return end == NULL ? plain_end(text, at + 4) : (size_t)(end - text.data) + 3;
}

static bool begins_with(heed_bytes text, size_t at, const char *word)
{
    size_t i = 0;
    while (word[i] != '\0' && at + i < text.size && ascii_lower(text.data[at + i]) == word[i])
        i++;
    return word[i] == '\0';
}

size_t html_tag_at(html_tags *tags, size_t at)
{
    heed_bytes text = tags->text;
    char next = at + 1 < text.size ? text.data[at + 1] : '\0', name[NAME_SIZE];
    size_t end;
    if (next == '!' && begins_with(text, at + 2, "--"))
        end = comment_end(tags, at);
    else if (next == '!')
        end = read_name(name, text, at + 2) > 0 && strcmp(name, "doctype") == 0 ? plain_end(text, at + 9) : 0;
    else if (next == '?')
        end = at + 2 < text.size && ascii_lower(text.data[at + 2]) >= 'a' && ascii_lower(text.data[at + 2]) <= 'z'
                  ? plain_end(text, at + 2)
                  : 0;
    else
        end = element_end(tags, at);
    return end == 0 ? 0 : end - at;
}
