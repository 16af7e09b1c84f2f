#include "output.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "command.h"
#include "paths.h"

output output_standard(void)
{
    return (output){.file = stdout, .name = "standard output"};
}

heed_status output_check(const char *path, heed_error *error)
{
    struct stat found;
    if (stat(path, &found) == 0 && S_ISDIR(found.st_mode))
        return complain(error, HEED_FAILED, "%s: cannot be written: it is a folder, expected the name of a file", path);
    char *target = path_target(path);
    if (target == NULL)
        return complain(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    const char *slash = strrchr(target, '/');
    size_t size = slash == NULL ? 0 : slash == target ? 1 : (size_t)(slash - target);
    char *folder = slash == NULL ? strdup(".") : strndup(target, size);
    free(target);
    if (folder == NULL)
        return complain(error, HEED_FAILED, "out of memory for the name %s", path);
    heed_status status = HEED_OK;
    if (access(folder, W_OK | X_OK) != 0)
        status = complain(error, HEED_FAILED, "%s: cannot be written: folder %s: %s", path, folder, strerror(errno));
    free(folder);
    return status;
}

static void aside_forget(output *o)
{
    free(o->target);
    free(o->aside);
    o->target = o->aside = NULL;
}

heed_status output_create(output *o, const char *path, heed_error *error)
{
    struct stat found;
    *o = (output){.name = path};
    if (stat(path, &found) == 0 && !S_ISREG(found.st_mode)) { /* a rename would replace a device by a file */
        o->file = fopen(path, "wbe");
    } else if ((o->target = path_target(path)) != NULL) {
        if (asprintf(&o->aside, "%s.%ld.part", o->target, (long)getpid()) < 0)
            o->aside = NULL;
        o->file = o->aside != NULL ? fopen(o->aside, "wbxe") : NULL;
    }
    if (o->file != NULL)
        return HEED_OK;
    complain(error, HEED_FAILED, "%s: cannot be written: %s", path, strerror(errno));
    aside_forget(o);
    return HEED_FAILED;
}

void output_abandon(output *o)
{
    if (o->file != NULL && o->file != stdout)
        fclose(o->file);
    if (o->aside != NULL)
        unlink(o->aside);
    aside_forget(o);
    *o = (output){.name = o->name};
}

static void output_note(output *o, bool fine)
{
    if (!fine && o->problem == 0)
        o->problem = errno != 0 ? errno : EIO;
}

void output_flush(output *o)
{
    output_note(o, fflush(o->file) == 0);
}

bool output_is_terminal(const output *o)
{
    return isatty(fileno(o->file)) == 1;
}

heed_status output_finish(output *o, heed_error *error)
{
    if (o->file == NULL)
        return HEED_OK;
    output_flush(o);
    if (o->file != stdout)
        output_note(o, fclose(o->file) == 0);
    o->file = NULL;
    if (o->aside != NULL && o->problem == 0)
        output_note(o, rename(o->aside, o->target) == 0);
    int problem = o->problem;
    if (problem == 0) {
        aside_forget(o);
        return HEED_OK;
    }
    output_abandon(o);
    if (problem == EPIPE)
        return complain(error, HEED_FAILED, "%s", "");
    return complain(error, HEED_FAILED, "%s: cannot be written: %s", o->name, strerror(problem));
}

void output_bytes(output *o, const char *data, size_t size)
{
    if (size > 0)
        output_note(o, fwrite(data, 1, size, o->file) == size);
}

void output_text(output *o, const char *text)
{
    output_bytes(o, text, strlen(text));
}

void output_byte(output *o, char byte)
{
    output_bytes(o, &byte, 1);
}

void output_print(output *o, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    output_note(o, vfprintf(o->file, format, arguments) >= 0);
    va_end(arguments);
}

/* Writes text with every special character replaced by what `replace` writes. */
static void output_replacing(output *o, heed_bytes text, bool (*special)(char byte),
                             void (*replace)(output *o, char byte))
{
    size_t begin = 0;
    for (size_t i = 0; i < text.size; i++)
        if (special(text.data[i])) {
            output_bytes(o, text.data + begin, i - begin);
            replace(o, text.data[i]);
            begin = i + 1;
        }
    output_bytes(o, text.data == NULL ? NULL : text.data + begin, text.size - begin);
}

static void replace_by_space(output *o, char byte)
{
    (void)byte;
    output_byte(o, ' ');
}

static void replace_by_mark(output *o, char byte)
{
    (void)byte;
    output_byte(o, '?');
}

static void replace_by_two(output *o, char byte)
{
    output_byte(o, byte);
    output_byte(o, byte);
}

static void replace_by_escape(output *o, char byte)
{
    static const char letters[] = "b\bf\fn\nr\rt\t\"\"\\\\";
    for (size_t i = 0; i + 1 < sizeof letters - 1; i += 2)
        if (letters[i + 1] == byte) {
            output_byte(o, '\\');
            output_byte(o, letters[i]);
            return;
        }
    output_print(o, "\\u%04x", (unsigned)(unsigned char)byte);
}

static bool special_in_column(char byte)
{
    return byte == '\n' || byte == '\t' || byte == '\r';
}

static bool special_to_terminal(char byte)
{
    return ((unsigned char)byte < 0x20 && byte != '\n') || byte == 0x7f;
}

static bool special_in_quotes(char byte)
{
    return byte == '"';
}

static bool special_in_json(char byte)
{
    return (unsigned char)byte < 0x20 || byte == '"' || byte == '\\' || byte == 0x7f;
}

void output_line(output *o, heed_bytes text)
{
    const char *found;
    while (text.size > 0 && (found = memchr(text.data, '\n', text.size)) != NULL) {
        size_t before = (size_t)(found - text.data);
        output_bytes(o, text.data, before);
        output_byte(o, ' ');
        text = (heed_bytes){found + 1, text.size - before - 1};
    }
    output_bytes(o, text.data, text.size);
}

void output_column(output *o, heed_bytes text)
{
    output_replacing(o, text, special_in_column, replace_by_space);
}

void output_field(output *o, heed_bytes text, char delimiter)
{
    bool quotes = false;
    for (size_t i = 0; i < text.size && !quotes; i++)
        quotes = text.data[i] == delimiter || memchr("\"\r\n", text.data[i], 3) != NULL;
    if (!quotes) {
        output_bytes(o, text.data, text.size);
        return;
    }
    output_byte(o, '"');
    output_replacing(o, text, special_in_quotes, replace_by_two);
    output_byte(o, '"');
}

void output_bare_field(output *o, heed_bytes text, char delimiter)
{
    for (size_t i = 0; i < text.size; i++)
        output_byte(o, text.data[i] == delimiter || special_in_column(text.data[i]) ? ' ' : text.data[i]);
}

void output_visible(output *o, heed_bytes text)
{
    output_replacing(o, text, special_to_terminal, replace_by_mark);
}

void output_json(output *o, heed_bytes text)
{
    output_byte(o, '"');
    output_replacing(o, text, special_in_json, replace_by_escape);
    output_byte(o, '"');
}

void output_score(output *o, double score)
{
    output_print(o, SCORE_FORMAT, score); /* the program never calls setlocale: a point */
}

static void line_end(output *o, const char *text)
{
    size_t size = strlen(text);
    if (size == 0 || text[size - 1] != '\n')
        output_byte(o, '\n');
}

void output_take(output *o, char *text)
{
    output_text(o, text);
    line_end(o, text);
    heed_free(text);
}

void output_take_visible(output *o, char *text)
{
    output_visible(o, bytes_of(text));
    line_end(o, text);
    heed_free(text);
}

heed_bytes bytes_of(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}
