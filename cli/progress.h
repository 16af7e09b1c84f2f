/* Progress on standard error: a bar on a terminal, lines everywhere; and Ctrl-C. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "heed.h"

typedef struct progress {
    heed_listener listener; /* to hand to the library */
    bool quiet;
    bool bar;               /* standard error is a terminal that nothing else writes to */
    bool titled;            /* the heading of the figures was printed */
    size_t shown;           /* columns of the bar that stands on the line */
    double began;           /* when this epoch began; 0: not yet */
    double drawn;           /* when the bar was last drawn */
    uint64_t epoch_rows;
    unsigned best_epoch, last_epoch;
} progress;

/* p must stay where it is while its listener is in use. bar: whether one may be drawn at all. */
void progress_init(progress *p, bool quiet, bool bar);
/* Another training begins: its epochs count anew. */
void progress_restart(progress *p);
/* A line, unless quiet; the bar makes room for it. */
void progress_line(progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A line that is told even then. */
void progress_warn(progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Takes the bar away. */
void progress_clear(progress *p);
/* Tells of the rows that a reader skipped as bad. */
void progress_skipped(progress *p, const heed_reader *reader);
/* From now on the first SIGINT or SIGTERM asks the work to stop; a second one ends the program. */
void progress_watch_signals(void);

#endif
