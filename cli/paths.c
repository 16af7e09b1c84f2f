#include "paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/path.h"
#include "base/status.h"
#include "options/row_path.h"
#include "pictures.h"

static bool path_stat(struct stat *found, const char *path)
{
    return strcmp(path, "-") == 0 ? fstat(STDIN_FILENO, found) == 0 : stat(path, found) == 0;
}

static bool folder_stat(struct stat *found, const char *path)
{
    char *folder = path_folder(path);
    bool there = folder != NULL && stat(folder, found) == 0;
    free(folder);
    return there;
}

static bool same_inode(const struct stat *a, const struct stat *b)
{
    return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

/* Existing files are compared by inode, others by folder and name. */
static bool path_same(const char *a, const char *b)
{
    struct stat at_a, at_b;
    bool has_a = path_stat(&at_a, a), has_b = path_stat(&at_b, b);
    if (has_a && has_b)
        return S_ISREG(at_a.st_mode) && same_inode(&at_a, &at_b);
    if (has_a || has_b)
        return false;
    char *target_a = path_target(a), *target_b = path_target(b);
    bool same = target_a != NULL && target_b != NULL && strcmp(path_name(target_a), path_name(target_b)) == 0 &&
                folder_stat(&at_a, target_a) && folder_stat(&at_b, target_b) && same_inode(&at_a, &at_b);
    free(target_a);
    free(target_b);
    return same;
}

heed_status path_check_rows(const char *path, heed_error *error)
{
    if (path == NULL || row_path_is_standard_input(path))
        return HEED_OK;
    char *file = row_path_file(path);
    if (file == NULL)
        return fail_memory(error, path);
    heed_status status = HEED_OK;
    if (access(file, R_OK) != 0)
        status = fail(error, HEED_BAD_DATA, "%s: cannot be opened: %s%s", file, strerror(errno), row_path_hint(path));
    free(file);
    return status;
}

heed_status path_check_twice(const char *path, heed_error *error)
{
    struct stat found;
    heed_status status = path_check_rows(path, error);
    if (status != HEED_OK)
        return status;
    if (row_path_is_standard_input(path))
        return fail(error, HEED_USAGE, "standard input: its rows are read twice, expected a file or a folder");
    char *file = row_path_file(path);
    if (file == NULL)
        return fail_memory(error, path);
    if (stat(file, &found) == 0 && !S_ISREG(found.st_mode) && !S_ISDIR(found.st_mode))
        status = fail(error, HEED_USAGE, "%s: its rows are read twice, expected a file or a folder", file);
    free(file);
    return status;
}

/* ---------------------------------------------------------------- outputs and inputs */

path_guard path_guard_begin(heed_error *error)
{
    return (path_guard){.status = HEED_OK, .error = error};
}

void path_guard_input(path_guard *g, const char *role, const char *path)
{
    char *file = path != NULL ? row_path_file(path) : NULL;
    if (path != NULL && file == NULL && g->status == HEED_OK)
        g->status = fail_memory(g->error, path);
    for (size_t i = 0; i < g->count && g->status == HEED_OK && file != NULL; i++)
        if (path_same(g->outputs[i].path, file))
            g->status = fail(g->error, HEED_USAGE, "%s: found '%s', which is the file of %s, expected another one",
                             g->outputs[i].role, g->outputs[i].path, role);
    free(file);
}

void path_guard_inputs(path_guard *g, const char *role, const char *const *paths, size_t count)
{
    for (size_t i = 0; i < count; i++)
        path_guard_input(g, role, paths[i]);
}

static void output_add(path_guard *g, const char *role, const char *path, bool picture)
{
    for (size_t i = 0; i < g->count && g->status == HEED_OK && path != NULL; i++)
        if (path_same(path, g->outputs[i].path))
            g->status = fail(g->error, HEED_USAGE, "%s: found '%s', which is the file of %s, expected another one",
                             role, path, g->outputs[i].role);
    if (path == NULL)
        return;
    g->pictures[g->count] = picture;
    g->outputs[g->count++] = (role_path){role, path};
}

void path_guard_output(path_guard *g, const char *role, const char *path)
{
    output_add(g, role, path, false);
}

void path_guard_picture(path_guard *g, const char *role, const char *path)
{
    output_add(g, role, path, true);
}

heed_status path_guard_end(path_guard *g)
{
    heed_status status = g->status;
    for (size_t i = 0; i < g->count && status == HEED_OK; i++) {
        if (g->pictures[i])
            status = picture_check(g->outputs[i].path, g->error);
        if (status == HEED_OK)
            status = file_check_writable(g->outputs[i].path, g->error);
    }
    return status;
}
