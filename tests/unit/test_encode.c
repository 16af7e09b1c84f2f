/* One way from a text to ids: what training makes of its rows (corpus and examples, by word cache and on all threads)
 * is what a model makes of the same text when it predicts, and what an explanation traces. */
#include "unit/made_encoder.h"

#include "base/escape.h"
#include "data/examples.h"
#include "model/encode.h"
#include "model/sum.h"

/* What the models know. */
static const char *const known[] = {
    "The films were good, the acting was not bad!",
    "<b>Great</b> &amp; funny<br />film - don&#39;t miss it",
    "\xE6\x98\xA0\xE7\x94\xBB \xE3\x81\xAF good film \xE6\x98\xA0",
    "caf\xC3\xA9 na\xC3\xAFve \xCE\xA3\xCE\x91\xCE\xA3 running films it's",
};
enum { KNOWN = sizeof known / sizeof *known };

#define TEXT(words)                                                                                                    \
    {                                                                                                                  \
        words, sizeof(words) - 1                                                                                       \
    }
static const struct {
    const char *what;
    heed_bytes text;
} texts[] = {
    {"known words", TEXT("good films")},
    {"no text", TEXT("")},
    {"blanks", TEXT("  \t \n ")},
    {"HTML", TEXT("<p>good</p><!-- bad --> film<br/>")},
    {"HTML that is none", TEXT("good < bad <b film > not </")},
    {"entities", TEXT("don&#39;t &amp; &lt;b&gt; &#x41;&bogus; &#0; caf&#233;")},
    {"stop words alone", TEXT("it was not the")},
    {"unknown words", TEXT("zebra quux good zebra")},
    {"nothing but unknown words", TEXT("zebra quux")},
    {"longer than any window", TEXT("good bad film acting good funny not miss good bad zebra film great the end")},
    {"capitals", TEXT("GOOD Good gOOD \xC3\x89\xC3\x80 \xCE\xA3\xCE\x91\xCE\xA3 \xC4\xB0")},
    {"Keras's filter", TEXT("good-bad,film;(acting) a\"b it's")},
    {"CJK", TEXT("\xE6\x98\xA0\xE7\x94\xBB\xE3\x81\xAF\xE6\x98\xA0good")},
    {"inflected words", TEXT("films running was were ran goods")},
    {"a word beyond the cache", TEXT("incomprehensibilities good incomprehensibilities")},
    {"NUL and controls", TEXT("good\0film \x01 bad\x7F")},
    {"replacement characters and a byte order mark", TEXT("\xEF\xBB\xBFgood \xEF\xBF\xBD film\xEF\xBF\xBD")},
    {"noncharacters, private use, the last character", TEXT("\xEF\xBF\xBF good \xEE\x80\x80 \xF4\x8F\xBF\xBF film")},
    {"C1 controls and lone marks", TEXT("\xC2\x85good\xC2\x80 \xCC\x81 e\xCC\x81 film")},
    {"emoji, joined", TEXT("good \xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x92\xBB film")},
};
enum { WRITTEN = sizeof texts / sizeof *texts, RANDOM = 80, TEXTS = WRITTEN + RANDOM, LONGEST = 60 };
static char random_bytes[RANDOM][4 * LONGEST];

/* Of pieces that one stage or another looks for. */
static heed_bytes random_text(uint32_t number)
{
    static const char *const pieces[] = {"good",
                                         "film",
                                         " ",
                                         "  ",
                                         "<b>",
                                         "</b>",
                                         "&amp;",
                                         "&",
                                         "<",
                                         ">",
                                         "\xC3\xA9",
                                         "e\xCC\x81",
                                         "\xF0\x9F\x98\x80",
                                         "##ly",
                                         "[CLS]",
                                         "[UNK]",
                                         "7",
                                         "42",
                                         "\xE6\x98\xA0",
                                         "\xD0\xB0\xD0\xBD",
                                         "!",
                                         ".",
                                         "love",
                                         "ly",
                                         "\t",
                                         "\xE2\x80\x8B",
                                         "\xC2\xA0",
                                         "CAF\xC3\x89",
                                         "not",
                                         "-"};
    uint32_t seed = number + 1;
    heed_bytes text = {random_bytes[number], 0};
    for (uint32_t i = 0; i < number % LONGEST; i++) {
        seed = seed * 1664525 + 1013904223;
        const char *piece = pieces[(seed >> 9) % (sizeof pieces / sizeof *pieces)];
        memcpy(random_bytes[number] + text.size, piece, strlen(piece));
        text.size += strlen(piece);
        assert_in_range(text.size, 0, 4 * LONGEST - 16);
    }
    return text;
}

