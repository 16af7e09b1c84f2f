#include "row_cache.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEPT = 8 };

/* ---------------------------------------------------------------- old files */

/* heed-0123456789abcdef0123456789abcdef.corpus */
static bool is_corpus(const char *name)
{
    return strncmp(name, "heed-", 5) == 0 && strspn(name + 5, "0123456789abcdef") == 32 &&
           strcmp(name + 5 + 32, ".corpus") == 0;
}

/* The oldest of the folder's corpora into name; returns how many there are. */
static size_t oldest_find(char name[NAME_MAX + 1], DIR *folder)
{
    struct timespec oldest = {0};
    size_t count = 0;
    rewinddir(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct stat found;
        if (!is_corpus(entry->d_name) || fstatat(dirfd(folder), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
            continue;
        struct timespec used = found.st_mtim;
        if (count++ == 0 || used.tv_sec < oldest.tv_sec ||
            (used.tv_sec == oldest.tv_sec && used.tv_nsec < oldest.tv_nsec)) {
            oldest = used;
            snprintf(name, NAME_MAX + 1, "%s", entry->d_name);
        }
    }
    return count;
}

static void old_remove(const char *path)
{
    char name[NAME_MAX + 1];
    DIR *folder = opendir(path);
    while (folder != NULL && oldest_find(name, folder) > KEPT && unlinkat(dirfd(folder), name, 0) == 0)
        continue;
    if (folder != NULL)
        closedir(folder);
}

/* ---------------------------------------------------------------- use */

static bool folder_make(const char *path, progress *p)
{
    struct stat found;
    if (mkdir(path, 0777) == 0 || (errno == EEXIST && stat(path, &found) == 0 && S_ISDIR(found.st_mode)))
        return true;
    progress_line(p, "cache: %s is no folder and cannot be made one: %s; going on without", path, strerror(errno));
    return false;
}

bool row_cache_restore(char **path, heed_corpus *corpus, const settings *s, const heed_corpus_files *files,
                       size_t count, progress *p)
{
    heed_error error = {{0}};
    *path = NULL;
    if (!folder_make(s->cache, p))
        return false;
    if (heed_corpus_cache_path(path, corpus, s->cache, &s->rows, files, count, &error) != HEED_OK) {
        progress_line(p, "cache: %s; going on without", error.message);
        return false;
    }
    if (access(*path, F_OK) != 0)
        return false;
    if (heed_corpus_restore(corpus, *path, &error) != HEED_OK) {
        progress_line(p, "cache: %s; it is made anew", error.message);
        return false;
    }
    utimensat(AT_FDCWD, *path, NULL, 0); /* used now: it is not the next to go */
    progress_line(p, "cache: rows from %s", *path);
    return true;
}

void row_cache_keep(const char *path, heed_corpus *corpus, const settings *s, const heed_corpus_files *files,
                    size_t count, progress *p)
{
    heed_error error = {{0}};
    char *now = NULL;
    if (heed_corpus_describe(corpus).skipped > 0)
        return;
    if (heed_corpus_cache_path(&now, corpus, s->cache, &s->rows, files, count, &error) != HEED_OK ||
        strcmp(now, path) != 0)
        progress_line(p, "cache: the files changed while they were read; nothing is kept");
    else if (heed_corpus_keep(corpus, path, &error) != HEED_OK)
        progress_line(p, "cache: %s; nothing is kept", error.message);
    else
        old_remove(s->cache);
    heed_free(now);
}
