/* A folder of labels' folders that is being written: it has another name until it is complete. */
#ifndef ROWS_FOLDER_WRITER_H
#define ROWS_FOLDER_WRITER_H

#include "heed.h"

typedef struct folder_writer {
    const char *path; /* what it becomes; borrowed */
    char *holder;     /* a new folder beside it */
    char *aside;      /* in the holder: the folder that is written; NULL: not begun, or ended */
} folder_writer;

/* HEED_USAGE if the path is there already. */
heed_status folder_writer_begin(folder_writer *out, const char *path, heed_error *error);
/* Copies a text, whose path ends with the name of its label's folder and its own. HEED_BAD_DATA: there is one of the
 * same names. */
heed_status folder_writer_add(folder_writer *w, const char *text, heed_error *error);
/* Gives the folder its name. */
heed_status folder_writer_commit(folder_writer *w, heed_error *error);
/* Removes what was not committed. */
void folder_writer_release(folder_writer *w);

#endif
