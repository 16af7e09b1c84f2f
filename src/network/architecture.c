#include "network/architecture.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/suggest.h"
#include "network/layers.h"

#define LAYER_ADDRESS(name) &name##_layer,
const layer_class *const layer_classes[] = {LAYERS(LAYER_ADDRESS) NULL};

enum { MAX_LAYERS = 64, MAX_TEXT = 4096 };

/* No layer, but written like one: C of the logistic regression. */
static const layer_class linear_class = {.keyword = "linear",
                                         .usage = "linear C",
                                         .most_numbers = 1,
                                         .usual = 10,
                                         .lowest = 0.0001,
                                         .highest = 1e6};

static const char *const stage_names[] = {"embedding", "position", "encoder", "pooling", "head", "output"};

/* One item between '|' or '+': [text, end). */
typedef struct item {
    const char *text, *end;
    int column;  /* in the architecture, from 1 */
    bool joined; /* a '+' stands before it */
} item;

static const char *skip_space(const char *p, const char *end)
{
    while (p < end && isspace((unsigned char)*p))
        p++;
    return p;
}

/* Where `keyword` ends in the item, if the item begins with its words; NULL otherwise. */
static const char *match_keyword(const item *it, const char *keyword)
{
    const char *p = it->text;
    for (const char *k = keyword; *k != '\0'; k++) {
        if (*k == ' ') {
            if (p == it->end || !isspace((unsigned char)*p))
                return NULL;
            p = skip_space(p, it->end);
        } else if (p == it->end || *p++ != *k) {
            return NULL;
        }
    }
    return p == it->end || isspace((unsigned char)*p) ? p : NULL;
}

static heed_status unknown_layer(const item *it, heed_error *error)
{
    const char *known[MAX_LAYERS + 1];
    size_t count = 0;
    for (; layer_classes[count] != NULL; count++)
        known[count] = layer_classes[count]->keyword;
    known[count++] = linear_class.keyword;
    const char *end = it->end;
    for (const char *p = it->text; p < it->end; p++) /* numbers are no part of the word */
        if (isdigit((unsigned char)*p)) {
            end = p;
            break;
        }
    while (end > it->text && isspace((unsigned char)end[-1]))
        end--;
    int length = (int)(end - it->text);
    const char *nearest = suggest_nearest((heed_bytes){it->text, (size_t)length}, known, count);
    return fail(error, HEED_USAGE, "architecture, column %d: no layer is called '%.*s'; did you mean '%s'?", it->column,
                length, it->text, nearest);
}

/* A decimal such as 128 or 0.05. By hand, since the point of strtod and printf depends on the caller's locale; at most
 * 6 digits behind it, so that what is printed is what was read. */
static bool decimal_read(double *out, const char *text, size_t size)
{
    static const double power[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};
    long long value = 0;
    int digits = 0, behind = 0;
    bool point = false;
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (text[i] < '0' || text[i] > '9' || ++digits > 15 || (behind += point) > 6)
            return false;
        value = value * 10 + (text[i] - '0');
    }
    *out = (double)value / power[behind];
    return digits > 0;
}

static heed_status decimal_print(buffer *text, double value, heed_error *error)
{
    long long millionths = llround(value * 1e6), part = millionths % 1000000;
    int digits = 6;
    heed_status status = buffer_print(text, error, "%lld", millionths / 1000000);
    if (status != HEED_OK || part == 0)
        return status;
    for (; part % 10 == 0; part /= 10)
        digits--;
    return buffer_print(text, error, ".%0*lld", digits, part);
}

enum { SHOWN = 40 };

static const char *word_end(const char *p, const char *end)
{
    while (p < end && !isspace((unsigned char)*p))
        p++;
    return p;
}

static int column_of(const item *it, const char *p)
{
    return it->column + (int)(p - it->text);
}

