#include "experiment/ranges.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/random.h"
#include "base/status.h"
#include "base/suggest.h"
#include "base/writer.h"
#include "model/encoder_spec.h"
#include "options/option_checks.h"
#include "options/option_structs.h"
#include "train/training.h"

enum { MAX_NUMBER = 48 };                       /* characters of a drawn number */
static const double LEAST = 1e-12, MOST = 1e15; /* of a range's ends, except 0: three digits stay short text */

/* ---- grammar */

/* "--range 'batch-size={8..x}', column 13: what is wrong" */
static heed_status range_refuse(const range *r, const char *at, const char *what, heed_error *error)
{
    return fail(error, HEED_USAGE, "%s '%.300s', column %zu: %.600s", r->role, r->text, (size_t)(at - r->text) + 1,
                what);
}

/* A backslash makes the next character ordinary. */
static bool is_escape(const char *at, const char *end)
{
    return *at == '\\' && at + 1 < end && strchr("{},\\", at[1]) != NULL;
}

/* The first unescaped one of these characters, or end. */
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
    uint64_t whole;
    *digits = number_parse_whole(&whole, text);
    return text.size < MAX_NUMBER && number_parse(out, text) && *out >= 0 && *out <= MOST &&
           (*out == 0 || *out >= LEAST);
}

/* "LOW..HIGH" */
static heed_status numbers_parse(range_piece *p, const range *r, const char *dots, heed_error *error)
{
    const char *begin = p->text.data, *end = begin + p->text.size;
    bool digits[2] = {false, false};
    p->ends[0] = (heed_bytes){begin, (size_t)(dots - begin)};
    p->ends[1] = (heed_bytes){dots + 2, (size_t)(end - dots - 2)};
    if (!number_read(&p->low, &digits[0], p->ends[0]) || !number_read(&p->high, &digits[1], p->ends[1]))
        return range_refuse(r, begin, "expected numbers such as {16..64} or {0.0003..0.01}, or choices such as {a,b}",
                            error);
    if (p->low > p->high)
        return range_refuse(r, begin, "the low end is greater than the high end", error);
    p->kind = r->option->kind == OPTION_WHOLE || (digits[0] && digits[1]) ? PIECE_WHOLE : PIECE_REAL;
    return HEED_OK;
}

/* What is in braces, or the whole value if it has none. */
static heed_status drawn_parse(range_piece *p, const range *r, heed_error *error)
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
    range_piece *pieces = realloc(r->pieces, (r->piece_count + 1) * sizeof *pieces);
    if (pieces == NULL)
        return fail_memory(error, "the ranges");
    r->pieces = pieces;
    range_piece *p = &pieces[r->piece_count++];
    *p = (range_piece){.kind = PIECE_TEXT, .text = {begin, (size_t)(end - begin)}};
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
            return range_refuse(r, open, "found '}' without a '{' before it", error);
        if (close == end || *close == '{')
            return range_refuse(r, open, "found '{' without its '}' (braces cannot be nested)", error);
        status = piece_add(r, open + 1, close, true, error);
        at = close + 1;
    }
    return status;
}

/* ---- which options can have a range */

