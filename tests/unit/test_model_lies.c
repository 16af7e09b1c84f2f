/* Model files that are damaged, and those that lie: nothing but what was saved is loaded. */
#include "unit/made_model_file.h"
#include "unit/sealed_model.h"

#include <jansson.h>

/* ---- damage */

static void truncated_files_are_refused(void **state)
{
    (void)state;
    for (size_t size = 0; size < bytes.size; size++) {
        char *cut = malloc(size + 1); /* of its own, so that a sanitizer sees what is read behind it */
        memcpy(cut, bytes.data, size);
        check_refused(cut, size, "", "a truncated file");
        free(cut);
    }
    writer longer = {0};
    writer_bytes(&longer, bytes.data, bytes.size);
    writer_byte(&longer, '\0');
    check_refused(longer.data, longer.size, "", "a byte behind the end");
    seal_model(longer.data, longer.size);
    check_refused(longer.data, longer.size, "1 bytes after the last tensor", "a sealed byte behind the end");
    writer_release(&longer);
}

/* Every bit of the header, and one of every seventh byte of the data. */
static void flipped_bits_are_refused(void **state)
{
    (void)state;
    size_t header = 8 + (unsigned char)bytes.data[0] + 256 * (size_t)(unsigned char)bytes.data[1];
    char *copy = malloc(bytes.size), what[64];
    memcpy(copy, bytes.data, bytes.size);
    for (size_t i = 0; i < bytes.size; i += i < header ? 1 : 7)
        for (unsigned bit = i < header ? 0 : (unsigned)i % 8; bit < (i < header ? 8 : (unsigned)i % 8 + 1); bit++) {
            copy[i] = (char)(copy[i] ^ (1 << bit));
            snprintf(what, sizeof what, "bit %u of byte %zu", bit, i);
            check_refused(copy, bytes.size, "", what);
            copy[i] = bytes.data[i];
        }
    free(copy);
}

/* ---- lies with a right digest */

static size_t header_size(const char *data)
{
    return (unsigned char)data[0] + 256 * (size_t)(unsigned char)data[1];
}

/* The file with another header in front of its data, sealed. */
static writer with_header(const char *header)
{
    writer out = {0};
    size_t length = strlen(header), padded = (8 + length + 63) / 64 * 64 - 8, old = 8 + header_size(bytes.data);
    char size[8] = {(char)padded, (char)(padded >> 8), (char)(padded >> 16)};
    writer_bytes(&out, size, 8);
    writer_bytes(&out, header, length);
    for (size_t i = length; i < padded; i++)
        writer_byte(&out, ' ');
    writer_bytes(&out, bytes.data + old, bytes.size - old);
    seal_model(out.data, out.size);
    return out;
}

/* Sets what stands at the path ("a/b/c"; an array's place by number) to the JSON value, or takes it away (NULL). */
static void json_edit(json_t *root, const char *path, const char *value)
{
    char part[160];
    size_t size = strcspn(path, "/");
    snprintf(part, sizeof part, "%.*s", (int)size, path);
    if (path[size] == '/') {
        json_edit(json_is_array(root) ? json_array_get(root, (size_t)atoi(part)) : json_object_get(root, part),
                  path + size + 1, value);
        return;
    }
    json_t *made = value == NULL ? NULL : json_loads(value, JSON_DECODE_ANY, NULL);
    if (json_is_array(root))
        assert_int_equal(json_array_set_new(root, (size_t)atoi(part), made), 0);
    else if (value == NULL)
        assert_int_equal(json_object_del(root, part), 0);
    else
        assert_int_equal(json_object_set_new(root, part, made), 0);
}

static json_t *read_header(void)
{
    json_t *header = json_loadb(bytes.data + 8, header_size(bytes.data), 0, NULL);
    assert_non_null(header);
    return header;
}

static void check_json(json_t *header, const char *piece, const char *what)
{
    char *text = json_dumps(header, JSON_COMPACT);
    writer file = with_header(text);
    check_refused(file.data, file.size, piece, what);
    writer_release(&file);
    free(text);
    json_decref(header);
}

