/* make_token_points FOLDER OUT.bin: the table of tokenizer/token_points.h, from FOLDER/token_points.txt. Numbers have
 * the byte order of this machine. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tokenizer/token_points.h"

enum { POINTS = POINT_PAGES * POINT_PAGE, PATH_SIZE = 4096, LINE_SIZE = 256, CLASSES = 256 };

static uint32_t bits[POINTS];
static uint8_t classes[POINTS];
static token_form lowered[TOKEN_LOWERED], decomposed[TOKEN_DECOMPOSED];
static token_wide_form widened[TOKEN_WIDENED]; /* in the order of the file, which is that of points */
static uint32_t wide_points[TOKEN_WIDE_POINTS];
static size_t lowered_count, decomposed_count, widened_count, wide_count;

static void die(const char *what, const char *detail)
{
    fprintf(stderr, "make_token_points: %s: %s\n", what, detail);
    exit(1);
}

static uint32_t property_of(const char *name)
{
    static const struct {
        const char *name;
        uint32_t bit;
    } properties[] = {{"removed", TOKEN_REMOVED},     {"space", TOKEN_SPACE},   {"punctuation", TOKEN_PUNCTUATION},
                      {"ideograph", TOKEN_IDEOGRAPH}, {"accent", TOKEN_ACCENT}, {"mark", TOKEN_MARK},
                      {"word", TOKEN_WORD},           {"letter", TOKEN_LETTER}, {"number", TOKEN_NUMBER}};
    for (size_t i = 0; i < sizeof properties / sizeof *properties; i++)
        if (strcmp(properties[i].name, name) == 0)
            return properties[i].bit;
    return 0;
}

static void add_form(token_form *forms, size_t *count, size_t limit, token_form form)
{
    if (*count == limit)
        die("more forms than token_points.h says", "");
    forms[(*count)++] = form;
}

/* POINT TO... */
static void add_wide_form(const char *rest)
{
    char *end;
    token_wide_form form = {(uint32_t)strtoul(rest, &end, 16), (uint16_t)wide_count, 0};
    for (const char *at = end; *at == ' '; at = end) {
        if (wide_count == TOKEN_WIDE_POINTS || form.size == TOKEN_WIDE_FORM)
            die("more wide forms than token_points.h says", rest);
        wide_points[wide_count++] = (uint32_t)strtoul(at, &end, 16);
        form.size++;
    }
    if (widened_count == TOKEN_WIDENED || form.point >= POINTS)
        die("more wide forms than token_points.h says", rest);
    widened[widened_count++] = form;
    bits[form.point] |= TOKEN_WIDENS;
}

/* A line that begins with a name; the rest of it. */
static void read_line(const char *name, const char *rest)
{
    unsigned first, last, step, class;
    int distance;
    token_form form = {0};
    uint32_t property = property_of(name);
    if (property != 0 && sscanf(rest, "%X %X", &first, &last) == 2 && last < POINTS) {
        for (uint32_t p = first; p <= last; p++)
            bits[p] |= property;
    } else if (strcmp(name, "widens") == 0) {
        add_wide_form(rest);
    } else if (strcmp(name, "class") == 0 && sscanf(rest, "%X %X %u", &first, &last, &class) == 3 && last < POINTS) {
        for (uint32_t p = first; p <= last; p++)
            classes[p] = (uint8_t) class;
    } else if (strcmp(name, "cluster") == 0 && sscanf(rest, "%X %X %u", &first, &last, &class) == 3 && last < POINTS) {
        for (uint32_t p = first; p <= last; p++)
            bits[p] |= class << TOKEN_CLUSTER_SHIFT;
    } else if (strcmp(name, "lower") == 0 && sscanf(rest, "%X %X %u %d", &first, &last, &step, &distance) == 4) {
        for (uint32_t p = first; p <= last; p += step)
            add_form(lowered, &lowered_count, TOKEN_LOWERED, (token_form){p, {(uint32_t)((int)p + distance)}});
    } else if (sscanf(rest, "%X %X %X %X %X", &form.point, &form.to[0], &form.to[1], &form.to[2], &form.to[3]) >= 2) {
        if (strcmp(name, "lowers") == 0)
            add_form(lowered, &lowered_count, TOKEN_LOWERED, form);
        else
            add_form(decomposed, &decomposed_count, TOKEN_DECOMPOSED, form);
    } else {
        die("a line that is not understood", name);
    }
}

