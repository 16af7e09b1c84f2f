/* The side of draw_child.h that draws: the program as a child of itself, at `heed draw-picture FROM TO`. */
#ifndef CLI_DRAW_WORKER_H
#define CLI_DRAW_WORKER_H

#include "heed.h"

#define DRAW_COMMAND "draw-picture" /* not a command of the help */
#define DRAW_CHECK "check"          /* for TO: only whether the library for FROM is here */
enum { DRAW_SECONDS = 60 };

/* Draws what comes from standard input (FROM: svg, dot) as TO (png, pdf; of dot also svg), and ends the process.
 * Standard output gets the picture; after a failure its message, with the exit status of its kind. Returns only
 * HEED_USAGE, for arguments that the program would not give. */
heed_status draw_worker(int count, char **arguments, heed_error *error);

#endif
