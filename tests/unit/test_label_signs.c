/* Signs that labels are not what was meant: found in what the labels are and how many rows they have, told in one line.
 */
#include "unit/made_rows.h"

#include "data/label_signs.h"

/* Each item of labels: "NAME*ROWS"; items are divided by a bar of the alphabet, so that labels may hold ASCII ones. */
#define BAR "\xC2\xA6"

static bool keep_form; /* of labels */

static heed_corpus *corpus_of(const char *labels, const char *separator)
{
    heed_corpus *c = made_corpus(NULL);
    heed_rows_options options = made_rows_options(separator);
    writer rows = {0};
    unsigned number = 0;
    options.keep_form = keep_form;
    options.quoting = HEED_QUOTING_NONE;
    writer_text(&rows, "category\ttext\n");
    while (*labels != '\0') {
        const char *end = strstr(labels, BAR);
        size_t size = end == NULL ? strlen(labels) : (size_t)(end - labels);
        const char *star = memrchr(labels, '*', size);
        assert_non_null(star);
        for (long left = strtol(star + 1, NULL, 10); left > 0; left--)
            writer_print(&rows, "%.*s\ttext %u\n", (int)(star - labels), labels, number++);
        labels += end == NULL ? size : size + strlen(BAR);
    }
    writer_byte(&rows, '\0');
    options.label_column = "category";
    must(add_rows(c, rows.data, HEED_PART_ANY, &options));
    must(corpus_sort_labels(c, &made_error));
    writer_release(&rows);
    return c;
}

static void put_line(writer *out, const char *kind, const writer *line)
{
    if (line->size > 0)
        writer_print(out, "%s: %s|", kind, line->data);
}

static void expect_signs(const char *labels, const char *separator, const char *expected)
{
    heed_corpus *c = corpus_of(labels, separator);
    label_signs signs;
    writer found = {0};
    must(label_signs_find(&signs, c, &made_error));
    put_line(&found, "joined", &signs.joined);
    put_line(&found, "column", &signs.column);
    put_line(&found, "alike", &signs.alike);
    put_line(&found, "rare", &signs.rare);
    writer_byte(&found, '\0');
    if (strcmp(found.data, expected) != 0)
        fail_msg("%s: found '%s', expected '%s'", labels, found.data, expected);
    writer_release(&found);
    label_signs_release(&signs);
    heed_corpus_free(c);
}

#define MAP(pairs) "; --label-map '" pairs ",*' joins them|"

