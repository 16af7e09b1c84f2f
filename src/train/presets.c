/* The two ways: the tutorial's, quirks included, and the one that does it right: padding masked, no word dropped that
 * could turn a sentence round, beginning and end of a long text kept, an honest validation part, the best epoch. Its
 * sizes were chosen on validation rows of IMDB, TREC and SST-2. */
#include "heed.h"

void heed_preset_text(heed_text_options *options, heed_preset preset)
{
    if (preset == HEED_PRESET_TUTORIAL)
        *options = (heed_text_options){.html = HEED_HTML_KEEP,
                                       .punctuation = HEED_PUNCTUATION_FIRST32,
                                       .letters = HEED_LETTERS_LOWER,
                                       .tokens = HEED_TOKENS_SPLIT,
                                       .lemmas = HEED_LEMMAS_NOUN_VERB,
                                       .stop_words = "english",
                                       .vocabulary = HEED_VOCABULARY_KERAS,
                                       .max_words = 6000,
                                       .max_length = 130,
                                       .cut = HEED_CUT_FRONT,
                                       .pad = HEED_PAD_FRONT,
                                       .count_all_rows = true};
    else
        *options = (heed_text_options){.html = HEED_HTML_SPACE,
                                       .punctuation = HEED_PUNCTUATION_KEEP,
                                       .letters = HEED_LETTERS_LOWER,
                                       .tokens = HEED_TOKENS_WORDS,
                                       .lemmas = HEED_LEMMAS_NONE,
                                       .vocabulary = HEED_VOCABULARY_COUNTS,
                                       .max_words = 20000,
                                       .min_count = 2,
                                       .max_length = 400,
                                       .cut = HEED_CUT_MIDDLE,
                                       .pad = HEED_PAD_FRONT};
}

void heed_preset_train(heed_train_options *options, heed_preset preset)
{
    if (preset == HEED_PRESET_TUTORIAL)
        *options = (heed_train_options){
            .architecture = "embed 128 | bilstm 32 | bilstm 32 | attention additive 10 | dense 20 | dropout 0.05",
            .mask = false,
            .epochs = 5,
            .batch_size = 100,
            .learning_rate = 0.001,
            .weight_decay = 0.01, /* were AdamW asked for */
            .momentum = 0.9,      /* were SGD */
            .seed = 1,
            .validation = HEED_VALIDATION_LAST,
            .validation_fraction = 0.2,
            .train_share = 1,
            .keep = HEED_KEEP_LAST};
    else
        *options = (heed_train_options){
            .architecture = "embed 64 | bilstm 32 | attention additive 16 | dense 32 | dropout 0.3",
            .mask = true,
            .epochs = 20,
            .batch_size = 32,
            .learning_rate = 0.001,
            .weight_decay = 0.01, /* were AdamW asked for */
            .momentum = 0.9,      /* were SGD */
            .seed = 1,
            .validation = HEED_VALIDATION_FRACTION,
            .validation_fraction = 0.1,
            .train_share = 1,
            .keep = HEED_KEEP_BEST,
            .patience = 3};
}
