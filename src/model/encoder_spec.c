#include "model/encoder_spec.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"
#include "network/architecture.h"
#include "network/layer_text.h"
#include "network/layers.h"

#define USAGE ENCODER_KEYWORD " | mean, first or max | linear [C]"
#define LINEAR_KEYWORD "linear"
#define TRAINED_WORD "trained"
enum { ITEMS = 3, SHOWN = 40 };
static const double LEAST_STRENGTH = 0.0001, MOST_STRENGTH = 1e6;

/* The items between '|', as many as there is room for; returns how many there are. */
static size_t split(heed_bytes items[ITEMS], const char *text)
{
    size_t count = 0;
    for (const char *at = text;; at++) {
        size_t size = strcspn(at, "|");
        if (count < ITEMS)
            items[count] = blanks_trim((heed_bytes){at, size});
        count++;
        at += size;
        if (*at == '\0')
            return count;
    }
}

/* The word that a text begins with. */
static heed_bytes first_word(heed_bytes text)
{
    size_t size = 0;
    while (size < text.size && !isspace((unsigned char)text.data[size]))
        size++;
    return (heed_bytes){text.data, size};
}

static heed_bytes after_word(heed_bytes text, heed_bytes word)
{
    return blanks_trim((heed_bytes){text.data + word.size, text.size - word.size});
}

static bool begins_with(heed_bytes text, const char *word)
{
    return bytes_same(first_word(text), bytes_of(word));
}

/* Of one part of an architecture. */
static bool has_encoder(heed_bytes part)
{
    const char *mark = memchr(part.data, '|', part.size);
    size_t size = mark == NULL ? part.size : (size_t)(mark - part.data);
    return begins_with(blanks_trim((heed_bytes){part.data, size}), ENCODER_KEYWORD);
}

static bool reads_states(heed_bytes part)
{
    size_t last = part.size;
    while (last > 0 && part.data[last - 1] != '|')
        last--;
    return has_encoder(part) &&
           !(last > 0 && begins_with(blanks_trim((heed_bytes){part.data + last, part.size - last}), LINEAR_KEYWORD));
}

/* Whether a part of a text is so. */
static bool any_part(const char *text, bool (*is_so)(heed_bytes part))
{
    for (const char *part = text; part != NULL; part = strchr(part, PART_SEPARATOR)) {
        part += *part == PART_SEPARATOR;
        if (is_so((heed_bytes){part, strcspn(part, ";")}))
            return true;
    }
    return false;
}

bool architecture_has_encoder(const char *text)
{
    return any_part(text, has_encoder);
}

bool architecture_reads_states(const char *text)
{
    return any_part(text, reads_states);
}

/* Whether the last word of an encoder's name, whose size it becomes without it, says that the encoder learns. */
static bool take_trained(heed_bytes *name)
{
    const size_t size = sizeof TRAINED_WORD - 1;
    if (name->size < size || memcmp(name->data + name->size - size, TRAINED_WORD, size) != 0 ||
        (name->size > size && !isspace((unsigned char)name->data[name->size - size - 1])))
        return false;
    *name = blanks_trim((heed_bytes){name->data, name->size - size});
    return true;
}

static bool trains(heed_bytes part)
{
    const char *mark = memchr(part.data, '|', part.size);
    size_t size = mark == NULL ? part.size : (size_t)(mark - part.data);
    heed_bytes item = blanks_trim((heed_bytes){part.data, size}), word = first_word(item);
    heed_bytes name = after_word(item, word);
    return has_encoder(part) && take_trained(&name);
}

bool architecture_trains_encoder(const char *text)
{
    return any_part(text, trains);
}

bool architecture_is_encoder_linear(const char *text)
{
    return !architecture_is_sum(text) && architecture_has_encoder(text) && !architecture_reads_states(text);
}

static heed_status refuse(heed_bytes found, const char *expected, const char *whole, heed_error *error)
{
    int shown = found.size < SHOWN ? (int)found.size : SHOWN;
    return fail(error, HEED_USAGE, "architecture, column %d: found '%.*s', expected %s: " USAGE,
                (int)(found.data - whole) + 1, shown, found.data, expected);
}

