/* A tag, comment or entity of a text. */
#ifndef TEXT_HTML_MARKUP_H
#define TEXT_HTML_MARKUP_H

#include <stddef.h>
#include <stdint.h>

typedef struct html_markup {
    size_t size;        /* its bytes in the text; 0: there is none */
    uint32_t points[2]; /* what it becomes */
    size_t count;       /* how many of them: 0 to 2 */
} html_markup;

#endif
