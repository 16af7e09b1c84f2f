#include "rows/label_rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/compose.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"

/* The bytes as an integer of up to 18 digits. */
static bool read_integer(heed_bytes b, int64_t *out)
{
    if (b.size == 0 || b.size > 18)
        return false;
    *out = 0;
    for (size_t i = 0; i < b.size; i++) {
        if (b.data[i] < '0' || b.data[i] > '9')
            return false;
        *out = *out * 10 + (b.data[i] - '0');
    }
    return true;
}

static size_t count_items(const char *list)
{
    size_t count = 1;
    for (; *list != '\0'; list++)
        count += *list == ',';
    return count;
}

static heed_bytes trim(const label_rules *rules, heed_bytes label)
{
    return rules->keep_blanks ? label : blanks_trim(label);
}

/* A label of a rule is compared with labels as they are read: without the blanks around them, in NFC. */
static heed_bytes as_read(label_rules *rules, heed_bytes label)
{
    label = trim(rules, label);
    return rules->composes ? compose(&rules->composed, label) : label;
}

/* Room for the labels of these rules in NFC, which can be three times as long, so that none of them moves. */
static heed_status reserve_composed(label_rules *rules, const heed_rows_options *options, heed_error *error)
{
    enum { LONGER = 3 };
    const char *lists[] = {options->label_map, options->drop_labels};
    size_t room = 0;
    for (size_t i = 0; i < 2; i++)
        room += lists[i] == NULL ? 0 : strlen(lists[i]);
    if (room == 0 || writer_reserve(&rules->composed, LONGER * room) != NULL)
        return HEED_OK;
    return fail_memory(error, "labels");
}

/* Takes one item off a list separated by commas. */
static heed_bytes take_item(const label_rules *rules, const char **list)
{
    heed_bytes item = {*list, strcspn(*list, ",")};
    *list += item.size;
    if (**list == ',')
        ++*list;
    return trim(rules, item);
}

static heed_status init_drop(label_rules *rules, const char *list, heed_error *error)
{
    size_t count = count_items(list);
    rules->drop = memory_array(count, sizeof *rules->drop);
    if (rules->drop == NULL)
        return fail_memory(error, "labels");
    while (rules->drop_count < count)
        rules->drop[rules->drop_count++] = as_read(rules, take_item(rules, &list));
    return HEED_OK;
}

static heed_status init_map(label_rules *rules, const char *list, heed_error *error)
{
    size_t count = count_items(list);
    rules->map = memory_array(count, sizeof *rules->map);
    if (rules->map == NULL)
        return fail_memory(error, "labels");
    for (; count > 0; count--) {
        heed_bytes item = take_item(rules, &list);
        const char *equals = memchr(item.data, '=', item.size);
        size_t at = equals != NULL ? (size_t)(equals - item.data) : 0;
        if (bytes_same(item, bytes_of("*"))) {
            rules->others_pass = true;
            continue;
        }
        heed_bytes from = as_read(rules, (heed_bytes){item.data, at});
        heed_bytes to = as_read(rules, (heed_bytes){item.data + at + 1, at > 0 ? item.size - at - 1 : 0});
        if (from.size == 0 || to.size == 0)
            return fail(error, HEED_USAGE, "label map: found '%.*s', expected OLD=NEW,... such as pos=1,neg=0",
                        (int)item.size, item.data);
        for (size_t i = 0; i < rules->map_count; i++)
            if (bytes_same(rules->map[i].from, from))
                return fail(error, HEED_USAGE, "label map: '%.*s' is mapped twice", (int)from.size, from.data);
        rules->map[rules->map_count++] = (label_pair){from, to};
    }
    return HEED_OK;
}

static heed_status init_rating(label_rules *rules, const char *rule, heed_error *error)
{
    static const struct {
        const char *sign;
        label_comparison comparison;
    } signs[] = {{">=", LABEL_GREATER_EQUAL},
                 {"<=", LABEL_LESS_EQUAL},
                 {"==", LABEL_EQUAL},
                 {">", LABEL_GREATER},
                 {"<", LABEL_LESS}};
    static const char word[] = ":rating";
    const char *colon = strstr(rule, word);
    for (size_t i = 0; colon != NULL && colon > rule && i < sizeof signs / sizeof *signs; i++) {
        const char *sign = colon + sizeof word - 1;
        size_t length = strlen(signs[i].sign);
        if (strncmp(sign, signs[i].sign, length) != 0)
            continue;
        rules->rated = (heed_bytes){rule, (size_t)(colon - rule)};
        rules->comparison = signs[i].comparison;
        if (read_integer((heed_bytes){sign + length, strlen(sign + length)}, &rules->threshold))
            return HEED_OK;
        break;
    }
    return fail(
        error, HEED_USAGE,
        "label from: found '%s', expected COLUMN:rating and one of > >= < <= == and a number, such as id:rating>=5",
        rule);
}

heed_status label_rules_init(label_rules *rules, const heed_rows_options *options, heed_error *error)
{
    heed_status status = HEED_OK;
    *rules = (label_rules){.keep_blanks = options->keep_blanks,
                           .composes = !options->keep_form && !options->tutorial};
    TRY(reserve_composed(rules, options, error));
    if (options->label_from != NULL)
        TRY(init_rating(rules, options->label_from, error));
    if (options->label_map != NULL && *options->label_map != '\0')
        TRY(init_map(rules, options->label_map, error));
    if (options->drop_labels != NULL)
        TRY(init_drop(rules, options->drop_labels, error));
done:
    return status;
}

void label_rules_release(label_rules *rules)
{
    free(rules->map);
    free(rules->drop);
    writer_release(&rules->composed);
    *rules = (label_rules){0};
}

static bool compare(label_comparison comparison, int64_t a, int64_t b)
{
    switch (comparison) {
    case LABEL_GREATER_EQUAL:
        return a >= b;
    case LABEL_LESS_EQUAL:
        return a <= b;
    case LABEL_EQUAL:
        return a == b;
    case LABEL_GREATER:
        return a > b;
    case LABEL_LESS:
        return a < b;
    }
    return false;
}

bool label_rules_rate(const label_rules *rules, heed_bytes id, heed_bytes *label)
{
    while (id.size > 0 && id.data[id.size - 1] == '"')
        id.size--;
    size_t digits = id.size;
    while (digits > 0 && id.data[digits - 1] != '_')
        digits--;
    int64_t rating;
    if (digits == 0 || !read_integer((heed_bytes){id.data + digits, id.size - digits}, &rating))
        return false;
    *label = (heed_bytes){compare(rules->comparison, rating, rules->threshold) ? "1" : "0", 1};
    return true;
}

bool label_rules_drop(const label_rules *rules, heed_bytes label)
{
    for (size_t i = 0; i < rules->drop_count; i++)
        if (bytes_same(rules->drop[i], label))
            return true;
    return false;
}

bool label_rules_map(const label_rules *rules, heed_bytes *label)
{
    for (size_t i = 0; i < rules->map_count; i++)
        if (bytes_same(rules->map[i].from, *label)) {
            *label = rules->map[i].to;
            return true;
        }
    return rules->map_count == 0 || rules->others_pass;
}
