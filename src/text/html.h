/* HTML to text: each tag and comment is replaced by one space, each entity by its characters; the rest is unchanged.
 * Takes time linear in the size, whatever the bytes. */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/writer.h"
#include "text/trace.h"

/* Tags are those of HTML's elements (html_tags.h), entities all of HTML (html_entities.h). */
void html_strip_elements(writer *out, trace *from, heed_bytes text);
/* The rule of old models (html_angles.h): tags are nearly all that is in angle brackets, entities &amp; &lt; &gt;
 * &quot; &apos; &nbsp; and numbers. */
void html_strip_angles(writer *out, trace *from, heed_bytes text);

#endif
