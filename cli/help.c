#include "help.h"

#include <stdio.h>
#include <string.h>

#include "command_options.h"
#include "settings.h"

enum { WIDTH = 80, INDENT = 6 };

static const char *const headings[] = {
#define HEADING(name, heading) heading,
    OPTION_GROUPS(HEADING)
#undef HEADING
};

static const char about_program[] =
    "heed trains attention text classifiers on ordinary CPUs, evaluates them, and labels texts with them. Training "
    "reads a raw file of texts and labels and writes one model file.";

/* HEED_END does not end a program. */
static const struct {
    heed_status status;
    int code;
    const char *meaning;
} exits[] = {
#define EXIT(name, code, meaning) {name, code, meaning},
    HEED_STATUSES(EXIT)
#undef EXIT
};

/* ---------------------------------------------------------------- defaults */

/* "default: X", and the tutorial's value if the command has presets. */
static void default_text(char *out, size_t size, const command *c, const option *o)
{
    char default_[256], tutorial[256];
    settings s = {.command = c};
    *out = '\0';
    if (o->fallback != NULL) {
        if (o->fallback[0] != '\0')
            snprintf(out, size, "default: %s", o->fallback);
        return;
    }
    settings_default(&s, HEED_PRESET_DEFAULT);
    option_print(default_, sizeof default_, o, settings_home(&s, o));
    settings_default(&s, HEED_PRESET_TUTORIAL);
    option_print(tutorial, sizeof tutorial, o, settings_home(&s, o));
    if (strcmp(default_, tutorial) == 0)
        snprintf(out, size, "default: %s", default_);
    else
        snprintf(out, size, "default: %s; tutorial: %s", default_, tutorial);
}

/* Lists joined by macros have empty items. */
static void spaces_join(char *text)
{
    char *to = text;
    for (const char *from = text; *from != '\0'; from++)
        if (*from != ' ' || from[1] != ' ')
            *to++ = *from;
    *to = '\0';
}

static void option_describe(char *out, size_t size, const command *c, const option *o)
{
    char fallback[600];
    default_text(fallback, sizeof fallback, c, o);
    if (fallback[0] != '\0')
        snprintf(out, size, "%s (%s)", o->help, fallback);
    else
        snprintf(out, size, "%s", o->help);
    spaces_join(out);
}

/* ---------------------------------------------------------------- text */

/* Wraps text at WIDTH columns, indented; paragraphs (\n\n) stay separate. */
static void text_wrap(writer *o, const char *text, size_t indent)
{
    size_t column = 0;
    while (*text != '\0') {
        size_t size = strcspn(text, " \n");
        if (column > 0 && column + 1 + size > WIDTH) {
            writer_byte(o, '\n');
            column = 0;
        }
        if (column == 0)
            writer_print(o, "%*s", (int)indent, "");
        else
            writer_byte(o, ' ');
        column = (column == 0 ? indent : column + 1) + size;
        writer_bytes(o, text, size);
        text += size;
        if (*text == '\n') {
            writer_text(o, "\n\n");
            column = 0;
        }
        text += strspn(text, " \n");
    }
    writer_byte(o, '\n');
}

static void option_head(char *out, size_t size, const option *o)
{
    char letter[8] = "", list[OPTION_NAMES];
    const char *value = o->value != NULL ? o->value : option_value_name(list, o);
    if (option_letter(o) != '\0')
        snprintf(letter, sizeof letter, "-%c, ", option_letter(o));
    snprintf(out, size, "%s--%s%s%s", letter, o->name, value != NULL ? " " : "", value != NULL ? value : "");
}

/* How a page shows the options of a command. */
typedef struct option_page {
    void (*group)(writer *o, const char *heading);
    void (*option)(writer *o, const char *head, const char *text);
} option_page;

static void options_show(writer *o, const command *c, const option_page *page)
{
    char head[200], text[1200];
    option_group group = GROUP_COUNT;
    const option *next;
    for (size_t i = 0; (next = command_option(c, i)) != NULL; i++) {
        if (next->group != group)
            page->group(o, headings[next->group]);
        group = next->group;
        option_head(head, sizeof head, next);
        option_describe(text, sizeof text, c, next);
        page->option(o, head, text);
    }
}

static void text_group(writer *o, const char *heading)
{
    writer_print(o, "\n%s:\n", heading);
}

static void text_option(writer *o, const char *head, const char *text)
{
    writer_print(o, "  %s\n", head);
    text_wrap(o, text, INDENT);
}