static void labels_that_look_the_same_are_told_with_the_map_that_joins_them(void **state)
{
    (void)state;
    expect_signs("Billing*20" BAR "Login*18" BAR "login*3", NULL,
                 "alike: labels that differ by capitals or blanks alone: 'Login' 18, 'login' 3" MAP("login=Login"));
    expect_signs("log in*3" BAR "LOGIN*9" BAR "log  in*4", NULL,
                 "alike: labels that differ by capitals or blanks alone: 'LOGIN' 9, 'log  in' 4, 'log in' 3" MAP(
                     "log  in=LOGIN,log in=LOGIN"));
    expect_signs("a*3" BAR "A*4" BAR "b*5" BAR "B*5" BAR "c*9", NULL,
                 "alike: labels that differ by capitals or blanks alone: 'A' 4, 'a' 3; 'B' 5, 'b' 5" MAP("a=A,b=B"));
    expect_signs(
        "STRASSE*4" BAR "Straße*5", NULL,
        "alike: labels that differ by capitals or blanks alone: 'Straße' 5, 'STRASSE' 4" MAP("STRASSE=Straße"));
    expect_signs("Ä*5" BAR "A\xCC\x88*4", NULL, ""); /* one label */
    keep_form = true;
    expect_signs("Ä*5" BAR "A\xCC\x88*4", NULL,
                 "alike: labels that differ by Unicode form alone: 'Ä' 5, 'A<U+0308>' 4; --label-map joins them|");
    keep_form = false;
    expect_signs(
        "spam*5" BAR "sp\xE2\x80\x8B"
        "am*4" BAR "\xEF\xBB\xBFspam*4",
        NULL,
        "alike: labels that differ by invisible characters alone: 'spam' 5, 'sp<U+200B>am' 4, '<U+FEFF>spam' 4; "
        "--label-map joins them|");
    expect_signs("a b*5" BAR "a\xC2\xA0"
                 "b*4",
                 NULL,
                 "alike: labels that differ by capitals or blanks alone: 'a b' 5, 'a<U+00A0>b' 4; --label-map joins "
                 "them|");
    expect_signs("spam*5" BAR "Spa\xC2\xADm*4", NULL,
                 "alike: labels that differ by spelling alone: 'spam' 5, "
                 "'Spa<U+00AD>m' 4; --label-map joins them|");
    expect_signs(
        "5*9" BAR "5.0*5" BAR "05*4" BAR "4.5*3", NULL,
        "alike: labels that differ by the spelling of a number alone: '5' 9, '5.0' 5, '05' 4" MAP("5.0=5,05=5"));
    expect_signs("-0*5" BAR "0*4" BAR "1e3*5" BAR "1000*4", NULL,
                 "alike: labels that differ by the spelling of a number alone: '-0' 5, '0' 4; '1e3' 5, '1000' 4" MAP(
                     "0=-0,1000=1e3"));
    expect_signs("5*9" BAR "5.0*5" BAR "a*4" BAR "A*3", NULL,
                 "alike: labels that differ by spelling alone: '5' 9, '5.0' 5; 'a' 4, 'A' 3" MAP("5.0=5,A=a"));
    expect_signs("a,b*5" BAR "A,b*4", NULL,
                 "alike: labels that differ by capitals or blanks alone: 'a,b' 5, 'A,b' 4; --label-map joins them|");
    expect_signs("a*5" BAR "A*4" BAR "b*4", "|",
                 "alike: labels that differ by capitals or blanks alone: 'a' 5, 'A' 4" MAP("A=a"));
    expect_signs(
        "a*3" BAR "A*3" BAR "b*3" BAR "B*3" BAR "c*3" BAR "C*3" BAR "d*3" BAR "D*3" BAR "e*3" BAR "E*3", NULL,
        "alike: labels that differ by capitals or blanks alone: 'A' 3, 'a' 3; 'B' 3, 'b' 3; 'C' 3, 'c' 3; 'D' 3, "
        "'d' 3; and 1 more" MAP("a=A,b=B,c=C,d=D"));
}

static void labels_that_differ_are_left_alone(void **state)
{
    (void)state;
    static const char *const differ[] = {
        "a*5" BAR "b*5", "a*5" BAR "ä*5", "1*9" BAR "10*9", "a-b*5" BAR "ab*5" BAR "a_b*5", "+*9" BAR "-*9",
        "4.5*5" BAR "5*5" BAR "50*5", "v5*5" BAR "v5.0*5", "5 stars*5" BAR "5.0 stars*5", "0x5*5" BAR "5*5",
        /* the flags of England and Scotland differ by tags, which are no characters by themselves */
        "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xA5\xF3\xA0\x81\xAE\xF3\xA0\x81\xA7\xF3\xA0\x81"
        "\xBF*9" BAR "\xF0\x9F\x8F\xB4\xF3\xA0\x81\xA7\xF3\xA0\x81\xA2\xF3\xA0\x81\xB3\xF3\xA0\x81\xA3\xF3\xA0\x81\xB4"
        "\xF3\xA0\x81\xBF*9",
        "New York, NY*9" BAR "Boston, MA*9" BAR "Buffalo, NY*9", "food; drink*9" BAR "books*9", "a,b*9" BAR "c*9",
        "TCP/IP*9" BAR "UDP*9" BAR "TCP*9", "not spam*9" BAR "spam*9", ",*9" BAR "a*9", "a,*9" BAR "a*9"};
    for (size_t i = 0; i < sizeof differ / sizeof *differ; i++)
        expect_signs(differ[i], NULL, "");
}

