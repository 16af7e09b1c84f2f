/* make_glosses WORDNET_DIR OUT.bin: the text that heed demo learns from, made at build time.
 *
 * WordNet's noun definitions, labelled by the lexicographer file that they stand in ("noun.animal"): those categories
 * that have at least 1,000, each definition once, in the order of its XXH3-64, cut into three parts. src/rows/glosses.h
 * says how OUT.bin is laid out. */
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>
#include <zlib.h>

#include "rows/glosses.h"

enum {
    SYNSETS = 82115, /* of WordNet 3.0's data.noun: any other number is another WordNet or a damaged one */
    CATEGORIES = 29, /* 3 to 28 are nouns */
    TOPS = 3,        /* the roots of the other categories, no category of their own */
    SMALLEST = 1000,
    KEPT_CATEGORIES = 19
};

static const size_t part_rows[GLOSSES_PARTS] = {20000, 4000, 4000};

static const char *const category_name[CATEGORIES] = {
    [4] = "noun.act",       [5] = "noun.animal",      [6] = "noun.artifact",       [7] = "noun.attribute",
    [8] = "noun.body",      [9] = "noun.cognition",   [10] = "noun.communication", [11] = "noun.event",
    [12] = "noun.feeling",  [13] = "noun.food",       [14] = "noun.group",         [15] = "noun.location",
    [16] = "noun.motive",   [17] = "noun.object",     [18] = "noun.person",        [19] = "noun.phenomenon",
    [20] = "noun.plant",    [21] = "noun.possession", [22] = "noun.process",       [23] = "noun.quantity",
    [24] = "noun.relation", [25] = "noun.shape",      [26] = "noun.state",         [27] = "noun.substance",
    [28] = "noun.time"};

struct gloss {
    const char *text;
    unsigned category;
    size_t place; /* in data.noun */
    uint64_t order;
};

struct glosses {
    char *file; /* data.noun; the texts point into it */
    struct gloss *items;
    size_t count;
};

static bool complain(const char *path, const char *what)
{
    fprintf(stderr, "make_glosses: %s: %s\n", path, what);
    return false;
}

/* The whole file with a NUL behind it, or NULL. */
static char *read_file(const char *path)
{
    char *data = NULL;
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return NULL;
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    if (size >= 0 && fseek(file, 0, SEEK_SET) == 0)
        data = malloc((size_t)size + 1);
    if (data != NULL && fread(data, 1, (size_t)size, file) == (size_t)size) {
        data[size] = '\0';
    } else {
        free(data);
        data = NULL;
    }
    fclose(file);
    return data;
}

/* Cuts the examples off and makes every run of white space one space, in place. False where nothing is left or a
 * character is not ASCII (case folding below knows no other). */
static bool definition_tidy(char *text)
{
    char *examples = strstr(text, "; \"");
    if (examples != NULL)
        *examples = '\0';
    char *out = text;
    for (const char *in = text; *in != '\0'; in++) {
        if ((unsigned char)*in > 0x7E)
            return false;
        if (!isspace((unsigned char)*in))
            *out++ = *in;
        else if (out > text && out[-1] != ' ')
            *out++ = ' ';
    }
    if (out > text && out[-1] == ' ')
        out--;
    *out = '\0';
    return out > text;
}

/* One synset: "OFFSET CATEGORY n ... | definition; "example"". */
static bool synset_read(struct gloss *out, char *line, size_t place)
{
    char *end = NULL;
    strtoul(line, &end, 10);
    unsigned long category = end - line == 8 ? strtoul(end, &end, 10) : 0;
    char *bar = strstr(end, " | ");
    if (category < TOPS || category >= CATEGORIES || bar == NULL || !definition_tidy(bar + 3))
        return false;
    char *text = bar + 3;
    *out = (struct gloss){text, (unsigned)category, place, XXH3_64bits(text, strlen(text))};
    return true;
}

static bool glosses_read(struct glosses *all, const char *path)
{
    all->file = read_file(path);
    all->items = calloc(SYNSETS, sizeof *all->items);
    if (all->file == NULL || all->items == NULL)
        return complain(path, "cannot be read");
    for (char *line = all->file, *next; *line != '\0'; line = next) {
        next = line + strcspn(line, "\n");
        if (*next != '\0')
            *next++ = '\0';
        if (line[0] == ' ') /* the licence at its top */
            continue;
        if (all->count == SYNSETS || !synset_read(&all->items[all->count], line, all->count))
            return complain(path, "not WordNet 3.0's: a line that is no synset, or one too many");
        all->count++;
    }
    return all->count == SYNSETS || complain(path, "not WordNet 3.0's: fewer than 82,115 synsets");
}

