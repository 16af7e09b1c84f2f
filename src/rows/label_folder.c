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
    writer_release(&folder->path);
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
        return fail_input(error, path, "the folder cannot be read", errno);
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

static const heed_bytes text_extension = {".txt", 4};

/* Sets the path to its first `keep` bytes, a slash if keep is not 0, and the name. */
static void set_path(label_folder *folder, size_t keep, const char *name)
{
    folder->path.size = keep;
    if (keep > 0)
        writer_byte(&folder->path, '/');
    writer_text(&folder->path, name);
    writer_byte(&folder->path, '\0');
    folder->path.size -= folder->path.problem == 0; /* the NUL is not counted */
}

/* Whether what is at the path is of this kind (S_IFDIR, S_IFREG), links followed. */
static bool path_is(const label_folder *folder, mode_t kind)
{
    struct stat about;
    return folder->path.problem == 0 && stat(folder->path.data, &about) == 0 && (about.st_mode & S_IFMT) == kind;
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

/* A label's folder that contains folders, as in the root of aclImdb, is a mistake of the user. */
static heed_status check_nested(label_folder *folder, const char *label, heed_error *error)
{
    for (size_t i = 0; i < folder->files.count; i++) {
        const struct dirent *entry = folder->files.entry[i];
        if (entry->d_type == DT_REG)
            continue;
        set_path(folder, folder->folder_size, entry->d_name);
        if (path_is(folder, S_IFDIR))
            return fail_nested(folder, label, entry->d_name, error);
    }
    return HEED_OK;
}

/* Opens the next label's folder; HEED_END after the last. */
static heed_status next_label(label_folder *folder, heed_error *error)
{
    while (folder->path.problem == 0 && folder->labels.at < folder->labels.count) {
        const char *label = folder->labels.entry[folder->labels.at++]->d_name;
        set_path(folder, 0, folder->name);
        set_path(folder, folder->path.size, label);
        folder->folder_size = folder->path.size;
        if (!path_is(folder, S_IFDIR))
            continue;
        heed_status status = list_read(&folder->files, folder->path.data, error);
        return status == HEED_OK ? check_nested(folder, label, error) : status;
    }
    return folder->path.problem == 0 ? HEED_END : writer_check(&folder->path, error);
}

heed_status label_folder_next(label_folder *folder, labelled_text *text, heed_error *error)
{
    for (;;) {
        if (folder->path.problem != 0 || folder->files.at == folder->files.count) {
            heed_status status = next_label(folder, error);
            if (status != HEED_OK)
                return status;
            continue;
        }
        const char *file = folder->files.entry[folder->files.at++]->d_name;
        size_t size = strlen(file);
        set_path(folder, folder->folder_size, file);
        if (!source_has_extension(file, size, text_extension) || !path_is(folder, S_IFREG))
            continue;
        *text = (labelled_text){.path = folder->path.data,
                                .label = bytes_of(folder->labels.entry[folder->labels.at - 1]->d_name),
                                .id = {file, size - text_extension.size}};
        return HEED_OK;
    }
}