static heed_bytes text_at(size_t i)
{
    return i < WRITTEN ? texts[i].text : random_text((uint32_t)(i - WRITTEN));
}

static const char *what_at(size_t i)
{
    return i < WRITTEN ? texts[i].what : random_text((uint32_t)(i - WRITTEN)).data;
}

#define SUBWORDS(name, ...)                                                                                            \
    {                                                                                                                  \
        .tokens = HEED_TOKENS_WORDPIECE, .tokenizer = "golden/tokenizers/" name, __VA_ARGS__                           \
    }
static const struct {
    const char *what, *architecture;
    heed_text_options text; /* without a head */
} options[] = {
    {"counts", "embed 2 | max", {.tokens = HEED_TOKENS_SPLIT, .max_length = 8}},
    {"counts, cut in front", "embed 2 | max", {.tokens = HEED_TOKENS_SPLIT, .max_length = 3, .cut = HEED_CUT_PRE}},
    {"counts, cut behind", "embed 2 | max", {.tokens = HEED_TOKENS_SPLIT, .max_length = 3, .cut = HEED_CUT_POST}},
    {"counts, cut in the middle",
     "embed 2 | max",
     {.tokens = HEED_TOKENS_SPLIT, .max_length = 5, .cut = HEED_CUT_MIDDLE}},
    {"few words known", "embed 2 | max", {.tokens = HEED_TOKENS_WORDS, .max_length = 8, .max_words = 5}},
    {"HTML, words, lower case",
     "embed 2 | max",
     {.html = HEED_HTML_SPACE, .letters = HEED_LETTERS_LOWER, .tokens = HEED_TOKENS_WORDS, .max_length = 6}},
    {"all stages",
     "embed 2 | max",
     {.html = HEED_HTML_SPACE,
      .punctuation = HEED_PUNCTUATION_ALL,
      .letters = HEED_LETTERS_LOWER,
      .tokens = HEED_TOKENS_SPLIT,
      .lemmas = HEED_LEMMAS_NOUN_VERB,
      .stop_words = "english",
      .max_length = 4}},
    {"keras, whole texts as tokens", "embed 2 | max", {.vocabulary = HEED_VOCABULARY_KERAS, .max_length = 8}},
    {"keras, split, few words",
     "embed 2 | max",
     {.html = HEED_HTML_SPACE,
      .tokens = HEED_TOKENS_SPLIT,
      .vocabulary = HEED_VOCABULARY_KERAS,
      .max_length = 3,
      .max_words = 6,
      .cut = HEED_CUT_MIDDLE}},
    {"the tutorial",
     "embed 2 | max",
     {.punctuation = HEED_PUNCTUATION_FIRST32,
      .letters = HEED_LETTERS_LOWER,
      .tokens = HEED_TOKENS_SPLIT,
      .lemmas = HEED_LEMMAS_NOUN_VERB,
      .stop_words = "english",
      .vocabulary = HEED_VOCABULARY_KERAS,
      .max_length = 4}},
    {"linear", "linear", {.letters = HEED_LETTERS_LOWER, .tokens = HEED_TOKENS_WORDS, .min_count = 1}},
    {"linear, keras", "linear", {.tokens = HEED_TOKENS_SPLIT, .vocabulary = HEED_VOCABULARY_KERAS}},
    {"an encoder", "encoder | mean | linear 1", {.encoder = "bert", .html = HEED_HTML_SPACE, .max_length = 7}},
    {"an encoder, stretches, cut in front",
     "encoder | mean | linear 1",
     {.encoder = "bert", .max_length = 4, .stretches = 2, .cut = HEED_CUT_PRE, .rules = HEED_TEXT_RULES_UNICODE}},
    {"an encoder, all stages",
     "encoder | max | linear 1",
     {.encoder = "static",
      .html = HEED_HTML_SPACE,
      .punctuation = HEED_PUNCTUATION_ALL,
      .letters = HEED_LETTERS_LOWER,
      .tokens = HEED_TOKENS_WORDS,
      .stop_words = "english",
      .max_length = 9}},
    {"an encoder beside words",
     "encoder | mean | linear 1 ; linear ; embed 2 | max",
     {.encoder = "bert",
      .html = HEED_HTML_SPACE,
      .letters = HEED_LETTERS_LOWER,
      .tokens = HEED_TOKENS_WORDS,
      .max_length = 6}},
    {"an encoder beside words of keras",
     "linear ; encoder | mean | linear 1",
     {.encoder = "static", .tokens = HEED_TOKENS_SPLIT, .vocabulary = HEED_VOCABULARY_KERAS, .max_length = 6}},
    {"sub-words", "embed 2 | max", SUBWORDS("uncased", .max_length = 8)},
    {"sub-words of letters as they are, HTML, cut in the middle", "embed 2 | max",
     SUBWORDS("cased", .html = HEED_HTML_SPACE, .max_length = 5, .cut = HEED_CUT_MIDDLE)},
    {"sub-words, few known, Python's rules", "embed 2 | max",
     SUBWORDS("added", .html = HEED_HTML_SPACE, .rules = HEED_TEXT_RULES_PYTHON, .max_words = 9)},
    {"an encoder beside sub-words of another tokenizer", "encoder | mean | linear 1 ; linear",
     SUBWORDS("uncased", .encoder = "bert", .html = HEED_HTML_SPACE, .max_length = 6)},
    {"sub-words, linear", "linear", SUBWORDS("lines", .html = HEED_HTML_SPACE)},
};

