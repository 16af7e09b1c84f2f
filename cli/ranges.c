#include "ranges.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>


#include "base/number.h"
#include "base/random.h"
#include "base/status.h"
#include "command_options.h"
#include "base/writer.h"
#include "training_rows.h"

enum { NUMBER_MOST = 48 }; /* characters of a drawn number */
static const double LEAST = 1e-12, MOST = 1e15; /* of a range's ends, but for 0: three digits stay short text */

/* ---------------------------------------------------------------- grammar */

/* "--range 'batch-size={8..x}', column 13: what is wrong" */
static heed_status range_refuse(const range *r, const char *at, const char *what, heed_error *error)
{
    return fail(error, HEED_USAGE, "%s '%.300s', column %zu: %.600s", r->role, r->text, (size_t)(at - r->text) + 1,
                    what);
}

/* A backslash takes the meaning from what would divide the text. */
static bool is_escape(const char *at, const char *end)
{
    return *at == '\\' && at + 1 < end && strchr("{},\\", at[1]) != NULL;
}

/* The first unescaped character of these, or end. */
static const char *find_any(const char *at, const char *end, const char *characters)
{
    for (; at < end; at++)
        if (is_escape(at, end))
            at++;
        else if (strchr(characters, *at) != NULL)
            return at;
    return end;
}

/* The number-th part between commas. */
static heed_bytes choice_at(heed_bytes text, size_t number)
{
    const char *begin = text.data, *end = text.data + text.size;
    while (number-- > 0)
        begin = find_any(begin, end, ",") + 1;
    return (heed_bytes){begin, (size_t)(find_any(begin, end, ",") - begin)};
}

static bool number_read(double *out, bool *digits, heed_bytes text)
{
    char number[NUMBER_MOST];
    if (text.size >= sizeof number)
        return false;
    snprintf(number, sizeof number, "%.*s", (int)text.size, text.data);
    *digits = number[strspn(number, "0123456789")] == '\0';
    return number_parse(out, bytes_of(number)) && *out >= 0 && *out <= MOST && (*out == 0 || *out >= LEAST);
}

static bool is_whole_option(const option *o)
{
    return o->kind == OPTION_WHOLE;
}

/* "LOW..HIGH" */
static heed_status numbers_parse(piece *p, const range *r, const char *dots, heed_error *error)
{
    const char *begin = p->text.data, *end = begin + p->text.size;
    bool digits[2] = {false, false};
    p->ends[0] = (heed_bytes){begin, (size_t)(dots - begin)};
    p->ends[1] = (heed_bytes){dots + 2, (size_t)(end - dots - 2)};
    if (!number_read(&p->low, &digits[0], p->ends[0]) || !number_read(&p->high, &digits[1], p->ends[1]))
        return range_refuse(r, begin, "expected numbers such as {16..64} or {0.0003..0.01}, or choices such as {a,b}",
                            error);
    if (p->low > p->high)
        return range_refuse(r, begin, "the low end is greater than the high one", error);
    p->kind = is_whole_option(r->option) || (digits[0] && digits[1]) ? PIECE_WHOLE : PIECE_REAL;
    return HEED_OK;
}

/* What stands in braces, or the whole of a value without any. */
static heed_status drawn_parse(piece *p, const range *r, heed_error *error)
{
    const char *begin = p->text.data, *end = begin + p->text.size, *dots = strstr(begin, "..");
    p->choices = 1;
    for (const char *at = begin; (at = find_any(at, end, ",")) < end; at++)
        p->choices++;
    p->kind = PIECE_CHOICE;
    if (p->choices == 1 && dots != NULL && dots + 2 <= end)
        return numbers_parse(p, r, dots, error);
    return HEED_OK;
}

static heed_status piece_add(range *r, const char *begin, const char *end, bool drawn, heed_error *error)
{
    if (begin == end && !drawn)
        return HEED_OK;
    piece *pieces = realloc(r->pieces, (r->piece_count + 1) * sizeof *pieces);
    if (pieces == NULL)
        return fail(error, HEED_FAILED, "out of memory for the ranges");
    r->pieces = pieces;
    piece *p = &pieces[r->piece_count++];
    *p = (piece){.kind = PIECE_TEXT, .text = {begin, (size_t)(end - begin)}};
    return drawn ? drawn_parse(p, r, error) : HEED_OK;
}