static void read_lines(FILE *in)
{
    char line[LINE_SIZE];
    while (fgets(line, sizeof line, in) != NULL) {
        char *rest = strchr(line, ' ');
        if (line[0] == '#')
            continue;
        if (rest == NULL)
            die("a line without a space", line);
        *rest = '\0';
        read_line(line, rest + 1);
    }
    if (ferror(in) || lowered_count != TOKEN_LOWERED || decomposed_count != TOKEN_DECOMPOSED ||
        widened_count != TOKEN_WIDENED || wide_count != TOKEN_WIDE_POINTS)
        die("cannot read, or fewer forms than token_points.h says", "token_points.txt");
}

static int by_point(const void *a, const void *b)
{
    const token_form *x = a, *y = b;
    return x->point < y->point ? -1 : x->point > y->point;
}

/* The bits that follow from what was read. */
static void finish_bits(void)
{
    uint8_t rank[CLASSES] = {0}, ranks = 0;
    for (size_t i = 0; i < POINTS; i++)
        rank[classes[i]] = 1;
    for (size_t class = 1; class < CLASSES; class ++)
        rank[class] = rank[class] ? ++ranks : 0;
    rank[0] = 0;
    for (size_t i = 0; i < POINTS; i++)
        bits[i] |= (uint32_t)rank[classes[i]] << TOKEN_CLASS_SHIFT;
    for (size_t i = 0; i < TOKEN_LOWERED; i++)
        bits[lowered[i].point] |= TOKEN_LOWERS;
    for (size_t i = 0; i < TOKEN_DECOMPOSED; i++)
        bits[decomposed[i].point] |= TOKEN_DECOMPOSES;
    qsort(lowered, TOKEN_LOWERED, sizeof *lowered, by_point);
    qsort(decomposed, TOKEN_DECOMPOSED, sizeof *decomposed, by_point);
}

static void write_table(FILE *out)
{
    static uint8_t page[POINT_PAGES];
    const uint32_t *kept[POINT_PAGE];
    unsigned count = 0;
    for (unsigned i = 0; i < POINT_PAGES; i++) {
        const uint32_t *own = bits + (size_t)i * POINT_PAGE;
        unsigned found = 0;
        while (found < count && memcmp(kept[found], own, POINT_PAGE * sizeof *own) != 0)
            found++;
        if (found == POINT_PAGE)
            die("more than 256 different pages", "");
        page[i] = (uint8_t)found;
        if (found == count)
            kept[count++] = own;
    }
    bool fine = fwrite(page, sizeof page, 1, out) == 1 && fwrite(lowered, sizeof lowered, 1, out) == 1 &&
                fwrite(decomposed, sizeof decomposed, 1, out) == 1 && fwrite(widened, sizeof widened, 1, out) == 1 &&
                fwrite(wide_points, sizeof wide_points, 1, out) == 1;
    for (unsigned i = 0; i < count && fine; i++)
        fine = fwrite(kept[i], sizeof **kept, POINT_PAGE, out) == POINT_PAGE;
    if (!fine)
        die("cannot write", "the table");
}

int main(int argc, char **argv)
{
    char path[PATH_SIZE];
    if (argc != 3)
        die("usage", "make_token_points FOLDER OUT.bin");
    if ((size_t)snprintf(path, sizeof path, "%s/token_points.txt", argv[1]) >= sizeof path)
        die("path too long", argv[1]);
    FILE *in = fopen(path, "r"), *out = fopen(argv[2], "wb");
    if (in == NULL || out == NULL)
        die("cannot open", in == NULL ? path : argv[2]);
    read_lines(in);
    finish_bits();
    write_table(out);
    if (fclose(out) != 0)
        die("cannot write", argv[2]);
    fclose(in);
    return 0;
}