static void headers_that_lie_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *path, *value, *piece;
    } cases[] = {
        {"embedding.embeddings/dtype", "\"F16\"", "dtype F16, expected F32, I32, U32, U8, U64 or BF16"},
        {"embedding.embeddings/dtype", "\"I32\"", "its type or shape is not what the configuration says"},
        {"embedding.embeddings/dtype", "7", "dtype missing"},
        {"embedding.embeddings/dtype", NULL, "expected only dtype, shape and data_offsets"},
        {"embedding.embeddings/odd", "1", "expected only dtype, shape and data_offsets"},
        {"embedding.embeddings/shape", "[1, 1, 1, 1, 38]", "at most 4 sizes"},
        {"embedding.embeddings/shape", "[]", "data_offsets 0 to"},
        {"embedding.embeddings/shape", "{}", "at most 4 sizes"},
        {"embedding.embeddings/shape/0", "0", "not a whole number from 1"},
        {"embedding.embeddings/shape/0", "-1", "not a whole number from 1"},
        {"embedding.embeddings/shape/0", "1e3", "not a whole number from 1"},
        {"embedding.embeddings/shape/0", "9223372036854775807", "too large"},
        {"embedding.embeddings/shape", "[4294967296, 4294967296]", "too large"},
        {"embedding.embeddings/shape", "[1, 1]", "expected 4 bytes"},
        {"embedding.embeddings/data_offsets/0", "-1", "data_offsets -1 to"},
        {"embedding.embeddings/data_offsets/0", "4", "data_offsets 4 to"},
        {"embedding.embeddings/data_offsets", "[8, 0]", "data_offsets 8 to 0"},
        {"embedding.embeddings/data_offsets", "[0, 1e3]", "expected two whole numbers"},
        {"embedding.embeddings/data_offsets", "[0]", "expected two whole numbers"},
        {"embedding.embeddings/data_offsets", "[1000000000, 1000000152]", "within"},
        {"embedding.embeddings", "[]", "expected only dtype, shape and data_offsets"},
        {"embedding.embeddings", NULL, "begins at byte"},
        {"", "{\"dtype\": \"U8\", \"shape\": [1], \"data_offsets\": [0, 1]}", "name has 0 bytes"},
        {"odd", "{\"dtype\": \"U8\", \"shape\": [1], \"data_offsets\": [0, 1]}", "begins at byte"}, /* they overlap */
        {"heed.labels.bytes", NULL, "bytes after the last tensor"},
        {"__metadata__", NULL, "no heed.config"},
        {"__metadata__", "[]", "__metadata__ is not an object"},
        {"__metadata__/heed.config", NULL, "is it a heed model?"},
        {"__metadata__/heed.config", "\"[]\"", "format"},
        {"__metadata__/heed.config", "\"{\"", "broken JSON"},
        {"__metadata__/heed.config", "7", "heed.config is not a string"},
        {"__metadata__/heed.digest", NULL, "no heed.digest"},
        {"__metadata__/heed.digest", "\"0\"", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        json_t *header = read_header();
        json_edit(header, cases[i].path, cases[i].value);
        char what[200];
        snprintf(what, sizeof what, "%s = %s", cases[i].path, cases[i].value == NULL ? "(none)" : cases[i].value);
        check_json(header, cases[i].piece, what);
    }
}

/* Two tensors change their places: names and shapes fit, and the bytes are those of the other. */
static void holes_and_renamed_tensors_are_refused(void **state)
{
    (void)state;
    json_t *header = read_header(), *first = json_incref(json_object_get(header, "heed.history"));
    json_object_del(header, "heed.history");
    json_object_set_new(header, "heed.histories", first);
    check_json(header, "tensor heed.history is missing", "a tensor of another name");
    header = read_header();
    json_edit(header, "heed.vocabulary.bytes/shape/0", "1");
    json_t *offsets = json_object_get(json_object_get(header, "heed.vocabulary.bytes"), "data_offsets");
    json_array_set_new(offsets, 1, json_integer(json_integer_value(json_array_get(offsets, 0)) + 1));
    check_json(header, "begins at byte", "a hole");
}

