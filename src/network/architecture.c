#include "network/architecture.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/suggest.h"
#include "network/layer_text.h"
#include "network/layers.h"

enum { MAX_LAYERS = 64, MAX_TEXT = 4096 };

/* Not a layer, but written like one, with C of the logistic regression. */
static const layer_class linear_class = {
    .keyword = "linear", .usage = "C", .max_numbers = 1, .default_number = 10, .min = 0.0001, .max = 1e6};

/* The same, but what follows is not numbers alone: wide_spec.c reads it. */
static const layer_class wide_class = {.keyword = WIDE_KEYWORD};

/* What is a whole architecture. */
static const layer_class *const alone[] = {&linear_class, &wide_class};
enum { ALONE = sizeof alone / sizeof *alone };

/* ---- reading */

/* The layers so far, and a text between '|' or '+' that becomes the next one. */
typedef struct parse {
    layer_spec *layers;
    int count;
    const char *whole;
    layer_text item;
    bool joined; /* a '+' is before it */
    heed_error *error;
} parse;

/* The item that begins at `from`; returns the mark after it. */
static const char *take_item(parse *a, const char *from)
{
    const char *mark = from + strcspn(from, "|+"), *text = from, *end = mark;
    while (text < end && isspace((unsigned char)*text))
        text++;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    a->item = (layer_text){text, end, (int)(text - a->whole) + 1};
    a->joined = from > a->whole && from[-1] == '+';
    return mark;
}

static heed_status unknown_layer(const parse *a)
{
    const char *known[MAX_LAYERS + ALONE], *text = a->item.text, *end = text;
    size_t count = 0;
    for (; layer_classes[count] != NULL; count++)
        known[count] = layer_classes[count]->keyword;
    for (size_t i = 0; i < ALONE; i++)
        known[count++] = alone[i]->keyword;
    while (end < a->item.end && !isdigit((unsigned char)*end)) /* numbers are not part of the word */
        end++;
    while (end > text && isspace((unsigned char)end[-1]))
        end--;
    const char *nearest = suggest_nearest((heed_bytes){text, (size_t)(end - text)}, known, count);
    return fail(a->error, HEED_USAGE, "architecture, column %d: no layer is called '%.*s'; did you mean '%s'?",
                a->item.column, (int)(end - text), text, nearest);
}

/* Whether a layer may follow one of the stage before: embed, encoders, a pooling, then the head. */
static bool may_follow(layer_stage before, layer_stage stage)
{
    if (before < STAGE_POOLING && stage > STAGE_POOLING)
        return false;
    return stage > before || (stage == before && (before == STAGE_ENCODER || before == STAGE_HEAD));
}

/* Sets the stage of the item's layer, and refuses it in a wrong place. */
static heed_status place(const parse *a, layer_spec *l)
{
    bool first = a->count == 0;
    layer_stage before = first ? STAGE_EMBEDDING : a->layers[a->count - 1].stage;
    const char *keyword = l->class->keyword, *stage = names_of(&layer_stage_names, l->class->stage);
    if (a->joined && before == STAGE_POOLING && l->stage == STAGE_POOLING)
        return HEED_OK;
    if (a->joined)
        return fail(a->error, HEED_USAGE,
                    "architecture, column %d: found '%s' (%s) after '+', which joins only poolings; expected '|'",
                    a->item.column, keyword, stage);
    if (l->class->on_sequences && !first && before < STAGE_POOLING)
        l->stage = STAGE_ENCODER;
    if (first ? l->stage == STAGE_EMBEDDING : may_follow(before, l->stage))
        return HEED_OK;
    return fail(a->error, HEED_USAGE,
                "architecture, column %d: '%s' (%s) cannot be here; expected: embed | encoders | pooling + ... | head",
                a->item.column, keyword, stage);
}

static layer_spec spec_of(const layer_class *class)
{
    return (layer_spec){.class = class, .stage = class->stage};
}

static heed_status read_item(const parse *a, layer_spec *out)
{
    for (int i = 0; layer_classes[i] != NULL; i++)
        if (layer_text_match(&a->item, layer_classes[i]) != NULL) {
            *out = spec_of(layer_classes[i]);
            return layer_text_read(out, &a->item, a->error);
        }
    for (size_t i = 0; i < ALONE; i++)
        if (layer_text_match(&a->item, alone[i]) != NULL)
            return fail(a->error, HEED_USAGE,
                        "architecture, column %d: '%s' is not a layer; expected only '%s', or layers without it",
                        a->item.column, alone[i]->keyword, alone[i]->keyword);
    return unknown_layer(a);
}

/* Adds a layer, and the learned positions before the first one that needs them. */
static void add_layer(parse *a, const layer_spec *l)
{
    bool placed = !l->class->needs_positions;
    for (int i = 0; i < a->count && !placed; i++)
        placed = a->layers[i].class == &position_layer;
    if (!placed)
        a->layers[a->count++] = spec_of(&position_layer);
    a->layers[a->count++] = *l;
}