static heed_status template_parse(range *r, const char *spec, heed_error *error)
{
    const char *at = spec, *end = spec + strlen(spec);
    heed_status status = HEED_OK;
    if (find_any(spec, end, "{}") == end)
        return piece_add(r, spec, end, true, error);
    while (status == HEED_OK && at < end) {
        const char *open = find_any(at, end, "{}");
        status = piece_add(r, at, open, false, error);
        if (open == end || status != HEED_OK)
            break;
        const char *close = find_any(open + 1, end, "{}");
        if (*open == '}')
            return range_refuse(r, open, "found '}' without a '{' in front", error);
        if (close == end || *close == '{')
            return range_refuse(r, open, "found '{' without its '}' (braces do not stand in braces)", error);
        status = piece_add(r, open + 1, close, true, error);
        at = close + 1;
    }
    return status;
}

/* ---------------------------------------------------------------- which options */

/* Why an option that heed tune takes has no range; NULL where it may. */
static const char *range_hindrance(const option *o)
{
    static const char *const searched[][2] = {
        {"epochs", "it is what the last rung trains for; leave it to --epochs"},
        {"seed", "all trials share it, so that they are judged alike"},
        {"validation", "all trials are judged by the same rows"},
        {"validation-file", "all trials are judged by the same rows"},
    };
    if (o->group != GROUP_TRAINING && o->group != GROUP_WORDS && o->group != GROUP_STAGES)
        return "expected an option of training, words or cleaning";
    if (o->kind == OPTION_FLAG || o->kind == OPTION_NO_FLAG || o->kind == OPTION_LIST)
        return "expected an option with one value";
    for (size_t i = 0; i < sizeof searched / sizeof *searched; i++)
        if (strcmp(o->name, searched[i][0]) == 0)
            return searched[i][1];
    return NULL;
}

static bool named_on_line(const settings *s, const option *o)
{
    for (size_t i = 0; i < s->naming_count; i++)
        if (s->namings[i].option == o && !s->namings[i].from_config)
            return true;
    return false;
}

static heed_status option_find_ranged(range *r, const settings *s, size_t size, heed_error *error)
{
        r->option = command_option_named(s->command, r->text, size);
    if (r->option == NULL) {
        char what[200];
        const char *near = command_option_suggest(s->command, r->text, size);
        snprintf(what, sizeof what, "no option has this name%s%s%s", near != NULL ? "; did you mean " : "",
                 near != NULL ? near : "", near != NULL ? "?" : "");
        return range_refuse(r, r->text, what, error);
    }
    const char *hindrance = range_hindrance(r->option);
    if (hindrance != NULL)
        return range_refuse(r, r->text, hindrance, error);
    if (named_on_line(s, r->option))
        return fail(error, HEED_USAGE, "found --%s and a --range of it, expected one of them", r->option->name);
    return HEED_OK;
}

/* "NAME=SPEC" */
static heed_status range_parse(range *r, const settings *s, heed_error *error)
{
    const char *equals = strchr(r->text, '=');
    for (const char *c = r->text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return range_refuse(r, c, "found a control character", error);
    if (equals == NULL || equals[1] == '\0')
        return range_refuse(r, r->text + strlen(r->text), "expected NAME=RANGE such as learning-rate={0.0003..0.01}",
                            error);
    heed_status status = option_find_ranged(r, s, (size_t)(equals - r->text), error);
    return status == HEED_OK ? template_parse(r, equals + 1, error) : status;
}

static heed_status repeats_refuse(const range_list *list, heed_error *error)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++)
            if (list->items[i].option == list->items[j].option)
                return fail(error, HEED_USAGE, "found two ranges of %s, expected one",
                                list->items[i].option->name);
    return HEED_OK;
}

heed_status ranges_init(range_list *out, const settings *s, heed_error *error)
{
    const char *architecture = s->train.architecture;
    heed_status status = HEED_OK;
    *out = (range_list){.items = calloc(s->ranges.count + 1, sizeof *out->items)};
    if (out->items == NULL)
        return fail(error, HEED_FAILED, "out of memory for the ranges");
    if (strpbrk(architecture, "{}") != NULL) {
        range *r = &out->items[out->count++];
        *r = (range){.role = "--architecture", .text = architecture};
        r->option = command_option_named(s->command, "architecture", strlen("architecture"));
        status = template_parse(r, architecture, error);
    }
    for (size_t i = 0; i < s->ranges.count && status == HEED_OK; i++) {
        range *r = &out->items[out->count++];
        *r = (range){.role = "--range", .text = s->ranges.items[i]};
        status = range_parse(r, s, error);
    }
    if (status == HEED_OK && out->count == 0)
        status = fail(error, HEED_USAGE, "tune: --range is missing, expected what to search, such as "
                                             "--range 'learning-rate={0.0003..0.01}' --range batch-size=16,32,64");
    return status == HEED_OK ? repeats_refuse(out, error) : status;
}