static heed_status parse_number(double *out, const char **p, const item *it, const char *usage, double lowest,
                                double highest, heed_error *error)
{
    const char *word = *p, *end = word_end(word, it->end);
    int column = column_of(it, word), shown = end - word < SHOWN ? (int)(end - word) : SHOWN;
    double value;
    if (!decimal_read(&value, word, (size_t)(end - word)))
        return fail(error, HEED_USAGE, "architecture, column %d: found '%.*s', expected a number: %s", column, shown,
                    word, usage);
    bool whole = lowest >= 1; /* sizes are whole, rates are not */
    if (value < lowest || value > highest || (whole && value != (double)(long)value))
        return fail(error, HEED_USAGE, "architecture, column %d: found %.*s, expected a%s number from %g to %g: %s",
                    column, shown, word, whole ? " whole" : "", lowest, highest, usage);
    *out = value;
    *p = skip_space(end, it->end);
    return HEED_OK;
}

/* The next of the numbers without a name. */
static heed_status parse_next(layer *l, const char **p, const item *it, heed_error *error)
{
    const layer_class *class = l->class;
    if (l->number_count == class->most_numbers)
        return fail(error, HEED_USAGE, "architecture, column %d: found '%.*s' too much: %s", column_of(it, *p),
                    (int)(it->end - *p), *p, class->usage);
    return parse_number(&l->numbers[l->number_count++], p, it, class->usage, class->lowest, class->highest, error);
}

/* A name and its number. seen: which names stood before. */
static heed_status parse_named(layer *l, bool seen[LAYER_NAMED], const char **p, const item *it, heed_error *error)
{
    const named_number *named = l->class->named;
    const char *known[LAYER_NAMED], *word = *p, *end = word_end(word, it->end);
    size_t count = 0, length = (size_t)(end - word), found = LAYER_NAMED;
    for (; count < LAYER_NAMED && named[count].name != NULL; count++) {
        known[count] = named[count].name;
        if (strlen(known[count]) == length && memcmp(known[count], word, length) == 0)
            found = count;
    }
    int column = column_of(it, word), shown = length < SHOWN ? (int)length : SHOWN;
    if (found == LAYER_NAMED)
        return fail(error, HEED_USAGE, "architecture, column %d: found '%.*s', expected a number or '%s': %s", column,
                    shown, word, suggest_nearest((heed_bytes){word, length}, known, count), l->class->usage);
    if (seen[found])
        return fail(error, HEED_USAGE, "architecture, column %d: found '%s' twice: %s", column, known[found],
                    l->class->usage);
    seen[found] = true;
    *p = skip_space(end, it->end);
    if (*p == it->end)
        return fail(error, HEED_USAGE, "architecture, column %d: '%s' needs a number: %s", column, known[found],
                    l->class->usage);
    return parse_number(&l->named[found], p, it, l->class->usage, named[found].lowest, named[found].highest, error);
}

/* The numbers behind a keyword that ends at p. */
static heed_status parse_numbers(layer *l, const char *p, const item *it, heed_error *error)
{
    p = skip_space(p, it->end);
    bool seen[LAYER_NAMED] = {false};
    while (p < it->end) {
        heed_status status = l->class->named[0].name != NULL && isalpha((unsigned char)*p)
                                 ? parse_named(l, seen, &p, it, error)
                                 : parse_next(l, &p, it, error);
        if (status != HEED_OK)
            return status;
    }
    if (l->number_count == 0 && l->class->usual > 0)
        l->numbers[l->number_count++] = l->class->usual;
    if (l->number_count < l->class->least_numbers)
        return fail(error, HEED_USAGE, "architecture, column %d: '%s' needs a number: %s", it->column,
                    l->class->keyword, l->class->usage);
    return HEED_OK;
}

static heed_status parse_item(layer *l, const item *it, heed_error *error)
{
    const char *p = NULL;
    for (int i = 0; layer_classes[i] != NULL && p == NULL; i++) {
        p = match_keyword(it, layer_classes[i]->keyword);
        l->class = layer_classes[i];
    }
    if (p == NULL && match_keyword(it, linear_class.keyword) != NULL)
        return fail(error, HEED_USAGE,
                    "architecture, column %d: 'linear' is no layer; expected it alone, or layers without it",
                    it->column);
    if (p == NULL)
        return unknown_layer(it, error);
    return parse_numbers(l, p, it, error);
}

