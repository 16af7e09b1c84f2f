/* Whole files: what is written has its name at once, and a symbolic link stays a link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <dirent.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

static char folder[] = "/tmp/heed-test-file-XXXXXX";

static int folder_make(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL || chdir(folder) != 0 || mkdir("deep", 0700) != 0;
}

static int folder_remove(void **state)
{
    (void)state;
    static const char *const names[] = {"plain",     "link", "absolute", "chain", "dangling", "deep/up",
                                        "deep/made", "loop", "pool",     "lost",  "deep",     folder};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        remove(names[i]);
    return 0;
}

static void write_text(const char *path, const char *text)
{
    heed_error error = {""};
    if (file_write(path, text, strlen(text), &error) != HEED_OK)
        fail_msg("%s", error.message);
}

static void holds(const char *path, const char *text)
{
    heed_error error = {""};
    char *data = NULL;
    size_t size = 0;
    if (file_read(&data, &size, path, 1000, &error) != HEED_OK)
        fail_msg("%s", error.message);
    assert_string_equal(data, text);
    free(data);
}

/* What file_read refuses: its size is not known before its end. */
static void a_pipe_is_read_to_its_end_up_to_the_limit(void **state)
{
    (void)state;
    int ends[2];
    char path[40], *data = NULL;
    size_t size = 0;
    heed_error error = {""};
    for (size_t limit = 4; limit <= 5; limit++) {
        assert_int_equal(pipe(ends), 0);
        snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
        assert_int_equal(write(ends[1], "12345", 5), 5);
        close(ends[1]);
        assert_int_equal(file_read(&data, &size, path, limit, &error), HEED_BAD_DATA);
        assert_int_equal(file_read_stream(&data, &size, path, limit, &error), limit == 5 ? HEED_OK : HEED_BAD_DATA);
        close(ends[0]);
    }
    assert_int_equal(size, 5);
    assert_string_equal(data, "12345");
    free(data);
    assert_int_equal(file_read_stream(&data, &size, "absent", 5, &error), HEED_BAD_DATA);
    assert_null(data);
}

static bool is_link(const char *path)
{
    struct stat about;
    return lstat(path, &about) == 0 && S_ISLNK(about.st_mode);
}

static void a_file_is_replaced(void **state)
{
    (void)state;
    write_text("plain", "one");
    write_text("plain", "two");
    holds("plain", "two");
}

/* Beside it, by its whole name, over another link, and from a folder upwards. */
static void a_link_stays_and_its_target_is_replaced(void **state)
{
    (void)state;
    char absolute[100];
    snprintf(absolute, sizeof absolute, "%s/plain", folder);
    const char *const links[][2] = {
        {"plain", "link"}, {absolute, "absolute"}, {"link", "chain"}, {"../plain", "deep/up"}};
    for (size_t i = 0; i < sizeof links / sizeof *links; i++) {
        char text[20];
        snprintf(text, sizeof text, "number %zu", i);
        assert_int_equal(symlink(links[i][0], links[i][1]), 0);
        write_text(links[i][1], text);
        assert_true(is_link(links[i][1]));
        assert_false(is_link("plain"));
        holds("plain", text);
    }
}

static void what_a_dangling_link_points_to_is_made(void **state)
{
    (void)state;
    assert_int_equal(symlink("deep/made", "dangling"), 0);
    write_text("dangling", "new");
    assert_true(is_link("dangling"));
    holds("deep/made", "new");
}

static void links_that_lead_nowhere_fail(void **state)
{
    (void)state;
    heed_error error = {""};
    assert_int_equal(symlink("pool", "loop"), 0);
    assert_int_equal(symlink("loop", "pool"), 0);
    assert_int_equal(file_write("loop", "x", 1, &error), HEED_FAILED);
    assert_non_null(strstr(error.message, "loop: cannot be written: "));
    assert_int_equal(symlink("no/such/folder", "lost"), 0);
    assert_int_equal(file_write("lost", "x", 1, &error), HEED_FAILED);
    assert_true(is_link("loop") && is_link("lost"));
}

/* ---- the temporary file */