/* "encoder bert 6x384" as the first layer of a network is read. */
static heed_status read_encoder(encoder_spec *out, heed_bytes item, const char *whole, heed_error *error)
{
    _Static_assert(sizeof((layer_spec *)NULL)->name == sizeof out->name, "a layer has room for an encoder's name");
    const layer_text text = {item.data, item.data + item.size, (int)(item.data - whole) + 1};
    layer_spec first = {.class = &encoder_layer};
    if (layer_text_match(&text, &encoder_layer) == NULL)
        return refuse(item, ENCODER_KEYWORD, whole, error);
    heed_status status = layer_text_read(&first, &text, error);
    memcpy(out->name, first.name, sizeof out->name);
    return status;
}

heed_status encoder_spec_parse(encoder_spec *out, const char *text, heed_error *error)
{
    heed_bytes items[ITEMS];
    size_t count = split(items, text);
    *out = (encoder_spec){.pooling = FEATURE_POOLINGS};
    if (count != ITEMS)
        return fail(error, HEED_USAGE, "architecture: found %zu items in '%.100s', expected 3: " USAGE, count, text);
    heed_bytes strength = after_word(items[2], first_word(items[2]));
    for (unsigned p = 0; p < FEATURE_POOLINGS; p++)
        if (bytes_same(items[1], bytes_of(names_of(&feature_pooling_names, p))))
            out->pooling = (feature_pooling)p;
    heed_status status = read_encoder(out, items[0], text, error);
    if (status != HEED_OK)
        return status;
    if (out->pooling == FEATURE_POOLINGS)
        return refuse(items[1], "mean, first or max", text, error);
    if (architecture_trains_encoder(text))
        return fail(error, HEED_USAGE,
                    "architecture: found '%.100s', expected an encoder that learns in a network, such as 'encoder "
                    "trained | mean'; linear is for one that stays as it is",
                    text);
    if (!begins_with(items[2], LINEAR_KEYWORD))
        return refuse(items[2], LINEAR_KEYWORD, text, error);
    if (strength.size > 0 && (!number_parse_decimal(&out->strength, strength) || out->strength < LEAST_STRENGTH ||
                              out->strength > MOST_STRENGTH))
        return refuse(strength, "C, a number from 0.0001 to 1e+06", text, error);
    return HEED_OK;
}

heed_status encoder_spec_print(char **out, const encoder_spec *spec, heed_error *error)
{
    writer text = {0};
    char number[NUMBER_TEXT];
    layer_spec first = {.class = &encoder_layer};
    memcpy(first.name, spec->name, sizeof first.name);
    layer_text_print(&text, &first);
    writer_print(&text, " | %s | " LINEAR_KEYWORD, names_of(&feature_pooling_names, spec->pooling));
    if (spec->strength > 0) {
        number_write(number, spec->strength, 6, true);
        writer_print(&text, " %s", number);
    }
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}

/* ---- the encoder that is there */

heed_status encoder_name_check(const char *name, const shared_encoder *e, heed_error *error)
{
    heed_bytes bare = bytes_of(name);
    take_trained(&bare);
    return bare.size == 0 || bytes_same(bare, bytes_of(e->name))
               ? HEED_OK
               : fail(error, HEED_USAGE, "architecture: found 'encoder %s', and the encoder is %s", name, e->name);
}

static void write_name(layer_spec *first, const shared_encoder *e, bool trained)
{
    memcpy(first->name, e->name, sizeof first->name);
    if (trained)
        strncat(first->name, " " TRAINED_WORD, sizeof first->name - strlen(first->name) - 1);
}

heed_status architecture_on_encoder(char **out, const char *text, const shared_encoder *e, heed_error *error)
{
    layer_spec *layers = NULL;
    int count = 0;
    heed_status status;
    *out = NULL;
    TRY(architecture_parse(&layers, &count, text, error));
    TRY(encoder_name_check(layers[0].name, e, error));
    write_name(&layers[0], e, architecture_trains_encoder(text));
    status = architecture_print(out, layers, count, error);
done:
    free(layers);
    return status;
}
