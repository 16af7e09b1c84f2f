/* An explanation on a terminal: with colours, or with marks alone. */
#include "explain/pen.h"

#include <math.h>

/* ---- what was not read, in colours or marks */

typedef enum mark { MARK_NONE, MARK_DROPPED, MARK_CUT, MARK_UNREAD } mark;

static mark mark_of(const heed_segment *s)
{
    return !segment_is_dropped(s)         ? MARK_NONE
           : s->fate == HEED_FATE_CUT     ? MARK_CUT
           : s->fate == HEED_FATE_UNKNOWN ? MARK_UNREAD
                                          : MARK_DROPPED;
}

/* Pieces that share a mark are put into one pair of it with the spaces between them. Returns how many that are. */
static size_t draw_run(pen *p, const heed_explanation_info *info, size_t first, mark m, bool colours)
{
    static const char *const begin[][2] = {{"", ""}, {"{", "\033[2;9m"}, {"{...", "\033[2;3m"}, {"{?", "\033[4m"}},
                             *const end[] = {"", "}", "...}", "?}"};
    const heed_segment *s = info->segments;
    size_t last = first;
    for (size_t i = first + 1; i < info->segment_count; i++)
        if (mark_of(&s[i]) == m)
            last = i;
        else if (s[i].fate != HEED_FATE_BETWEEN)
            break;
    pen_text(p, begin[m][colours]);
    pen_visible(p, (heed_bytes){info->text.data + s[first].begin, s[last].end - s[first].begin});
    pen_text(p, colours ? "\033[0m" : end[m]);
    return last - first + 1;
}

/* ---- colours: black on a shade of a hue, which reads on dark and light screens alike */

/* From faint to strong; blue and orange are told apart by all kinds of colour vision. */
static void begin_shade(pen *p, hue h, double share, heed_picture picture)
{
    static const unsigned char indexed[][5] = {[HUE_LOOKED] = {189, 183, 177, 171, 135},
                                               [HUE_FOR] = {153, 117, 75, 39, 33},
                                               [HUE_AGAINST] = {223, 216, 215, 208, 202}};
    static const unsigned char full[][3] = {
        [HUE_LOOKED] = {0xB0, 0x7A, 0xE8}, [HUE_FOR] = {0x3B, 0x8E, 0xEA}, [HUE_AGAINST] = {0xF5, 0x82, 0x20}};
    if (picture == HEED_PICTURE_COLOURS) {
        int level = (int)fmin(4, floor(share * 5));
        pen_print(p, "\033[38;5;16;48;5;%dm", indexed[h][level]);
        return;
    }
    int mixed[3];
    double strength = 0.15 + 0.85 * share;
    for (int i = 0; i < 3; i++)
        mixed[i] = (int)lround(255 - strength * (255 - full[h][i]));
    pen_print(p, "\033[38;2;0;0;0;48;2;%d;%d;%dm", mixed[0], mixed[1], mixed[2]);
}

static void draw_coloured_word(pen *p, const heed_explanation_info *info, const heed_segment *s, double scale,
                               heed_picture picture)
{
    hue h = segment_hue(info, s, scale);
    if (h != HUE_NONE)
        begin_shade(p, h, segment_share(s, scale), picture);
    pen_text(p, s->fate == HEED_FATE_UNKNOWN ? "\033[4m" : "");
    pen_visible(p, segment_text(info, s));
    if (h != HUE_NONE || s->fate == HEED_FATE_UNKNOWN)
        pen_text(p, "\033[0m");
}

static void draw_coloured_legend(pen *p, const heed_explanation_info *info, heed_picture picture)
{
    if (!is_signed(info)) {
        begin_shade(p, HUE_LOOKED, 1, picture);
        pen_text(p, "looked at\033[0m");
    } else {
        begin_shade(p, HUE_FOR, 1, picture);
        pen_text(p, info->compared ? "more\033[0m " : "for\033[0m ");
        begin_shade(p, HUE_AGAINST, 1, picture);
        pen_text(p, info->compared ? "less\033[0m" : "against\033[0m");
    }
    pen_text(p, " \033[4munknown\033[0m \033[2;9mdropped\033[0m \033[2;3mcut off\033[0m\n");
}

/* ---- marks */

/* Scores that stand in a text have to be few: those of a seventh of the largest, and of attention more than an even
 * share. */
static void draw_marked_word(pen *p, const heed_explanation_info *info, const heed_segment *s, double scale)
{
    bool shown = segment_share(s, scale) >= 0.15 && (is_signed(info) || s->score > 1.0 / (double)info->token_count);
    pen_text(p, shown ? "[" : "");
    pen_visible(p, segment_text(info, s));
    pen_text(p, s->fate == HEED_FATE_UNKNOWN ? "(?)" : "");
    if (shown && !is_signed(info))
        pen_print(p, ":%.2g]", s->score);
    else if (shown)
        pen_print(p, ":%+.2g]", s->score);
}

static void draw_words(pen *p, const heed_explanation_info *info, heed_picture picture)
{
    double scale = scale_of(info);
    bool colours = picture != HEED_PICTURE_TEXT;
    for (size_t i = 0; i < info->segment_count;) {
        const heed_segment *s = &info->segments[i];
        mark m = mark_of(s);
        if (m != MARK_NONE) {
            i += draw_run(p, info, i, m, colours);
            continue;
        }
        if (colours)
            draw_coloured_word(p, info, s, scale, picture);
        else
            draw_marked_word(p, info, s, scale);
        i++;
    }
}

static void draw_strongest(pen *p, const heed_explanation_info *info)
{
    static const char *const names[] = {"most", "for", "against"};
    bool looked = !is_signed(info);
    for (int sign = 1; sign >= (looked ? 1 : -1); sign -= 2) {
        size_t before = p->out.size;
        pen_print(p, "%s: ",
                  looked           ? names[0]
                  : info->compared ? (sign > 0 ? "more" : "less")
                                   : names[sign > 0 ? 1 : 2]);
        if (write_strongest(p, info, sign, pen_visible))
            pen_text(p, "\n");
        else
            p->out.size = before;
    }
}

void draw_terminal(pen *p, const heed_explanation_info *info, heed_picture picture)
{
    bool colours = picture != HEED_PICTURE_TEXT;
    pen_text(p, colours ? "\033[1m" : "");
    write_answer(p, info, pen_visible);
    pen_text(p, colours ? "\033[0m  " : "  ");
    write_method(p, info, pen_visible);
    pen_text(p, "\n");
    draw_words(p, info, picture);
    pen_text(p, "\n");
    draw_strongest(p, info);
    if (colours)
        draw_coloured_legend(p, info, picture);
    else
        pen_text(p, "[word:score] {dropped} {...cut off...} {?unknown, not read?} word(?): unknown, read as <unk>\n");
}
