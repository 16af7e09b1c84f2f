/* Text stays text, in cells of fixed width as in a terminal, so that lines can be broken without knowing the font. */
#include "explain/draw_svg.h"

#include "base/escape.h"
#include "base/utf8.h"
#include "explain/explanation_words.h"
#include "explain/highlight.h"

enum { COLUMNS = 88, GLUED = 4, LINE = 24, LEFT = 16, TOP = 30 };
static const double cell = 8.4; /* of a monospaced font of 14 pixels */

/* What was written so far, and where the next piece goes. */
typedef struct text_flow {
    writer body;
    int column, line;
    bool glued; /* no blank followed the last piece */
} text_flow;

static const char style[] =
    "<style>.t{font:14px monospace;fill:#1c1c1e}.q,.s,.i{fill:#6b6b70}.s{text-decoration:line-through}"
    ".u{text-decoration:underline}.i{font-style:italic}.h{font-weight:bold}.p{fill:#fff}"
    ".F{fill:#3b8eea}.A{fill:#f58220}.L{fill:#a064e1}"
    "@media (prefers-color-scheme:dark){.t{fill:#e8e8ea}.q,.s,.i{fill:#9a9aa0}.p{fill:#17171a}"
    ".F{fill:#2869be}.A{fill:#b05208}.L{fill:#7846b4}}</style>\n";

/* The bytes of text that fit into so many cells, whole characters and at least one; and the cells that they take. */
static size_t fitting(heed_bytes text, int room, int *cells)
{
    size_t at = 0, length;
    for (*cells = 0; at < text.size; at += length) {
        uint32_t point = 0;
        length = utf8_decode(text.data + at, text.size - at, &point);
        int width = length > 0 ? point_columns(point) : 1;
        length = length > 0 ? length : 1;
        if (*cells + width > room && at > 0)
            break;
        *cells += width;
    }
    return at;
}

static int cells_of(heed_bytes text)
{
    int cells;
    fitting(text, INT32_MAX, &cells);
    return cells;
}

static void next_line(text_flow *f)
{
    f->line++;
    f->column = 0;
    f->glued = false;
}

/* How a run of text looks. */
typedef struct look {
    const char *class;
    const char *shade; /* NULL: none */
    double strength;
} look;

static void put(text_flow *f, heed_bytes text, look how)
{
    int cells = cells_of(text), y = TOP + LINE * f->line;
    double x = LEFT + cell * f->column;
    if (cells > 0) {
        if (how.shade != NULL)
            writer_print(&f->body,
                         "<rect class=\"%s\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"20\" rx=\"3\" "
                         "fill-opacity=\"%.2f\"/>",
                         how.shade, x, y - 15, cell * cells, how.strength);
        writer_print(&f->body,
                     "<text class=\"t %s\" x=\"%.1f\" y=\"%d\" textLength=\"%.1f\" "
                     "lengthAdjust=\"spacingAndGlyphs\">",
                     how.class, x, y, cell * cells);
        escape_markup(&f->body, text);
        writer_text(&f->body, "</text>\n");
    }
    f->column += cells;
    f->glued = true;
}

/* A run without spaces. It goes to the next line if it does not fit, unless it is short and attached to the run before.
 */
