#include "explain/pen.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "base/utf8.h"

/* ---- bytes */

void pen_bytes(pen *p, heed_bytes text)
{
    if (p->status == HEED_OK && text.size > 0)
        p->status = buffer_append(&p->out, text.data, text.size, p->error);
}

void pen_text(pen *p, const char *text)
{
    pen_bytes(p, (heed_bytes){text, strlen(text)});
}

void pen_print(pen *p, const char *format, ...)
{
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    pen_text(p, text);
}

/* Characters that change what is around them: controls, overrides of direction, and what is no character at all. */
static bool is_obeyed(uint32_t point)
{
    bool control = (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0);
    bool direction = (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069);
    return control || direction || point == 0x2028 || point == 0x2029 || point == 0xFFFE || point == 0xFFFF;
}

static const char *markup_of(uint32_t point)
{
    return point == '&'    ? "&amp;"
           : point == '<'  ? "&lt;"
           : point == '>'  ? "&gt;"
           : point == '"'  ? "&quot;"
           : point == '\'' ? "&#39;"
                           : NULL;
}

static void write_points(pen *p, heed_bytes text, bool markup)
{
    size_t begin = 0, length;
    for (size_t at = 0; at < text.size; at += length) {
        uint32_t point = 0;
        length = utf8_decode(text.data + at, text.size - at, &point);
        const char *instead = markup && length > 0 ? markup_of(point) : NULL;
        if (length == 0 || is_obeyed(point))
            instead = markup ? "\xEF\xBF\xBD" : "?";
        length = length > 0 ? length : 1;
        if (instead == NULL)
            continue;
        pen_bytes(p, (heed_bytes){text.data + begin, at - begin});
        pen_text(p, instead);
        begin = at + length;
    }
    if (begin < text.size)
        pen_bytes(p, (heed_bytes){text.data + begin, text.size - begin});
}

void pen_visible(pen *p, heed_bytes text)
{
    write_points(p, text, false);
}

void pen_markup(pen *p, heed_bytes text)
{
    write_points(p, text, true);
}

int point_cells(uint32_t point)
{
    int cells = utf8proc_charwidth((utf8proc_int32_t)point);
    return cells < 0 ? 0 : cells > 2 ? 2 : cells;
}

/* ---- what a picture says */

double scale_of(const heed_explanation_info *info)
{
    double largest = 0;
    for (size_t i = 0; i < info->segment_count; i++)
        largest = fmax(largest, fabs(info->segments[i].score));
    return largest;
}

double segment_share(const heed_segment *s, double scale)
{
    return scale > 0 ? fabs(s->score) / scale : 0;
}

bool is_signed(const heed_explanation_info *info)
{
    return info->method != HEED_METHOD_ATTENTION || info->compared;
}

hue segment_hue(const heed_explanation_info *info, const heed_segment *s, double scale)
{
    if (segment_share(s, scale) < 0.05)
        return HUE_NONE;
    if (!is_signed(info))
        return HUE_LOOKED;
    return s->score > 0 ? HUE_FOR : HUE_AGAINST;
}

bool segment_is_dropped(const heed_segment *s)
{
    return s->fate != HEED_FATE_BETWEEN && s->tokens == 0;
}

heed_bytes segment_text(const heed_explanation_info *info, const heed_segment *s)
{
    return (heed_bytes){info->text.data + s->begin, s->end - s->begin};
}

static heed_bytes label_of(const heed_explanation_info *info)
{
    const char *name = info->labels[info->label];
    return (heed_bytes){name, strlen(name)};
}

void write_answer(pen *p, const heed_explanation_info *info, pen_writer *write)
{
    write(p, label_of(info));
    pen_print(p, " %.4f", (double)info->probabilities[info->label]);
}

/* "1.2%"; less than a thousandth is told as such. */
static void write_percent(pen *p, double share)
{
    pen_print(p, share > 0 && share < 0.0005 ? "under 0.1%%" : "%.1f%%", 100 * share);
}

void write_method(pen *p, const heed_explanation_info *info, pen_writer *write)
{
    static const char *const what[] = {[HEED_METHOD_AUTO] = "",
                                       [HEED_METHOD_ATTENTION] = "where the model looked",
                                       [HEED_METHOD_GRADIENT] = "gradient times input, for and against ",
                                       [HEED_METHOD_INTEGRATED] = "integrated gradients, for and against ",
                                       [HEED_METHOD_LEAVE_ONE_OUT] =
                                           "what the logit loses without the word, for and against ",
                                       [HEED_METHOD_WEIGHTS] = "weights of words and pairs of words, for and against "};
    pen_print(p, "%s%s: %s", heed_method_name(info->method), info->compared ? ", difference to the other text" : "",
              what[info->method]);
    if (info->method != HEED_METHOD_ATTENTION)
        write(p, label_of(info));
    if (info->method == HEED_METHOD_INTEGRATED && !info->compared) {
        pen_print(p, " (%u steps, gap ", info->steps);
        write_percent(p, info->gap);
        pen_text(p, ")");
    }
    if (info->measured_rows > 0)
        pen_print(p, " (the most faithful method on %u texts: gain over random order %+.3f, %+.3f to %+.3f)",
                  info->measured_rows, info->gain.mean, info->gain.low, info->gain.high);
    if (info->padding > 0) {
        pen_text(p, " (padding got ");
        write_percent(p, info->padding);
        pen_text(p, ")");
    }
}

void write_segment(pen *p, const heed_explanation_info *info, const heed_segment *s, pen_writer *write)
{
    heed_bytes text = segment_text(info, s);
    if (s->tokens == 0) {
        pen_text(p, heed_fate_name(s->fate));
        pen_text(p, s->fate == HEED_FATE_CUT       ? ": outside of what the model reads"
                    : s->fate == HEED_FATE_UNKNOWN ? " word: not read"
                                                   : ": dropped");
        return;
    }
    pen_print(p, is_signed(info) ? "%+.4g" : "%.4g", s->score);
    if (s->fate == HEED_FATE_UNKNOWN)
        pen_text(p, ", unknown word");
    if (s->fate == HEED_FATE_READ && (s->word.size != text.size || memcmp(s->word.data, text.data, text.size) != 0)) {
        pen_text(p, ", read as ");
        write(p, s->word);
    }
}

bool write_strongest(pen *p, const heed_explanation_info *info, int sign, pen_writer *write)
{
    enum { WORDS = 5 };
    const heed_segment *last = NULL;
    double scale = scale_of(info);
    int written = 0;
    for (; written < WORDS; written++) {
        const heed_segment *best = NULL; /* behind `last` in falling order of score, equal ones in theirs */
        for (size_t i = 0; i < info->segment_count; i++) {
            const heed_segment *s = &info->segments[i];
            double score = sign * s->score;
            bool behind = last == NULL || score < sign * last->score || (s->score == last->score && s > last);
            if (s->tokens > 0 && behind && score >= 0.05 * scale && score > 0 &&
                (best == NULL || score > sign * best->score))
                best = s;
        }
        if (best == NULL)
            break;
        pen_text(p, written > 0 ? ", " : "");
        write(p, segment_text(info, best));
        pen_print(p, is_signed(info) ? " %+.3g" : " %.3g", best->score);
        last = best;
    }
    return written > 0;
}