/* Why an option cannot have a range; NULL if it can. */
static const char *range_hindrance(const option *o)
{
    static const char *const searched[][2] = {
        {"epochs", "the rungs determine the epochs of a trial; use --epochs for those of the last rung"},
        {"seed", "all trials have the same seed, so that they can be compared"},
        {"validation", "all trials are compared on the same rows"},
        {"validation-file", "all trials are compared on the same rows"},
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

static const option *option_searched(heed_bytes name)
{
    size_t count;
    const option *all = option_table(&count);
    static const heed_options_kind homes[] = {HEED_OPTIONS_TRAIN, HEED_OPTIONS_TEXT,
                                              HEED_OPTIONS_ROWS}; /* the last one, to be refused by name */
    for (size_t h = 0; h < sizeof homes / sizeof *homes; h++)
        for (size_t i = 0; i < count; i++)
            if (all[i].home == homes[h] && strlen(all[i].name) == name.size &&
                memcmp(all[i].name, name.data, name.size) == 0)
                return &all[i];
    return NULL;
}

static heed_status option_unknown(const range *r, heed_bytes name, heed_error *error)
{
    size_t count;
    const option *all = option_table(&count);
    suggestion near = suggest_begin(name);
    char what[200];
    for (size_t i = 0; i < count; i++)
        if (all[i].home == HEED_OPTIONS_TRAIN || all[i].home == HEED_OPTIONS_TEXT)
            suggest_offer(&near, all[i].name);
    snprintf(what, sizeof what, "no option has this name%s%s%s", near.word != NULL ? "; did you mean " : "",
             near.word != NULL ? near.word : "", near.word != NULL ? "?" : "");
    return range_refuse(r, r->text, what, error);
}

/* "NAME=SPEC" */
static heed_status range_parse(range *r, heed_error *error)
{
    const char *equals = strchr(r->text, '=');
    for (const char *c = r->text; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return range_refuse(r, c, "found a control character", error);
    if (equals == NULL || equals[1] == '\0')
        return range_refuse(r, r->text + strlen(r->text), "expected NAME=RANGE such as learning-rate={0.0003..0.01}",
                            error);
    heed_bytes name = {r->text, (size_t)(equals - r->text)};
    r->option = option_searched(name);
    if (r->option == NULL)
        return option_unknown(r, name, error);
    const char *hindrance = range_hindrance(r->option);
    return hindrance != NULL ? range_refuse(r, r->text, hindrance, error) : template_parse(r, equals + 1, error);
}

static heed_status repeats_refuse(const range_list *list, heed_error *error)
{
    for (size_t i = 0; i < list->count; i++)
        for (size_t j = 0; j < i; j++)
            if (list->items[i].option == list->items[j].option)
                return fail(error, HEED_USAGE, "found two ranges of %s, expected one", list->items[i].option->name);
    return HEED_OK;
}

heed_status ranges_init(range_list *out, const heed_tune_options *options, heed_error *error)
{
    const char *architecture = options->train->architecture;
    heed_status status = HEED_OK;
    *out = (range_list){.items = memory_array(options->range_count + 1, sizeof *out->items)};
    if (out->items == NULL)
        return fail_memory(error, "the ranges");
    if (strpbrk(architecture, "{}") != NULL) {
        range *r = &out->items[out->count++];
        *r = (range){.role = "--architecture", .text = architecture};
        r->option = option_named(HEED_OPTIONS_TRAIN, "architecture");
        TRY(template_parse(r, architecture, error));
    }
    for (size_t i = 0; i < options->range_count; i++) {
        range *r = &out->items[out->count++];
        *r = (range){.role = "--range", .text = options->ranges[i]};
        TRY(range_parse(r, error));
    }
    if (out->count == 0)
        return fail(error, HEED_USAGE,
                    "tune: --range is missing, expected what to search, such as "
                    "--range 'learning-rate={0.0003..0.01}' --range batch-size=16,32,64");
    status = repeats_refuse(out, error);
done:
    return status;
}

void ranges_release(range_list *ranges)
{
    for (size_t i = 0; i < ranges->count; i++)
        free(ranges->items[i].pieces);
    free(ranges->items);
    *ranges = (range_list){.items = NULL};
}

void trial_set_epochs(trial_options *o, unsigned epochs)
{
    heed_train_options *t = &o->train;
    t->epochs = epochs;
    if (architecture_trains_encoder(t->architecture) && t->encoder_epochs == 0)
        t->encoder_epochs = epochs;
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

/* ---- numbers */

/* A number is a pure function of its purpose. */
static double unit_draw(uint64_t seed, uint32_t trial, size_t range_number, size_t piece_number)
{
    uint32_t words[4];
    random_words(words, seed, (const uint32_t[4]){trial, (uint32_t)range_number, (uint32_t)piece_number, 1});
    return ldexp((double)(((uint64_t)words[0] << 32 | words[1]) >> 11), -53);
}

/* Three significant digits, without an exponent, which architectures do not accept. */
static void real_print(char out[MAX_NUMBER], double number)
{
    char text[MAX_NUMBER];
    snprintf(text, sizeof text, "%.2e", number); /* read back in the same locale */
    int exponent = atoi(strchr(text, 'e') + 1);
    number_write(out, strtod(text, NULL), exponent < 2 ? 2 - exponent : 0, true);
}

static void number_draw(char out[MAX_NUMBER], const range_piece *p, double unit)
{
    bool whole = p->kind == PIECE_WHOLE, logarithmic = p->low > 0 && p->high >= 10 * p->low;
    double top = whole ? p->high + 1 : p->high; /* the high end is as likely as the others */
    double number = logarithmic ? p->low * exp(unit * log(top / p->low)) : p->low + unit * (top - p->low);
    if (whole)
        snprintf(out, MAX_NUMBER, "%.0f", fmin(floor(number), p->high));
    else
        real_print(out, number);
    double rounded = p->low;
    number_parse(&rounded, bytes_of(out));
    heed_bytes end = rounded < p->low ? p->ends[0] : p->ends[1];
    if (rounded < p->low || rounded > p->high) /* rounding to three digits may exceed the end */
        snprintf(out, MAX_NUMBER, "%.*s", (int)end.size, end.data);
}

/* ---- values */

/* The text of a range: its pieces drawn for a trial, or (trial 0) the number-th alternative of each. */
typedef struct range_filling {
    uint64_t seed;
    uint32_t trial;
    size_t range_number, alternative;
} range_filling;

/* An end of a range of numbers, or a choice; beyond the last one, the last. */
static heed_bytes alternative_at(const range_piece *p, size_t number)
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

static char *piece_append(char *to, const range_piece *p, size_t piece_number, const range_filling *f)
{
    if (f->trial == 0 || p->kind == PIECE_TEXT)
        return plain_append(to, alternative_at(p, f->alternative));
    double unit = unit_draw(f->seed, f->trial, f->range_number, piece_number);
    if (p->kind == PIECE_CHOICE)
        return plain_append(to, alternative_at(p, (size_t)(unit * (double)p->choices)));
    char number[MAX_NUMBER];
    number_draw(number, p, unit);
    return stpcpy(to, number);
}

/* free() releases it; NULL: no memory. */
static char *range_fill(const range *r, const range_filling *f)
{
    char *text = malloc(strlen(r->text) + r->piece_count * MAX_NUMBER + 1), *to = text;
    if (text == NULL)
        return NULL;
    for (size_t i = 0; i < r->piece_count; i++)
        to = piece_append(to, &r->pieces[i], i, f);
    *to = '\0';
    return text;
}

static char **ranges_fill(const range_list *ranges, range_filling f)
{
    char **values = memory_array(ranges->count + 1, sizeof *values);
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
    return ranges_fill(ranges, (range_filling){.seed = seed, .trial = trial});
}

void ranges_values_free(char **values)
{
    for (size_t i = 0; values != NULL && values[i] != NULL; i++)
        free(values[i]);
    free(values);
}

static heed_status value_lay(trial_options *out, const option *o, const char *value, heed_error *error)
{
    return option_store(o, o->home == HEED_OPTIONS_TEXT ? (void *)&out->text : (void *)&out->train, value, error);
}

heed_status ranges_lay(trial_options *out, const range_list *ranges, char **values, heed_error *error)
{
    heed_status status = HEED_OK;
    for (size_t i = 0; i < ranges->count; i++)
        TRY(value_lay(out, ranges->items[i].option, values[i], error));
done:
    return status;
}

/* ---- checks before the search */

static size_t alternatives_of(const range *r)
{
    size_t most = 1;
    for (size_t i = 0; i < r->piece_count; i++) {
        const range_piece *p = &r->pieces[i];
        size_t count = p->kind == PIECE_TEXT ? 1 : p->kind == PIECE_CHOICE ? p->choices : 2;
        most = count > most ? count : most;
    }
    return most;
}

/* The place of the alternative; of several braces, the first. */
static const char *alternative_place(const range *r, size_t number)
{
    size_t drawn = 0;
    const range_piece *first = NULL;
    for (size_t i = 0; i < r->piece_count; i++)
        if (r->pieces[i].kind != PIECE_TEXT && drawn++ == 0)
            first = &r->pieces[i];
    if (first == NULL)
        return r->text;
    return drawn == 1 ? alternative_at(first, number).data : first->text.data;
}

/* The message for a refused value, without the option, which the range names already. */
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

/* Checks a value together with the other options. */
static heed_status laid_check(const trial_options *laid, const range *r, const char *value, heed_error *error)
{
    heed_cleaner *cleaner = NULL;
    heed_status status = r->option->check != NULL ? r->option->check(value, error) : HEED_OK;
    if (status == HEED_OK && r->option->home == HEED_OPTIONS_TRAIN)
        status = train_options_check(&laid->train, error);
    if (status == HEED_OK && r->option->is_tokenizers && laid->text.tokens == HEED_TOKENS_WORDPIECE)
        status = refuse_beside_tokenizer(r->option, error);
    if (status == HEED_OK && r->option->group == GROUP_STAGES)
        status = heed_cleaner_new(&cleaner, &laid->text, error);
    heed_cleaner_free(cleaner);
    return status;
}

static heed_status alternative_check(const range *r, const trial_options *base, size_t number, heed_error *error)
{
    trial_options laid = *base;
    char *value = range_fill(r, &(range_filling){.alternative = number});
    if (value == NULL)
        return fail_memory(error, "the ranges");
    heed_status status = value_lay(&laid, r->option, value, error);
    if (status == HEED_OK)
        status = laid_check(&laid, r, value, error);
    if (status != HEED_OK)
        status = value_refuse_ranged(r, number, value, status, error);
    free(value);
    return status;
}

heed_status ranges_check(const range_list *ranges, const trial_options *options, heed_error *error)
{
    trial_options base = *options; /* with the first alternative of every range, as one option may need another */
    char **first = ranges_fill(ranges, (range_filling){.trial = 0});
    heed_status status = HEED_OK;
    if (first == NULL)
        return fail_memory(error, "the ranges");
    for (size_t i = 0; i < ranges->count; i++)
        value_lay(&base, ranges->items[i].option, first[i], NULL); /* refused below, with its column */
    for (size_t i = 0; i < ranges->count; i++)
        for (size_t k = 0, count = alternatives_of(&ranges->items[i]); k < count; k++)
            TRY(alternative_check(&ranges->items[i], &base, k, error));
done:
    ranges_values_free(first);
    return status;
}
