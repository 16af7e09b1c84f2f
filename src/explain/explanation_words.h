/* The texts that all formats of explanations share. Text from outside is escaped by the function of the format. */
#ifndef EXPLAIN_EXPLANATION_WORDS_H
#define EXPLAIN_EXPLANATION_WORDS_H

#include "base/writer.h"
#include "explain/explanation.h"

/* escape_terminal or escape_markup. */
typedef void text_escape(writer *w, heed_bytes text);

/* "pos 0.9312"; of a row that could not be read "skipped: " and the problem, and there is nothing else to write. */
void write_answer(writer *w, const heed_explanation *e, text_escape *escape);
/* The first of them that has scores, for the legend; if there is none, one without words. */
const heed_explanation *first_scored(const heed_explanation *const *items, size_t count);
/* "attention: where the model looked" */
void write_method(writer *w, const heed_explanation *e, text_escape *escape);
/* "+0.4213, read as great": the description of a segment. */
void write_segment(writer *w, const heed_explanation *e, const heed_segment *s, text_escape *escape);

/* The strongest words of one sign (+1, -1), the strongest first. */
typedef struct strongest {
    const heed_segment *words[5];
    size_t count;
} strongest;

strongest find_strongest(const heed_explanation *e, int sign);
/* "great +0.42, love +0.31" */
void write_strongest(writer *w, const heed_explanation *e, const strongest *s, text_escape *escape);
/* The word for a score of this sign: "for", "against"; "most" for attention, "more" and "less" for a difference. */
const char *sign_words(const heed_explanation *e, int sign);

#endif