/* What a configuration may not say: where, the value (NULL: not there at all), and what the message tells. */
static const struct {
    const char *path, *value, *piece;
} config_lies[] = {
    {"format", "3", "format 3, expected 1 to 2: it was written by a newer heed"},
    {"format", "1000000000000", "written by a newer heed"},
    {"format", "0", "format is not a number from 1 to 2"},
    {"format", "-1", "format is not a number from 1 to 2"},
    {"rows/label_map", "\"a=b,*\"", "format 1, but it has what only format 2 has"},
    {"training/validation", "\"cross-fit 5\"", "format 1, but it has what only format 2 has"},
    {"format", "\"1\"", "format"},
    {"format", NULL, "format"},
    {"program", NULL, "unknown sections, or program is missing"},
    {"odd", "{}", "unknown sections"},
    {"text", NULL, "text.html"},
    {"text", "[]", "text.html"},
    {"text/odd", "1", "text has unknown fields"},
    {"text/html", "\"burn\"", "text.html is not keep|space"},
    {"text/html", "0", "text.html is not keep|space"},
    {"text/html", "\"keep|space\"", "text.html"},
    {"text/html", "\"\"", "text.html"},
    {"text/pad", NULL, "text.pad"},
    {"text/count_all_rows", "0", "count_all_rows is not true or false"},
    {"text/stop_words", "7", "stop_words is not a text or null"},
    {"text/stop_words", "\"list\"", "stop words: 'list' and its tensor do not fit"},
    {"text/stop_words", "\"/etc/passwd\"", "stop words: '/etc/passwd' and its tensor do not fit"},
    {"text/max_length", "-1", "max_length is not a number in its range"},
    {"text/max_length", "0", "text.max_length is 0, network.window 8"},
    {"text/max_length", "9", "text.max_length is 9, network.window 8"},
    {"text/max_words", "-1", "max_words is not a number in its range"},
    {"text/max_words", "4294967296", "max_words is not a number in its range"},
    {"text/max_words", "1.5", "max_words is not a number in its range"},
    {"text/vocabulary", "\"keras\"", "its type or shape"}, /* one id fewer than the embedding has rows */
    {"network/window", "-1", "window is not a number in its range"},
    {"network/window", "0", "text.max_length is 8, network.window 0"},
    {"network/window", "65537", "window is not a number in its range"},
    {"network/window", "1000000000000", "window is not a number in its range"},
    {"network/outputs", "2", "2 outputs for 2 labels"},
    {"network/outputs", "0", "outputs is not a number in its range"},
    {"network/rows_per_chunk", "11", "chunks of 11 rows"},
    {"network/mask", "null", "mask is not true or false"},
    {"network/architecture", "null", "network.architecture is missing"},
    {"network/architecture", "\"\"", "architecture: empty"},
    {"network/architecture", "\"embed 2 | bilstm 3 | attention additive 2 | dense 2\"", "its type or shape"},
    {"network/architecture", "\"embed 2 | bilstm 2 | bilstm 2 | attention additive 2 | dense 2\"", "is missing"},
    {"network/architecture", "\"embed 2 | bilstm 2 | attention additive 2\"", ""},
    {"network/architecture", "\"embed 2 | bilstm 1000000000 | attention additive 2 | dense 2\"",
     "expected a whole number"},
    {"network/architecture", "\"embed 2 | bilstm 2 | attention additive 2 | dense 1e999\"", "expected a number"},
    {"network/architecture", "\"embed 2 | bilstm 4096 | bilstm 4096 | bilstm 4096 | attention additive 2 | dense 2\"",
     "parameters, expected at most"},
    {"network/architecture", "\"embed 2 | bilstm 4096 | attention additive 4096 | dense 4096\"", ""},
    {"network/architecture", "\"embed 2 | transmogrify 2 | attention additive 2 | dense 2\"", "did you mean"},
    {"labels/count", "3", "2 labels, the configuration says 3"},
    {"labels/count", "1", "count is not a number in its range"},
    {"labels/positive", "2", "labels.positive is 2 of 2"},
    {"labels/task", "\"multiclass\"", "labels.positive is 1 of 2 labels, which does not fit labels.task"},
    {"labels/task", "\"multilabel\"", "labels.positive is 1 of 2 labels, which does not fit labels.task"},
    {"labels/task", "\"regression\"", "labels.task is not binary|multiclass|multilabel"},
    {"training/label_smoothing", "1.5", "label_smoothing is not a number in its range"},
    {"labels/positive", "65537", "positive is not a number in its range"},
    {"training/rows", "-1", "training.rows is not a number in its range"},
    {"training/seed", "18446744073709551615", "broken JSON"},
    {"training/epochs_run", "3", "heed.history: its type or shape"},
    {"training/epochs_run", "0", "tensors, expected"},
    {"training/epoch_kept", "65537", "epoch_kept is not a number in its range"},
    {"training/learning_rate", "-1", "learning_rate is not a number in its range"},
    {"training/learning_rate", "\"1\"", "learning_rate is not a number in its range"},
};

