/* What a picture's SVG is made of: whether it is well-formed XML, and where its texts are. */
#ifndef UNIT_SVG_CHECK_H
#define UNIT_SVG_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "draw/drawing.h"

enum { SVG_DEPTH = 32, SVG_TEXTS = 4096 };

typedef struct svg_text {
    box at;          /* as estimated */
    char words[200]; /* without markup */
} svg_text;

typedef struct svg_page {
    double width, height;
    svg_text *texts;
    size_t count;
} svg_page;

static size_t svg_count(const char *svg, const char *piece)
{
    size_t count = 0;
    for (const char *at = svg; (at = strstr(at, piece)) != NULL; at += strlen(piece))
        count++;
    return count;
}

/* The value of an attribute of the tag at `tag`; false: it has none. */
static bool svg_attribute(char out[100], const char *tag, const char *name)
{
    const char *end = strchr(tag, '>');
    char wanted[32];
    snprintf(wanted, sizeof wanted, " %s=\"", name);
    const char *at = strstr(tag, wanted);
    if (at == NULL || at > end)
        return false;
    at += strlen(wanted);
    snprintf(out, 100, "%.*s", (int)strcspn(at, "\""), at);
    return true;
}

static double svg_number(const char *tag, const char *name)
{
    char value[100];
    assert_true(svg_attribute(value, tag, name));
    char *end = NULL;
    double number = strtod(value, &end);
    assert_true(end != value && (*end == '\0' || *end == ' '));
    return number;
}

/* Every tag is closed by its own name, "&" begins one of the entities, characters are those that XML allows. */
static void svg_check_well_formed(const char *svg)
{
    char open[SVG_DEPTH][16];
    int depth = 0;
    assert_int_equal(utf8_check(svg, strlen(svg)), strlen(svg));
    for (const char *at = svg; *at != '\0'; at++) {
        assert_true((unsigned char)*at >= 0x20 || *at == '\n');
        if (*at == '&')
            assert_true(strncmp(at, "&lt;", 4) == 0 || strncmp(at, "&gt;", 4) == 0 || strncmp(at, "&amp;", 5) == 0 ||
                        strncmp(at, "&quot;", 6) == 0 || strncmp(at, "&#39;", 5) == 0);
        if (*at != '<')
            continue;
        const char *end = strchr(at, '>');
        assert_non_null(end);
        assert_int_equal(memchr(at + 1, '<', (size_t)(end - at - 1)) == NULL, 1);
        if (at[1] == '/') {
            assert_true(depth-- > 0);
            assert_int_equal(strlen(open[depth]), end - at - 2);
            assert_memory_equal(open[depth], at + 2, (size_t)(end - at - 2));
        } else if (end[-1] != '/') {
            assert_true(depth < SVG_DEPTH);
            snprintf(open[depth++], sizeof open[0], "%.*s", (int)strcspn(at + 1, " >"), at + 1);
        }
        at = end;
    }
    assert_int_equal(depth, 0);
}

static text_kind svg_kind(const char *tag)
{
    static const char *const names[TEXT_KINDS] = {"plain", "small", "cell", "title"};
    char class[100];
    assert_true(svg_attribute(class, tag, "class"));
    for (int k = 0; k < TEXT_KINDS; k++)
        if (strcmp(class, names[k]) == 0)
            return (text_kind)k;
    fail_msg("a text of class %s", class);
    return TEXT_PLAIN;
}

static void svg_read_words(char out[200], const char *from)
{
    static const char *const entities[][2] = {
        {"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"}, {"&quot;", "\""}, {"&#39;", "'"}};
    size_t size = 0;
    while (*from != '<' && size < 190) {
        size_t skip = 1;
        out[size] = *from;
        for (size_t i = 0; i < sizeof entities / sizeof *entities; i++)
            if (strncmp(from, entities[i][0], strlen(entities[i][0])) == 0) {
                out[size] = entities[i][1][0];
                skip = strlen(entities[i][0]);
            }
        size++;
        from += skip;
    }
    out[size] = '\0';
}

static void svg_read_text(svg_text *out, const char *tag)
{
    char anchor[100], value[100];
    text_kind kind = svg_kind(tag);
    svg_read_words(out->words, strchr(tag, '>') + 1);
    double x = svg_number(tag, "x"), y = svg_number(tag, "y"), width = text_width(kind, bytes_of(out->words));
    double height = text_height(kind) * 0.72, shift = 0;
    assert_true(svg_attribute(anchor, tag, "text-anchor"));
    bool right_to_left = svg_attribute(value, tag, "direction");
    if (strcmp(anchor, "middle") == 0)
        shift = width / 2;
    else if ((strcmp(anchor, "end") == 0) != right_to_left)
        shift = width;
    if (svg_attribute(value, tag, "transform")) /* read upwards */
        out->at = (box){x - height * 0.8, y - width + shift, height, width};
    else
        out->at = (box){x - shift, y - height * 0.8, width, height};
}

static svg_page svg_read(const char *svg)
{
    char view[100];
    svg_page page = {.texts = calloc(SVG_TEXTS, sizeof *page.texts)};
    assert_non_null(page.texts);
    assert_true(svg_attribute(view, svg, "viewBox"));
    assert_int_equal(sscanf(view, "0 0 %lf %lf", &page.width, &page.height), 2);
    for (const char *at = svg; (at = strstr(at, "<text ")) != NULL; at++) {
        assert_true(page.count < SVG_TEXTS);
        svg_read_text(&page.texts[page.count++], at);
    }
    return page;
}

/* The picture is XML, is named, and none of its texts leaves it or covers another one. */
static void svg_check(const char *svg)
{
    svg_check_well_formed(svg);
    assert_int_equal(strncmp(svg, "<svg xmlns=\"http://www.w3.org/2000/svg\"", 38), 0);
    assert_non_null(strstr(svg, "\n<title>"));
    assert_non_null(strstr(svg, "\n<desc>"));
    assert_null(strstr(svg, "nan"));
    assert_null(strstr(svg, "inf\""));
    svg_page page = svg_read(svg);
    for (size_t i = 0; i < page.count; i++) {
        box a = page.texts[i].at;
        if (a.x < -0.1 || a.y < -0.1 || a.x + a.width > page.width + 0.1 || a.y + a.height > page.height + 0.1)
            fail_msg("'%s' leaves the picture: %.1f %.1f %.1f x %.1f", page.texts[i].words, a.x, a.y, a.width,
                     a.height);
        for (size_t j = 0; j < i; j++) {
            box b = page.texts[j].at;
            if (a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height)
                fail_msg("'%s' and '%s' overlap", page.texts[i].words, page.texts[j].words);
        }
    }
    free(page.texts);
}

#endif
