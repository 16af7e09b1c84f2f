/* What is known of every code point, as bits: a table that tools/make_points makes from utf8proc at build time. */
#ifndef BASE_POINTS_H
#define BASE_POINTS_H

#include <stdint.h>

enum {
    POINT_WORD = 1 << 0,      /* letters, numbers of every kind, underscore: Python's \w */
    POINT_MARK = 1 << 1,      /* general category M: belongs to the character before it */
    POINT_VISIBLE = 1 << 2,   /* neither white space nor a control, format or otherwise invisible character */
    POINT_IDEOGRAPH = 1 << 3, /* Han */
    POINT_UNSPACED = 1 << 4,  /* letters of scripts that are written without a blank between words */
    POINT_LAYOUT = 1 << 5,    /* without a shape, and not part of a word but of its layout: soft hyphens, directions */
    POINT_CASED = 1 << 6,     /* Unicode's property Cased; a character that is also Case_Ignorable is only that */
    POINT_IGNORABLE = 1 << 7, /* Unicode's property Case_Ignorable */
    POINT_LOWERS = 1 << 8,    /* has another simple lower-case form */
    POINT_COMPOSES = 1 << 9,  /* NFC may change it, by itself or together with characters before it */
    POINT_ORDERED = 1 << 10,  /* has a canonical combining class, by which marks after a character are sorted */
    POINT_EXTENDS = 1 << 11,  /* may go on with a user-perceived character (UAX #29, extended grapheme cluster) */
    POINT_PAGE = 256,         /* code points of a page */
    POINT_PAGES = 0x110000 / POINT_PAGE
};

/* The table begins with the number of the page of each POINT_PAGE code points; pages with the same bits are one. */
typedef struct point_table {
    uint8_t page[POINT_PAGES];
    uint16_t bits[][POINT_PAGE];
} point_table;

extern const point_table points_data;

/* point: at most U+10FFFF. */
static inline unsigned point_bits(uint32_t point)
{
    return points_data.bits[points_data.page[point / POINT_PAGE]][point % POINT_PAGE];
}

#endif
