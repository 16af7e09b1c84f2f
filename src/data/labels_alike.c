#include "data/labels_alike.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

#include "base/blanks.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"

/* What two labels may differ by and still be alike; composed and decomposed characters always are. */
enum { BY_FORM = 0, BY_CAPITALS = 1, BY_BLANKS = 2, BY_INVISIBLE = 4, BY_NUMBER = 8, BY_ALL = 15 };

enum { SHOWN_GROUPS = 4, LABEL_BYTES = 60, NUMBER_SPELLED = 40 };

typedef struct alike_label {
    char *key; /* equal of labels that are alike; free() releases it */
    uint64_t rows;
    const char *name; /* borrowed */
} alike_label;

/* ---- keys */

/* Characters that are not seen and are no blanks. Tags (U+E0020 to U+E007F) are: they tell the flags of countries
 * apart.
 */
static bool is_invisible(uint32_t point)
{
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)point);
    bool format = property->category == UTF8PROC_CATEGORY_CC || property->category == UTF8PROC_CATEGORY_CF;
    return !point_is_blank(point) && (format || property->ignorable) && (point < 0xE0020 || point > 0xE007F);
}

/* Writes a number in the one way that all spellings of it share. False: it is none. */
static bool number_spell(char out[NUMBER_SPELLED], heed_bytes label)
{
    double number;
    bool is_number = number_parse(&number, label);
    if (is_number)
        snprintf(out, NUMBER_SPELLED, "%.17g", number == 0 ? 0 : number); /* -0, too */
    return is_number;
}

/* The characters of a label that count, composed; NULL: memory. */
static char *key_make(const char *name, unsigned by)
{
    size_t size = strlen(name);
    writer kept = {0};
    for (size_t at = 0, length; at < size; at += length) {
        uint32_t point = 0;
        length = utf8_decode(name + at, size - at, &point);
        length = length > 0 ? length : 1;
        bool skipped =
            ((by & BY_BLANKS) != 0 && point_is_blank(point)) || ((by & BY_INVISIBLE) != 0 && is_invisible(point));
        if (!skipped)
            writer_bytes(&kept, name + at, length);
    }
    unsigned options = UTF8PROC_STABLE | UTF8PROC_COMPOSE | ((by & BY_CAPITALS) != 0 ? UTF8PROC_CASEFOLD : 0);
    utf8proc_uint8_t *key = NULL;
    char number[NUMBER_SPELLED];
    if (kept.problem == 0 && (by & BY_NUMBER) != 0 && number_spell(number, (heed_bytes){kept.data, kept.size}))
        key = (utf8proc_uint8_t *)memory_copy(number, strlen(number));
    else if (kept.problem == 0)
        utf8proc_map((const utf8proc_uint8_t *)(kept.size > 0 ? kept.data : ""), (utf8proc_ssize_t)kept.size, &key,
                     (utf8proc_option_t)options);
    writer_release(&kept);
    return (char *)key;
}

static int by_key(const void *a, const void *b)
{
    const alike_label *x = a, *y = b;
    int order = strcmp(x->key, y->key);
    if (order != 0)
        return order;
    if (x->rows != y->rows)
        return x->rows > y->rows ? -1 : 1;
    return strcmp(x->name, y->name);
}

/* Whether two labels are the same when these differences do not count. */
static bool are_same(const char *a, const char *b, unsigned by)
{
    char *x = key_make(a, by), *y = key_make(b, by);
    bool same = x != NULL && y != NULL && strcmp(x, y) == 0;
    free(x);
    free(y);
    return same;
}

/* The reason why a group is alike: the first of these that is enough for all of it, or BY_ALL. */
static unsigned reason_of(const alike_label *group, size_t count)
{
    static const unsigned reasons[] = {BY_FORM, BY_CAPITALS | BY_BLANKS, BY_INVISIBLE, BY_NUMBER};
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++) {
        bool enough = true;
        for (size_t k = 1; k < count && enough; k++)
            enough = are_same(group[0].name, group[k].name, reasons[i]);
        if (enough)
            return reasons[i];
    }
    return BY_ALL;
}

static size_t group_size(const alike_label *labels, size_t count)
{
    size_t size = 1;
    while (size < count && strcmp(labels[size].key, labels[0].key) == 0)
        size++;
    return size;
}