static void configurations_that_lie_are_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof config_lies / sizeof *config_lies; i++) {
        json_t *header = read_header(), *metadata = json_object_get(header, "__metadata__");
        json_t *config = json_loads(json_string_value(json_object_get(metadata, "heed.config")), 0, NULL);
        char what[200];
        if (strstr(config_lies[i].value == NULL ? "" : config_lies[i].value, "18446744073709551615") == NULL)
            json_edit(config, config_lies[i].path, config_lies[i].value);
        char *text = json_dumps(config, JSON_COMPACT);
        if (strcmp(config_lies[i].path, "training/seed") == 0) { /* no library writes what none reads */
            char *old = text;
            assert_true(asprintf(&text, "{\"seed\":%s,%s", config_lies[i].value, old + 1) > 0);
            free(old);
        }
        json_object_set_new(metadata, "heed.config", json_string(text));
        snprintf(what, sizeof what, "%s = %.100s", config_lies[i].path,
                 config_lies[i].value == NULL ? "(none)" : config_lies[i].value);
        check_json(header, config_lies[i].piece, what);
        free(text);
        json_decref(config);
    }
}

/* A window of 65,536 tokens and the widest layers: gigabytes for a pass, from a file of a few hundred kilobytes. */
static void passes_that_need_gigabytes_are_refused(void **state)
{
    (void)state;
    json_t *header = read_header(), *metadata = json_object_get(header, "__metadata__");
    json_t *config = json_loads(json_string_value(json_object_get(metadata, "heed.config")), 0, NULL);
    json_edit(config, "network/window", "65536");
    json_edit(config, "text/max_length", "65536");
    json_edit(config, "network/architecture", "\"embed 4096 | bilstm 2 | attention additive 2 | dense 2\"");
    char *text = json_dumps(config, JSON_COMPACT);
    json_object_set_new(metadata, "heed.config", json_string(text));
    check_json(header, "a pass over 10 rows of 65536 tokens needs", "a long window");
    json_decref(config);
    free(text);
}

/* The same words in the text of the header, which a JSON library would not write. */
static void headers_of_odd_json_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *find, *put, *piece;
    } cases[] = {
        {"{\"__metadata__\":", "{\"heed.history\":{},\"__metadata__\":", "duplicate"},
        {"{\"__metadata__\":", "{\"heed.histor\\u0079\":{},\"__metadata__\":", "duplicate"},
        {"{\"__metadata__\":", "{\"a\\u0000b\":{},\"__metadata__\":", "broken JSON"},
        {"{\"__metadata__\":", "{\"a\xFF\":{},\"__metadata__\":", "not a UTF-8 JSON object"},
        {"{\"__metadata__\":", " {\"__metadata__\":", "not a UTF-8 JSON object"},
        {"{\"__metadata__\":", "{\"a\nb\":{},\"__metadata__\":", "broken JSON"},
        {"\"data_offsets\":[0,", "\"data_offsets\":[00,", "broken JSON"},
        {"\"data_offsets\":[0,", "\"data_offsets\":[0.0,", "expected two whole numbers"},
        {"\"data_offsets\":[0,", "\"data_offsets\":[99999999999999999999,", "broken JSON"},
        {"\"data_offsets\":[0,", "\"data_offsets\":[0,0,", "expected two whole numbers"},
        {"\"data_offsets\":[0,", "\"data_offsets\":[NaN,", "broken JSON"},
        {"\"dtype\":", "\"dtype\":\"F32\",\"dtype\":", "duplicate"},
        {"\\\"html\\\":", "\\\"html\\\":\\\"keep\\\",\\\"html\\\":", "duplicate"},
        {"\\\"html\\\":", "\\\"htm\\\\u006c\\\":\\\"keep\\\",\\\"html\\\":", "duplicate"},
    };
    char *text = strndup(bytes.data + 8, header_size(bytes.data));
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *at = strstr(text, cases[i].find), *changed = NULL;
        assert_non_null(at);
        assert_true(asprintf(&changed, "%.*s%s%s", (int)(at - text), text, cases[i].put, at + strlen(cases[i].find)) >
                    0);
        for (char *end = changed + strlen(changed); end > changed && end[-1] == ' ';) /* its padding */
            *--end = '\0';
        writer file = with_header(changed);
        check_refused(file.data, file.size, cases[i].piece, cases[i].put);
        writer_release(&file);
        free(changed);
    }
    char *deep = malloc(200002); /* a hundred thousand brackets */
    memset(deep, '[', 200000);
    memcpy(deep, "{\"a\":", 5);
    deep[200000] = '\0';
    writer file = with_header(deep);
    check_refused(file.data, file.size, "", "a hundred thousand brackets");
    writer_release(&file);
    free(deep);
    free(text);
}