static const option_page text_page = {text_group, text_option};

static void examples_print(writer *o, const char *examples)
{
    writer_text(o, "\nExamples:\n");
    while (*examples != '\0') {
        size_t size = strcspn(examples, "\n");
        writer_print(o, "  %.*s\n", (int)size, examples);
        examples += size + (examples[size] == '\n');
    }
}

static void program_print(writer *o)
{
    writer_text(o, "Usage: heed COMMAND [ARGUMENT]...\n\n");
    text_wrap(o, about_program, 0);
    writer_text(o, "\nCommands:\n");
    for (const command *const *c = command_list(); *c != NULL; c++)
        writer_print(o, "  %-10s %s\n", (*c)->name, (*c)->summary);
    writer_text(o,
                "\n'heed COMMAND --help' explains a command, 'heed --version' prints the version.\n\nExit status:\n");
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++)
        if (exits[i].status != HEED_END)
            writer_print(o, "  %-4d %s\n", exits[i].code, exits[i].meaning);
    writer_text(o, "\nTo see it work: heed demo\n");
}

void help_print(writer *o, const command *c)
{
    if (c == NULL) {
        program_print(o);
        return;
    }
    writer_print(o, "Usage: heed %s %s\n", c->name, c->arguments);
    if (c->alias != NULL)
        writer_print(o, "       heed %s is the same\n", c->alias);
    writer_byte(o, '\n');
    text_wrap(o, c->about, 0);
    options_show(o, c, &text_page);
    examples_print(o, c->examples);
}

/* ---------------------------------------------------------------- man pages */

/* Text for roff: hyphens and backslashes stay what they are, and no line is taken for a request. */
static void roff_text(writer *o, const char *text)
{
    bool begin = true;
    for (; *text != '\0'; text++) {
        if (begin && (*text == '.' || *text == '\''))
            writer_text(o, "\\&");
        begin = *text == '\n';
        if (begin && text[1] == '\n') {
            writer_text(o, "\n.PP");
            continue;
        }
        if (*text == '-')
            writer_text(o, "\\-");
        else if (*text == '\\')
            writer_text(o, "\\e");
        else
            writer_byte(o, *text);
    }
}

static void roff_group(writer *o, const char *heading)
{
    writer_print(o, ".SS \"%s\"\n", heading);
}

static void roff_option(writer *o, const char *head, const char *text)
{
    writer_text(o, ".TP\n\\fB");
    roff_text(o, head);
    writer_text(o, "\\fR\n");
    roff_text(o, text);
    writer_byte(o, '\n');
}

static const option_page roff_page = {roff_group, roff_option};

static void roff_exits(writer *o)
{
    writer_text(o, ".SH \"EXIT STATUS\"\n");
    for (size_t i = 0; i < sizeof exits / sizeof *exits; i++)
        if (exits[i].status != HEED_END)
            writer_print(o, ".TP\n%d\n%s\n", exits[i].code, exits[i].meaning);
}

static void man_of_program(writer *o)
{
    writer_print(o, ".TH HEED 1 \"\" \"heed %s\" \"User Commands\"\n.SH NAME\n", HEED_VERSION);
    writer_text(o, "heed \\- attention text classifiers: train, evaluate, predict\n"
                   ".SH SYNOPSIS\n.B heed\nCOMMAND [ARGUMENT]...\n.SH DESCRIPTION\n");
    roff_text(o, about_program);
    writer_text(o, "\n.SH COMMANDS\n");
    for (const command *const *c = command_list(); *c != NULL; c++) {
        writer_print(o, ".TP\n\\fBheed %s\\fR\n%s", (*c)->name, (*c)->summary);
        writer_print(o, *c == &help_command ? "\n" : "; see\n.BR heed\\-%s (1)\n", (*c)->name);
    }
    writer_text(o, ".SH OPTIONS\n.TP\n\\fB\\-h\\fR, \\fB\\-\\-help\\fR\nPrint the list of commands.\n"
                   ".TP\n\\fB\\-\\-version\\fR\nPrint the version.\n");
    roff_exits(o);
    writer_text(o, ".SH \"SEE ALSO\"\n");
    for (const command *const *c = command_list(); *c != NULL; c++)
        if (*c != &help_command)
            writer_print(o, ".BR heed\\-%s (1)%s\n", (*c)->name, c[1] == &help_command ? "" : ",");
}

