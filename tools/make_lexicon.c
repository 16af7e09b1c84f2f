/* make_lexicon WORDNET_DIR OUT.bin
 * WordNet's nouns, verbs and irregular forms as the table of text/lexicon_format.h. */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "text/lexicon_format.h"

enum { SLOTS = 1 << 18, PATH_SIZE = 4096 };

typedef struct word {
    char *text;
    unsigned flags;
    char *becomes[2]; /* of an irregular noun, verb */
} word;

typedef struct table {
    word slots[SLOTS];
    uint32_t count;
} table;

static const char *const separators = " \t\r\n";

static void die(const char *what, const char *detail)
{
    fprintf(stderr, "make_lexicon: %s: %s\n", what, detail);
    exit(1);
}

static uint64_t hash_of(const char *text)
{
    return XXH3_64bits(text, strlen(text));
}

/* The word's slot, or the free one where it belongs. */
static word *find(table *t, const char *text)
{
    size_t at = hash_of(text) % SLOTS;
    while (t->slots[at].text != NULL && strcmp(t->slots[at].text, text) != 0)
        at = (at + 1) % SLOTS;
    return &t->slots[at];
}

static char *copy(const char *text)
{
    char *bytes = strdup(text);
    if (bytes == NULL)
        die("out of memory for", text);
    return bytes;
}

static word *put(table *t, const char *text)
{
    word *w = find(t, text);
    if (w->text == NULL) {
        if (strlen(text) > LEXICON_LONGEST || ++t->count > SLOTS / 2)
            die("a word too long, or one too many", text);
        w->text = copy(text);
    }
    return w;
}

static FILE *open_in(const char *folder, const char *name)
{
    char path[PATH_SIZE];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", folder, name) >= sizeof path)
        die("path too long", folder);
    FILE *file = fopen(path, "r");
    if (file == NULL)
        die("cannot open", path);
    return file;
}

/* index.noun and index.verb: a line a word, the word first; lines that begin with a space are the licence. */
static void read_index(table *t, const char *folder, const char *name, unsigned flag)
{
    FILE *file = open_in(folder, name);
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, file) >= 0) {
        char *text = line[0] == ' ' ? NULL : strtok(line, separators);
        if (text != NULL)
            put(t, text)->flags |= flag;
    }
    if (ferror(file))
        die("cannot read", name);
    free(line);
    fclose(file);
}

static bool is_known(table *t, const char *text, unsigned flag)
{
    const word *w = find(t, text);
    return w->text != NULL && (w->flags & flag) != 0;
}

/* noun.exc and verb.exc: an irregular form and its bases. NLTK's lemmatizer takes the shortest of them all, the form
 * included, that WordNet knows, the earliest on a tie; with none the form stays. The later of two lines holds. */
static void read_exceptions(table *t, const char *folder, const char *name, int part)
{
    unsigned known = part == 0 ? LEXICON_NOUN : LEXICON_VERB;
    FILE *file = open_in(folder, name);
    char *line = NULL;
    size_t capacity = 0;
    while (getline(&line, &capacity, file) >= 0) {
        char *form = strtok(line, separators);
        if (form == NULL)
            continue;
        const char *best = is_known(t, form, known) ? form : NULL;
        for (char *base; (base = strtok(NULL, separators)) != NULL;)
            if (is_known(t, base, known) && (best == NULL || strlen(base) < strlen(best)))
                best = base;
        word *w = put(t, form);
        w->flags |= part == 0 ? LEXICON_NOUN_EXCEPTION : LEXICON_VERB_EXCEPTION;
        free(w->becomes[part]);
        w->becomes[part] = copy(best == NULL ? form : best);
    }
    if (ferror(file))
        die("cannot read", name);
    free(line);
    fclose(file);
}

static void put_number(unsigned char *bytes, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        bytes[i] = (unsigned char)(number >> 8 * i);
}

static size_t put_text(unsigned char *at, const char *text)
{
    size_t size = strlen(text);
    at[0] = (unsigned char)size;
    memcpy(at + 1, text, size);
    return 1 + size;
}

static size_t entry_size(const word *w)
{
    size_t size = 2 + strlen(w->text);
    for (int part = 0; part < 2; part++)
        size += w->becomes[part] == NULL ? 0 : 1 + strlen(w->becomes[part]);
    return size;
}

/* Entries stand in the order of their slots, so that the same WordNet gives the same bytes. */
static unsigned char *lay_out(const table *t, size_t *size)
{
    size_t at = LEXICON_HEADER + 4 * (size_t)SLOTS;
    *size = at;
    for (size_t i = 0; i < SLOTS; i++)
        *size += t->slots[i].text == NULL ? 0 : entry_size(&t->slots[i]);
    if (*size > 0xFFFFFF)
        die("too many words", "the table has room for 16 MiB");
    unsigned char *bytes = calloc(*size, 1);
    if (bytes == NULL)
        die("out of memory for", "the table");
    put_number(bytes, SLOTS);
    put_number(bytes + 4, t->count);
    for (size_t i = 0; i < SLOTS; i++) {
        const word *w = &t->slots[i];
        if (w->text == NULL)
            continue;
        put_number(bytes + LEXICON_HEADER + 4 * i, (uint32_t)(hash_of(w->text) >> 56) << 24 | (uint32_t)at);
        bytes[at++] = (unsigned char)w->flags;
        at += put_text(bytes + at, w->text);
        for (int part = 0; part < 2; part++)
            at += w->becomes[part] == NULL ? 0 : put_text(bytes + at, w->becomes[part]);
    }
    return bytes;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("usage", "make_lexicon WORDNET_DIR OUT.bin");
    static table words;
    read_index(&words, argv[1], "index.noun", LEXICON_NOUN);
    read_index(&words, argv[1], "index.verb", LEXICON_VERB);
    if (words.count < 100000)
        die("found too few words for WordNet 3.0 in", argv[1]);
    read_exceptions(&words, argv[1], "noun.exc", 0);
    read_exceptions(&words, argv[1], "verb.exc", 1);
    size_t size;
    unsigned char *bytes = lay_out(&words, &size);
    FILE *out = fopen(argv[2], "wb");
    if (out == NULL || fwrite(bytes, 1, size, out) != size || fclose(out) != 0)
        die("cannot write", argv[2]);
    free(bytes);
    for (size_t i = 0; i < SLOTS; i++) {
        free(words.slots[i].text);
        free(words.slots[i].becomes[0]);
        free(words.slots[i].becomes[1]);
    }
    return 0;
}