static bool keep_large_categories(struct glosses *all)
{
    size_t size[CATEGORIES] = {0}, kept = 0;
    unsigned large = 0;
    for (size_t i = 0; i < all->count; i++)
        size[all->items[i].category]++;
    size[TOPS] = 0;
    for (unsigned c = 0; c < CATEGORIES; c++)
        large += size[c] >= SMALLEST;
    for (size_t i = 0; i < all->count; i++)
        if (size[all->items[i].category] >= SMALLEST)
            all->items[kept++] = all->items[i];
    all->count = kept;
    return large == KEPT_CATEGORIES || complain("data.noun", "expected 19 categories of at least 1,000 definitions");
}

static int folded_compare(const char *a, const char *b)
{
    while (*a != '\0' && tolower((unsigned char)*a) == tolower((unsigned char)*b))
        a++, b++;
    return tolower((unsigned char)*a) - tolower((unsigned char)*b);
}

static int by_text_then_place(const void *a, const void *b)
{
    const struct gloss *x = a, *y = b;
    int order = folded_compare(x->text, y->text);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

static int by_order(const void *a, const void *b)
{
    const struct gloss *x = a, *y = b;
    return x->order != y->order ? (x->order > y->order) - (x->order < y->order) : strcmp(x->text, y->text);
}

/* Of definitions that differ in case alone, or not at all, the first in data.noun stays. */
static void drop_repeated(struct glosses *all)
{
    size_t kept = 0;
    qsort(all->items, all->count, sizeof *all->items, by_text_then_place);
    for (size_t i = 0; i < all->count; i++)
        if (kept == 0 || folded_compare(all->items[i].text, all->items[kept - 1].text) != 0)
            all->items[kept++] = all->items[i];
    all->count = kept;
}

static void put_u32(unsigned char *out, size_t value)
{
    for (unsigned i = 0; i < 4; i++)
        out[i] = (unsigned char)(value >> 8 * i);
}

/* Writes a part's sizes into its place of the header and its packed rows to the end of the file. */
static bool part_write(FILE *file, unsigned char *sizes, const struct gloss *items, size_t count)
{
    bool fine = false;
    char *rows = NULL;
    unsigned char *packed = NULL;
    size_t size = 0;
    FILE *text = open_memstream(&rows, &size);
    if (text == NULL)
        return false;
    fputs("label\ttext\n", text);
    for (size_t i = 0; i < count; i++)
        fprintf(text, "%s\t%s\n", category_name[items[i].category], items[i].text);
    fine = fclose(text) == 0;
    uLongf packed_size = compressBound((uLong)size);
    packed = fine ? malloc(packed_size) : NULL;
    fine = packed != NULL && compress2(packed, &packed_size, (const Bytef *)rows, (uLong)size, 9) == Z_OK &&
           size <= UINT32_MAX && fwrite(packed, 1, packed_size, file) == packed_size;
    if (fine) {
        put_u32(sizes, size);
        put_u32(sizes + 4, packed_size);
    }
    free(packed);
    free(rows);
    return fine;
}

static bool blob_write(const char *path, const struct glosses *all)
{
    unsigned char header[GLOSSES_HEADER] = {0};
    size_t first = 0;
    FILE *file = fopen(path, "wb");
    if (file == NULL)
        return complain(path, "cannot be created");
    bool fine = fwrite(header, 1, sizeof header, file) == sizeof header;
    for (size_t part = 0; fine && part < GLOSSES_PARTS; part++) {
        fine = all->count - first >= part_rows[part] &&
               part_write(file, header + 8 * part, all->items + first, part_rows[part]);
        first += part_rows[part];
    }
    fine = fine && fseek(file, 0, SEEK_SET) == 0 && fwrite(header, 1, sizeof header, file) == sizeof header;
    fine = fclose(file) == 0 && fine;
    if (!fine)
        remove(path);
    return fine || complain(path, "cannot be written");
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: make_glosses WORDNET_DIR OUT.bin\n", stderr);
        return 2;
    }
    char path[4096];
    struct glosses all = {0};
    snprintf(path, sizeof path, "%s/data.noun", argv[1]);
    bool fine = glosses_read(&all, path) && keep_large_categories(&all);
    if (fine) {
        drop_repeated(&all);
        qsort(all.items, all.count, sizeof *all.items, by_order);
        fine = blob_write(argv[2], &all);
    }
    free(all.items);
    free(all.file);
    return fine ? 0 : 1;
}
