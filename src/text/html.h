/* HTML to text. */
#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/writer.h"
#include "text/trace.h"

/* Writes the text with each tag and comment replaced by one space and the common entities (&amp; &lt; &gt; &quot;
 * &apos; &nbsp; and numbers) by their character; anything that is not a whole tag, comment or entity is unchanged.
 * Takes time linear in the size, whatever the bytes. */
void html_strip(writer *out, trace *from, heed_bytes text);

#endif
