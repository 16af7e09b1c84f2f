#include "text/html.h"

#include <string.h>

#include "base/utf8.h"
#include "text/html_angles.h"
#include "text/html_entities.h"
#include "text/html_tags.h"

/* A text on its way. */
typedef struct html_text {
    heed_bytes text;
    size_t next[2]; /* where the next '<' and '&' are */
    html_tags tags;
    bool comments; /* of html_angles_at */
} html_text;

/* The markup at a '<' or '&'. */
typedef html_markup (*markup_finder)(html_text *t, size_t at);

static heed_bytes rest_of(heed_bytes text, size_t at)
{
    return (heed_bytes){text.data + at, text.size - at};
}

static html_markup find_element(html_text *t, size_t at)
{
    if (t->text.data[at] == '&')
        return html_entity_at(rest_of(t->text, at));
    return (html_markup){html_tag_at(&t->tags, at), {' '}, 1};
}

static html_markup find_angles(html_text *t, size_t at)
{
    return html_angles_at(rest_of(t->text, at), &t->comments);
}

static size_t find_byte(heed_bytes text, size_t at, char byte)
{
    const char *found = at < text.size ? memchr(text.data + at, byte, text.size - at) : NULL;
    return found == NULL ? text.size : (size_t)(found - text.data);
}

/* Where markup may begin, from `at` on. */
static size_t next_place(html_text *t, size_t at)
{
    if (t->next[0] < at)
        t->next[0] = find_byte(t->text, at, '<');
    if (t->next[1] < at)
        t->next[1] = find_byte(t->text, at, '&');
    return t->next[0] < t->next[1] ? t->next[0] : t->next[1];
}

/* Copies [run, at) and says where it came from. */
static void copy_run(writer *out, trace *from, heed_bytes text, size_t run, size_t at)
{
    trace_piece piece = {out->size, out->size + (at - run), run, at};
    if (at > run)
        writer_bytes(out, text.data + run, at - run);
    trace_add(from, piece);
}

/* A piece for each character: two of them may be as long as their entity, and would be taken for a copy of it. */
static void write_markup(writer *out, trace *from, const html_markup *found, size_t at)
{
    for (size_t i = 0; i < found->count; i++) {
        char bytes[4];
        size_t size = utf8_encode(found->points[i], bytes);
        trace_piece piece = {out->size, out->size + size, at, at + found->size};
        writer_bytes(out, bytes, size);
        trace_add(from, piece);
    }
}

static void strip(writer *out, trace *from, heed_bytes text, markup_finder find)
{
    html_text t = {.text = text,
                   .next = {find_byte(text, 0, '<'), find_byte(text, 0, '&')},
                   .tags = {.text = text},
                   .comments = true};
    size_t run = 0, at;
    writer_reserve(out, text.size); /* enough, but for many of the few entities that are longer as text: &nGt; */
    for (at = next_place(&t, 0); at < text.size; at = next_place(&t, at)) {
        html_markup found = find(&t, at);
        if (found.size == 0) {
            at++;
            continue;
        }
        copy_run(out, from, text, run, at);
        write_markup(out, from, &found, at);
        run = at += found.size;
    }
    copy_run(out, from, text, run, text.size);
}

void html_strip_elements(writer *out, trace *from, heed_bytes text)
{
    strip(out, from, text, find_element);
}

void html_strip_angles(writer *out, trace *from, heed_bytes text)
{
    strip(out, from, text, find_angles);
}