static unsigned mode_of(const char *path)
{
    struct stat about;
    assert_int_equal(stat(path, &about), 0);
    return about.st_mode & 07777;
}

static int part_files(void)
{
    int count = 0;
    DIR *entries = opendir(".");
    assert_non_null(entries);
    for (const struct dirent *entry; (entry = readdir(entries)) != NULL;)
        count += strstr(entry->d_name, ".part") != NULL;
    closedir(entries);
    return count;
}

/* While a private file is replaced nobody else may read the new one either. */
static void a_file_that_replaces_another_has_its_mode(void **state)
{
    (void)state;
    static const mode_t modes[] = {0600, 0644, 0640, 0400, 0666, 0777};
    mode_t before = umask(022);
    heed_error error = {""};
    unlink("plain");
    write_text("plain", "new");
    assert_int_equal(mode_of("plain"), 0644);
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        replacement r;
        assert_int_equal(chmod("plain", modes[i]), 0);
        assert_int_equal(replacement_begin(&r, "plain", &error), HEED_OK);
        assert_int_equal(mode_of(r.aside), 0600);
        assert_int_equal(replacement_commit(&r, &error), HEED_OK);
        assert_int_equal(mode_of("plain"), modes[i]);
    }
    umask(027);
    unlink("plain");
    write_text("plain", "new");
    assert_int_equal(mode_of("plain"), 0640);
    umask(before);
}

/* Taken names are no obstacle, and what a process that ended left behind goes; what is being written stays. */
static void what_was_left_behind_is_removed(void **state)
{
    (void)state;
    static const char *const left[] = {"plain.heed-0123abcd.part", "plain.heed-00000000.part"};
    static const char *const others[] = {"plain.1.part", "other.heed-0123abcd.part", "plain.heed-0123abcx.part",
                                         "plain.heed-0123abc.part"};
    heed_error error = {""};
    replacement living;
    for (size_t i = 0; i < 4; i++)
        fclose(fopen(others[i], "w"));
    for (size_t i = 0; i < 2; i++)
        fclose(fopen(left[i], "w"));
    assert_int_equal(replacement_begin(&living, "plain", &error), HEED_OK);
    fputs("living", living.file);
    assert_int_equal(part_files(), 4 + 1);
    write_text("plain", "another");
    assert_int_equal(part_files(), 4 + 1);
    assert_int_equal(replacement_commit(&living, &error), HEED_OK);
    holds("plain", "living");
    assert_int_equal(part_files(), 4);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(unlink(others[i]), 0);
}

static void a_name_of_any_length_is_written(void **state)
{
    (void)state;
    char name[NAME_MAX + 1];
    for (size_t size = NAME_MAX - 30; size <= NAME_MAX; size++) {
        memset(name, 'n', size);
        name[size] = '\0';
        write_text(name, "x");
        holds(name, "x");
        assert_int_equal(unlink(name), 0);
    }
}

/* As on a full disk: the old file stays, and nothing is left. */
static void a_limit_of_the_file_size_is_an_error(void **state)
{
    (void)state;
    heed_error error = {""};
    struct rlimit old, low;
    char text[5000];
    memset(text, 'x', sizeof text);
    write_text("plain", "old");
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    low = (struct rlimit){1000, old.rlim_max};
    signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    heed_status status = file_write("plain", text, sizeof text, &error);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, SIG_DFL);
    assert_int_equal(status, HEED_FAILED);
    assert_string_equal(error.message, "plain: cannot be written: File too large");
    holds("plain", "old");
    assert_int_equal(part_files(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_is_read_to_its_end_up_to_the_limit),
        cmocka_unit_test(a_file_is_replaced),
        cmocka_unit_test(a_link_stays_and_its_target_is_replaced),
        cmocka_unit_test(what_a_dangling_link_points_to_is_made),
        cmocka_unit_test(links_that_lead_nowhere_fail),
        cmocka_unit_test(a_file_that_replaces_another_has_its_mode),
        cmocka_unit_test(what_was_left_behind_is_removed),
        cmocka_unit_test(a_name_of_any_length_is_written),
        cmocka_unit_test(a_limit_of_the_file_size_is_an_error),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
