/* A folder with a sub-folder for each label, which has a file for each text, as in aclImdb. */
#ifndef ROWS_LABEL_FOLDER_H
#define ROWS_LABEL_FOLDER_H

#include "base/writer.h"

struct dirent;

typedef struct name_list { /* sorted by bytes */
    struct dirent **entry;
    size_t count, at;
} name_list;

typedef struct label_folder {
    const char *name;        /* borrowed */
    name_list labels, files; /* files: those of the current label */
    writer path;             /* of the current file, NUL-terminated */
    size_t folder_size;      /* of the part of the path that is the label's folder */
} label_folder;

/* A text that was found; everything is borrowed until the next call. */
typedef struct labelled_text {
    const char *path;
    heed_bytes label, id; /* id: its name without the extension */
} labelled_text;

void label_folder_release(label_folder *folder);
/* HEED_BAD_DATA for what is not a folder, or cannot be read. */
heed_status label_folder_open(label_folder *folder, const char *name, heed_error *error);
/* Goes to the next file, by label and name. Anything but regular files ending in .txt is skipped, and so are names that
 * begin with a dot; a label's folder that contains another folder is HEED_BAD_DATA. HEED_END after the last. */
heed_status label_folder_next(label_folder *folder, labelled_text *text, heed_error *error);

#endif
