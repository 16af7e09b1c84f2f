/* What a folder's config.json says about an encoder: its family and sizes. */
#ifndef ENCODER_ENCODER_CONFIG_H
#define ENCODER_ENCODER_CONFIG_H

#include "base/names.h"
#include "base/writer.h"

/* BERT: Devlin et al. 2019; DistilBERT: Sanh et al. 2019, the same blocks without token types; RoBERTa: Liu et al.
 * 2019, and XLM-R: Conneau et al. 2020, BERT with positions that begin after that of padding; static: a row for every
 * token whatever stands around it, in the layout of model2vec (Tulkens & van Dongen 2024). */
typedef enum encoder_family {
    ENCODER_BERT,
    ENCODER_DISTILBERT,
    ENCODER_ROBERTA,
    ENCODER_XLM_ROBERTA,
    ENCODER_STATIC,
    ENCODER_FAMILIES
} encoder_family;
extern const names encoder_family_names;

typedef enum encoder_activation { ENCODER_GELU, ENCODER_GELU_TANH, ENCODER_RELU } encoder_activation;

typedef struct encoder_config {
    encoder_family family;
    int width;      /* features of a state; static: 0 if not said */
    int vocabulary; /* ids are smaller; static: 0, as the tensors say it */
    /* Of static encoders all that follows is 0, but for `normalizes`. */
    int layers, heads, feed; /* blocks; heads of a block, which divide the width; features of its inner layer */
    int window;              /* the most tokens of a text; 0: any number */
    int positions;           /* rows of their table */
    int padding;             /* RoBERTa, XLM-R: the id of padding; positions begin after it; others: -1 */
    int token_types;
    encoder_activation activation;
    double epsilon;  /* of the layer norms */
    bool normalizes; /* static: the mean over a text is meant to be divided by its length */
} encoder_config;

/* How the tensors and sizes of a family are called. */
typedef enum encoder_layout { LAYOUT_BERT, LAYOUT_DISTILBERT, ENCODER_LAYOUTS } encoder_layout;

static inline encoder_layout encoder_layout_of(encoder_family family)
{
    return family == ENCODER_DISTILBERT ? LAYOUT_DISTILBERT : LAYOUT_BERT;
}

/* Whether positions begin after that of padding. */
static inline bool encoder_has_padding(encoder_family family)
{
    return family == ENCODER_ROBERTA || family == ENCODER_XLM_ROBERTA;
}

/* Reads the JSON text. HEED_BAD_DATA names the key, what was found and what was expected: a missing or wrong size, a
 * family, activation or kind of positions that is not known. Sizes are small enough for products of two in 64 bits. */
heed_status encoder_config_parse(encoder_config *out, heed_bytes json, heed_error *error);
/* A text that parses to the same config, always the same one. */
void encoder_config_write(writer *out, const encoder_config *c);

#endif
