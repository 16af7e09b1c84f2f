/* What a model remembers of the rows that it saw, what its file may say of them, and what is told before a training. */
#include "unit/made_rows.h"
#include "unit/sealed_model.h"

#include "data/label_conflicts.h"
#include "data/split.h"
#include "data/text_digest.h"
#include "model/model_file.h"
#include "train/seen_rows.h"

static heed_bytes text_of(const char *text)
{
    return (heed_bytes){text, strlen(text)};
}

/* Keeps the last warning, and the last note, that begin so. */
typedef struct told {
    char warning[400], note[400];
    heed_warning kind;
    int warnings;
} told;

static int listen(void *user, const heed_event *event)
{
    told *t = user;
    if (event->stage == HEED_STAGE_WARNING &&
        (event->warning == HEED_WARNING_LEAK || event->warning == HEED_WARNING_TWO_LABELS)) {
        snprintf(t->warning, sizeof t->warning, "%s", event->note);
        t->kind = event->warning;
        t->warnings++;
    }
    if (event->stage == HEED_STAGE_NOTE && strstr(event->note, "digests") != NULL)
        snprintf(t->note, sizeof t->note, "%s", event->note);
    return 0;
}

static const char rows[] = "label\ttext\na\tthe good film\nb\tthe bad film\na\tA good film!\nb\ta bad film\n"
                           "a\tgood R&amp;D\nb\tbad caf\xC3\xA9\na\tTHE GOOD FILM\nb\tso bad\n";
static const char more[] = "label\ttext\na\tgood, R&D\nb\tnew and bad\n";

static heed_train_options remembering(void)
{
    heed_train_options o = made_train_options();
    o.architecture = "embed 2 | mean";
    o.epochs = 1;
    o.row_digests = true;
    return o;
}

static heed_model *train_on(const char *train, const char *validation, const heed_train_options *o, told *t)
{
    const heed_listener listener = {listen, t};
    heed_model *m = NULL;
    heed_corpus *c = NULL;
    *t = (told){.kind = HEED_WARNING_NONE};
    heed_text_options text = made_text_options();
    must(o->init_from != NULL ? heed_corpus_new_like(&c, o->init_from, 0, 1, &made_error)
                              : heed_corpus_new(&c, &text, &made_error));
    must(add_rows(c, train, HEED_PART_ANY, NULL));
    if (validation != NULL)
        must(add_rows(c, validation, HEED_PART_VALIDATION, NULL));
    must(heed_train(&m, c, o, &listener, &made_error));
    heed_corpus_free(c);
    return m;
}

static heed_model *saved_and_loaded(const heed_model *m)
{
    writer file = {0};
    heed_model *out = NULL;
    must(model_print(&file, m, &made_error));
    must(model_parse(&out, file.data, file.size, "the/file", &made_error));
    writer_release(&file);
    return out;
}

static void a_model_knows_the_texts_of_its_training_and_validation_rows(void **state)
{
    (void)state;
    told t;
    const heed_train_options o = remembering();
    heed_model *trained = train_on(rows, more, &o, &t), *m = saved_and_loaded(trained);
    heed_model_free(trained);
    assert_int_equal(heed_model_digests(m), 8); /* two are the same film, and one is in both parts */
    static const char *const seen[] = {"the good film", "The \"good\" film.", "good r&d", "BAD cafe\xCC\x81",
                                       "New and bad"};
    for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
        assert_true(heed_model_saw(m, text_of(seen[i])));
    static const char *const unseen[] = {"", "the good films", "bad cafe", "film good the"};
    for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
        assert_false(heed_model_saw(m, text_of(unseen[i])));
    assert_string_equal(t.warning, "1 of 2 validation rows (50.0%) have the text of a training row: to that extent the "
                                   "figures measure memory");
    char *json = NULL;
    must(heed_model_json(&json, m, &made_error));
    assert_non_null(strstr(json, "\"digests\": 8"));
    assert_non_null(strstr(json, "\"leaked\": 1"));
    heed_free(json);
    heed_model_free(m);
}

static void a_further_training_adds_to_what_was_seen_and_does_not_pretend(void **state)
{
    (void)state;
    told t;
    heed_train_options o = remembering();
    heed_model *first = train_on(rows, NULL, &o, &t);
    assert_string_equal(t.warning, "");
    o.init_from = first;
    o.validation = HEED_VALIDATION_NONE;
    o.architecture = heed_model_describe(first)->architecture;
    heed_model *second = train_on(more, NULL, &o, &t);
    assert_int_equal(heed_model_digests(second), 8);
    assert_true(heed_model_saw(second, text_of("so bad")) && heed_model_saw(second, text_of("new and bad")));
    heed_model_free(second);
    digest_list_release(&first->seen); /* as a model of 0.1.0 */
    second = train_on(more, NULL, &o, &t);
    assert_int_equal(heed_model_digests(second), 0);
    assert_string_equal(t.note,
                        "the model gets no digests of its rows: the one that it starts from has none, and saw more");
    heed_model_free(second);
    heed_model_free(first);
}