static void put_run(text_flow *f, heed_bytes text, look how)
{
    while (text.size > 0) {
        int cells = cells_of(text), room = COLUMNS - f->column;
        bool stays = cells <= room || (f->glued && cells <= room + GLUED);
        if (!stays && f->column > 0) {
            next_line(f);
            continue;
        }
        size_t size = stays ? text.size : fitting(text, COLUMNS, &cells);
        put(f, (heed_bytes){text.data, size}, how);
        text = (heed_bytes){text.data + size, text.size - size};
    }
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Any text: runs and the blanks between them; a blank does not begin a line. */
static void put_text(text_flow *f, heed_bytes text, look how)
{
    for (size_t at = 0; at < text.size;) {
        size_t begin = at;
        while (at < text.size && !is_blank(text.data[at]))
            at++;
        put_run(f, (heed_bytes){text.data + begin, at - begin}, how);
        for (; at < text.size && is_blank(text.data[at]); at++) {
            bool half = text.data[at] == '\r' && at + 1 < text.size && text.data[at + 1] == '\n';
            if (text.data[at] == '\n' || (text.data[at] == '\r' && !half))
                next_line(f);
            else if (f->column > 0)
                f->column++;
            f->glued = false;
        }
    }
}

static void put_segment(text_flow *f, const heed_explanation *e, const heed_segment *s, double scale)
{
    static const char *const shades[] = {NULL, "L", "F", "A"};
    const char *class = s->status == HEED_TOKEN_UNKNOWN ? "u"
                        : s->status == HEED_TOKEN_CUT   ? "i"
                        : segment_is_dropped(s)         ? "s"
                                                        : "";
    look how = {class, shades[segment_hue(e, s, scale)], share_strength(segment_share(s, scale))};
    if (s->status == HEED_TOKEN_BETWEEN) {
        put_text(f, segment_text(e, s), how);
        return;
    }
    writer_text(&f->body, "<g><title>");
    write_segment(&f->body, e, s, escape_markup);
    writer_text(&f->body, "</title>");
    put_text(f, segment_text(e, s), how);
    writer_text(&f->body, "</g>\n");
}

/* The description of a text, broken into lines like the text. */
static void put_words(text_flow *f, const heed_explanation *e, const char *class,
                      void (*write)(writer *, const heed_explanation *, text_escape *))
{
    writer words = {0};
    write(&words, e, escape_terminal);
    if (f->column > 0)
        next_line(f);
    put_text(f, (heed_bytes){words.data, words.size}, (look){class, NULL, 0});
    if (words.problem != 0)
        writer_fail(&f->body, words.problem);
    writer_release(&words);
    next_line(f);
}

static void put_legend(text_flow *f, const heed_explanation *e)
{
    static const char *const others[][2] = {{"unknown", "u"}, {"dropped", "s"}, {"cut off", "i"}};
    if (is_signed(e)) {
        put_text(f, bytes_of(sign_words(e, 1)), (look){"", "F", 1});
        f->column++;
        put_text(f, bytes_of(sign_words(e, -1)), (look){"", "A", 1});
    } else {
        put_text(f, bytes_of("looked at"), (look){"", "L", 1});
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        f->column += 2;
        put_text(f, bytes_of(others[i][0]), (look){others[i][1], NULL, 0});
    }
}

static void put_explanation(text_flow *f, const heed_explanation *e)
{
    double scale = scale_of(e);
    put_words(f, e, "h", write_answer);
    if (e->info.problem == NULL)
        put_words(f, e, "q", write_method);
    for (size_t i = 0; i < e->info.segment_count; i++)
        put_segment(f, e, &e->segments[i], scale);
    next_line(f);
    next_line(f);
}

void draw_svg(writer *w, const heed_explanation *const *items, size_t count)
{
    text_flow f = {0};
    for (size_t i = 0; i < count; i++)
        put_explanation(&f, items[i]);
    put_legend(&f, first_scored(items, count));
    double width = 2 * LEFT + cell * (COLUMNS + GLUED);
    int height = TOP + LINE * (f.line + 1);
    writer_print(w,
                 "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%d\" viewBox=\"0 0 %.0f %d\" "
                 "xml:space=\"preserve\">\n",
                 width, height, width, height);
    writer_text(w, style);
    writer_print(w, "<rect class=\"p\" width=\"%.0f\" height=\"%d\"/>\n", width, height);
    writer_bytes(w, f.body.data, f.body.size);
    writer_text(w, "</svg>\n");
    if (f.body.problem != 0)
        writer_fail(w, f.body.problem);
    writer_release(&f.body);
}