static made_encoder bert, still;

static int open_encoders(void **state)
{
    (void)state;
    made_encoder_open(&bert, "bert", "vocab.txt");
    made_encoder_open(&still, "static", "static.json");
    return 0;
}

static int close_encoders(void **state)
{
    (void)state;
    made_encoder_close(&bert);
    made_encoder_close(&still);
    return 0;
}

static heed_corpus *corpus_of(size_t which)
{
    heed_text_options text = options[which].text, off;
    heed_text_options_init(&off, HEED_PRESET_OFF);
    text.head = off.head;
    if (text.encoder != NULL)
        text.encoder = strcmp(text.encoder, "bert") == 0 ? bert.path : still.path;
    return made_corpus(&text);
}

/* Adds a row for each text, read from a file of JSON lines, which can hold all of them. */
static void add_texts(heed_corpus *corpus, const heed_bytes *rows, size_t count)
{
    writer lines = {0};
    char path[64];
    heed_reader *reader = NULL;
    heed_rows_options usual = made_rows_options(NULL);
    for (size_t i = 0; i < count; i++) {
        writer_print(&lines, "{\"label\":\"%s\",\"text\":", i % 2 == 0 ? "a" : "b");
        escape_json(&lines, rows[i]);
        writer_text(&lines, "}\n");
    }
    must(writer_check(&lines, &made_error));
    made_file(path, ".jsonl", lines.data, lines.size);
    must(heed_reader_open(&reader, &(const char *){path}, 1, &usual, &made_error));
    must(heed_corpus_add(corpus, reader, HEED_PART_TRAIN, 2, NULL, &made_error));
    heed_reader_free(reader);
    writer_release(&lines);
    unlink(path);
}

static heed_model *model_of(size_t which)
{
    heed_bytes rows[KNOWN];
    heed_train_options train = made_train_options();
    heed_corpus *corpus = corpus_of(which);
    heed_model *m = NULL;
    for (size_t i = 0; i < KNOWN; i++)
        rows[i] = bytes_of(known[i]);
    add_texts(corpus, rows, KNOWN);
    train.architecture = options[which].architecture;
    train.validation = HEED_VALIDATION_NONE;
    train.epochs = 1;
    must(heed_train(&m, corpus, &train, NULL, &made_error));
    heed_corpus_free(corpus);
    model_sum *sum = m->class->has_parts ? m->trained : NULL;
    for (uint32_t i = 0; sum != NULL && i < sum->count; i++)
        sum->parts[i].weight = 1; /* only training reads for a part of weight 0 */
    return m;
}

