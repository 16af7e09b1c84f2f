#include "tokenizer/vocab_folder.h"

#include <string.h>

#include "base/status.h"
#include "base/writer.h"
#include "tokenizer/token_list.h"
#include "tokenizer/wordpiece.h"

static const char *const VOCABULARY = "vocab.txt", *const CONFIG = "tokenizer_config.json";

/* The special tokens of BERT by the keys of the configuration. */
typedef enum special_token {
    SPECIAL_UNKNOWN,
    SPECIAL_FIRST,
    SPECIAL_LAST,
    SPECIAL_PADDING,
    SPECIAL_MASK,
    SPECIALS
} special_token;

static const struct {
    const char *key, *usual;
    bool needed;
} specials[SPECIALS] = {[SPECIAL_UNKNOWN] = {"unk_token", WORDPIECE_UNKNOWN, true},
                        [SPECIAL_FIRST] = {"cls_token", "[CLS]", true},
                        [SPECIAL_LAST] = {"sep_token", "[SEP]", true},
                        [SPECIAL_PADDING] = {"pad_token", "[PAD]", false},
                        [SPECIAL_MASK] = {"mask_token", "[MASK]", false}};

static heed_status refuse(const json_section *config, const char *key, const char *expected, heed_error *error)
{
    return fail(error, HEED_BAD_DATA, "%s: '%s' is something that heed does not know, expected %s", config->file, key,
                expected);
}

/* A flag that has a usual value. */
static heed_status read_flag(bool *out, const json_section *config, const char *key, bool usual, heed_error *error)
{
    *out = usual;
    return section_find(config, key) == NULL ? HEED_OK : section_flag(out, config, key, error);
}

/* Settings that would change the tokens in ways that heed does not know. */
static heed_status check_config(const json_section *config, heed_error *error)
{
    const json_t *class = section_find(config, "tokenizer_class"), *kept = section_find(config, "never_split");
    bool basic;
    heed_status status;
    static const char *const classes[] = {"BertTokenizer", "BertTokenizerFast", "DistilBertTokenizer",
                                          "DistilBertTokenizerFast"};
    bool known = class == NULL;
    for (size_t i = 0; i < sizeof classes / sizeof *classes && json_is_string(class); i++)
        known = known || strcmp(json_string_value(class), classes[i]) == 0;
    if (!known)
        return refuse(config, "tokenizer_class", "BertTokenizer or DistilBertTokenizer", error);
    if (kept != NULL && !(json_is_array(kept) && json_array_size(kept) == 0))
        return refuse(config, "never_split", "none", error);
    status = read_flag(&basic, config, "do_basic_tokenize", true, error);
    return status == HEED_OK && !basic ? refuse(config, "do_basic_tokenize", "true", error) : status;
}

static heed_status read_steps(normalizer *out, const json_section *config, heed_error *error)
{
    bert_normalizer options = {.clean = true};
    heed_status status;
    TRY(read_flag(&options.lower, config, "do_lower_case", true, error));
    TRY(read_flag(&options.ideographs, config, "tokenize_chinese_chars", true, error));
    TRY(read_flag(&options.accents, config, "strip_accents", options.lower, error));
    normalizer_add_bert(out, options);
done:
    return status;
}

/* "[CLS]", or an object with it as "content". */
static heed_status read_special(heed_bytes *out, const json_section *config, special_token i, heed_error *error)
{
    const json_t *value = section_find(config, specials[i].key);
    const json_t *text = json_is_object(value) ? json_object_get(value, "content") : value;
    if (value != NULL && !json_is_string(text))
        return refuse(config, specials[i].key, "a token", error);
    *out = bytes_of(value == NULL ? specials[i].usual : json_string_value(text));
    return HEED_OK;
}

/* Its id; INTERN_NONE: the vocabulary lacks it, and may. */
static heed_status find_special(uint32_t *out, const intern *vocabulary, heed_bytes token, special_token i,
                                heed_error *error)
{
    *out = intern_find(vocabulary, token);
    return *out != INTERN_NONE || !specials[i].needed
               ? HEED_OK
               : fail(error, HEED_BAD_DATA, "%s: the vocabulary lacks '%.*s', the %s", VOCABULARY,
                      (int)(token.size < 60 ? token.size : 60), token.data, specials[i].key);
}

/* They are added in the order of their ids, as in a tokenizer.json. */
static heed_status add_specials(added_tokens *added, const uint32_t id[SPECIALS], heed_error *error)
{
    heed_status status = HEED_OK;
    for (uint32_t last = 0, next; status == HEED_OK; last = next + 1) {
        next = INTERN_NONE;
        for (unsigned i = 0; i < SPECIALS; i++)
            if (id[i] >= last && id[i] < next)
                next = id[i];
        if (next == INTERN_NONE)
            break;
        status = added_tokens_add(added, (added_token){.id = next, .special = true}, error);
    }
    return status;
}

static heed_status read_parts(struct tokenizer *out, heed_bytes vocabulary, const json_section *config,
                              heed_error *error)
{
    heed_bytes token[SPECIALS];
    uint32_t id[SPECIALS];
    heed_status status;
    TRY(check_config(config, error));
    TRY(read_steps(&out->steps, config, error));
    out->words = (pre_tokenizer){.step = {{.kind = PRE_BERT}}, .count = 1};
    TRY(token_list_read_lines(&out->vocabulary, vocabulary, VOCABULARY, error));
    for (unsigned i = 0; i < SPECIALS; i++) {
        TRY(read_special(&token[i], config, (special_token)i, error));
        TRY(find_special(&id[i], &out->vocabulary, token[i], (special_token)i, error));
    }
    TRY(add_specials(&out->added, id, error));
    TRY(token_frame_add(&out->frame, id[SPECIAL_FIRST], true, error));
    TRY(token_frame_add(&out->frame, id[SPECIAL_LAST], false, error));
    out->model = &wordpiece_model;
    wordpiece_rules rules = {token[SPECIAL_UNKNOWN], bytes_of(WORDPIECE_PREFIX), WORDPIECE_CHARACTERS};
    TRY(wordpiece_new(&out->state, &out->vocabulary, rules, VOCABULARY, error));
done:
    return status;
}

heed_status vocab_folder_read(struct tokenizer *out, heed_bytes vocabulary, heed_bytes config, heed_error *error)
{
    json_t *root = NULL;
    heed_status status;
    TRY(section_parse(&root, config.data == NULL ? bytes_of("{}") : config, CONFIG, error));
    TRY(read_parts(out, vocabulary, &(json_section){root, CONFIG, "the file"}, error));
done:
    json_decref(root);
    return status;
}