static void joined_labels_are_told_with_their_separator(void **state)
{
    (void)state;
#define JOINED(label, option)                                                                                          \
    "joined: labels such as '" label "' look like several labels; --label-separator " option " takes any number|"
    expect_signs("sea*4" BAR "sea, sun*4" BAR "sun*4", NULL, JOINED("sea, sun", ","));
    expect_signs("sea*4" BAR "sea;sun*4" BAR "sun;sea*5" BAR "sun*4", NULL, JOINED("sun;sea", "';'"));
    expect_signs("sea*4" BAR "sea|sun*4" BAR "sun*4", NULL, JOINED("sea|sun", "'|'"));
    expect_signs("sea*4" BAR "sea/sun*4" BAR "sun*4", NULL, JOINED("sea/sun", "/"));
    expect_signs("sea*4" BAR "sea & sun*4" BAR "sun*4", NULL, JOINED("sea & sun", "'&'"));
    expect_signs("sea*4" BAR "sea sun*4" BAR "sun*4", NULL, JOINED("sea sun", "' '"));
    /* one column, two separators: neither of them alone takes all sets */
#define MIXED(label)                                                                                                   \
    "joined: labels such as '" label "' look like several labels, joined by different characters; write the same one " \
    "in all of them, then --label-separator takes any number|"
    expect_signs("sea*4" BAR "sun*4" BAR "war*4" BAR "sea, sun; war*3", NULL, MIXED("sea, sun; war"));
    expect_signs("sea*4" BAR "sun*4" BAR "war*4" BAR "sea,sun*3" BAR "sun;war*2", NULL, MIXED("sea,sun"));
    /* tags that never stand alone are seen in other sets; one set that is odd does not hide the others */
    expect_signs("sea*4" BAR "sea,tax*4" BAR "sea,war,tax*2" BAR "war,sea*3" BAR "x,y*3", NULL, JOINED("sea,tax", ","));
    expect_signs("sea*4" BAR "sea,sun*4" BAR "a,b*4" BAR "b,c*4" BAR "sun*4", NULL, "");
    expect_signs("a*4" BAR "b*4" BAR "a,b*4", "|", JOINED("a,b", ","));
    expect_signs("a*4" BAR "b*4" BAR "a|b*4", "|", "");
    /* most sets have one row: they are sets all the same */
    expect_signs("a*1" BAR "b*1" BAR "c*1" BAR "d*1" BAR "e*1" BAR "a,b*1" BAR "a,c*1" BAR "a,d*1" BAR "a,e*1" BAR
                 "b,c*1" BAR "b,d*1" BAR "b,e*1" BAR "c,d*1" BAR "c,e*1" BAR "d,e*1" BAR "a,b,c*1" BAR "a,b,d*1" BAR
                 "a,b,e*1" BAR "b,c,d*1" BAR "b,c,e*1" BAR "c,d,e*1",
                 NULL, JOINED("a,b", ","));
}

static void a_column_of_other_values_is_no_label_column(void **state)
{
    (void)state;
    expect_signs("a*1" BAR "b*1" BAR "c*1" BAR "d*1" BAR "e*1" BAR "f*1" BAR "g*1" BAR "h*1" BAR "i*1" BAR "j*1" BAR
                 "k*1" BAR "x*9",
                 NULL, "column: 12 labels in 20 rows, most of them once; is 'category' the label column?|");
    expect_signs("a*1" BAR "b*1" BAR "c*1" BAR "d*1" BAR "e*1" BAR "f*1" BAR "g*1" BAR "h*1" BAR "i*1" BAR "j*1" BAR
                 "x*8",
                 NULL, ""); /* 18 rows */
    expect_signs(
        "a*1" BAR "b*1" BAR "c*1" BAR "d*1" BAR "e*1" BAR "f*1" BAR "g*1" BAR "h*1" BAR "i*1" BAR "j*1" BAR "x*10",
        NULL,
        "rare: 10 labels have at most 2 rows: 'a' 1, 'b' 1, 'c' 1, 'd' 1, 'e' 1, ...; so few are hardly learnt or "
        "measured: add rows, join labels by --label-map, or leave them out by --drop-label|"); /* half */
}

