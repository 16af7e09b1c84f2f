#include "encoder/encoder_config.h"

#include <stddef.h>
#include <string.h>

#include "base/json_memory.h"
#include "base/number.h"
#include "base/status.h"

const names encoder_family_names = NAMES("bert", "distilbert", "roberta", "xlm-roberta", "static");

/* The word of each family in "model_type". */
static const char *const model_types[ENCODER_FAMILIES] = {"bert", "distilbert", "roberta", "xlm-roberta", "model2vec"};
#define MODEL_TYPES "bert, distilbert, roberta, xlm-roberta or model2vec"

/* A size of the transformer's families: where it goes, its key in BERT's layout and in DistilBERT's (NULL: it has
 * none). */
typedef struct size_row {
    size_t place;
    const char *key[ENCODER_LAYOUTS];
    int most;
} size_row;

static const size_row sizes[] = {
    {offsetof(encoder_config, width), {"hidden_size", "dim"}, 1 << 16},
    {offsetof(encoder_config, layers), {"num_hidden_layers", "n_layers"}, 1 << 10},
    {offsetof(encoder_config, heads), {"num_attention_heads", "n_heads"}, 1 << 10},
    {offsetof(encoder_config, feed), {"intermediate_size", "hidden_dim"}, 1 << 18},
    {offsetof(encoder_config, positions), {"max_position_embeddings", "max_position_embeddings"}, 1 << 20},
    {offsetof(encoder_config, vocabulary), {"vocab_size", "vocab_size"}, 1 << 24},
    {offsetof(encoder_config, token_types), {"type_vocab_size", NULL}, 1 << 10},
};

static const struct {
    const char *name;
    encoder_activation activation;
} activations[] = {{"gelu", ENCODER_GELU},           {"gelu_python", ENCODER_GELU},
                   {"gelu_new", ENCODER_GELU_TANH},  {"gelu_pytorch_tanh", ENCODER_GELU_TANH},
                   {"gelu_fast", ENCODER_GELU_TANH}, {"relu", ENCODER_RELU}};
#define PADDING_KEY "pad_token_id"
#define ACTIVATIONS "gelu, gelu_new, gelu_pytorch_tanh, gelu_fast or relu"

/* What would make another network of the same tensors; a missing key means the value that is known. */
static const struct {
    const char *key, *known;
} fixed[] = {{"position_embedding_type", "absolute"},
             {"is_decoder", "false"},
             {"add_cross_attention", "false"},
             {"quantization_config", "null"}};

/* A value as a message shows it, or as it is compared. */
static const char *word_of(const json_t *value)
{
    if (json_is_string(value))
        return json_string_value(value);
    return value == NULL           ? "nothing"
           : json_is_true(value)   ? "true"
           : json_is_false(value)  ? "false"
           : json_is_null(value)   ? "null"
           : json_is_number(value) ? "a number"
                                   : "a list or an object";
}

static heed_status read_size(encoder_config *c, const size_row *row, const json_t *root, heed_error *error)
{
    const char *key = row->key[encoder_layout_of(c->family)];
    if (key == NULL)
        return HEED_OK;
    const json_t *value = json_object_get(root, key);
    if (!json_is_integer(value))
        return fail(error, HEED_BAD_DATA, "%s: found %s, expected a whole number from 1 to %d", key, word_of(value),
                    row->most);
    json_int_t size = json_integer_value(value);
    if (size < 1 || size > row->most)
        return fail(error, HEED_BAD_DATA, "%s: found %lld, expected 1 to %d", key, (long long)size, row->most);
    int number = (int)size;
    memcpy((char *)c + row->place, &number, sizeof number);
    return HEED_OK;
}

static const char *activation_key(const encoder_config *c)
{
    return c->family == ENCODER_DISTILBERT ? "activation" : "hidden_act";
}

static heed_status read_activation(encoder_config *c, const json_t *root, heed_error *error)
{
    const char *key = activation_key(c);
    const json_t *value = json_object_get(root, key);
    for (size_t i = 0; i < sizeof activations / sizeof *activations; i++)
        if (json_is_string(value) && strcmp(json_string_value(value), activations[i].name) == 0) {
            c->activation = activations[i].activation;
            return HEED_OK;
        }
    return fail(error, HEED_BAD_DATA, "%s: found %s, expected " ACTIVATIONS, key, word_of(value));
}

static heed_status read_epsilon(encoder_config *c, const json_t *root, heed_error *error)
{
    const json_t *value = json_object_get(root, "layer_norm_eps");
    c->epsilon = value == NULL ? 1e-12 : json_number_value(value); /* DistilBERT has no key for it */
    if (c->epsilon > 0 && c->epsilon <= 1)
        return HEED_OK;
    return fail(error, HEED_BAD_DATA, "layer_norm_eps: found %s, expected a number above 0, at most 1",
                json_is_number(value) ? "another one" : word_of(value));
}

static heed_status check_fixed(const json_t *root, heed_error *error)
{
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++) {
        const json_t *value = json_object_get(root, fixed[i].key);
        if (value != NULL && !json_is_null(value) && strcmp(word_of(value), fixed[i].known) != 0)
            return fail(error, HEED_BAD_DATA, "%s: found %s, expected %s", fixed[i].key, word_of(value),
                        fixed[i].known);
    }
    return HEED_OK;
}

