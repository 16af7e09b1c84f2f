#include "explain/explanation_words.h"

#include <string.h>

#include "explain/highlight.h"

static heed_bytes label_of(const heed_explanation *e)
{
    return bytes_of(e->info.labels[e->info.label]);
}

void write_answer(writer *w, const heed_explanation *e, text_escape *escape)
{
    if (e->info.problem != NULL) {
        writer_text(w, "skipped: ");
        escape(w, bytes_of(e->info.problem));
        return;
    }
    escape(w, label_of(e));
    writer_print(w, " %.4f", (double)e->info.probabilities[e->info.label]);
}

const heed_explanation *first_scored(const heed_explanation *const *items, size_t count)
{
    static const heed_explanation none = {.info.method = HEED_METHOD_GRADIENT};
    for (size_t i = 0; i < count; i++)
        if (items[i]->info.problem == NULL)
            return items[i];
    return &none;
}

/* "1.2%"; "under 0.1%" below a thousandth. */
static void write_percent(writer *w, double share)
{
    writer_print(w, share > 0 && share < 0.0005 ? "under 0.1%%" : "%.1f%%", 100 * share);
}

void write_method(writer *w, const heed_explanation *e, text_escape *escape)
{
    static const char *const what[] = {[HEED_METHOD_AUTO] = "",
                                       [HEED_METHOD_ATTENTION] = "where the model looked",
                                       [HEED_METHOD_GRADIENT] = "gradient times input, for and against ",
                                       [HEED_METHOD_INTEGRATED] = "integrated gradients, for and against ",
                                       [HEED_METHOD_LEAVE_ONE_OUT] =
                                           "how much the logit falls without the word, for and against ",
                                       [HEED_METHOD_WEIGHTS] = "weights of words and n-grams, for and against "};
    writer_print(w, "%s%s: %s", heed_method_name(e->info.method),
                 e->info.compared ? ", difference to the other text" : "", what[e->info.method]);
    if (e->info.method != HEED_METHOD_ATTENTION)
        escape(w, label_of(e));
    if (e->info.method == HEED_METHOD_INTEGRATED && !e->info.compared) {
        writer_print(w, " (%u steps, gap ", e->info.steps);
        write_percent(w, e->info.gap);
        writer_text(w, ")");
    }
    if (e->info.measured_rows > 0)
        writer_print(w, " (the most faithful method on %u texts: gain over random order %+.3f, %+.3f to %+.3f)",
                     e->info.measured_rows, e->info.gain.mean, e->info.gain.low, e->info.gain.high);
    else
        writer_text(w, " (not measured)");
    if (e->info.padding > 0) {
        writer_text(w, e->framed ? " (the tokens around the text got " : " (padding got ");
        write_percent(w, e->info.padding);
        writer_text(w, ")");
    }
}

void write_segment(writer *w, const heed_explanation *e, const heed_segment *s, text_escape *escape)
{
    heed_bytes text = segment_text(e, s);
    if (s->tokens == 0) {
        writer_text(w, heed_token_status_name(s->status));
        writer_text(w, s->status == HEED_TOKEN_CUT       ? ": beyond the maximum length"
                       : s->status == HEED_TOKEN_UNKNOWN ? " word: not read"
                                                         : ": dropped");
        return;
    }
    writer_print(w, is_signed(e) ? "%+.4g" : "%.4g", s->score);
    if (s->status == HEED_TOKEN_UNKNOWN)
        writer_text(w, ", unknown word");
    if (s->status == HEED_TOKEN_READ &&
        (s->word.size != text.size || memcmp(s->word.data, text.data, text.size) != 0)) {
        writer_text(w, ", read as ");
        escape(w, s->word);
    }
}

strongest find_strongest(const heed_explanation *e, int sign)
{
    enum { MAX = sizeof((strongest *)NULL)->words / sizeof *((strongest *)NULL)->words };
    strongest found = {.count = 0};
    double scale = scale_of(e);
    for (size_t i = 0; i < e->info.segment_count; i++) {
        const heed_segment *s = &e->segments[i];
        if (s->tokens == 0 || !(sign * s->score > 0) || !segment_is_shown(s, scale))
            continue;
        size_t at = found.count;
        while (at > 0 && sign * found.words[at - 1]->score < sign * s->score)
            at--;
        if (at == MAX)
            continue;
        found.count += found.count < MAX;
        for (size_t j = found.count - 1; j > at; j--)
            found.words[j] = found.words[j - 1];
        found.words[at] = s;
    }
    return found;
}

void write_strongest(writer *w, const heed_explanation *e, const strongest *s, text_escape *escape)
{
    for (size_t i = 0; i < s->count; i++) {
        writer_text(w, i > 0 ? ", " : "");
        escape(w, segment_text(e, s->words[i]));
        writer_print(w, is_signed(e) ? " %+.3g" : " %.3g", s->words[i]->score);
    }
}

const char *sign_words(const heed_explanation *e, int sign)
{
    if (!is_signed(e))
        return "most";
    if (e->info.compared)
        return sign > 0 ? "more" : "less";
    return sign > 0 ? "for" : "against";
}
