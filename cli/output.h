/* Where results go: standard output, or a file that is replaced once it is complete. They are written with the writer.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "base/escape.h"
#include "base/file.h"
#include "base/writer.h"

typedef struct output {
    writer w; /* to the file; w.file NULL: not begun */
    const char *name;
    replacement made; /* of a file that was created; empty for standard output */
} output;

/* On a terminal nothing that is written has an effect (writer.filter), unless the caller changes that. */
output output_standard(void);
/* Begins a file under a temporary name: an existing file stays until output_finish. A symbolic link is kept, and the
 * file that it points to is replaced or created. Devices and pipes are opened. */
heed_status output_create(output *o, const char *path, heed_error *error);
/* Flushes (and closes and renames a created file); does nothing if nothing was begun. HEED_FAILED if any write failed;
 * for a closed pipe the message stays empty, as it should not be reported. */
heed_status output_finish(output *o, heed_error *error);
/* Discards a created file that is not finished; else does nothing. */
void output_abandon(output *o);
void output_flush(output *o);
bool output_is_terminal(const output *o);

/* Writes a text of the library with a line end, escaped (escape_terminal) if it is for people, and releases it. */
void output_take(output *o, char *text);
void output_take_visible(output *o, char *text);

/* Takes the result and status of a library call: passes a failure on; otherwise writes the text to standard output
 * (visible: for people) or to a file, and releases it. */
heed_status output_print_made(heed_status made, char *text, bool visible, heed_error *error);
heed_status output_write_made(heed_status made, char *text, const char *path, heed_error *error);
/* The same for a picture, in the format of the file's name. */
heed_status output_draw_made(heed_status made, char *svg, const char *path, heed_error *error);
/* The same for the picture of a model's epochs. */
heed_status output_draw_model(const heed_model *model, const char *path, heed_error *error);

#define SCORE_FORMAT "%.6g"
enum { SCORE_BYTES = 24 }; /* longest text of a probability */
/* A probability with six digits. */
void score_write(writer *w, double score);

#endif
