#include "tokenizer/precompiled.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"
#include "base/utf8.h"

/* A replacement at most; those of Unicode's NFKC have up to 33 bytes. */
enum { LONGEST = 255 };

struct precompiled {
    char *base64;
    size_t base64_size;
    char *bytes;    /* [4 + 4 * units + text.size] and a NUL: the size of the array, the array, the replacements */
    uint32_t *unit; /* [units] */
    uint32_t units;
    heed_bytes text; /* replacements, a NUL behind each */
};

/* ---- base64 */

static int digit_of(char c)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = c == '\0' ? NULL : memchr(digits, c, sizeof digits - 1);
    return found == NULL ? -1 : (int)(found - digits);
}

/* Decodes groups of four digits, the last of which may end with one or two =; out has room for three bytes of each.
 * Returns false for anything else. */
static bool decode(char *out, size_t *size, heed_bytes text)
{
    *size = 0;
    for (size_t at = 0; at < text.size; at += 4) {
        uint32_t group = 0;
        size_t digits = 4;
        if (text.size - at < 4)
            return false;
        if (text.size - at == 4 && text.data[at + 3] == '=')
            digits = text.data[at + 2] == '=' ? 2 : 3;
        for (size_t i = 0; i < 4; i++) {
            int digit = i < digits ? digit_of(text.data[at + i]) : 0;
            if (digit < 0)
                return false;
            group = group << 6 | (uint32_t)digit;
        }
        for (size_t i = 0; i + 1 < digits; i++)
            out[(*size)++] = (char)(group >> (16 - 8 * i) & 0xFF);
    }
    return true;
}

/* ---- the double array. A unit has the byte by which it is reached, whether a string ends there, and where its
 * children are: the child of a byte is the unit whose number differs from that by the byte, if it says so itself; the
 * value is in the unit of byte 0. */

static bool ends_here(uint32_t unit)
{
    return (unit >> 8 & 1) != 0;
}

static uint32_t offset_of(uint32_t unit)
{
    return (unit >> 10) << ((unit & 1u << 9) >> 6);
}

/* Bit 31 is set in units of values, which no byte reaches. */
static bool is_reached_by(uint32_t unit, unsigned char byte)
{
    return (unit & (1u << 31 | 0xFF)) == byte;
}

static uint32_t value_of(uint32_t unit)
{
    return unit & ~(1u << 31);
}

/* A replacement begins with a character and ends before the next NUL. */
static bool is_replacement(const precompiled *map, uint32_t at)
{
    if (at >= map->text.size || ((unsigned char)map->text.data[at] & 0xC0) == 0x80)
        return false;
    const char *end = memchr(map->text.data + at, '\0', map->text.size - at);
    return end != NULL && end - (map->text.data + at) <= LONGEST;
}

/* Looks at every unit that a string can reach, once: its value has to be a replacement. open: [units], seen: [units].
 */
static bool is_sound(const precompiled *map, uint32_t *open, bool *seen)
{
    size_t count = 0;
    open[count++] = 0;
    seen[0] = true;
    while (count > 0) {
        uint32_t number = open[--count], base = number ^ offset_of(map->unit[number]);
        if (ends_here(map->unit[number]) && (base >= map->units || !is_replacement(map, value_of(map->unit[base]))))
            return false;
        for (unsigned byte = 1; byte < 256; byte++) {
            uint32_t child = base ^ byte;
            if (child < map->units && !seen[child] && is_reached_by(map->unit[child], (unsigned char)byte)) {
                seen[child] = true;
                open[count++] = child;
            }
        }
    }
    return true;
}

heed_bytes precompiled_find(const precompiled *map, heed_bytes bytes)
{
    uint32_t at = offset_of(map->unit[0]);
    for (size_t i = 0; i < bytes.size && bytes.data[i] != '\0'; i++) {
        unsigned char byte = (unsigned char)bytes.data[i];
        at ^= byte;
        if (at >= map->units || !is_reached_by(map->unit[at], byte))
            break;
        bool ends = ends_here(map->unit[at]);
        at ^= offset_of(map->unit[at]);
        if (ends) {
            const char *found = map->text.data + value_of(map->unit[at]);
            return (heed_bytes){found, strlen(found)};
        }
    }
    return (heed_bytes){NULL, 0};
}

/* ---- reading */

/* The parts of the decoded bytes. */
static heed_status read_parts(precompiled *map, size_t size, const char *file, const char *where, heed_error *error)
{
    uint32_t array;
    if (size < sizeof array)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: precompiled_charsmap: %zu bytes, expected more", file, where,
                    size);
    memcpy(&array, map->bytes, sizeof array);
    if (array > size - sizeof array || array % sizeof *map->unit != 0 || array == 0)
        return fail(error, HEED_BAD_DATA,
                    "%.200s: %s: precompiled_charsmap: an array of %u bytes in %zu, expected whole units that fit",
                    file, where, array, size);
    map->units = (uint32_t)(array / sizeof *map->unit);
    map->text = (heed_bytes){map->bytes + sizeof array + array, size - sizeof array - array};
    size_t bad = utf8_check(map->text.data, map->text.size);
    if (bad < map->text.size)
        return fail(error, HEED_BAD_DATA, "%.200s: %s: precompiled_charsmap: byte %zu of its texts is not UTF-8", file,
                    where, bad);
    map->unit = memory_array(map->units, sizeof *map->unit);
    if (map->unit == NULL)
        return fail_memory(error, "a map of characters");
    memcpy(map->unit, map->bytes + sizeof array, array);
    return HEED_OK;
}

static heed_status check_array(const precompiled *map, const char *file, const char *where, heed_error *error)
{
    uint32_t *open = memory_array(map->units, sizeof *open);
    bool *seen = memory_array(map->units, sizeof *seen);
    heed_status status = HEED_OK;
    if (open == NULL || seen == NULL)
        status = fail_memory(error, "a map of characters");
    else if (!is_sound(map, open, seen))
        status = fail(error, HEED_BAD_DATA,
                      "%.200s: %s: precompiled_charsmap: an entry leads out of it, or to more than %d bytes", file,
                      where, LONGEST);
    free(open);
    free(seen);
    return status;
}

heed_status precompiled_new(precompiled **out, heed_bytes base64, const char *file, const char *where,
                            heed_error *error)
{
    size_t size = 0;
    heed_status status = HEED_OK;
    precompiled *map = *out = memory_array(1, sizeof *map);
    if (map == NULL)
        return fail_memory(error, "a map of characters");
    map->base64 = memory_copy(base64.data, base64.size);
    map->base64_size = base64.size;
    map->bytes = memory_array(base64.size / 4 + 1, 3);
    if (map->base64 == NULL || map->bytes == NULL)
        status = fail_memory(error, "a map of characters");
    else if (!decode(map->bytes, &size, base64))
        status = fail(error, HEED_BAD_DATA, "%.200s: %s: precompiled_charsmap: expected base64", file, where);
    if (status == HEED_OK)
        status = read_parts(map, size, file, where, error);
    if (status == HEED_OK)
        status = check_array(map, file, where, error);
    if (status != HEED_OK) {
        precompiled_free(map);
        *out = NULL;
    }
    return status;
}

void precompiled_free(precompiled *map)
{
    if (map == NULL)
        return;
    free(map->base64);
    free(map->bytes);
    free(map->unit);
    free(map);
}

heed_bytes precompiled_text(const precompiled *map)
{
    return (heed_bytes){map->base64, map->base64_size};
}