void ranges_release(range_list *ranges)
{
    for (size_t i = 0; i < ranges->count; i++)
        free(ranges->items[i].pieces);
    free(ranges->items);
    *ranges = (range_list){.items = NULL};
}

bool ranges_have(const range_list *ranges, const char *name)
{
    for (size_t i = 0; i < ranges->count; i++)
        if (strcmp(ranges->items[i].option->name, name) == 0)
            return true;
    return false;
}

bool range_is_of_text(const range *r)
{
    return r->option->group == GROUP_WORDS || r->option->group == GROUP_STAGES;
}

/* ---------------------------------------------------------------- numbers */

/* A number is a function of what it is for. */
static double unit_draw(uint64_t seed, uint32_t trial, size_t range_number, size_t piece_number)
{
    uint32_t words[4];
    random_words(words, seed, (const uint32_t[4]){trial, (uint32_t)range_number, (uint32_t)piece_number, 1});
    return ldexp((double)(((uint64_t)words[0] << 32 | words[1]) >> 11), -53);
}

/* Three significant digits, without an exponent, which an architecture does not know. */
static void real_print(char out[NUMBER_MOST], double number)
{
    snprintf(out, NUMBER_MOST, "%.2e", number);
    int exponent = atoi(strchr(out, 'e') + 1);
    double rounded = strtod(out, NULL);
    int size = snprintf(out, NUMBER_MOST, "%.*f", exponent < 2 ? 2 - exponent : 0, rounded);
    if (exponent < 2)
        while (out[size - 1] == '0' || out[size - 1] == '.') {
            bool point = out[size - 1] == '.';
            out[--size] = '\0';
            if (point)
                break;
        }
}

static void number_draw(char out[NUMBER_MOST], const piece *p, double unit)
{
    bool whole = p->kind == PIECE_WHOLE, logarithmic = p->low > 0 && p->high >= 10 * p->low;
    double top = whole ? p->high + 1 : p->high; /* the high end is as likely as the others */
    double number = logarithmic ? p->low * exp(unit * log(top / p->low)) : p->low + unit * (top - p->low);
    if (whole)
        snprintf(out, NUMBER_MOST, "%.0f", fmin(floor(number), p->high));
    else
        real_print(out, number);
    double rounded = strtod(out, NULL);
    heed_bytes end = rounded < p->low ? p->ends[0] : p->ends[1];
    if (rounded < p->low || rounded > p->high) /* three digits may pass an end that has more */
        snprintf(out, NUMBER_MOST, "%.*s", (int)end.size, end.data);
}

/* ---------------------------------------------------------------- values */

/* What the pieces of a range become: drawn for a trial, or (trial 0) the number-th alternative of each. */
typedef struct filling {
    uint64_t seed;
    uint32_t trial;
    size_t range_number, alternative;
} filling;

/* An end of a range of numbers, a choice; the last one beyond it. */
static heed_bytes alternative_at(const piece *p, size_t number)
{
    if (p->kind == PIECE_TEXT)
        return p->text;
    if (p->kind != PIECE_CHOICE)
        return p->ends[number < 1 ? 0 : 1];
    return choice_at(p->text, number < p->choices ? number : p->choices - 1);
}

static char *plain_append(char *to, heed_bytes text)
{
    const char *end = text.data + text.size;
    for (const char *at = text.data; at < end; at++) {
        at += is_escape(at, end);
        *to++ = *at;
    }
    return to;
}

static char *piece_append(char *to, const piece *p, size_t piece_number, const filling *f)
{
    if (f->trial == 0 || p->kind == PIECE_TEXT)
        return plain_append(to, alternative_at(p, f->alternative));
    double unit = unit_draw(f->seed, f->trial, f->range_number, piece_number);
    if (p->kind == PIECE_CHOICE)
        return plain_append(to, alternative_at(p, (size_t)(unit * (double)p->choices)));
    char number[NUMBER_MOST];
    number_draw(number, p, unit);
    return stpcpy(to, number);
}

/* free() releases it; NULL: no memory. */
static char *range_fill(const range *r, const filling *f)
{
    char *text = malloc(strlen(r->text) + r->piece_count * NUMBER_MOST + 1), *to = text;
    if (text == NULL)
        return NULL;
    for (size_t i = 0; i < r->piece_count; i++)
        to = piece_append(to, &r->pieces[i], i, f);
    *to = '\0';
    return text;
}

