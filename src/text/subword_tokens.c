#include "text/subword_tokens.h"

#include <string.h>

#include "base/status.h"
#include "options/option_checks.h"
#include "options/option_structs.h"

/* ---- options */

/* Whether it is as it is by itself: at its default, which for some is not 0, or off. */
static bool is_usual(const option *o, const heed_text_options *options)
{
    char value[64], initial[64];
    heed_text_options usual;
    heed_text_options_init(&usual, HEED_PRESET_DEFAULT);
    option_print(value, sizeof value, o, options);
    option_print(initial, sizeof initial, o, &usual);
    return option_is_zero(o, options) || strcmp(value, initial) == 0; /* "none" is NULL, too */
}

static heed_status check_others(const heed_text_options *options, heed_error *error)
{
    for (const option *o = NULL; (o = options_next(HEED_OPTIONS_TEXT, o)) != NULL;)
        if (o->is_tokenizers && !is_usual(o, options))
            return refuse_beside_tokenizer(o, error);
    if (options->vocabulary == HEED_VOCABULARY_KERAS)
        return fail(error, HEED_USAGE,
                    "--tokens wordpiece: found --vocabulary keras, which divides tokens again, expected counts");
    return HEED_OK;
}

heed_status subword_tokens_take(shared_tokenizer **out, const heed_text_options *options, const shared_tokenizer *given,
                                heed_error *error)
{
    const bool wanted = options->tokens == HEED_TOKENS_WORDPIECE;
    heed_status status;
    *out = NULL;
    if (!wanted && options->tokenizer != NULL)
        return fail(error, HEED_USAGE, "tokenizer: found '%.200s' with other tokens, expected --tokens wordpiece",
                    options->tokenizer);
    if (!wanted)
        return HEED_OK;
    if ((status = check_others(options, error)) != HEED_OK)
        return status;
    *out = shared_tokenizer_hold(given);
    if (given != NULL)
        return HEED_OK;
    if (options->tokenizer == NULL)
        return fail(error, HEED_USAGE,
                    "--tokens wordpiece: found no file, expected a tokenizer.json, a vocab.txt, or a folder with one "
                    "of them, as in wordpiece:FILE");
    return shared_tokenizer_open(out, options->tokenizer, error);
}

/* ---- texts */

/* What finds sub-words keeps those of words that it has seen, so it belongs to one tokenizer. */
static heed_status prepare(heed_tokens *tokens, const shared_tokenizer *t, heed_error *error)
{
    if (tokens->tokenizer == t)
        return HEED_OK;
    subwords_free(tokens->subwords);
    shared_tokenizer_release(tokens->tokenizer);
    tokens->tokenizer = NULL;
    heed_status status = subwords_new(&tokens->subwords, t->words, error);
    if (status == HEED_OK)
        tokens->tokenizer = shared_tokenizer_hold(t);
    return status;
}

heed_status subword_tokens_add(heed_tokens *tokens, const shared_tokenizer *t, heed_bytes text, heed_error *error)
{
    text_origin origin;
    size_t count;
    heed_status status;
    TRY(prepare(tokens, t, error));
    TRY(subwords_find(tokens->subwords, text, 0, false, error));
    const subword *item = subwords_items(tokens->subwords, &count);
    heed_token *token = tokens_reserve(tokens, count);
    origin_begin(&origin, tokens->stages, TEXT_STAGES);
    for (size_t i = 0; token != NULL && i < count; i++) {
        token[i] = (heed_token){tokenizer_token(t->words, item[i].id), item[i].begin, item[i].end};
        origin_find(&origin, &token[i].begin, &token[i].end);
    }
    tokens->count += token == NULL ? 0 : count;
done:
    return status;
}
