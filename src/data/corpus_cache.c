/* Cached corpora: each is identified by everything that its rows depend on; those used last are kept. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utf8proc.h>

#include "base/memory.h"
#include "base/path.h"
#include "base/status.h"
#include "data/corpus.h"
#include "data/kept_file.h"
#include "options/option_structs.h"
#include "options/row_path.h"

static void add_bytes(XXH3_state_t *state, const void *data, size_t size)
{
    uint64_t length = size; /* so that texts do not run together */
    XXH3_128bits_update(state, &length, sizeof length);
    XXH3_128bits_update(state, data, size);
}

static void add_text(XXH3_state_t *state, const char *text)
{
    bool given = text != NULL;
    XXH3_128bits_update(state, &given, sizeof given);
    add_bytes(state, given ? text : "", given ? strlen(text) : 0);
}

static void add_number(XXH3_state_t *state, int number)
{
    XXH3_128bits_update(state, &number, sizeof number);
}

/* The options of a home that touch one of these bits; 0: all of them. */
static void add_options(XXH3_state_t *state, heed_options_kind home, const void *options, unsigned touches)
{
    for (const option *o = NULL; (o = options_next(home, o)) != NULL;) {
        const void *place = option_field(o, options);
        if (touches != 0 && (o->touches & touches) == 0)
            continue;
        if (o->kind == OPTION_TEXT || o->kind == OPTION_JOINED)
            add_text(state, *(const char *const *)place);
        else
            add_bytes(state, place, option_size(o));
    }
}

/* The options that affect words; how their numbers are used later does not concern the corpus. */
static void add_text_stages(XXH3_state_t *state, const heed_corpus *c)
{
    const intern *words = &c->cleaner->stop_words;
    add_options(state, HEED_OPTIONS_TEXT, &c->options, TOUCHES_CLEANING | TOUCHES_COUNTING);
    add_bytes(state, words->bytes, words->bytes_size);
    add_bytes(state, words->offset, ((size_t)words->count + 1) * sizeof *words->offset);
    add_text(state, HEED_VERSION);
    add_text(state, utf8proc_unicode_version());
    add_text(state, c->cleaner->libraries);
    if (c->cleaner->tokenizer != NULL)
        add_text(state, c->cleaner->tokenizer->digest);
    if (c->encoder != NULL)
        add_text(state, c->encoder->digest);
}

static heed_status add_content(XXH3_state_t *state, int fd, const char *path, heed_error *error)
{
    enum { BLOCK = 1 << 18 };
    char *block = memory_array(BLOCK, 1);
    if (block == NULL)
        return fail_memory(error, path);
    uint64_t size = 0;
    ssize_t got;
    while ((got = read(fd, block, BLOCK)) > 0 || (got < 0 && errno == EINTR)) {
        XXH3_128bits_update(state, block, got > 0 ? (size_t)got : 0);
        size += got > 0 ? (uint64_t)got : 0;
    }
    int problem = errno;
    XXH3_128bits_update(state, &size, sizeof size);
    free(block);
    return got == 0 ? HEED_OK : fail(error, HEED_FAILED, "%s: cannot be read: %s", path, strerror(problem));
}

/* The name after the last slash determines the format; the folders before it do not matter. */
static heed_status add_file(XXH3_state_t *state, const char *named, heed_error *error)
{
    struct stat about;
    row_path said = row_path_of(named);
    char *path = row_path_file(named);
    if (path == NULL)
        return fail_memory(error, named);
    bool standard_input = strcmp(path, "-") == 0;
    int fd = standard_input ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    heed_status status = HEED_OK;
    if (fd < 0 || fstat(fd, &about) != 0 || !S_ISREG(about.st_mode))
        TRY(fail(error, HEED_USAGE, "%s: only rows of regular files can be cached",
                 standard_input ? "standard input" : path));
    add_text(state, path_name(path));
    if (said.encoded)
        add_number(state, (int)said.encoding);
    status = add_content(state, fd, path, error);
done:
    if (fd >= 0)
        close(fd);
    free(path);
    return status;
}

static heed_status add_all_files(XXH3_state_t *state, const heed_corpus_files *files, size_t count, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < count; i++) {
        add_number(state, (int)files[i].part);
        for (size_t k = 0; k < files[i].count; k++)
            TRY(add_file(state, files[i].paths[k], error));
    }
done:
    return status;
}

heed_status heed_corpus_cache_path(char **out, const heed_corpus *corpus, const char *folder,
                                   const heed_rows_options *rows, const heed_corpus_files *files, size_t count,
                                   heed_error *error)
{
    *out = NULL;
    heed_status status;
    heed_rows_options given;
    XXH3_state_t *state = XXH3_createState();
    if (state == NULL)
        return fail_memory(error, "a digest");
    TRY(options_take(HEED_OPTIONS_ROWS, &given, rows, error));
    XXH3_128bits_reset(state);
    add_text_stages(state, corpus);
    add_options(state, HEED_OPTIONS_ROWS, &given, 0);
    TRY(add_all_files(state, files, count, error));
    status = kept_file_path(out, folder, XXH3_128bits_digest(state), KEPT_CORPUS, error);
done:
    XXH3_freeState(state);
    return status;
}

/* ---- old files */

/* The oldest of the folder's kept files into name; returns how many there are. */
static size_t oldest_find(char name[NAME_MAX + 1], DIR *folder)
{
    struct timespec oldest = {0};
    size_t count = 0;
    rewinddir(folder);
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        struct stat found;
        if (!kept_file_is(entry->d_name) || fstatat(dirfd(folder), entry->d_name, &found, AT_SYMLINK_NOFOLLOW) != 0)
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

void heed_corpus_cache_trim(const char *path, size_t most)
{
    char name[NAME_MAX + 1];
    DIR *folder = opendir(path);
    while (folder != NULL && oldest_find(name, folder) > most && unlinkat(dirfd(folder), name, 0) == 0)
        continue;
    if (folder != NULL)
        closedir(folder);
}
