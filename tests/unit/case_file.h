/* For tests whose cases are data: reads the case files of a folder and says which line is wrong. A case is a group of
 * lines; a blank line ends it. Lines that begin with # are comments. */
#ifndef UNIT_CASE_FILE_H
#define UNIT_CASE_FILE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <glob.h>

#include "base/writer.h"

enum { CASE_LINES = 64 };

typedef struct case_line {
    int number; /* in its file, from 1 */
    char *text;
} case_line;

typedef struct test_case {
    const char *path;
    bool quiet; /* say nothing of what is wrong: this case has to fail */
    case_line lines[CASE_LINES];
    size_t count;
} test_case;

/* Checks a case: true, or false after case_wrong. */
typedef bool case_check(const test_case *c);

/* Prints the line's place and the message. Returns false. */
__attribute__((format(printf, 3, 4), unused)) static bool case_wrong(const test_case *c, const case_line *line,
                                                                     const char *format, ...)
{
    char message[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof message, format, arguments);
    va_end(arguments);
    if (!c->quiet)
        print_error("%s:%d: %s\n", c->path, line->number, message);
    return false;
}

/* The value of a line "KEY: VALUE" or "KEY:", or NULL if it has another key. */
static inline const char *case_value(const case_line *line, const char *key)
{
    size_t size = strlen(key);
    if (strncmp(line->text, key, size) != 0 || line->text[size] != ':')
        return NULL;
    return line->text + size + (line->text[size + 1] == ' ' ? 2 : 1);
}

/* Appends the text with its escapes \n \r \t \0 \\ \xHH replaced. */
__attribute__((unused)) static void case_unescape(writer *out, const char *text)
{
    static const char names[] = "nrt0\\", bytes[] = "\n\r\t\0\\";
    while (*text != '\0') {
        char byte = *text++;
        if (byte == '\\' && *text == 'x') {
            unsigned value;
            assert_int_equal(sscanf(text + 1, "%2x", &value), 1);
            byte = (char)value;
            text += 3;
        } else if (byte == '\\') {
            const char *name = strchr(names, *text);
            assert_true(name != NULL && *text != '\0');
            byte = bytes[name - names];
            text++;
        }
        writer_byte(out, byte);
    }
}

/* Whether the message is the expected one; "..." at its end is any rest. */
static inline bool case_message_fits(const char *message, const char *expected)
{
    size_t size = strlen(expected);
    if (size >= 3 && strcmp(expected + size - 3, "...") == 0)
        return strncmp(message, expected, size - 3) == 0;
    return strcmp(message, expected) == 0;
}

/* Checks the case if it has lines, empties it, and counts it. */
static inline void case_finish(test_case *c, case_check *check, size_t *cases, size_t *wrong)
{
    if (c->count == 0)
        return;
    *cases += 1;
    *wrong += !check(c);
    while (c->count > 0)
        free(c->lines[--c->count].text);
}

/* Runs the cases of an open file. Returns how many there are. */
static inline size_t cases_run_file(FILE *file, const char *path, bool quiet, case_check *check, size_t *wrong)
{
    test_case c = {.path = path, .quiet = quiet};
    size_t cases = 0, room = 0;
    char *text = NULL;
    for (int number = 1; getline(&text, &room, file) != -1; number++) {
        text[strcspn(text, "\n")] = '\0';
        if (text[0] == '\0')
            case_finish(&c, check, &cases, wrong);
        else if (text[0] != '#') {
            assert_true(c.count < CASE_LINES);
            c.lines[c.count++] = (case_line){number, strdup(text)};
        }
    }
    case_finish(&c, check, &cases, wrong);
    free(text);
    return cases;
}

/* Every file of the folder has cases, and every case is right. */
__attribute__((unused)) static void cases_run(const char *folder, case_check *check)
{
    char pattern[256];
    glob_t files;
    size_t wrong = 0;
    snprintf(pattern, sizeof pattern, "%s/*.txt", folder);
    if (glob(pattern, 0, NULL, &files) != 0)
        fail_msg("%s: no case files", folder);
    for (size_t i = 0; i < files.gl_pathc; i++) {
        FILE *file = fopen(files.gl_pathv[i], "r");
        assert_non_null(file);
        if (cases_run_file(file, files.gl_pathv[i], false, check, &wrong) == 0)
            fail_msg("%s: no cases", files.gl_pathv[i]);
        fclose(file);
    }
    globfree(&files);
    assert_int_equal(wrong, 0);
}

/* The check sees what is wrong with this case. */
__attribute__((unused)) static void case_must_fail(const char *text, case_check *check)
{
    char copy[1024];
    size_t wrong = 0;
    snprintf(copy, sizeof copy, "%s", text);
    FILE *file = fmemopen(copy, strlen(copy), "r");
    assert_non_null(file);
    assert_int_equal(cases_run_file(file, "a wrong case", true, check, &wrong), 1);
    fclose(file);
    if (wrong == 0)
        fail_msg("this case is wrong, and passes:\n%s", text);
}

#endif