/* ---- the line */

/* The label with what is not seen by its number. Returns whether a user can type it as it is shown. */
static bool name_write(writer *out, const char *name, unsigned reason)
{
    size_t size = strlen(name);
    bool plain = size <= LABEL_BYTES && strpbrk(name, ",='") == NULL;
    for (size_t at = 0, length; at < size; at += length) {
        uint32_t point = 0;
        length = utf8_decode(name + at, size - at, &point);
        length = length > 0 ? length : 1;
        if (at + length > LABEL_BYTES)
            break;
        const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)point);
        bool mark = reason == BY_FORM && property->category == UTF8PROC_CATEGORY_MN;
        bool unseen = mark || is_invisible(point) || (point != ' ' && point_is_blank(point));
        plain = plain && !unseen;
        if (unseen)
            writer_print(out, "<U+%04" PRIX32 ">", point);
        else
            writer_bytes(out, name + at, length);
    }
    return plain;
}

/* "'Login' 18, 'login' 2", and the map that joins them: "login=Login,". */
static bool group_write(writer *out, writer *map, const alike_label *group, size_t count, unsigned reason)
{
    enum { SHOWN = 6 };
    bool plain = true;
    for (size_t i = 0; i < count && i < SHOWN; i++) {
        writer_text(out, i == 0 ? "'" : ", '");
        plain = name_write(out, group[i].name, reason) && plain;
        writer_print(out, "' %" PRIu64, group[i].rows);
        if (i > 0)
            writer_print(map, "%s=%s,", group[i].name, group[0].name);
    }
    writer_text(out, count > SHOWN ? ", ..." : "");
    return plain && count <= SHOWN;
}

static const char *reason_name(unsigned reason)
{
    switch (reason) {
    case BY_FORM:
        return "Unicode form";
    case BY_CAPITALS | BY_BLANKS:
        return "capitals or blanks";
    case BY_INVISIBLE:
        return "invisible characters";
    case BY_NUMBER:
        return "the spelling of a number";
    default:
        return "spelling";
    }
}

static heed_status groups_write(writer *out, const alike_label *labels, size_t count, heed_error *error)
{
    writer groups = {0}, map = {0};
    size_t found = 0;
    unsigned reason = BY_ALL;
    bool plain = true;
    for (size_t i = 0, size; i < count; i += size) {
        size = group_size(labels + i, count - i);
        if (size < 2)
            continue;
        unsigned own = reason_of(labels + i, size);
        reason = found == 0 || own == reason ? own : BY_ALL;
        if (found < SHOWN_GROUPS) {
            writer_text(&groups, found == 0 ? "" : "; ");
            plain = group_write(&groups, &map, labels + i, size, own) && plain;
        }
        found++;
    }
    if (found > SHOWN_GROUPS)
        writer_print(&groups, "; and %zu more", found - SHOWN_GROUPS);
    writer_byte(&groups, '\0');
    writer_byte(&map, '\0');
    heed_status status = writer_check(&groups, error);
    if (status == HEED_OK)
        status = writer_check(&map, error);
    if (status == HEED_OK && found > 0)
        writer_print(out, "labels that differ by %s alone: %s; --label-map%s%s%s joins them", reason_name(reason),
                     groups.data, plain ? " '" : "", plain ? map.data : "", plain ? "*'" : "");
    writer_release(&groups);
    writer_release(&map);
    return status;
}

heed_status labels_alike_find(writer *out, const char *const *names, const uint64_t *rows, uint32_t count,
                              heed_error *error)
{
    uint32_t made = 0;
    alike_label *labels = memory_array(count, sizeof *labels);
    heed_status status = labels == NULL ? fail_memory(error, "labels") : HEED_OK;
    for (; made < count && status == HEED_OK; made++) {
        labels[made] = (alike_label){key_make(names[made], BY_ALL), rows[made], names[made]};
        if (labels[made].key == NULL)
            status = fail_memory(error, "labels");
    }
    if (status == HEED_OK) {
        qsort(labels, count, sizeof *labels, by_key);
        status = groups_write(out, labels, count, error);
    }
    for (uint32_t i = 0; i < made; i++)
        free(labels[i].key);
    free(labels);
    return status;
}