static void a_model_that_is_not_to_remember_does_not(void **state)
{
    (void)state;
    told t;
    heed_train_options o = remembering(), tutorial;
    heed_train_options_init(&tutorial, HEED_PRESET_TUTORIAL);
    assert_false(tutorial.row_digests);
    o.row_digests = false;
    heed_model *m = train_on(rows, more, &o, &t);
    assert_int_equal(t.kind, HEED_WARNING_LEAK); /* which is told all the same */
    assert_int_equal(heed_model_digests(m), 0);
    assert_int_equal(config_format(&m->config), MODEL_FORMAT_FIRST);
    assert_false(heed_model_saw(m, text_of("the good film")));
    heed_model_free(m);
}

/* Rows with these numbers as digests, all of which train. */
static size_t remembered(uint32_t count, told *t)
{
    const heed_listener listener = {listen, t};
    heed_corpus corpus = {.row_count = count};
    training_data data = {.train = {.count = count}};
    heed_train_options o = remembering();
    seen_rows seen;
    o.validation = HEED_VALIDATION_NONE;
    *t = (told){.kind = HEED_WARNING_NONE};
    corpus.rows = calloc(count, sizeof *corpus.rows);
    data.train.row = calloc(count, sizeof *data.train.row);
    for (uint32_t i = 0; i < count; i++) {
        corpus.rows[i].digest = (uint64_t)i << 20;
        data.train.row[i] = count - 1 - i;
    }
    must(seen_rows_find(&seen, &corpus, &data, &o, &listener, &made_error));
    size_t found = seen.texts.count;
    seen_rows_release(&seen);
    free(corpus.rows);
    free(data.train.row);
    return found;
}

static void a_million_texts_are_the_most(void **state)
{
    (void)state;
    told t;
    assert_int_equal(remembered(1000000, &t), 1000000);
    assert_string_equal(t.note, "");
    assert_int_equal(remembered(1000001, &t), 0);
    assert_string_equal(t.note, "the model gets no digests of its rows: 1,000,001 texts, expected at most 1,000,000");
}

/* ---- files */

static void check_refused(const writer *file, const char *piece, const char *what)
{
    heed_model *out = NULL;
    must_refuse(model_parse(&out, file->data, file->size, "the/file", &made_error), HEED_BAD_DATA, piece, what);
    assert_null(out);
}

/* Replaces one piece of the header by another of the same size. */
static void edit(const writer *file, const char *from, const char *to)
{
    char *at = memmem(file->data, file->size, from, strlen(from));
    assert_int_equal(strlen(from), strlen(to));
    assert_non_null(at);
    memcpy(at, to, strlen(to));
}

static void digests_that_lie_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *piece;
    } headers[] = {
        {"\\\"digests\\\":7", "\\\"digests\\\":6", "heed.seen.digests: its type or shape"},
        {"\\\"digests\\\":7", "\\\"digests\\\":0", "configuration: seen is there without a number"},
        {"\\\"leaked\\\":0", "\\\"leaked\\\":x", "broken JSON"},
        {"\"heed.seen.digests\":{\"dtype\":\"U64\"", "\"heed.seen.digests\":{\"dtype\":\"F64\"", "dtype F64"},
        {"\"heed.seen.digests\":{\"dtype\":\"U64\"", "\"heed.seen.digests\":{\"dtype\":\"U32\"", "data_offsets"},
        {"\"heed.seen.digests\":", "\"heed.seen.digestz\":", "heed.seen.digests is missing"},
        {"\\\"format\\\":2", "\\\"format\\\":1", "format 1, but it has what only format 2 has"},
    };
    told t;
    const heed_train_options o = remembering();
    heed_model *m = train_on(rows, NULL, &o, &t);
    assert_int_equal(heed_model_digests(m), 7);
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        writer file = {0};
        must(model_print(&file, m, &made_error));
        edit(&file, headers[i].from, headers[i].to);
        assert_true(seal_model(file.data, file.size));
        check_refused(&file, headers[i].piece, headers[i].to);
        writer_release(&file);
    }
    for (int lie = 0; lie < 2; lie++) { /* twice the same, and one out of order */
        uint64_t last = m->seen.of[6];
        writer file = {0};
        m->seen.of[6] = m->seen.of[lie == 0 ? 5 : 0];
        must(model_print(&file, m, &made_error));
        check_refused(&file, "heed.seen.digests: element 6 is not larger than the one before it", "their order");
        m->seen.of[6] = last;
        writer_release(&file);
    }
    heed_model_free(m);
}

/* ---- before a training */

