#include "tokenizer/normalizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "tokenizer/clusters.h"
#include "tokenizer/precompiled.h"
#include "tokenizer/token_points.h"

void normal_text_release(normal_text *n)
{
    free(n->characters);
    free(n->other);
    *n = (normal_text){0};
}

void normalizer_release(normalizer *steps)
{
    for (size_t i = 0; i < steps->count; i++) {
        free(steps->rule[i].from);
        free(steps->rule[i].to);
        precompiled_free(steps->rule[i].map);
    }
    *steps = (normalizer){0};
}

bool normalizer_add(normalizer *steps, normalizer_step step)
{
    return normalizer_add_rule(steps, step, (normalizer_rule){0});
}

bool normalizer_add_rule(normalizer *steps, normalizer_step step, normalizer_rule rule)
{
    if (steps->count == NORMALIZER_STEPS)
        return false;
    steps->rule[steps->count] = rule;
    steps->step[steps->count++] = step;
    return true;
}

bool normalizer_add_bert(normalizer *steps, bert_normalizer options)
{
    return (!options.clean || normalizer_add(steps, NORMALIZE_CLEAN)) &&
           (!options.ideographs || normalizer_add(steps, NORMALIZE_PART_IDEOGRAPHS)) &&
           (!options.accents || normalizer_add(steps, NORMALIZE_DECOMPOSE)) &&
           (!options.accents || normalizer_add(steps, NORMALIZE_DROP_ACCENTS)) &&
           (!options.lower || normalizer_add(steps, NORMALIZE_LOWER));
}

/* Room for so many characters after a step; false if there is no memory, and the text is then empty. */
static bool grow_room(normal_text *n, size_t count)
{
    if (memory_grow(&n->other, &n->other_capacity, count, sizeof *n->other, NULL) == HEED_OK)
        return true;
    n->failed = true;
    n->count = 0;
    return false;
}

/* The same for what a rule makes of a text. */
static bool grow_by_rule(normal_text *n, size_t count)
{
    return grow_room(n, count <= n->most ? count : SIZE_MAX);
}

/* The same for so many times the characters that there are; NULL if there is no memory. */
static normal_character *room_for(normal_text *n, size_t times)
{
    bool fits = n->count <= SIZE_MAX / times;
    if (!fits || !grow_room(n, n->count * times)) {
        n->failed = true;
        n->count = 0;
        return NULL;
    }
    return n->other;
}

/* What was written to the room becomes the text. */
static void take_room(normal_text *n, size_t count)
{
    normal_character *characters = n->characters;
    size_t capacity = n->capacity;
    n->characters = n->other;
    n->capacity = n->other_capacity;
    n->other = characters;
    n->other_capacity = capacity;
    n->count = count;
}

/* Drops the characters that have one of these bits. */
static void drop(normal_text *n, unsigned bits)
{
    size_t kept = 0;
    for (size_t i = 0; i < n->count; i++)
        if ((token_point_bits(n->characters[i].point) & bits) == 0)
            n->characters[kept++] = n->characters[i];
    n->count = kept;
}

static void clean(normal_text *n)
{
    drop(n, TOKEN_REMOVED);
    for (size_t i = 0; i < n->count; i++)
        if ((token_point_bits(n->characters[i].point) & TOKEN_SPACE) != 0)
            n->characters[i].point = ' ';
}

static void part_ideographs(normal_text *n)
{
    normal_character *out = room_for(n, 3);
    size_t count = 0;
    for (size_t i = 0; i < n->count; i++) {
        normal_character c = n->characters[i], space = {c.begin, c.end, ' '};
        bool parted = (token_point_bits(c.point) & TOKEN_IDEOGRAPH) != 0;
        if (parted)
            out[count++] = space;
        out[count++] = c;
        if (parted)
            out[count++] = space;
    }
    take_room(n, count);
}

static void lower(normal_text *n)
{
    normal_character *out = room_for(n, TOKEN_FORM);
    size_t count = 0;
    for (size_t i = 0; i < n->count; i++) {
        uint32_t form[TOKEN_FORM];
        size_t size = token_point_lower(n->characters[i].point, form);
        for (size_t k = 0; k < size; k++) {
            out[count] = n->characters[i];
            out[count++].point = form[k];
        }
    }
    take_room(n, count);
}

/* ---- decomposition: marks after a character are sorted by their classes, but not their places in the text: those are
 * given out in the order of the text, as `tokenizers` does. While they are sorted, `begin` of a character is its class
 * and `end` its number, doubled, plus one if it is not the first of what a character became. */