/* embed, encoders, poolings joined by '+', then the head; dropout anywhere behind embed. */
static heed_status check_order(layer *layers, int count, const item *it, heed_error *error)
{
    const layer_class *class = layers[count].class;
    layer_stage before = count > 0 ? layer_place(&layers[count - 1]) : STAGE_EMBEDDING;
    if (it->joined)
        return before == STAGE_POOLING && class->stage == STAGE_POOLING
                   ? HEED_OK
                   : fail(error, HEED_USAGE,
                          "architecture, column %d: found '%s' (%s) behind '+', which joins poolings alone; expected "
                          "'|'",
                          it->column, class->keyword, stage_names[class->stage]);
    layers[count].of_sequence = class->on_sequences && count > 0 && before < STAGE_POOLING;
    layer_stage place = layer_place(&layers[count]);
    bool fine = count == 0 ? class->stage == STAGE_EMBEDDING
                           : place > before || (place == before && (before == STAGE_ENCODER || before == STAGE_HEAD));
    if (count > 0 && before < STAGE_POOLING && place > STAGE_POOLING)
        fine = false;
    return fine ? HEED_OK
                : fail(error, HEED_USAGE,
                       "architecture, column %d: '%s' (%s) cannot stand here; expected: embed | encoders | pooling + "
                       "... | head",
                       it->column, class->keyword, stage_names[class->stage]);
}

/* The item between text[from] and the next mark, which stands at *mark. */
static item take_item(const char *text, const char *from, const char **mark)
{
    item it = {.text = from, .end = from + strcspn(from, "|+"), .joined = from > text && from[-1] == '+'};
    *mark = it.end;
    it.text = skip_space(it.text, it.end);
    it.column = (int)(it.text - text) + 1;
    while (it.end > it.text && isspace((unsigned char)it.end[-1]))
        it.end--;
    return it;
}

/* Puts the layer of positions before layers[*count], where that is the first transformer. */
static void add_positions(layer *layers, int *count)
{
    for (int i = 0; i < *count; i++)
        if (layers[i].class == &position_layer)
            return;
    layer *last = &layers[*count];
    if (last->class != &transformer_layer && last->class != &transformer_pre_layer)
        return;
    last[1] = *last;
    *last = (layer){.class = &position_layer};
    ++*count;
}

/* At most MAX_LAYERS - 1 named layers, and the positions and the concatenation that come of themselves. */
static heed_status parse_items(layer *layers, int *count, const char *text, heed_error *error)
{
    const char *mark = text;
    for (const char *from = text;; from = mark + 1) {
        item it = take_item(text, from, &mark);
        if (*count >= MAX_LAYERS - 1)
            return fail(error, HEED_USAGE, "architecture: more than %d layers", MAX_LAYERS - 1);
        heed_status status = parse_item(&layers[*count], &it, error);
        if (status == HEED_OK)
            status = check_order(layers, *count, &it, error);
        if (status != HEED_OK)
            return status;
        add_positions(layers, count);
        ++*count;
        if (it.joined && *mark != '+')
            layers[(*count)++].class = &concat_layer;
        if (*mark == '\0')
            return HEED_OK;
    }
}