/* At most MAX_LAYERS - 1 named layers, and the positions and the concatenation that are added automatically. */
static heed_status parse_items(parse *a)
{
    heed_status status = HEED_OK;
    const char *mark = a->whole;
    for (const char *from = a->whole;; from = mark + 1) {
        layer_spec l;
        mark = take_item(a, from);
        if (a->count >= MAX_LAYERS - 1)
            return fail(a->error, HEED_USAGE, "architecture: more than %d layers", MAX_LAYERS - 1);
        TRY(read_item(a, &l));
        TRY(place(a, &l));
        add_layer(a, &l);
        if (a->joined && *mark != '+')
            a->layers[a->count++] = spec_of(&concat_layer);
        if (*mark == '\0')
            break;
    }
    if (a->layers[a->count - 1].stage < STAGE_POOLING)
        return fail(a->error, HEED_USAGE,
                    "architecture: ends without a pooling; add such as '| attention additive 10'");
    a->layers[a->count++] = spec_of(&output_layer);
done:
    return status;
}

heed_status architecture_parse(layer_spec **out, int *count, const char *text, heed_error *error)
{
    *out = NULL;
    *count = 0;
    if (text == NULL || *text == '\0')
        return fail(error, HEED_USAGE,
                    "architecture: empty; expected such as 'embed 128 | bilstm 32 | attention additive 10'");
    if (strlen(text) > MAX_TEXT)
        return fail(error, HEED_USAGE, "architecture: %zu characters, expected at most %d", strlen(text), MAX_TEXT);
    parse a = {.layers = memory_array(MAX_LAYERS + 2, sizeof *a.layers), .whole = text, .error = error};
    if (a.layers == NULL)
        return fail_memory(error, "an architecture");
    heed_status status = parse_items(&a);
    if (status != HEED_OK) {
        free(a.layers);
        return status;
    }
    *out = a.layers;
    *count = a.count;
    return HEED_OK;
}

/* ---- printing */

static const char *mark_before(const layer_spec *layers, int i)
{
    bool joined = i > 0 && layers[i].class->stage == STAGE_POOLING && layers[i - 1].class->stage == STAGE_POOLING;
    return i == 0 ? "" : joined ? " + " : " | ";
}

heed_status architecture_print(char **out, const layer_spec *layers, int count, heed_error *error)
{
    writer text = {0};
    for (int i = 0; i < count; i++) {
        if (layers[i].class->keyword == NULL) /* it is added automatically */
            continue;
        writer_text(&text, mark_before(layers, i));
        layer_text_print(&text, &layers[i]);
    }
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}

/* ---- what is a whole architecture */

/* Whether it is this keyword, with or without what follows it. */
static bool is_alone(const char *text, const layer_class *class)
{
    parse a = {.whole = text};
    return text != NULL && *take_item(&a, text) == '\0' && layer_text_match(&a.item, class) != NULL;
}

bool architecture_is_linear(const char *text)
{
    return is_alone(text, &linear_class);
}

bool architecture_is_wide(const char *text)
{
    return is_alone(text, &wide_class);
}

bool architecture_is_sum(const char *text)
{
    return text != NULL && strchr(text, PART_SEPARATOR) != NULL;
}

architecture_recipe architecture_recipe_of(const char *text)
{
    static const char keyword[] = "recipe", *const words[] = {"default", "fast", "network", "best"};
    heed_bytes rest = blanks_trim(text == NULL ? (heed_bytes){"", 0} : bytes_of(text));
    if (rest.size < sizeof keyword - 1 || memcmp(rest.data, keyword, sizeof keyword - 1) != 0)
        return RECIPE_NONE;
    rest = (heed_bytes){rest.data + sizeof keyword - 1, rest.size - (sizeof keyword - 1)};
    heed_bytes word = blanks_trim(rest);
    if (word.size == 0)
        return RECIPE_DEFAULT;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (word.size < rest.size && word.size == strlen(words[i]) && memcmp(word.data, words[i], word.size) == 0)
            return (architecture_recipe)(RECIPE_DEFAULT + i);
    return RECIPE_UNKNOWN;
}

heed_status architecture_parse_linear(double *strength, char **canonical, const char *text, heed_error *error)
{
    parse a = {.whole = text};
    layer_spec l = {.class = &linear_class};
    take_item(&a, text);
    heed_status status = layer_text_read(&l, &a.item, error);
    *strength = l.numbers[0];
    return status == HEED_OK && canonical != NULL ? architecture_print(canonical, &l, 1, error) : status;
}

/* ---- without attention */

heed_status architecture_without_attention(char **out, const char *text, heed_error *error)
{
    layer_spec *layers = NULL;
    int count = 0, kept = 0, attentions = 0, first = 0;
    bool pooled = false;
    *out = NULL;
    heed_status status = architecture_parse(&layers, &count, text, error);
    for (int i = 0; i < count; i++) {
        if (layers[i].class->score != NULL) {
            first = attentions++ == 0 ? kept : first;
        } else if (layers[i].class != &concat_layer) {
            pooled = pooled || layers[i].stage == STAGE_POOLING;
            layers[kept++] = layers[i];
        }
    }
    if (attentions > 0 && !pooled) {
        memmove(&layers[first + 1], &layers[first], (size_t)(kept++ - first) * sizeof *layers);
        layers[first] = spec_of(&mean_layer);
    }
    if (attentions > 0)
        status = architecture_print(out, layers, kept, error);
    free(layers);
    return status;
}
