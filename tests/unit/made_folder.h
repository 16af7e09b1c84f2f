/* For tests: a folder of their own, made before them and removed after them. */
#ifndef UNIT_MADE_FOLDER_H
#define UNIT_MADE_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <signal.h>

#include <cmocka.h>

static char folder[] = "/tmp/heed-rows-XXXXXX";

/* The path of a file in it, until the next call. */
static inline const char *path_of(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static inline void write_bytes(const char *path, const char *data, size_t size)
{
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_true(size == 0 || fwrite(data, 1, size, file) == size);
    assert_int_equal(fclose(file), 0);
}

static inline void write_text(const char *path, const char *text)
{
    write_bytes(path, text, strlen(text));
}

/* For cmocka_run_group_tests. */
static inline int make_folder(void **state)
{
    (void)state;
    signal(SIGPIPE, SIG_IGN); /* a reader that fails closes its pipe while it is written to */
    return mkdtemp(folder) == NULL;
}

static inline int remove_folder(void **state)
{
    (void)state;
    char command[300];
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command) == 0 ? 0 : -1;
}

#endif