void help_man(writer *o, const command *c)
{
    if (c == NULL) {
        man_of_program(o);
        return;
    }
    writer_text(o, ".TH HEED\\-");
    for (const char *p = c->name; *p != '\0'; p++)
        writer_byte(o, (char)(*p - 'a' + 'A'));
    writer_print(o, " 1 \"\" \"heed %s\" \"User Commands\"\n.SH NAME\nheed\\-%s \\- %s\n", HEED_VERSION, c->name,
                 c->summary);
    writer_print(o, ".SH SYNOPSIS\n.B heed %s\n", c->name);
    roff_text(o, c->arguments);
    writer_text(o, "\n.SH DESCRIPTION\n");
    roff_text(o, c->about);
    writer_text(o, "\n.SH OPTIONS\n");
    options_show(o, c, &roff_page);
    writer_text(o, ".SH EXAMPLES\n.nf\n");
    roff_text(o, c->examples);
    writer_text(o, "\n.fi\n");
    roff_exits(o);
    writer_text(o, ".SH \"SEE ALSO\"\n.BR heed (1)\n");
}

void help_pages(writer *o)
{
    writer_text(o, "heed\n");
    for (const command *const *c = command_list(); *c != NULL; c++)
        if (*c != &help_command)
            writer_print(o, "heed-%s\n", (*c)->name);
}

/* ---------------------------------------------------------------- completion */

static void bash_options_of(writer *o, const command *c)
{
    const option *taken;
    writer_print(o, "    %s%s%s) options=\"", c->name, c->alias != NULL ? "|" : "", c->alias != NULL ? c->alias : "");
    for (size_t i = 0; (taken = command_option(c, i)) != NULL; i++)
        writer_print(o, "%s--%s", i == 0 ? "" : " ", taken->name);
    writer_text(o, "\" ;;\n");
}

static void bash_choices(writer *o)
{
    const option *chosen;
    for (size_t i = 0; (chosen = any_option(i)) != NULL; i++) {
        if (chosen->kind != OPTION_CHOICE)
            continue;
        writer_print(o, "    --%s) words=\"", chosen->name);
        for (unsigned n = 0; n < chosen->choices->count; n++)
            writer_print(o, "%s%s", n == 0 ? "" : " ", names_of(chosen->choices, n));
        writer_text(o, "\" ;;\n");
    }
}

/* "--case=lo" is one word or, as bash usually splits it, three. */
static const char bash_begin[] = "# Completion of heed for bash, made by: heed help --bash-completion\n"
                                 "_heed()\n{\n"
                                 "    local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" "
                                 "prefix=\"\" words=\"\" options=\"\"\n"
                                 "    case \"$word\" in\n"
                                 "    =) word=\"\" ;;\n"
                                 "    --*=*) before=\"${word%%=*}\" prefix=\"${word%%=*}=\" word=\"${word#*=}\" ;;\n"
                                 "    esac\n"
                                 "    if [ \"$before\" = = ]; then\n"
                                 "        before=\"${COMP_WORDS[COMP_CWORD-2]}\"\n"
                                 "    fi\n"
                                 "    COMPREPLY=()\n";

static const char bash_end[] =
    "    esac\n"
    "    case \"$word\" in\n"
    "    -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
    "    *) [ \"${COMP_WORDS[1]}\" = help ] && COMPREPLY=($(compgen -W \"$commands\" -- \"$word\")) ;;\n"
    "    esac\n}\n"
    "complete -o default -F _heed heed\n";

void help_bash(writer *o)
{
    writer_text(o, bash_begin);
    writer_text(o, "    local commands=\"");
    for (const command *const *c = command_list(); *c != NULL; c++)
        writer_print(o, "%s%s", c == command_list() ? "" : " ", (*c)->name);
    writer_text(o, "\"\n"
                   "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
                   "        COMPREPLY=($(compgen -W \"--help --version $commands\" -- \"$word\"))\n"
                   "        return\n    fi\n    case \"$before\" in\n");
    bash_choices(o);
    writer_text(o, "    esac\n"
                   "    if [ -n \"$words\" ]; then\n"
                   "        COMPREPLY=($(compgen -P \"$prefix\" -W \"$words\" -- \"$word\"))\n        return\n    fi\n"
                   "    case \"${COMP_WORDS[1]}\" in\n");
    for (const command *const *c = command_list(); *c != NULL; c++)
        bash_options_of(o, *c);
    writer_text(o, bash_end);
}
