/* Explanations as one SVG picture. Text stays text, in cells of a fixed width as a terminal has them, so that lines can
 * be broken without knowing the font. */
#include "explain/pen.h"

#include "base/utf8.h"

enum { COLUMNS = 88, GLUED = 4, LINE = 24, LEFT = 16, TOP = 30 };
static const double cell = 8.4; /* of a monospaced font of 14 pixels */

/* Where the next piece goes. The first walk finds out the height, the second writes. */
typedef struct page {
    pen *pen; /* NULL: nothing is written */
    int column, line;
    bool glued; /* no blank stands behind what was put last */
} page;

static const char head[] =
    "<style>.t{font:14px monospace;fill:#1c1c1e}.q,.s,.i{fill:#6b6b70}.s{text-decoration:line-through}"
    ".u{text-decoration:underline}.i{font-style:italic}.h{font-weight:bold}.p{fill:#fff}"
    ".F{fill:#3b8eea}.A{fill:#f58220}.L{fill:#a064e1}"
    "@media (prefers-color-scheme:dark){.t{fill:#e8e8ea}.q,.s,.i{fill:#9a9aa0}.p{fill:#17171a}"
    ".F{fill:#2869be}.A{fill:#b05208}.L{fill:#7846b4}}</style>\n";

static int cells_of(heed_bytes text)
{
    int cells = 0;
    uint32_t point = 0;
    for (size_t at = 0, length; at < text.size; at += length) {
        length = utf8_decode(text.data + at, text.size - at, &point);
        cells += length > 0 ? point_cells(point) : 1;
        length = length > 0 ? length : 1;
    }
    return cells;
}

/* The bytes of text that fit into so many cells: whole characters, at least one. */
static size_t fitting(heed_bytes text, int room)
{
    uint32_t point = 0;
    int cells = 0;
    for (size_t at = 0, length; at < text.size; at += length) {
        length = utf8_decode(text.data + at, text.size - at, &point);
        cells += length > 0 ? point_cells(point) : 1;
        length = length > 0 ? length : 1;
        if (cells > room && at > 0)
            return at;
    }
    return text.size;
}

static void next_line(page *g)
{
    g->line++;
    g->column = 0;
    g->glued = false;
}

/* How a run of text looks. */
typedef struct look {
    const char *class;
    const char *shade; /* NULL: none */
    double strength;
} look;

static void put(page *g, heed_bytes text, look how)
{
    int cells = cells_of(text), y = TOP + LINE * g->line;
    double x = LEFT + cell * g->column;
    pen *p = g->pen;
    if (p != NULL && cells > 0) {
        if (how.shade != NULL)
            pen_print(p,
                      "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"20\" rx=\"3\" "
                      "fill-opacity=\"%.2f\"/>",
                      how.shade, x, y - 15, cell * cells, how.strength);
        pen_print(p,
                  "<text class=\"t %s\" x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" "
                  "lengthAdjust=\"spacingAndGlyphs\">",
                  how.class, x, y, cell * cells);
        pen_markup(p, text);
        pen_text(p, "</text>\n");
    }
    g->column += cells;
    g->glued = true;
}

/* A run without spaces. It goes to the next line where it does not fit, but for little that is glued to the run
 * before. */
static void put_run(page *g, heed_bytes text, look how)
{
    while (text.size > 0) {
        int cells = cells_of(text), room = COLUMNS - g->column;
        bool stays = cells <= room || (g->glued && cells <= room + GLUED);
        if (!stays && g->column > 0) {
            next_line(g);
            continue;
        }
        size_t size = stays ? text.size : fitting(text, COLUMNS);
        put(g, (heed_bytes){text.data, size}, how);
        text = (heed_bytes){text.data + size, text.size - size};
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Any text: runs, and the blanks between them, of which none begins a line. */
static void put_text(page *g, heed_bytes text, look how)
{
    for (size_t at = 0; at < text.size;) {
        size_t begin = at;
        while (at < text.size && !is_blank(text.data[at]))
            at++;
        put_run(g, (heed_bytes){text.data + begin, at - begin}, how);
        for (; at < text.size && is_blank(text.data[at]); at++) {
            if (text.data[at] == '\n')
                next_line(g);
            else if (g->column > 0)
                g->column++;
            g->glued = false;
        }
    }
}

static void put_segment(page *g, const heed_explanation_info *info, const heed_segment *s, double scale)
{
    static const char *const shades[] = {NULL, "L", "F", "A"};
    hue h = segment_hue(info, s, scale);
    const char *class = s->fate == HEED_FATE_UNKNOWN ? "u"
                        : s->fate == HEED_FATE_CUT   ? "i"
                        : segment_is_dropped(s)      ? "s"
                                                     : "";
    bool tells = g->pen != NULL && s->fate != HEED_FATE_BETWEEN;
    if (tells) {
        pen_text(g->pen, "<g><title>");
        write_segment(g->pen, info, s, pen_markup);
        pen_text(g->pen, "</title>");
    }
    put_text(g, segment_text(info, s), (look){class, shades[h], 0.15 + 0.85 * segment_share(s, scale)});
    if (tells)
        pen_text(g->pen, "</g>\n");
}

/* What is said about a text, made by one of the writers of pen.h and broken into lines like it. */
static void put_said(page *g, const heed_explanation_info *info, const char *class,
                     void (*say)(pen *, const heed_explanation_info *, pen_writer *))
{
    pen said = {.status = HEED_OK};
    say(&said, info, pen_visible);
    if (g->column > 0)
        next_line(g);
    put_text(g, (heed_bytes){said.out.data, said.out.size}, (look){class, NULL, 0});
    if (g->pen != NULL && g->pen->status == HEED_OK)
        g->pen->status = said.status;
    buffer_release(&said.out);
    next_line(g);
}

static void put_all(page *g, const heed_explanation_info *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        double scale = scale_of(&items[i]);
        put_said(g, &items[i], "h", write_answer);
        put_said(g, &items[i], "q", write_method);
        for (size_t j = 0; j < items[i].segment_count; j++)
            put_segment(g, &items[i], &items[i].segments[j], scale);
        next_line(g);
        next_line(g);
    }
    bool compared = count > 0 && items[0].compared;
    if (count > 0 && !is_signed(&items[0]))
        put_text(g, (heed_bytes){"looked at", 9}, (look){"", "L", 1});
    else {
        put_text(g, compared ? (heed_bytes){"more", 4} : (heed_bytes){"for", 3}, (look){"", "F", 1});
        g->column++;
        put_text(g, compared ? (heed_bytes){"less", 4} : (heed_bytes){"against", 7}, (look){"", "A", 1});
    }
    static const struct {
        heed_bytes text;
        const char *class;
    } others[] = {{{"unknown", 7}, "u"}, {{"dropped", 7}, "s"}, {{"cut off", 7}, "i"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        g->column += 2;
        put_text(g, others[i].text, (look){others[i].class, NULL, 0});
    }
}

void draw_svg(pen *p, const heed_explanation_info *items, size_t count)
{
    page measured = {0}, written = {.pen = p};
    put_all(&measured, items, count);
    double width = 2 * LEFT + cell * (COLUMNS + GLUED);
    int height = TOP + LINE * (measured.line + 1);
    pen_print(p,
              "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\" viewBox=\"0 0 %.0f %d\" "
              "xml:space=\"preserve\">\n",
              width, height, width, height);
    pen_text(p, head);
    pen_print(p, "<rect class=\"p\" width=\"%.0f\" height=\"%d\"/>\n", width, height);
    put_all(&written, items, count);
    pen_text(p, "</svg>\n");
}