heed_status architecture_parse(layer **out, int *count, const char *text, heed_error *error)
{
    *out = NULL;
    *count = 0;
    if (text == NULL || *text == '\0')
        return fail(error, HEED_USAGE,
                    "architecture: empty; expected such as 'embed 128 | bilstm 32 | attention additive 10'");
    if (strlen(text) > MAX_TEXT)
        return fail(error, HEED_USAGE, "architecture: %zu characters, expected at most %d", strlen(text), MAX_TEXT);
    layer *layers = memory_array(MAX_LAYERS + 2, sizeof *layers);
    if (layers == NULL)
        return fail_memory(error, "an architecture");
    int found = 0;
    heed_status status = parse_items(layers, &found, text, error);
    if (status == HEED_OK && layer_place(&layers[found - 1]) < STAGE_POOLING)
        status = fail(error, HEED_USAGE, "architecture: ends without a pooling; add such as '| attention additive 10'");
    if (status != HEED_OK) {
        free(layers);
        return status;
    }
    layers[found++].class = &output_layer;
    *out = layers;
    *count = found;
    return HEED_OK;
}

bool architecture_is_linear(const char *text)
{
    const char *mark;
    if (text == NULL)
        return false;
    item it = take_item(text, text, &mark);
    return *mark == '\0' && match_keyword(&it, linear_class.keyword) != NULL;
}

heed_status architecture_parse_linear(double *strength, char **canonical, const char *text, heed_error *error)
{
    const char *mark;
    item it = take_item(text, text, &mark);
    layer l = {.class = &linear_class};
    heed_status status = parse_numbers(&l, match_keyword(&it, linear_class.keyword), &it, error);
    *strength = l.numbers[0];
    if (status == HEED_OK && canonical != NULL)
        status = architecture_print(canonical, &l, 1, error);
    return status;
}

/* " 128", or " name 0.2" */
static heed_status number_print(buffer *text, const char *name, double value, heed_error *error)
{
    heed_status status = buffer_print(text, error, "%s%s ", *name == '\0' ? "" : " ", name);
    return status == HEED_OK ? decimal_print(text, value, error) : status;
}

static const char *mark_before(const layer *layers, int i)
{
    bool joined = i > 0 && layers[i].class->stage == STAGE_POOLING && layers[i - 1].class->stage == STAGE_POOLING;
    return i == 0 ? "" : joined ? " + " : " | ";
}

heed_status architecture_print(char **out, const layer *layers, int count, heed_error *error)
{
    buffer text = {0};
    heed_status status = HEED_OK;
    *out = NULL;
    for (int i = 0; i < count && status == HEED_OK; i++) {
        if (*layers[i].class->keyword == '\0') /* it comes of itself */
            continue;
        status = buffer_print(&text, error, "%s%s", mark_before(layers, i), layers[i].class->keyword);
        for (int j = 0; j < layers[i].number_count && status == HEED_OK; j++)
            status = number_print(&text, "", layers[i].numbers[j], error);
        for (int j = 0; j < LAYER_NAMED && status == HEED_OK; j++)
            if (layers[i].named[j] != 0)
                status = number_print(&text, layers[i].class->named[j].name, layers[i].named[j], error);
    }
    if (status == HEED_OK)
        status = buffer_take(&text, out, error);
    buffer_release(&text);
    return status;
}

static bool is_attention(const layer *l)
{
    static const char word[] = "attention ";
    return strncmp(l->class->keyword, word, sizeof word - 1) == 0;
}

heed_status architecture_without_attention(char **out, const char *text, heed_error *error)
{
    layer *layers = NULL;
    int count = 0, kept = 0, attentions = 0, place = 0;
    bool pooled = false;
    *out = NULL;
    heed_status status = architecture_parse(&layers, &count, text, error);
    for (int i = 0; i < count && status == HEED_OK; i++) {
        if (is_attention(&layers[i])) {
            place = attentions++ == 0 ? kept : place;
        } else if (layers[i].class != &concat_layer) {
            pooled = pooled || layers[i].class->stage == STAGE_POOLING;
            layers[kept++] = layers[i];
        }
    }
    if (status == HEED_OK && attentions > 0 && !pooled) {
        memmove(&layers[place + 1], &layers[place], (size_t)(kept++ - place) * sizeof *layers);
        layers[place] = (layer){.class = &mean_layer};
    }
    if (status == HEED_OK && attentions > 0)
        status = architecture_print(out, layers, kept, error);
    free(layers);
    return status;
}
