/* heed help: help, man pages and completion on standard output. */
#include "base/status.h"
#include "help.h"
#include "settings.h"

static heed_status run(settings *s, heed_error *error)
{
    const command *c = NULL;
    if (s->operands.count > 0) {
        c = command_find(s->operands.items[0]);
        if (c == NULL)
            return fail(error, HEED_USAGE, "unknown command '%s'; 'heed --help' lists the known ones",
                        s->operands.items[0]);
    }
    output out = output_standard();
    if (s->completion)
        help_bash(&out.w);
    else if (s->pages)
        help_pages(&out.w);
    else if (s->man)
        help_man(&out.w, c);
    else
        help_print(&out.w, c);
    return output_finish(&out, error);
}

const command help_command = {
    .name = "help",
    .run = run,
    .max_arguments = 1,
    .arguments = "[COMMAND]",
    .summary = "explain a command",
    .about = "Prints the help of a command, or the list of commands.",
    .examples = "heed help train",
};
