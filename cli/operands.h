/* Arguments that are texts or names of files, and texts that are typed. */
#ifndef CLI_OPERANDS_H
#define CLI_OPERANDS_H

#include "settings.h"

typedef enum operand_kind {
    OPERAND_FILE,   /* it is there, or "-" */
    OPERAND_TEXT,   /* no file, and written as a text: with a blank, without a slash or a file's ending */
    OPERAND_MISSING /* no file, and written as the name of one */
} operand_kind;

operand_kind operand_kind_of(const char *operand);
/* Whether it is written as the name of a file: without a blank and with a slash, or with a file's ending. */
bool operand_is_named_like_file(const char *operand);
/* The error of an operand that is no file, which says how the command gets a text: HEED_BAD_DATA. */
heed_status operand_missing(const settings *s, const char *operand, heed_error *error);
/* Says that rows come from the terminal if "-" is one, so that nobody waits for the program while it waits for them. */
void terminal_tell(const settings *s, const char *path);

#endif