static void lengths_that_lie_are_refused(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {0, 1, 1 << 20 | 1, UINT64_MAX, UINT64_MAX - 7, (uint64_t)1 << 63, 0x100000000};
    char *copy = malloc(bytes.size);
    memcpy(copy, bytes.data, bytes.size);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        memcpy(copy, &lengths[i], 8);
        seal_model(copy, bytes.size);
        check_refused(copy, bytes.size, "a header of", "a length that lies");
    }
    free(copy);
}

static void data_that_lie_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *tensor;
        size_t place; /* bytes */
        uint32_t bits;
        const char *piece;
    } cases[] = {
        {"embedding.embeddings", 4, 0x7FC00000, "element 1 is not a finite number"},
        {"embedding.embeddings", 0, 0x7F800000, "element 0 is not a finite number"},
        {"embedding.embeddings", 8, 0xFF800000, "element 2 is not a finite number"},
        {"heed.thresholds", 0, 0x7FC00000, "heed.thresholds: element 0 is nan, expected 0 to 1"},
        {"heed.thresholds", 0, 0xBF000000, "heed.thresholds: element 0 is -0.5, expected 0 to 1"},
        {"heed.vocabulary.offsets", 0, 1, "text 0 is broken"},
        {"heed.vocabulary.offsets", 4, 0, "text 0 is broken"},
        {"heed.vocabulary.offsets", 4, UINT32_MAX, "text 0 is broken"},
        {"heed.vocabulary.offsets", 8, 1, "text 1 is broken"},
        {"heed.vocabulary.offsets", 76, 37, "text 18 is broken"}, /* the last: it has to be the end */
        {"heed.labels.offsets", 8, 3, "text 1 is broken"},
        {"heed.labels.offsets", 8, 5, "text 1 is broken"},
        {"heed.vocabulary.bytes", 0, 0x61626162, "found word 0 again as word 1"},
        {"heed.vocabulary.bytes", 0, 0xFFFFFFFF, "text 0 is broken"},
        {"heed.labels.bytes", 0, 0x61616262, "label 1 is broken or out of order"}, /* bb aa */
        {"heed.labels.bytes", 0, 0x61616161, "label 1 is broken or out of order"},
        {"heed.labels.bytes", 0, 0x62620061, "label 0 is broken or out of order"},
    };
    json_t *header = read_header();
    char *copy = malloc(bytes.size), what[100];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const json_t *offsets = json_object_get(json_object_get(header, cases[i].tensor), "data_offsets");
        assert_non_null(offsets);
        size_t first = (size_t)json_integer_value(json_array_get(offsets, 0));
        assert_in_range(first + cases[i].place, 0, (size_t)json_integer_value(json_array_get(offsets, 1)) - 4);
        memcpy(copy, bytes.data, bytes.size);
        memcpy(copy + 8 + header_size(copy) + first + cases[i].place, &cases[i].bits, 4);
        seal_model(copy, bytes.size);
        snprintf(what, sizeof what, "%s at %zu: %x", cases[i].tensor, cases[i].place, cases[i].bits);
        check_refused(copy, bytes.size, cases[i].piece, what);
    }
    memcpy(copy, bytes.data, bytes.size); /* the harness itself changes nothing */
    seal_model(copy, bytes.size);
    assert_memory_equal(copy, bytes.data, bytes.size);
    free(copy);
    json_decref(header);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(truncated_files_are_refused),         cmocka_unit_test(flipped_bits_are_refused),
        cmocka_unit_test(headers_that_lie_are_refused),        cmocka_unit_test(holes_and_renamed_tensors_are_refused),
        cmocka_unit_test(configurations_that_lie_are_refused), cmocka_unit_test(passes_that_need_gigabytes_are_refused),
        cmocka_unit_test(headers_of_odd_json_are_refused),     cmocka_unit_test(lengths_that_lie_are_refused),
        cmocka_unit_test(data_that_lie_are_refused),
    };
    return cmocka_run_group_tests_name("model lies", tests, set_up, tear_down);
}
