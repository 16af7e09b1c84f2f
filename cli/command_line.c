#include "command_line.h"

#include <string.h>

#include "base/status.h"
#include "base/suggest.h"
#include "config_file.h"
#include "draw_worker.h"
#include "help.h"
#include "line.h"
#include "output.h"
#include "progress.h"

static heed_status command_unknown(const char *name, heed_error *error)
{
    static const char *const others[][2] = {{"supervised", "train"}, {"predict-prob", "predict"}, {"eval", "evaluate"}};
    suggestion near = suggest_begin(bytes_of(name));
    for (const command *const *c = command_list(); *c != NULL; c++)
        suggest_offer(&near, (*c)->name);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (strcmp(name, others[i][0]) == 0)
            near.word = others[i][1];
    if (near.word != NULL)
        return fail(error, HEED_USAGE, "unknown command '%s'; did you mean 'heed %s'?", name, near.word);
    return fail(error, HEED_USAGE, "unknown command '%s'; 'heed --help' lists the known ones", name);
}

static heed_status help_show(const command *c, heed_error *error)
{
    output out = output_standard();
    help_print(&out.w, c);
    return output_finish(&out, error);
}

static heed_status version_show(heed_error *error)
{
    output out = output_standard();
    writer_print(&out.w, "heed %s\n", heed_version());
    return output_finish(&out, error);
}

heed_status command_line(int count, char **arguments, server_entry *serve, heed_error *error)
{
    if (count < 1)
        return fail(error, HEED_USAGE, "a command is missing, such as 'heed train'; 'heed --help' lists them");
    const char *name = arguments[0];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return help_show(NULL, error);
    if (strcmp(name, "--version") == 0)
        return version_show(error);
    if (name[0] == '-')
        return fail(error, HEED_USAGE,
                    "found the option %s, expected a command first, such as 'heed train'; "
                    "'heed --help' lists them",
                    name);
    if (strcmp(name, DRAW_COMMAND) == 0)
        return draw_worker(count - 1, arguments + 1, error);
    const command *c = command_find(name);
    if (c == NULL)
        return command_unknown(name, error);
    settings s;
    heed_status status = settings_init(&s, c, count - 1, arguments + 1, error);
    s.server = serve;
    if (status == HEED_OK)
        status = s.help ? help_show(c, error) : s.show_config ? config_show(&s, error) : c->run(&s, error);
    progress_warnings_end();
    settings_release(&s);
    return status;
}
