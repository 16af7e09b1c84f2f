/* A child process: its input, output and end, whatever it does. The children are lines of sh. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/clock.h"
#include "child.h"

enum { LIMIT = 100000, SLOW = 100 /* seconds that no test waits for */ };

static child_end run(writer *out, int *value, const char *line, heed_bytes input, double seconds)
{
    const char *const arguments[] = {"/bin/sh", "-c", line, NULL};
    *out = (writer){.limit = LIMIT};
    double began = clock_seconds();
    child_end end = child_run(out, value, arguments, input, seconds);
    assert_true(clock_seconds() - began < SLOW / 2);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1); /* none is left, running or as a zombie */
    assert_int_equal(errno, ECHILD);
    return end;
}

static void every_end_is_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        double seconds;
        child_end end;
        int value; /* -1: not looked at */
        const char *output;
    } cases[] = {
        {"cat", SLOW, CHILD_EXITED, 0, "input"},
        {"echo said; exit 3", SLOW, CHILD_EXITED, 3, "said\n"},
        {"exec <&-; echo deaf", SLOW, CHILD_EXITED, 0, "deaf\n"},
        {"kill -SEGV $$", SLOW, CHILD_CRASHED, SIGSEGV, ""},
        {"printf half; kill -ABRT $$", SLOW, CHILD_CRASHED, SIGABRT, "half"},
        {"kill -INT $$", SLOW, CHILD_STOPPED, -1, ""},
        {"kill -TERM $$", SLOW, CHILD_STOPPED, -1, ""},
        {"kill -XCPU $$", SLOW, CHILD_TOO_SLOW, -1, ""},
        {"exec sleep 1000", 0.2, CHILD_TOO_SLOW, -1, ""},
        {"printf half; exec sleep 1000 >&-", 0.2, CHILD_TOO_SLOW, -1, "half"},
        {"trap '' TERM INT; while :; do :; done", 0.2, CHILD_TOO_SLOW, -1, ""},
        {"exec cat /dev/zero", SLOW, CHILD_TOO_LARGE, -1, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        writer out;
        int value = -1;
        child_end end = run(&out, &value, cases[i].line, bytes_of("input"), cases[i].seconds);
        if (end != cases[i].end || (cases[i].value >= 0 && value != cases[i].value))
            fail_msg("%s: end %d, value %d", cases[i].line, (int)end, value);
        assert_true(out.size <= LIMIT);
        if (cases[i].output != NULL)
            assert_true(bytes_same((heed_bytes){out.data, out.size}, bytes_of(cases[i].output)));
        writer_release(&out);
    }
}

static void what_cannot_be_started_fails(void **state)
{
    (void)state;
    static const char *const arguments[] = {"/nowhere/at/all", NULL};
    writer out = {0};
    int value = 0;
    assert_int_equal(child_run(&out, &value, arguments, bytes_of(""), SLOW), CHILD_FAILED);
    assert_int_equal(value, ENOENT);
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
}

/* More than the pipes hold, both ways at once. */
static void long_input_comes_back_whole(void **state)
{
    (void)state;
    static char text[LIMIT];
    writer out;
    int value;
    for (size_t i = 0; i < LIMIT; i++)
        text[i] = (char)('a' + i % 23);
    assert_int_equal(run(&out, &value, "tee /dev/null", (heed_bytes){text, LIMIT}, SLOW), CHILD_EXITED);
    assert_int_equal(value, 0);
    assert_int_equal(out.size, LIMIT);
    assert_memory_equal(out.data, text, LIMIT);
    writer_release(&out);
    assert_int_equal(run(&out, &value, "exit 5", (heed_bytes){text, LIMIT}, SLOW), CHILD_EXITED);
    assert_int_equal(value, 5);
}

static void open_files_stay_with_the_parent(void **state)
{
    (void)state;
    writer out;
    int value;
    assert_int_equal(fcntl(STDERR_FILENO, F_DUPFD, 50), 50); /* without O_CLOEXEC */
    assert_int_equal(run(&out, &value, "[ -e /proc/$$/fd/2 ] && [ ! -e /proc/$$/fd/50 ]", bytes_of(""), SLOW),
                     CHILD_EXITED);
    assert_int_equal(value, 0);
    close(50);
}

static void an_ignored_sigchld_does_not_lose_the_exit_status(void **state)
{
    (void)state;
    writer out;
    int value;
    signal(SIGCHLD, SIG_IGN);
    assert_int_equal(run(&out, &value, "exit 7", bytes_of(""), SLOW), CHILD_EXITED);
    assert_int_equal(value, 7);
}

static void note(int signal_number)
{
    (void)signal_number;
}

static void a_signal_to_the_parent_ends_the_child(void **state)
{
    (void)state;
    const struct sigaction action = {.sa_handler = note};
    writer out;
    int value;
    sigaction(SIGALRM, &action, NULL);
    alarm(1);
    assert_int_equal(run(&out, &value, "exec sleep 1000", bytes_of(""), SLOW), CHILD_STOPPED);
    writer_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_end_is_told_apart),
        cmocka_unit_test(what_cannot_be_started_fails),
        cmocka_unit_test(long_input_comes_back_whole),
        cmocka_unit_test(open_files_stay_with_the_parent),
        cmocka_unit_test(an_ignored_sigchld_does_not_lose_the_exit_status),
        cmocka_unit_test(a_signal_to_the_parent_ends_the_child),
    };
    signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
