/* A row of the table that tools/make_html_entities writes and html_entities.c reads. */
#ifndef TEXT_HTML_ENTITY_ROW_H
#define TEXT_HTML_ENTITY_ROW_H

#include <stdint.h>

enum { HTML_ENTITY_LONGEST = 32 };

typedef struct html_entity_row {
    char name[HTML_ENTITY_LONGEST]; /* as written after "&", with its ";" if it needs one; then NULs */
    uint32_t points[2];             /* what it stands for; the second may be 0: none */
} html_entity_row;

#endif