/* The ids of all texts as training makes them. */
static examples examples_of(size_t which, const heed_model *m, heed_corpus **corpus)
{
    heed_bytes rows[TEXTS];
    uint32_t numbers[TEXTS];
    examples e;
    *corpus = corpus_of(which);
    for (uint32_t i = 0; i < TEXTS; i++) {
        rows[i] = text_at(i);
        numbers[i] = i;
    }
    add_texts(*corpus, rows, TEXTS);
    must(corpus_sort_labels(*corpus, &made_error));
    must(examples_make(&e, *corpus, numbers, TEXTS, &m->words, model_window(m), &made_error));
    return e;
}

/* Of a text in its order: the words, and then the sub-words, as training has them. */
static void words_first(uint32_t *to, const text_encoder *found)
{
    for (int subwords = 0; subwords < 2; subwords++)
        for (size_t i = 0; i < found->count; i++)
            if (id_is_subword(found->ids[i]) == subwords)
                *to++ = found->ids[i];
}

/* Spelled words are the same word, whatever their numbers. */
static bool same_id(const heed_model *m, uint32_t id, const intern *spelling, uint32_t other, const intern *others)
{
    uint32_t words = m->words.size;
    if (spelling == NULL || id < words || id_is_subword(id) || id == VOCABULARY_DROPPED || other < words)
        return id == other;
    return bytes_same(intern_word(spelling, id - words), intern_word(others, other - words));
}

static void check_equal(size_t which, size_t text, const heed_model *m, const examples *e, const text_encoder *found,
                        const char *how)
{
    uint32_t ids[400];
    const uint32_t *expected = e->ids + e->first[text];
    bool same = found->count == e->first[text + 1] - e->first[text];
    assert_in_range(found->count, 0, 400);
    words_first(ids, found);
    for (size_t i = 0; i < found->count && same; i++)
        same = same_id(m, ids[i], text_encoder_spelling(found, m), expected[i], e->spelling);
    if (!same)
        fail_msg("%s, %s: %s gives %zu ids, training %zu, or others", options[which].what, what_at(text), how,
                 found->count, e->first[text + 1] - e->first[text]);
}

/* Each id is that of its piece, and pieces come in order. */
static void check_trace(const heed_model *m, const text_encoder *found, const text_trace *trace)
{
    size_t pieces;
    const heed_token *piece = tokens_items(found->pieces, &pieces);
    for (size_t i = 0; i < found->count; i++) {
        assert_true(trace->piece[i] < pieces && (i == 0 || trace->piece[i] > trace->piece[i - 1]));
        bool subword = text_encoder_is_subword(found, trace->piece[i]);
        assert_int_equal(id_is_subword(found->ids[i]), subword);
        if (!subword && (!m->class->spells_words || found->ids[i] < m->words.size))
            assert_int_equal(found->ids[i], vocabulary_id(&m->words, piece[trace->piece[i]].text));
    }
    for (size_t i = 0; i < pieces; i++) {
        assert_int_equal(trace->unknown[i], text_encoder_is_unknown(found, m, i));
        if (!text_encoder_is_subword(found, i))
            assert_int_equal(trace->unknown[i], intern_find(&m->words.words, piece[i].text) == INTERN_NONE);
    }
}

static void training_prediction_and_explanation_read_alike(void **state)
{
    (void)state;
    size_t ids = 0;
    for (size_t which = 0; which < sizeof options / sizeof *options; which++) {
        heed_corpus *corpus;
        heed_model *m = model_of(which);
        examples e = examples_of(which, m, &corpus);
        text_encoder plain, traced;
        text_trace trace = {0};
        must(text_encoder_init(&plain, &made_error));
        must(text_encoder_init(&traced, &made_error));
        for (size_t i = 0; i < TEXTS; i++) {
            must(text_encode(&plain, m, text_at(i), NULL, &made_error));
            check_equal(which, i, m, &e, &plain, "prediction");
            must(text_encode(&traced, m, text_at(i), &trace, &made_error));
            check_equal(which, i, m, &e, &traced, "explanation");
            check_trace(m, &traced, &trace);
        }
        assert_int_equal(plain.read.texts, TEXTS);
        assert_memory_equal(&plain.read, &traced.read, sizeof plain.read);
        ids += e.first[TEXTS];
        text_encoder_release(&plain);
        text_encoder_release(&traced);
        text_trace_release(&trace);
        examples_release(&e);
        heed_corpus_free(corpus);
        heed_model_free(m);
    }
    assert_true(ids > 500); /* something was compared */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(training_prediction_and_explanation_read_alike)};
    return cmocka_run_group_tests(tests, open_encoders, close_encoders);
}
