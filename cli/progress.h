/* Progress on standard error: a bar on a terminal, lines everywhere; and Ctrl-C. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "heed.h"

/* How far and how long one part of an epoch went. */
typedef struct part_pace {
    uint64_t rows;
    double seconds;
} part_pace;

typedef struct progress {
    heed_listener listener; /* to hand to the library */
    const char *doing;      /* the word of the bar while reading, such as "evaluating" */
    bool quiet;
    bool bar;                              /* standard error is a terminal that nothing else writes to */
    bool titled;                           /* the heading of the metrics was printed */
    size_t shown;                          /* columns of the bar on the current line */
    double began;                          /* when this progress was made */
    double drawn;                          /* when the bar was last drawn */
    part_pace training, validation;        /* of this epoch */
    unsigned best_epoch, last_epoch, fold; /* best_epoch: 0 without a validation part */
    unsigned epochs;                       /* the most that there could have been */
} progress;

/* p must not move while its listener is in use. bar: whether a bar may be drawn. */
void progress_init(progress *p, const char *doing, bool quiet, bool bar);
/* Another training begins, with its own epochs. */
void progress_restart(progress *p);
/* Prints a line, unless quiet; the bar makes room for it. */
void progress_line(progress *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* What the program warns of besides a heed_warning. */
enum { WARNING_CACHE = 1000, WARNING_FILE_AS_TEXT };
/* "heed: warning: ...", quiet or not: the first of each kind, MAX_WARNINGS of them in all; the others are counted. */
void progress_warn(progress *p, int kind, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A line with the count of those that were not shown, if there are any. */
void progress_warnings_end(void);
/* Removes the bar. */
void progress_clear(progress *p);
/* Draws how far a reader got, for work that has no listener. */
void progress_reading(progress *p, heed_reader *reader);
/* Reports the rows that a reader skipped as bad, and files in another encoding than they should be. */
void progress_skipped(progress *p, heed_reader *reader);
/* From now on the first SIGINT or SIGTERM asks the work to stop; a second one ends the program. */
void progress_watch_signals(void);

#endif