static void rare_labels_are_told_if_nothing_else_is(void **state)
{
    (void)state;
    expect_signs(
        "a*20" BAR "b*20" BAR "c*2", NULL,
        "rare: 1 label has at most 2 rows: 'c' 2; so few are hardly learnt or measured: add rows, join labels by "
        "--label-map, or leave them out by --drop-label|");
    expect_signs("a*20" BAR "b*20" BAR "c*3", NULL, "");
    expect_signs("a*9" BAR "b*8" BAR "c*2", NULL, ""); /* 19 rows */
    expect_signs("a*20" BAR "b*20" BAR "B*2", NULL,
                 "alike: labels that differ by capitals or blanks alone: 'b' 20, 'B' 2" MAP("B=b"));
}

/* ---- told by whatever trains */

typedef struct heard {
    unsigned warnings[16];
    bool trained, late; /* late: a warning after the training began */
} heard;

static int hear(void *user, const heed_event *event)
{
    heard *h = user;
    if (event->stage == HEED_STAGE_TRAIN)
        h->trained = true;
    if (event->stage == HEED_STAGE_WARNING && event->warning >= HEED_WARNING_LABELS_ALIKE) {
        h->warnings[event->warning]++;
        h->late = h->late || h->trained;
    }
    return 0;
}

static void every_training_tells_once_before_it_begins(void **state)
{
    (void)state;
    heed_corpus *c = corpus_of("a*20" BAR "b*20" BAR "B*1", NULL);
    heed_train_options train = made_train_options();
    heard h = {.trained = false};
    const heed_listener listener = {hear, &h};
    heed_folds *folds = NULL;
    heed_model *model = NULL;
    must(heed_cross_validate(&folds, 3, c, &train, &listener, &made_error));
    assert_int_equal(h.warnings[HEED_WARNING_LABELS_ALIKE], 1);
    assert_int_equal(h.warnings[HEED_WARNING_LABELS_RARE], 1); /* which stays out of all folds */
    must(heed_train(&model, c, &train, &listener, &made_error));
    assert_int_equal(h.warnings[HEED_WARNING_LABELS_ALIKE], 1);
    assert_false(h.late);
    heed_model_free(model);
    heed_folds_free(folds);
    heed_corpus_free(c);
}

static int stop(void *user, const heed_event *event)
{
    (void)user;
    return event->stage == HEED_STAGE_WARNING;
}

static void a_listener_stops_the_work_at_the_warning(void **state)
{
    (void)state;
    heed_corpus *c = corpus_of("a*20" BAR "b*20" BAR "B*1", NULL);
    heed_train_options train = made_train_options();
    const heed_listener listener = {stop, NULL};
    heed_model *model = NULL;
    assert_int_equal(heed_train(&model, c, &train, &listener, &made_error), HEED_STOPPED);
    assert_null(model);
    heed_corpus_free(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(labels_that_look_the_same_are_told_with_the_map_that_joins_them),
        cmocka_unit_test(labels_that_differ_are_left_alone),
        cmocka_unit_test(joined_labels_are_told_with_their_separator),
        cmocka_unit_test(a_column_of_other_values_is_no_label_column),
        cmocka_unit_test(rare_labels_are_told_if_nothing_else_is),
        cmocka_unit_test(every_training_tells_once_before_it_begins),
        cmocka_unit_test(a_listener_stops_the_work_at_the_warning),
    };
    return cmocka_run_group_tests_name("label signs", tests, NULL, NULL);
}
