#include "row_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/path.h"

enum { KEPT = 8 };

static bool folder_make(const char *path, progress *p)
{
    if (path_make_folder(path))
        return true;
    progress_warn(p, WARNING_CACHE, "cache: %s is not a folder and cannot be created: %s; continuing without a cache",
                  path, strerror(errno));
    return false;
}

bool row_cache_restore(char **path, heed_corpus *corpus, const settings *s, const heed_corpus_files *files,
                       size_t count, progress *p)
{
    heed_error error = {{0}};
    *path = NULL;
    if (!folder_make(s->cache, p))
        return false;
    if (heed_corpus_keep_features(corpus, s->cache, &error) != HEED_OK)
        progress_warn(p, WARNING_CACHE, "cache: %s; features are not cached", error.message);
    if (heed_corpus_cache_path(path, corpus, s->cache, &s->rows, files, count, &error) != HEED_OK) {
        progress_warn(p, WARNING_CACHE, "cache: %s; continuing without a cache", error.message);
        return false;
    }
    if (access(*path, F_OK) != 0)
        return false;
    if (heed_corpus_restore(corpus, *path, &error) != HEED_OK) {
        progress_line(p, "cache: %s; it will be written again", error.message);
        return false;
    }
    utimensat(AT_FDCWD, *path, NULL, 0); /* mark it as used, so that it is not deleted next */
    progress_line(p, "cache: rows from %s", *path);
    return true;
}

void row_cache_keep(const char *path, heed_corpus *corpus, const settings *s, const heed_corpus_files *files,
                    size_t count, progress *p)
{
    heed_error error = {{0}};
    char *now = NULL;
    const heed_corpus_info *info = heed_corpus_describe(corpus);
    if (info->skipped > 0 || info->unlabelled > 0)
        return;
    if (heed_corpus_cache_path(&now, corpus, s->cache, &s->rows, files, count, &error) != HEED_OK ||
        strcmp(now, path) != 0)
        progress_warn(p, WARNING_CACHE, "cache: the files changed while they were read; nothing is cached");
    else if (heed_corpus_keep(corpus, path, &error) != HEED_OK)
        progress_warn(p, WARNING_CACHE, "cache: %s; nothing is cached", error.message);
    else
        heed_corpus_cache_trim(s->cache, KEPT);
    heed_free(now);
}