static int by_class(const void *a, const void *b)
{
    const normal_character *x = a, *y = b;
    if (x->begin != y->begin)
        return x->begin < y->begin ? -1 : 1;
    return x->end < y->end ? -1 : x->end > y->end;
}

/* Most runs have one mark or two. */
static void sort_marks(normal_character *marks, size_t count)
{
    enum { FEW = 8 };
    if (count > FEW) {
        qsort(marks, count, sizeof *marks, by_class);
        return;
    }
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0 && marks[k].begin < marks[k - 1].begin; k--) {
            normal_character mark = marks[k];
            marks[k] = marks[k - 1];
            marks[k - 1] = mark;
        }
}

typedef size_t form_of(uint32_t point, uint32_t to[TOKEN_WIDE_FORM]);

static size_t count_wide_forms(const normal_text *n)
{
    uint32_t unused[TOKEN_WIDE_FORM];
    size_t count = 0;
    for (size_t i = 0; i < n->count; i++)
        count += token_point_widen(n->characters[i].point, unused);
    return count;
}

/* Fills the room with the sorted forms of all characters; returns how many those are. */
static size_t write_forms(normal_character *out, const normal_text *n, form_of *form)
{
    size_t count = 0, marks = 0; /* marks: where those after the last character of class 0 begin */
    for (size_t i = 0; i < n->count; i++) {
        uint32_t to[TOKEN_WIDE_FORM];
        size_t size = form(n->characters[i].point, to);
        for (size_t k = 0; k < size; k++, count++) {
            unsigned class = token_point_bits(to[k]) >> TOKEN_CLASS_SHIFT;
            if (class == 0) {
                sort_marks(out + marks, count - marks);
                marks = count + 1;
            }
            out[count] = (normal_character){class, 2 * count + (k > 0), to[k]};
        }
    }
    if (count > marks)
        sort_marks(out + marks, count - marks);
    return count;
}

static void decompose(normal_text *n, form_of *form)
{
    bool is_wide = form == token_point_widen; /* few characters are, but those become many */
    if (is_wide ? !grow_room(n, count_wide_forms(n)) : room_for(n, TOKEN_FORM) == NULL)
        return;
    normal_character *out = n->other;
    size_t count = write_forms(out, n, form), next = 0;
    for (size_t i = 0; i < count; i++) {
        bool more = (out[i].end & 1) != 0 && next > 0;
        const normal_character *from = &n->characters[more ? next - 1 : next++];
        out[i].begin = from->begin;
        out[i].end = from->end;
    }
    take_room(n, count);
}

/* ---- white space at the ends, and texts that become others */

static bool is_space(normal_character c)
{
    return (token_point_bits(c.point) & TOKEN_SPACE) != 0;
}

static void strip(normal_text *n, const normalizer_rule *rule)
{
    size_t begin = 0;
    while (rule->left && begin < n->count && is_space(n->characters[begin]))
        begin++;
    while (rule->right && n->count > begin && is_space(n->characters[n->count - 1]))
        n->count--;
    n->count -= begin;
    if (begin > 0)
        memmove(n->characters, n->characters + begin, n->count * sizeof *n->characters);
}

/* How many characters from here on are what the rule replaces; 0: none. */
static size_t matches(const normal_text *n, size_t at, const normalizer_rule *rule)
{
    size_t size = 0;
    while (size < rule->from_size && at + size < n->count && n->characters[at + size].point == rule->from[size])
        size++;
    if (size < rule->from_size)
        return 0;
    while (rule->repeated && at + size < n->count && n->characters[at + size].point == rule->from[rule->from_size - 1])
        size++;
    return size;
}

/* All that is put there comes from the last character that it replaces. */
static void replace(normal_text *n, const normalizer_rule *rule)
{
    size_t count = 0;
    for (size_t at = 0, size; at<n->count; at += size> 0 ? size : 1) {
        size = matches(n, at, rule);
        if (!grow_by_rule(n, count + (size > 0 ? rule->to_size : 1)))
            return;
        if (size == 0)
            n->other[count++] = n->characters[at];
        for (size_t i = 0; size > 0 && i < rule->to_size; i++) {
            n->other[count] = n->characters[at + size - 1];
            n->other[count++].point = rule->to[i];
        }
    }
    take_room(n, count);
}