static void rows_that_are_held_out_in_turn_have_no_twin_in_training(void **state)
{
    (void)state;
    enum { TEXTS = 60 };
    writer tsv = {0};
    writer_text(&tsv, "label\ttext\tgroup\n");
    for (int i = 0; i < 2 * TEXTS; i++) /* each text twice, as two groups of group_digest */
        writer_print(&tsv, "%s\tnumber %d %s rest\tg%d\n", i % 2 ? "a" : "b", i / 2, i % 2 ? "&amp;" : "&", i);
    writer_byte(&tsv, '\0');
    for (int grouped = 0; grouped < 2; grouped++) {
        heed_rows_options options = made_rows_options(NULL);
        options.group_column = grouped ? "group" : NULL;
        heed_corpus *c = made_corpus(NULL);
        must(add_rows(c, tsv.data, HEED_PART_ANY, &options));
        must(corpus_sort_labels(c, &made_error));
        uint32_t numbers[2 * TEXTS], fold[2 * TEXTS], likely[2 * TEXTS], apart = 0;
        for (uint32_t i = 0; i < 2 * TEXTS; i++)
            numbers[i] = i;
        must(split_within(fold, c, numbers, 2 * TEXTS, 5, 1, &made_error));
        must(split_within_grouped(likely, c, numbers, 2 * TEXTS, 5, 1, &made_error));
        for (uint32_t i = 0; i < 2 * TEXTS; i += 2) {
            assert_true(grouped || c->rows[i].group != c->rows[i + 1].group);
            assert_true(c->rows[i].digest == c->rows[i + 1].digest);
            apart += fold[i] != fold[i + 1] || (!grouped && likely[i] != likely[i + 1]) ? 1 : 0;
        }
        assert_true(grouped ? apart > 0 : apart == 0); /* a column's groups are the user's, */
        told t = {.kind = HEED_WARNING_NONE};
        const heed_listener listener = {listen, &t};
        must(shared_texts_tell(c, numbers, 2 * TEXTS, &listener, &made_error)); /* and what they share is told */
        assert_string_equal(t.warning, grouped
                                           ? "120 of 120 rows (100.0%) have the text of a row of another group: where "
                                             "only one of them is held out, the figures measure memory"
                                           : "");
        heed_corpus_free(c);
    }
    writer_release(&tsv);
}

static void folds_tell_of_rows_that_also_train_in_each(void **state)
{
    (void)state;
    heed_corpus *c = made_corpus(NULL);
    told t = {.kind = HEED_WARNING_NONE};
    const heed_listener listener = {listen, &t};
    heed_train_options o = remembering();
    heed_folds *folds = NULL;
    for (int part = 0; part < 2; part++) {
        writer file = {0};
        writer_text(&file, "label\ttext\n");
        for (int i = 0; i < (part == 0 ? 30 : 10); i++)
            writer_print(&file, "%s\tnumber %d is %s\n", i % 2 ? "a" : "b", i, i % 2 ? "good" : "bad");
        writer_byte(&file, '\0');
        must(add_rows(c, file.data, part == 0 ? HEED_PART_ANY : HEED_PART_TRAIN, NULL));
        writer_release(&file);
    }
    must(heed_cross_validate(&folds, 3, c, &o, &listener, &made_error));
    assert_string_equal(t.warning,
                        "10 of 30 validation rows (33.3%) have the text of a training row: to that extent the "
                        "figures measure memory");
    assert_int_equal(t.warnings, 1);
    heed_folds_free(folds);
    heed_corpus_free(c);
}

static void texts_with_two_labels_are_told_from_more_than_a_hundredth_on(void **state)
{
    (void)state;
    for (int twice = 1; twice <= 2; twice++) { /* of 199 texts, and of 200 */
        writer tsv = {0};
        writer_text(&tsv, "label\ttext\n");
        for (int i = 0; i < 198 + twice; i++)
            writer_print(&tsv, "%s\tnumber %d\n", i % 2 ? "a" : "b", i);
        for (int i = 0; i < 2; i++)
            writer_print(&tsv, "%s\tNumber %d!\n", i % 2 ? "b" : "a", i);
        writer_byte(&tsv, '\0');
        told t;
        heed_train_options o = remembering();
        label_conflicts found;
        heed_corpus *c = made_corpus(NULL);
        must(add_rows(c, tsv.data, HEED_PART_ANY, NULL));
        must(label_conflicts_count(&found, c, &made_error));
        assert_int_equal(found.texts, 198 + twice);
        assert_int_equal(found.conflicts, 2);
        heed_model_free(train_on(tsv.data, NULL, &o, &t));
        assert_string_equal(t.warning, twice == 1
                                           ? "2 of 199 texts (1.0%) have several labels, of which a model can learn "
                                             "one: 'heed check' lists them"
                                           : "");
        heed_corpus_free(c);
        writer_release(&tsv);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_model_knows_the_texts_of_its_training_and_validation_rows),
        cmocka_unit_test(a_further_training_adds_to_what_was_seen_and_does_not_pretend),
        cmocka_unit_test(a_model_that_is_not_to_remember_does_not),
        cmocka_unit_test(a_million_texts_are_the_most),
        cmocka_unit_test(digests_that_lie_are_refused),
        cmocka_unit_test(rows_that_are_held_out_in_turn_have_no_twin_in_training),
        cmocka_unit_test(folds_tell_of_rows_that_also_train_in_each),
        cmocka_unit_test(texts_with_two_labels_are_told_from_more_than_a_hundredth_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