static char **ranges_fill(const range_list *ranges, filling f)
{
    char **values = calloc(ranges->count + 1, sizeof *values);
    for (size_t i = 0; i < ranges->count && values != NULL; i++) {
        f.range_number = i;
        if ((values[i] = range_fill(&ranges->items[i], &f)) == NULL) {
            ranges_values_free(values);
            return NULL;
        }
    }
    return values;
}

char **ranges_draw(const range_list *ranges, uint64_t seed, uint32_t trial)
{
    return ranges_fill(ranges, (filling){.seed = seed, .trial = trial});
}

void ranges_values_free(char **values)
{
    for (size_t i = 0; values != NULL && values[i] != NULL; i++)
        free(values[i]);
    free(values);
}

heed_status ranges_lay(settings *s, const range_list *ranges, char **values, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < ranges->count && status == HEED_OK; i++)
        status = option_store(ranges->items[i].option, settings_home(s, ranges->items[i].option), values[i], error);
    return status;
}

/* ---------------------------------------------------------------- before the search */

static size_t alternatives_of(const range *r)
{
    size_t most = 1;
    for (size_t i = 0; i < r->piece_count; i++) {
        const piece *p = &r->pieces[i];
        size_t count = p->kind == PIECE_TEXT ? 1 : p->kind == PIECE_CHOICE ? p->choices : 2;
        most = count > most ? count : most;
    }
    return most;
}

/* Where the alternative stands; of several braces, the first. */
static const char *alternative_place(const range *r, size_t number)
{
    size_t drawn = 0;
    const piece *first = NULL;
    for (size_t i = 0; i < r->piece_count; i++)
        if (r->pieces[i].kind != PIECE_TEXT && drawn++ == 0)
            first = &r->pieces[i];
    if (first == NULL)
        return r->text;
    return drawn == 1 ? alternative_at(first, number).data : first->text.data;
}

/* The message of whoever refused a value, without the option that the range names already. */
static heed_status value_refuse_ranged(const range *r, size_t number, const char *value, heed_status status,
                                       heed_error *error)
{
    const heed_error found = *error;
    const char *message = found.message;
    char what[1200];
    size_t size = strlen(r->option->name);
    if (strncmp(message, "--", 2) == 0 && strncmp(message + 2, r->option->name, size) == 0 && message[size + 2] == ':')
        message += size + 4;
    snprintf(what, sizeof what, "'%.200s': %.600s", value, message);
    range_refuse(r, alternative_place(r, number), r->piece_count > 1 ? what : message, error);
    return status;
}

static heed_status laid_check(const settings *s, const range *r, heed_error *error)
{
    heed_cleaner *cleaner = NULL;
    heed_status status = training_rows_check(s, error); /* files that a value names */
    if (status == HEED_OK && strcmp(r->option->name, "architecture") == 0)
        status = heed_architecture_check(s->train.architecture, error);
    if (status == HEED_OK && r->option->group == GROUP_STAGES)
        status = heed_cleaner_new(&cleaner, &s->text, error);
    heed_cleaner_free(cleaner);
    return status;
}

static heed_status range_check(const range *r, const settings *base, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0, count = alternatives_of(r); i < count && status == HEED_OK; i++) {
        settings laid = *base;
        char *value = range_fill(r, &(filling){.alternative = i});
        if (value == NULL)
            return fail(error, HEED_FAILED, "out of memory for the ranges");
        status = option_store(r->option, settings_home(&laid, r->option), value, error);
        if (status == HEED_OK)
            status = laid_check(&laid, r, error);
        if (status != HEED_OK)
            status = value_refuse_ranged(r, i, value, status, error);
        free(value);
    }
    return status;
}

heed_status ranges_check(const range_list *ranges, const settings *s, heed_error *error)
{
    settings base = *s; /* with the first alternative of every range, where one may need another */
    char **first = ranges_fill(ranges, (filling){.trial = 0});
    if (first == NULL)
        return fail(error, HEED_FAILED, "out of memory for the ranges");
    heed_error ignored;
    for (size_t i = 0; i < ranges->count; i++)
        option_store(ranges->items[i].option, settings_home(&base, ranges->items[i].option), first[i], &ignored); /* told below, with its column */
    heed_status status = HEED_OK;
    for (size_t i = 0; i < ranges->count && status == HEED_OK; i++)
        status = range_check(&ranges->items[i], &base, error);
    ranges_values_free(first);
    return status;
}
