/* Where results go: standard output, or a file that is replaced when it is complete. What writes them takes the writer.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/escape.h"
#include "base/file.h"
#include "base/writer.h"

typedef struct output {
    writer w; /* to the file; w.file NULL: nothing was begun */
    const char *name;
    replacement made; /* of a file that was created; empty for standard output */
} output;

output output_standard(void);
/* Begins a file, which is written aside: what has its name stays until output_finish. A symbolic link stays one, and
 * what it points to is replaced or made. Devices and pipes are opened. */
heed_status output_create(output *o, const char *path, heed_error *error);
/* Flushes (and closes what was created, and gives it its name); does nothing where nothing was begun. HEED_FAILED where
 * any write failed; the message stays empty for a closed pipe, about which nobody wants to hear. */
heed_status output_finish(output *o, heed_error *error);
/* Gives up what was created and is not finished; nothing to do otherwise. */
void output_abandon(output *o);
void output_flush(output *o);
bool output_is_terminal(const output *o);

/* A library's answer, for programs or for people (escape_terminal): written with the end of its line, and released. */
void output_take(output *o, char *text);
void output_take_visible(output *o, char *text);

/* What a call of the library has made, and its status: a failure is handed on; otherwise the text is written to
 * standard output (visible: for people) or into a file, and released. */
heed_status output_print_made(heed_status made, char *text, bool visible, heed_error *error);
heed_status output_write_made(heed_status made, char *text, const char *path, heed_error *error);
/* The same of a picture, in the format of the file's name. */
heed_status output_draw_made(heed_status made, char *svg, const char *path, heed_error *error);

#define SCORE_FORMAT "%.6g"
enum { SCORE_BYTES = 24 }; /* of a probability written so, at most */
/* A probability, six digits. */
void score_write(writer *w, double score);

#endif
