#include "rows/label_folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/status.h"
#include "rows/source.h"

static void list_release(name_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        free(list->entry[i]);
    free(list->entry);
    *list = (name_list){0};
}

void label_folder_release(label_folder *folder)
{
    list_release(&folder->labels);
    list_release(&folder->files);
    buffer_release(&folder->path);
    *folder = (label_folder){0};
}

static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int compare_names(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name); /* not alphasort: the order must not depend on the locale */
}

static heed_status list_read(name_list *list, const char *path, heed_error *error)
{
    list_release(list);
    int count = scandir(path, &list->entry, is_visible, compare_names);
    if (count < 0) {
        list->entry = NULL;
        return fail(error, HEED_BAD_DATA, "%s: the folder cannot be read: %s", path, strerror(errno));
    }
    list->count = (size_t)count;
    return HEED_OK;
}

heed_status label_folder_open(label_folder *folder, const char *name, heed_error *error)
{
    label_folder_release(folder);
    folder->name = name;
    return list_read(&folder->labels, name, error);
}

/* Sets path to its first `keep` bytes, a slash where keep is not 0, and the name. */
static heed_status set_path(buffer *path, size_t keep, const char *name, heed_error *error)
{
    path->size = keep;
    heed_status status = keep > 0 ? buffer_byte(path, '/', error) : HEED_OK;
    if (status == HEED_OK)
        status = buffer_append(path, name, strlen(name), error);
    if (status == HEED_OK)
        status = buffer_byte(path, '\0', error);
    if (status == HEED_OK)
        path->size--; /* the NUL stands behind the bytes */
    return status;
}

static bool is_text(const char *name)
{
    return source_has_extension(name, strlen(name), ".txt");
}

/* Whether the entry at folder->path is of this kind (S_IFDIR, S_IFREG), links followed. */
static bool path_is(const label_folder *folder, mode_t kind)
{
    struct stat about;
    return stat(folder->path.data, &about) == 0 && (about.st_mode & S_IFMT) == kind;
}

static heed_status fail_nested(const label_folder *folder, const char *label, const char *inner, heed_error *error)
{
    const char *likely = label;
    for (size_t i = 0; i < folder->labels.count; i++)
        if (strcmp(folder->labels.entry[i]->d_name, "train") == 0)
            likely = "train";
    return fail(error, HEED_BAD_DATA,
                "%s: found the folder '%s' in '%s', expected texts in the folder of each label; name %s/%s instead",
                folder->name, inner, label, folder->name, likely);
}

/* A label's folder that holds folders itself, as those of aclImdb's root do, is not what was meant. */
static heed_status check_nested(label_folder *folder, const char *label, heed_error *error)
{
    for (size_t i = 0; i < folder->files.count; i++) {
        const struct dirent *entry = folder->files.entry[i];
        if (entry->d_type == DT_REG)
            continue;
        heed_status status = set_path(&folder->path, folder->folder_size, entry->d_name, error);
        if (status == HEED_OK && path_is(folder, S_IFDIR))
            status = fail_nested(folder, label, entry->d_name, error);
        if (status != HEED_OK)
            return status;
    }
    return HEED_OK;
}

/* Opens the next label's folder; HEED_END where there is none. */
static heed_status next_label(label_folder *folder, heed_error *error)
{
    while (folder->labels.at < folder->labels.count) {
        const char *label = folder->labels.entry[folder->labels.at++]->d_name;
        heed_status status = set_path(&folder->path, 0, folder->name, error);
        if (status == HEED_OK)
            status = set_path(&folder->path, folder->path.size, label, error);
        if (status != HEED_OK)
            return status;
        folder->folder_size = folder->path.size;
        if (!path_is(folder, S_IFDIR))
            continue;
        status = list_read(&folder->files, folder->path.data, error);
        return status == HEED_OK ? check_nested(folder, label, error) : status;
    }
    return HEED_END;
}

heed_status label_folder_next(label_folder *folder, const char **path, heed_bytes *label, heed_bytes *id,
                              heed_error *error)
{
    for (;;) {
        heed_status status;
        if (folder->files.at == folder->files.count) {
            status = next_label(folder, error);
            if (status != HEED_OK)
                return status;
            continue;
        }
        const char *file = folder->files.entry[folder->files.at++]->d_name;
        status = set_path(&folder->path, folder->folder_size, file, error);
        if (status != HEED_OK)
            return status;
        if (!is_text(file) || !path_is(folder, S_IFREG))
            continue;
        const char *name = folder->labels.entry[folder->labels.at - 1]->d_name;
        *path = folder->path.data;
        *label = (heed_bytes){name, strlen(name)};
        *id = (heed_bytes){file, strlen(file) - strlen(".txt")};
        return HEED_OK;
    }
}