/* ---- a map. `tokenizers` notes of every character how many of the old ones it takes the place of: one and those that
 * went behind it, or none if it is one more. Places in the text follow from these notes, also where they are wrong:
 * characters that went at the begin are not noted. While they are written, `begin` of a character is that number, and
 * `end` is not used. */

/* Notes what a string of so many old characters becomes. */
static bool note(normal_text *n, size_t *count, size_t old, heed_bytes text)
{
    size_t first = *count;
    for (size_t at = 0, length; at < text.size; at += length) {
        if (!grow_by_rule(n, *count + 1))
            return false;
        normal_character *c = &n->other[*count];
        length = utf8_decode(text.data + at, text.size - at, &c->point);
        c->begin = *count - first < old; /* those beyond are one more */
        ++*count;
        if (length == 0) /* the map was checked */
            break;
    }
    if (*count - first<old && * count> 0)
        n->other[*count - 1].begin += old - (*count - first);
    return true;
}

/* Notes what a cluster becomes: as a whole, or each of its characters. */
static bool note_cluster(normal_text *n, size_t *count, size_t from, size_t end, const precompiled *map)
{
    char bytes[4 * PRECOMPILED_CLUSTER];
    size_t size = 0, at = from;
    for (; at < end && size < PRECOMPILED_CLUSTER; at++)
        size += utf8_encode(n->characters[at].point, bytes + size);
    heed_bytes found = {NULL, 0};
    if (at == end && size < PRECOMPILED_CLUSTER)
        found = precompiled_find(map, (heed_bytes){bytes, size});
    if (found.data != NULL)
        return note(n, count, end - from, found);
    for (at = from; at < end; at++) {
        heed_bytes one = {bytes, utf8_encode(n->characters[at].point, bytes)};
        found = precompiled_find(map, one);
        if (!note(n, count, 1, found.data != NULL ? found : one))
            return false;
    }
    return true;
}

static void map_clusters(normal_text *n, const precompiled *map)
{
    size_t count = 0, next = 0;
    for (size_t from = 0, end; from < n->count; from = end) {
        end = cluster_end(n->characters, from, n->count);
        if (!note_cluster(n, &count, from, end, map))
            return;
    }
    for (size_t i = 0; i < count; i++) {
        size_t taken = n->other[i].begin;
        size_t from = taken > 0 || next == 0 ? next : next - 1;
        n->other[i].begin = n->characters[from].begin;
        n->other[i].end = n->characters[from].end;
        next += taken;
    }
    take_room(n, count);
}

/* ---- all of it */

static void run_step(normal_text *n, normalizer_step step, const normalizer_rule *rule)
{
    switch (step) {
    case NORMALIZE_CLEAN:
        clean(n);
        break;
    case NORMALIZE_PART_IDEOGRAPHS:
        part_ideographs(n);
        break;
    case NORMALIZE_DECOMPOSE:
        decompose(n, token_point_decompose);
        break;
    case NORMALIZE_WIDEN:
        decompose(n, token_point_widen);
        break;
    case NORMALIZE_DROP_ACCENTS:
        drop(n, TOKEN_ACCENT);
        break;
    case NORMALIZE_DROP_MARKS:
        drop(n, TOKEN_MARK);
        break;
    case NORMALIZE_LOWER:
        lower(n);
        break;
    case NORMALIZE_STRIP:
        strip(n, rule);
        break;
    case NORMALIZE_REPLACE:
        replace(n, rule);
        break;
    case NORMALIZE_PRECOMPILED:
        map_clusters(n, rule->map);
        break;
    case NORMALIZE_STEPS:
        break;
    }
}

void normalize(normal_text *out, const normalizer *steps, heed_bytes text, size_t begin, size_t end)
{
    enum { MOST_OF_A_BYTE = 256, MOST_AT_LEAST = 1 << 16 };
    out->count = 0;
    out->most = MOST_AT_LEAST + MOST_OF_A_BYTE * (end - begin);
    out->failed = memory_grow(&out->characters, &out->capacity, end - begin, sizeof *out->characters, NULL) != HEED_OK;
    if (out->failed)
        return;
    for (size_t at = begin; at < end;) {
        normal_character *c = &out->characters[out->count++];
        size_t length = utf8_decode(text.data + at, end - at, &c->point);
        if (length == 0) /* its caller has checked that */
            c->point = 0xFFFD;
        c->begin = at;
        c->end = at += length == 0 ? 1 : length;
    }
    for (size_t i = 0; i < steps->count && !out->failed; i++)
        run_step(out, steps->step[i], &steps->rule[i]);
}
