/* Whole files: what is written has its name at once, and a symbolic link stays a link. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pipe_is_read_to_its_end_up_to_the_limit),
        cmocka_unit_test(a_file_is_replaced),
        cmocka_unit_test(a_link_stays_and_its_target_is_replaced),
        cmocka_unit_test(what_a_dangling_link_points_to_is_made),
        cmocka_unit_test(links_that_lead_nowhere_fail),
    };
    return cmocka_run_group_tests(tests, folder_make, folder_remove);
}
