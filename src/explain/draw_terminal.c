#include "explain/draw_terminal.h"

#include <math.h>

#include "base/escape.h"
#include "explain/explanation_words.h"
#include "explain/highlight.h"

/* ---- what was not read, in colours or marks */

typedef enum mark { MARK_NONE, MARK_DROPPED, MARK_CUT, MARK_UNREAD } mark;

static mark mark_of(const heed_segment *s)
{
    return !segment_is_dropped(s)            ? MARK_NONE
           : s->status == HEED_TOKEN_CUT     ? MARK_CUT
           : s->status == HEED_TOKEN_UNKNOWN ? MARK_UNREAD
                                             : MARK_DROPPED;
}

/* Puts adjacent pieces with the same mark, and the spaces between them, into one pair of marks. Returns how many these
 * are. */
static size_t draw_run(writer *w, const heed_explanation *e, size_t first, mark m, bool colours)
{
    static const char *const begin[][2] = {{"", ""}, {"{", "\033[2;9m"}, {"{...", "\033[2;3m"}, {"{?", "\033[4m"}},
                             *const end[] = {"", "}", "...}", "?}"};
    const heed_segment *s = e->segments;
    size_t last = first;
    for (size_t i = first + 1; i < e->info.segment_count; i++)
        if (mark_of(&s[i]) == m)
            last = i;
        else if (s[i].status != HEED_TOKEN_BETWEEN)
            break;
    writer_text(w, begin[m][colours]);
    escape_terminal(w, (heed_bytes){e->info.text.data + s[first].begin, s[last].end - s[first].begin});
    writer_text(w, colours ? "\033[0m" : end[m]);
    return last - first + 1;
}

/* ---- colours: black on a shade of a hue, which reads on dark and light screens alike */

/* From faint to strong; blue and orange can be distinguished with all kinds of colour vision. */
static void begin_shade(writer *w, hue h, double share, heed_explanation_format picture)
{
    static const unsigned char indexed[][5] = {[HUE_LOOKED] = {189, 183, 177, 171, 135},
                                               [HUE_FOR] = {153, 117, 75, 39, 33},
                                               [HUE_AGAINST] = {223, 216, 215, 208, 202}};
    static const unsigned char full[][3] = {
        [HUE_LOOKED] = {0xB0, 0x7A, 0xE8}, [HUE_FOR] = {0x3B, 0x8E, 0xEA}, [HUE_AGAINST] = {0xF5, 0x82, 0x20}};
    if (picture == HEED_EXPLANATION_COLOURS) {
        int level = (int)fmin(4, floor(share * 5));
        writer_print(w, "\033[38;5;16;48;5;%dm", indexed[h][level]);
        return;
    }
    int mixed[3];
    double strength = share_strength(share);
    for (int i = 0; i < 3; i++)
        mixed[i] = (int)lround(255 - strength * (255 - full[h][i]));
    writer_print(w, "\033[38;2;0;0;0;48;2;%d;%d;%dm", mixed[0], mixed[1], mixed[2]);
}

static void draw_coloured_word(writer *w, const heed_explanation *e, const heed_segment *s, double scale,
                               heed_explanation_format picture)
{
    hue h = segment_hue(e, s, scale);
    if (h != HUE_NONE)
        begin_shade(w, h, segment_share(s, scale), picture);
    writer_text(w, s->status == HEED_TOKEN_UNKNOWN ? "\033[4m" : "");
    escape_terminal(w, segment_text(e, s));
    if (h != HUE_NONE || s->status == HEED_TOKEN_UNKNOWN)
        writer_text(w, "\033[0m");
}

static void draw_coloured_legend(writer *w, const heed_explanation *e, heed_explanation_format picture)
{
    if (is_signed(e)) {
        begin_shade(w, HUE_FOR, 1, picture);
        writer_print(w, "%s\033[0m ", sign_words(e, 1));
        begin_shade(w, HUE_AGAINST, 1, picture);
        writer_print(w, "%s\033[0m", sign_words(e, -1));
    } else {
        begin_shade(w, HUE_LOOKED, 1, picture);
        writer_text(w, "looked at\033[0m");
    }
    writer_text(w, " \033[4munknown\033[0m \033[2;9mdropped\033[0m \033[2;3mcut off\033[0m\n");
}

/* ---- marks */

/* Only few scores are shown within a text: those of at least a seventh of the largest, and of attention only those
 * above an equal share. */
static void draw_marked_word(writer *w, const heed_explanation *e, const heed_segment *s, double scale)
{
    bool shown = segment_share(s, scale) >= 0.15 && (is_signed(e) || s->score > 1.0 / (double)e->info.token_count);
    writer_text(w, shown ? "[" : "");
    escape_terminal(w, segment_text(e, s));
    writer_text(w, s->status == HEED_TOKEN_UNKNOWN ? "(?)" : "");
    if (shown && !is_signed(e))
        writer_print(w, ":%.2g]", s->score);
    else if (shown)
        writer_print(w, ":%+.2g]", s->score);
}

static void draw_words(writer *w, const heed_explanation *e, heed_explanation_format picture)
{
    double scale = scale_of(e);
    bool colours = picture != HEED_EXPLANATION_TEXT;
    for (size_t i = 0; i < e->info.segment_count;) {
        const heed_segment *s = &e->segments[i];
        mark m = mark_of(s);
        if (m != MARK_NONE) {
            i += draw_run(w, e, i, m, colours);
            continue;
        }
        if (colours)
            draw_coloured_word(w, e, s, scale, picture);
        else
            draw_marked_word(w, e, s, scale);
        i++;
    }
}

static void draw_strongest(writer *w, const heed_explanation *e, int sign)
{
    const strongest found = find_strongest(e, sign);
    if (found.count == 0)
        return;
    writer_print(w, "%s: ", sign_words(e, sign));
    write_strongest(w, e, &found, escape_terminal);
    writer_text(w, "\n");
}

void draw_terminal(writer *w, const heed_explanation *e, heed_explanation_format picture)
{
    bool colours = picture != HEED_EXPLANATION_TEXT;
    writer_text(w, colours ? "\033[1m" : "");
    write_answer(w, e, escape_terminal_line);
    if (e->info.problem != NULL) {
        writer_text(w, colours ? "\033[0m\n" : "\n");
        return;
    }
    writer_text(w, colours ? "\033[0m  " : "  ");
    write_method(w, e, escape_terminal_line);
    writer_text(w, "\n");
    draw_words(w, e, picture);
    writer_text(w, "\n");
    draw_strongest(w, e, 1);
    if (is_signed(e))
        draw_strongest(w, e, -1);
    if (colours)
        draw_coloured_legend(w, e, picture);
    else
        writer_text(w,
                    "[word:score] {dropped} {...cut off...} {?unknown, not read?} word(?): unknown, read as <unk>\n");
}
