/* Character references, as html.unescape of Python decodes them, which follows the HTML standard. */
#ifndef TEXT_HTML_ENTITIES_H
#define TEXT_HTML_ENTITIES_H

#include "heed.h"
#include "text/html_markup.h"

/* The reference at the begin of the text, which is a "&"; size 0 if none is there. The longest name counts: "&notit;"
 * is "&not" and "it;". A number may lack its ";". 0x80 to 0x9F are characters of windows-1252; 0, surrogates and what
 * is above 0x10FFFF become U+FFFD; other control characters and noncharacters become nothing. */
html_markup html_entity_at(heed_bytes text);

#endif
