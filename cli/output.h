/* Results: written to standard output or a file, quoted for their format, with no error lost. */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include <stdio.h>

#include "heed.h"

typedef struct output {
    FILE *file;
    const char *name;
    char *target; /* what gets the name: the file behind a link; owned */
    char *aside; /* what is written until it is complete and gets its name; NULL: nothing aside */
    int problem; /* errno of the first write that failed */
} output;

output output_standard(void);
/* Whether a file of this name can be made or replaced, told before long work: HEED_FAILED where not. */
heed_status output_check(const char *path, heed_error *error);
/* Begins a file, which is written aside: what has its name stays until output_finish. A symbolic link stays one, and
 * what it points to is replaced or made. Devices and pipes are opened. */
heed_status output_create(output *o, const char *path, heed_error *error);
/* Flushes (and closes what was created, and gives it its name). HEED_FAILED where any write failed; the message stays
 * empty for a closed pipe, about which nobody wants to hear. */
heed_status output_finish(output *o, heed_error *error);
/* Gives up what was created and is not finished; nothing to do otherwise. */
void output_abandon(output *o);
void output_flush(output *o);
bool output_is_terminal(const output *o);

void output_bytes(output *o, const char *data, size_t size);
void output_text(output *o, const char *text);
void output_byte(output *o, char byte);
void output_print(output *o, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* One line stays one line: LF becomes a space. */
void output_line(output *o, heed_bytes text);
/* One column stays one column too: TAB, CR and LF become spaces. */
void output_column(output *o, heed_bytes text);
/* A field of TSV or CSV, in quotes where it needs them, quotes doubled. */
void output_field(output *o, heed_bytes text, char delimiter);
/* A field where quotes are ordinary characters: what would end it becomes a space. */
void output_bare_field(output *o, heed_bytes text, char delimiter);
/* Control characters, which a terminal obeys, become '?'; lines stay. */
void output_visible(output *o, heed_bytes text);
/* A JSON string with its quotes. */
void output_json(output *o, heed_bytes text);
#define SCORE_FORMAT "%.6g"
enum { SCORE_BYTES = 24 }; /* of a probability written so, at most */
/* A probability, six digits. */
void output_score(output *o, double score);
/* A library's answer for programs, or for people (output_visible): written, and released. */
void output_take(output *o, char *text);
void output_take_visible(output *o, char *text);

heed_bytes bytes_of(const char *text);

#endif
