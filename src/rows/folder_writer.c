#include "rows/folder_writer.h"

#include <errno.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/status.h"
#include "rows/record_draft.h"

static heed_status fail_write(const folder_writer *w, heed_error *error)
{
    return fail(error, HEED_FAILED, "%s: cannot be written: %s", w->path, strerror(errno));
}

/* The holder may only be read by its owner; the folder in it has the usual permissions. */
heed_status folder_writer_begin(folder_writer *out, const char *path, heed_error *error)
{
    struct stat found;
    writer name = {0};
    char *holder = NULL;
    *out = (folder_writer){.path = path};
    if (lstat(path, &found) == 0)
        return fail(error, HEED_USAGE, "%s: is there already, expected a name for a new folder", path);
    writer_print(&name, "%s.heed-XXXXXX", path);
    heed_status status = writer_take(&name, &holder, NULL, error);
    writer_release(&name);
    if (status != HEED_OK)
        return status;
    if (mkdtemp(holder) == NULL) {
        status = fail_write(out, error);
        free(holder);
        return status;
    }
    out->holder = holder;
    out->aside = path_join(holder, path_name(path));
    if (out->aside == NULL)
        return fail_memory(error, path);
    return mkdir(out->aside, 0777) == 0 ? HEED_OK : fail_write(out, error);
}

/* Where the label's folder begins in the path of a text. */
static const char *label_of(const char *text)
{
    const char *at = path_name(text);
    if (at > text)
        at--;
    while (at > text && at[-1] != '/')
        at--;
    return at;
}

static heed_status copy_text(const char *from, const char *to, heed_error *error)
{
    char *data = NULL;
    size_t size;
    heed_status status = file_read(&data, &size, from, RECORD_BYTES, error);
    if (status != HEED_OK)
        return status;
    FILE *file = fopen(to, "wbxe");
    int problem = file == NULL ? errno : 0;
    if (file != NULL && fwrite(data, 1, size, file) != size)
        problem = errno;
    if (file != NULL && fclose(file) != 0 && problem == 0)
        problem = errno;
    free(data);
    if (problem == EEXIST)
        return fail(error, HEED_BAD_DATA, "%s: another text has its label and name, expected one in all folders", from);
    return problem == 0 ? HEED_OK : fail(error, HEED_FAILED, "%s: cannot be written: %s", to, strerror(problem));
}

heed_status folder_writer_add(folder_writer *w, const char *text, heed_error *error)
{
    char *to = path_join(w->aside, label_of(text)), *folder = to != NULL ? path_folder(to) : NULL;
    heed_status status = HEED_OK;
    if (folder == NULL)
        status = fail_memory(error, text);
    else if (!path_make_folder(folder))
        status = fail_write(w, error);
    else
        status = copy_text(text, to, error);
    free(folder);
    free(to);
    return status;
}

heed_status folder_writer_commit(folder_writer *w, heed_error *error)
{
    if (rename(w->aside, w->path) != 0)
        return fail_write(w, error);
    free(w->aside);
    w->aside = NULL;
    return HEED_OK;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *place)
{
    (void)about;
    (void)kind;
    (void)place;
    remove(path);
    return 0;
}

void folder_writer_release(folder_writer *w)
{
    enum { OPEN_FOLDERS = 8 };
    if (w->holder != NULL)
        nftw(w->holder, remove_one, OPEN_FOLDERS, FTW_DEPTH | FTW_PHYS);
    free(w->aside);
    free(w->holder);
    *w = (folder_writer){0};
}
