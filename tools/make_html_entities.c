/* make_html_entities FOLDER OUT.bin
 * The named character references of FOLDER/html_entities.txt as an array of html_entity_row, sorted by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/html_entity_row.h"

enum { PATH_SIZE = 4096, LINE_SIZE = 256 };

static void die(const char *what, const char *detail)
{
    fprintf(stderr, "make_html_entities: %s: %s\n", what, detail);
    exit(1);
}

/* "name<TAB>points", each in hexadecimal. */
static html_entity_row read_row(const char *line)
{
    html_entity_row row = {{0}, {0}};
    size_t size = strcspn(line, "\t");
    unsigned first = 0, second = 0;
    if (size == 0 || size > sizeof row.name || sscanf(line + size, "\t%X %X", &first, &second) < 1)
        die("expected a name, a tab and one or two code points", line);
    memcpy(row.name, line, size);
    row.points[0] = first;
    row.points[1] = second;
    return row;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage", "make_html_entities FOLDER OUT.bin");
    char path[PATH_SIZE], line[LINE_SIZE];
    if ((size_t)snprintf(path, sizeof path, "%s/html_entities.txt", argv[1]) >= sizeof path)
        die("path too long", argv[1]);
    FILE *in = fopen(path, "r"), *out = fopen(argv[2], "wb");
    if (in == NULL || out == NULL)
        die("cannot open", in == NULL ? path : argv[2]);
    html_entity_row last = {{0}, {0}};
    while (fgets(line, sizeof line, in) != NULL) {
        if (line[0] == '#')
            continue;
        html_entity_row row = read_row(line);
        if (memcmp(last.name, row.name, sizeof row.name) >= 0)
            die("not sorted, or twice", line);
        if (fwrite(&row, sizeof row, 1, out) != 1)
            die("cannot write", argv[2]);
        last = row;
    }
    if (ferror(in) || last.name[0] == '\0')
        die("cannot read, or no names in", path);
    if (fclose(out) != 0)
        die("cannot write", argv[2]);
    fclose(in);
    return 0;
}
