#include "operands.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/status.h"
#include "command_options.h"
#include "options/row_path.h"

/* Endings of files that people have, separated by blanks: those of heed's formats, each list with a blank after it, and
 * others. */
#define FORMAT_ENDINGS(name, word, endings, meaning) endings " "
static const char known_endings[] = HEED_FORMATS(
    FORMAT_ENDINGS) ".txt .gz .zst .bz2 .xz .zip .xlsx .xls .ods .parquet .arrow .safetensors .bin .md .html "
                    ".xml";
#undef FORMAT_ENDINGS

/* Capitals or not. */
static bool has_known_ending(const char *name)
{
    size_t size = strlen(name);
    for (const char *ending = known_endings; *ending != '\0';) {
        size_t tail = strcspn(ending, " ");
        if (tail > 0 && size > tail && strncasecmp(name + size - tail, ending, tail) == 0)
            return true;
        ending += tail + (ending[tail] == ' ');
    }
    return false;
}

static bool has_blank(const char *text)
{
    return text[strcspn(text, " \t\n\r")] != '\0';
}

/* Whether it is a file, with or without its encoding. One that is there and cannot be reached counts, and is reported
 * as that. */
static bool is_file(const char *operand)
{
    struct stat found;
    char *path = row_path_file(operand);
    bool there = path == NULL || stat(path, &found) == 0 || (errno != ENOENT && errno != ENAMETOOLONG);
    free(path);
    return there;
}

operand_kind operand_kind_of(const char *operand)
{
    if (row_path_is_standard_input(operand) || is_file(operand))
        return OPERAND_FILE;
    return has_blank(operand) && strchr(operand, '/') == NULL && !has_known_ending(operand) ? OPERAND_TEXT
                                                                                            : OPERAND_MISSING;
}

bool operand_is_named_like_file(const char *operand)
{
    return has_known_ending(operand) || (strchr(operand, '/') != NULL && !has_blank(operand));
}

heed_status operand_missing(const settings *s, const char *operand, heed_error *error)
{
    bool takes = command_option_named(s->command, "text", 4) != NULL;
    return fail(error, HEED_BAD_DATA,
                "%.300s: cannot be opened: No such file or directory; a text is given %son standard input: echo TEXT | "
                "heed %s%s%.200s",
                operand, takes ? "with --text TEXT, or " : "", s->command->name, takes ? " " : "",
                takes ? s->operands.items[0] : "");
}

void terminal_tell(const settings *s, const char *path)
{
    if (!row_path_is_standard_input(path) || s->quiet || isatty(STDIN_FILENO) != 1)
        return;
    if (s->rows.format == HEED_FORMAT_AUTO || s->rows.format == HEED_FORMAT_LINES)
        fprintf(stderr, "heed: reading texts from the terminal, a line each; Ctrl-D ends\n");
    else
        fprintf(stderr, "heed: reading rows from the terminal; Ctrl-D ends\n");
}
