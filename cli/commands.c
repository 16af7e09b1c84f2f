#include "commands.h"

#include <string.h>

#define COMMAND_PLACE(name) &name##_command,
static const command *const commands[] = {COMMANDS(COMMAND_PLACE) NULL};

const command *const *command_list(void)
{
    return commands;
}

const command *command_find(const char *name)
{
    for (const command *const *c = commands; *c != NULL; c++)
        if (strcmp((*c)->name, name) == 0 || ((*c)->alias != NULL && strcmp((*c)->alias, name) == 0))
            return *c;
    return NULL;
}