/* The id of padding, which is also the row of its position: those of tokens follow. */
static heed_status read_padding(encoder_config *c, const json_t *root, heed_error *error)
{
    const json_t *value = json_object_get(root, PADDING_KEY);
    c->padding = -1;
    c->window = c->positions;
    if (!encoder_has_padding(c->family))
        return HEED_OK;
    const json_int_t id = value == NULL ? 1 : json_is_integer(value) ? json_integer_value(value) : -1;
    if (id < 0 || id >= c->vocabulary || id + 1 >= c->positions)
        return fail(error, HEED_BAD_DATA, PADDING_KEY ": found %s, expected a number below the %d positions and %d ids",
                    json_is_integer(value) ? "another one" : word_of(value), c->positions - 1, c->vocabulary);
    c->padding = (int)id;
    c->window = c->positions - c->padding - 1;
    return HEED_OK;
}

static heed_status read_transformer(encoder_config *c, const json_t *root, heed_error *error)
{
    heed_status status;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        TRY(read_size(c, &sizes[i], root, error));
    TRY(read_padding(c, root, error));
    if (c->width % c->heads != 0)
        return fail(error, HEED_BAD_DATA, "%d heads, expected a divisor of the %d features", c->heads, c->width);
    TRY(read_activation(c, root, error));
    TRY(read_epsilon(c, root, error));
    TRY(check_fixed(root, error));
done:
    return status;
}

static heed_status read_static(encoder_config *c, const json_t *root, heed_error *error)
{
    const json_t *normalize = json_object_get(root, "normalize"), *width = json_object_get(root, "hidden_dim");
    if (normalize != NULL && !json_is_boolean(normalize))
        return fail(error, HEED_BAD_DATA, "normalize: found %s, expected true or false", word_of(normalize));
    if (width != NULL &&
        (!json_is_integer(width) || json_integer_value(width) < 1 || json_integer_value(width) > sizes[0].most))
        return fail(error, HEED_BAD_DATA, "hidden_dim: expected a whole number from 1 to %d", sizes[0].most);
    c->normalizes = json_is_true(normalize);
    c->width = (int)json_integer_value(width);
    return HEED_OK;
}

/* Files that model2vec's own tools did not write have no model_type, and "normalize" instead. */
static heed_status read_family(encoder_config *c, const json_t *root, heed_error *error)
{
    const json_t *type = json_object_get(root, "model_type");
    if (type == NULL && json_object_get(root, "normalize") != NULL) {
        c->family = ENCODER_STATIC;
        return HEED_OK;
    }
    for (int i = 0; i < ENCODER_FAMILIES; i++)
        if (json_is_string(type) && strcmp(json_string_value(type), model_types[i]) == 0) {
            c->family = (encoder_family)i;
            return HEED_OK;
        }
    return fail(error, HEED_BAD_DATA, "model_type: found %s, expected " MODEL_TYPES, word_of(type));
}

static heed_status read_config(encoder_config *c, const json_t *root, heed_error *error)
{
    if (!json_is_object(root))
        return fail(error, HEED_BAD_DATA, "found %s, expected a JSON object", word_of(root));
    heed_status status = read_family(c, root, error);
    if (status != HEED_OK)
        return status;
    return c->family == ENCODER_STATIC ? read_static(c, root, error) : read_transformer(c, root, error);
}

heed_status encoder_config_parse(encoder_config *out, heed_bytes json, heed_error *error)
{
    json_error_t where;
    *out = (encoder_config){0};
    json_t *root;
    heed_status status = json_parse(&root, json, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &where, error);
    if (status == HEED_BAD_DATA)
        fail(error, status, "line %d: broken JSON: %s", where.line, where.text);
    if (status != HEED_OK)
        return status;
    status = read_config(out, root, error);
    json_decref(root);
    if (status != HEED_OK)
        *out = (encoder_config){0};
    return status;
}

/* ---- writing */

static void write_transformer(writer *out, const encoder_config *c)
{
    size_t i = 0;
    for (; i < sizeof sizes / sizeof *sizes; i++) {
        int size;
        memcpy(&size, (const char *)c + sizes[i].place, sizeof size);
        if (sizes[i].key[encoder_layout_of(c->family)] != NULL)
            writer_print(out, ", \"%s\": %d", sizes[i].key[encoder_layout_of(c->family)], size);
    }
    if (encoder_has_padding(c->family))
        writer_print(out, ", \"" PADDING_KEY "\": %d", c->padding);
    for (i = 0; activations[i].activation != c->activation;)
        i++;
    writer_print(out, ", \"%s\": \"%s\"", activation_key(c), activations[i].name);
    writer_print(out, ", \"layer_norm_eps\": %.*g", number_digits(c->epsilon), c->epsilon);
}

void encoder_config_write(writer *out, const encoder_config *c)
{
    writer_print(out, "{\"model_type\": \"%s\"", model_types[c->family]);
    if (c->family == ENCODER_STATIC)
        writer_print(out, ", \"hidden_dim\": %d, \"normalize\": %s", c->width, c->normalizes ? "true" : "false");
    else
        write_transformer(out, c);
    writer_byte(out, '}');
}
