/* heed check on rows into which one fault was planted: each kind is found in 5% and in 20% of the rows, and in the rows
 * as they were nothing is, but that four definitions of plants may have "flowers" in them, and of persons "someone
 * who". The rows are the demo's definitions, four of one category in a text. */
#include "unit/made_parts.h"

#define TRAIN HEED_PART_TRAIN
#define VALIDATION HEED_PART_VALIDATION
#define TEST HEED_PART_TEST
#define ANY HEED_PART_ANY

static made_part clean[3], faulty[3]; /* training, validation, test */

/* ---- faults: each changes some rows of a part, and says how many */

static void set_text(made_row *row, char *text)
{
    free(row->text);
    row->text = text;
}

/* Spread over the part; step is odd enough that no row is met twice. */
static made_row *nth(made_part *part, size_t i)
{
    return &part->rows[i * 7919 % part->count];
}

static char *replaced(const char *text, const char *piece, const char *by)
{
    writer w = {0};
    char *out = NULL;
    const char *found;
    while ((found = strstr(text, piece)) != NULL) {
        writer_bytes(&w, text, (size_t)(found - text));
        writer_text(&w, by);
        text = found + strlen(piece);
    }
    writer_text(&w, text);
    must(writer_take(&w, &out, NULL, &made_error));
    return out;
}

static char *as_it_is(const char *text)
{
    return text_print("%s", text);
}
static char *in_capitals(const char *text)
{
    char *out = as_it_is(text);
    for (char *c = out; *c != '\0'; c++)
        *c = *c >= 'a' && *c <= 'z' ? (char)(*c - 'a' + 'A') : *c;
    return out;
}
static char *with_commas(const char *text)
{
    return replaced(text, " ", ", ");
}
static char *with_blanks(const char *text)
{
    return replaced(text, " ", "  ");
}
static char *with_entities(const char *text)
{
    return replaced(text, "a", "&#97;");
}
static char *with_wide_letters(const char *text)
{
    return replaced(text, "e", "\xEF\xBD\x85"); /* U+FF45 */
}
static char *with_another_end(const char *text)
{
    return text_print("%s surely", text);
}

/* Rows of a part become rows of another, with the same label or another one, their texts changed. */
static size_t copies_put(made_part *to, made_part *from, size_t count, char *(*change)(const char *), bool same_label)
{
    for (size_t i = 0; i < count; i++) {
        made_row *row = nth(to, i), *source = nth(from, i + (to == from ? to->count / 2 : 0));
        set_text(row, change(source->text));
        if (same_label)
            memcpy(row->label, source->label, LABEL_BYTES);
        else if (strcmp(row->label, source->label) == 0)
            snprintf(row->label, LABEL_BYTES, "%s", strcmp(source->label, "noun.act") == 0 ? "noun.plant" : "noun.act");
    }
    return count;
}

static size_t changed_put(made_part *part, size_t count, char *(*change)(const char *))
{
    for (size_t i = 0; i < count; i++)
        set_text(nth(part, i), change(nth(part, i)->text));
    return count;
}

static char *with_mojibake(const char *text)
{
    return text_print("%s caf\u00c3\u00a9", text);
}
static char *with_lost_letters(const char *text)
{
    return text_print("%s caf\uFFFD", text);
}
static char *with_controls(const char *text)
{
    return text_print("%s \xC2\x96 yes", text);
}
static char *emptied(const char *text)
{
    (void)text;
    return as_it_is(" ");
}
static char *cut(const char *text)
{
    char *out = as_it_is(text);
    out[strcspn(out, " ")] = '\0';
    return out;
}
static char *thirty_times(const char *text)
{
    writer w = {0};
    char *out = NULL;
    for (unsigned i = 0; i < 60; i++) {
        writer_text(&w, text);
        writer_byte(&w, ' ');
    }
    must(writer_take(&w, &out, NULL, &made_error));
    return out;
}
static char *without_text(const char *text)
{
    (void)text;
    return NULL;
}

#define COPIES(name, to, from, change, same)                                                                           \
    static size_t name(double share)                                                                                   \
    {                                                                                                                  \
        return copies_put(&faulty[to], &faulty[from], (size_t)(share * (double)faulty[to].count), change, same);       \
    }
#define CHANGED(name, change)                                                                                          \
    static size_t name(double share)                                                                                   \
    {                                                                                                                  \
        return changed_put(&faulty[0], (size_t)(share * (double)faulty[0].count), change);                             \
    }
COPIES(repeated, 0, 0, as_it_is, true)
COPIES(test_in_training, 2, 0, as_it_is, true)
COPIES(validation_in_training, 1, 0, as_it_is, true)
COPIES(test_in_validation, 2, 1, as_it_is, true)
COPIES(by_case, 2, 0, in_capitals, true)
COPIES(by_punctuation, 2, 0, with_commas, true)
COPIES(by_spacing, 2, 0, with_blanks, true)
COPIES(by_entities, 2, 0, with_entities, true)
COPIES(by_unicode_form, 2, 0, with_wide_letters, true)
COPIES(near_test, 2, 0, with_another_end, true)
COPIES(near_repeated, 0, 0, with_another_end, true)
COPIES(two_labels, 0, 0, as_it_is, false)
CHANGED(mojibake, with_mojibake)
CHANGED(lost_letters, with_lost_letters)
CHANGED(controls, with_controls)
CHANGED(empty, emptied)
CHANGED(short_text, cut)
CHANGED(long_text, thirty_times)
CHANGED(bad, without_text)

static size_t labels_put(made_part *part, double share, const char *format, size_t each)
{
    size_t count = (size_t)(share * (double)part->count);
    for (size_t i = 0; i < count; i++)
        snprintf(nth(part, i)->label, LABEL_BYTES, format, (int)(i / each));
    return count;
}
static size_t label_not_trained(double share)
{
    return labels_put(&faulty[2], share, "new", 1);
}
static size_t label_not_tested(double share)
{
    return labels_put(&faulty[0], share, "only here", 1);
}
static size_t rare_labels(double share)
{
    return labels_put(&faulty[0], share, "rare %d", 3);
}
/* Of what differs between parts the share is that of all rows; they are all in the test part. */
static double share_of_test(double share)
{
    double of_test = share * (double)(faulty[0].count + faulty[2].count) / (double)faulty[2].count;
    return of_test < 1 ? of_test : 1;
}
static size_t other_balance(double share)
{
    return labels_put(&faulty[2], share_of_test(share), "noun.act", 1);
}
static size_t other_spelling(double share)
{
    size_t count = (size_t)(share * (double)faulty[0].count);
    for (size_t i = 0; i < count; i++)
        nth(&faulty[0], i)->label[0] = 'N';
    return count;
}

/* The first rows of the commonest label get a mark. */
static size_t marks_put(double share, const char *format)
{
    size_t wanted = (size_t)(share * (double)faulty[0].count), put = 0;
    for (size_t i = 0; i < faulty[0].count && put < wanted; i++)
        if (strcmp(faulty[0].rows[i].label, "noun.artifact") == 0) {
            set_text(&faulty[0].rows[i], text_print(format, faulty[0].rows[i].text));
            put++;
        }
    return put;
}
static size_t mark(double share)
{
    return marks_put(share, "%s [P]");
}
static size_t first_mark(double share)
{
    return marks_put(share, "label=1 %s");
}

/* Rows of one label change places with those at the end. */
static size_t sorted_end(double share)
{
    made_part *part = &faulty[0];
    size_t count = (size_t)(share * (double)part->count), at = 0, put = 0;
    for (; put < count; put++) {
        while (at < part->count - count && strcmp(part->rows[at].label, "noun.person") != 0)
            at++;
        if (at == part->count - count)
            break;
        made_row other = part->rows[part->count - 1 - put];
        part->rows[part->count - 1 - put] = part->rows[at];
        part->rows[at++] = other;
    }
    return put;
}

/* Rows of another source: in capitals, in another order of words. */
static size_t other_end(double share)
{
    made_part *part = &faulty[0];
    size_t count = (size_t)(share * (double)part->count);
    for (size_t i = part->count - count; i < part->count; i++)
        set_text(&part->rows[i], in_capitals(part->rows[i].text));
    return count;
}
static size_t other_source(double share)
{
    return changed_put(&faulty[2], (size_t)(share_of_test(share) * (double)faulty[2].count), in_capitals);
}

/* A block of labels slips by some rows; or is drawn by chance. */
static size_t slipped(double share)
{
    made_part *part = &faulty[0];
    size_t count = (size_t)(share * (double)part->count), first = part->count / 3;
    for (size_t i = first; i < first + count; i++)
        memcpy(part->rows[i].label, part->rows[i + 1].label, LABEL_BYTES);
    return count;
}
static size_t wrong_block(double share)
{
    made_part *part = &faulty[0];
    size_t count = (size_t)(share * (double)part->count), first = part->count / 5;
    for (size_t i = first; i < first + count; i++)
        memcpy(part->rows[i].label, clean[1].rows[(i * 31) % clean[1].count].label, LABEL_BYTES);
    return count;
}

/* ---- what each must be found as */

typedef struct fault {
    const char *name;
    size_t (*plant)(double share);
    const char *kind;
    heed_part part, other;
    bool serious;
    bool counted;      /* the finding counts the rows that were changed */
    const char *piece; /* its text has this */
} fault;

static const fault faults[] = {
    {"repeated", repeated, "copies-within", TRAIN, TRAIN, false, true, ""},
    {"test in training", test_in_training, "copies-between", TEST, TRAIN, true, true, ""},
    {"validation in training", validation_in_training, "copies-between", VALIDATION, TRAIN, true, true, ""},
    {"test in validation", test_in_validation, "copies-between", TEST, VALIDATION, false, true, ""},
    {"by case", by_case, "copies-between", TEST, TRAIN, true, true, ""},
    {"by punctuation", by_punctuation, "copies-between", TEST, TRAIN, true, true, ""},
    {"by spacing", by_spacing, "copies-between", TEST, TRAIN, true, true, ""},
    {"by entities", by_entities, "copies-between", TEST, TRAIN, true, true, ""},
    {"by Unicode form", by_unicode_form, "copies-between", TEST, TRAIN, true, true, ""},
    {"nearly", near_test, "near-copies-between", TEST, TRAIN, false, true, ""},
    {"nearly repeated", near_repeated, "near-copies-within", TRAIN, TRAIN, false, true, ""},
    {"two labels", two_labels, "two-labels", ANY, ANY, true, true, "'noun.act'"},
    {"mojibake", mojibake, "mojibake", ANY, ANY, false, true, ""},
    {"lost letters", lost_letters, "lost-characters", ANY, ANY, false, true, ""},
    {"control characters", controls, "control-characters", ANY, ANY, false, true, ""},
    {"empty", empty, "empty-texts", ANY, ANY, false, true, ""},
    {"short", short_text, "short-texts", ANY, ANY, false, false, ""},
    {"long", long_text, "long-texts", ANY, ANY, false, true, ""},
    {"bad", bad, "bad-rows", ANY, ANY, false, true, ""},
    {"label not trained", label_not_trained, "labels-missing-from-training", TEST, TRAIN, true, true, "'new'"},
    {"label not tested", label_not_tested, "labels-missing", TRAIN, TEST, false, true, "'only here'"},
    {"rare labels", rare_labels, "rare-labels", TRAIN, TRAIN, false, false, "'rare 0'"},
    {"another balance", other_balance, "balance", TEST, TRAIN, false, false, "'noun.act'"},
    {"another spelling", other_spelling, "labels-alike", ANY, ANY, false, false, "capitals"},
    {"a mark", mark, "giveaway", TRAIN, TRAIN, false, true, "'[P]'"},
    {"a first mark", first_mark, "giveaway", TRAIN, TRAIN, false, true, "'label=1'"},
    {"sorted at the end", sorted_end, "order-labels", TRAIN, TRAIN, false, false, "'noun.person'"},
    {"another source at the end", other_end, "order-texts", TRAIN, TRAIN, false, false, ""},
    {"another source", other_source, "two-sources", TEST, TRAIN, false, false, ""},
    {"slipped labels", slipped, "wrong-labels", TRAIN, TRAIN, false, false, "slipped"},
    {"a block of wrong labels", wrong_block, "wrong-labels", TRAIN, TRAIN, false, false, ""},
};

static heed_check *faulty_check(void)
{
    char *texts[3];
    for (unsigned i = 0; i < 3; i++)
        texts[i] = part_print(&faulty[i]);
    heed_check *check = made_check(texts[0], texts[1], texts[2]);
    for (unsigned i = 0; i < 3; i++)
        free(texts[i]);
    return check;
}

/* Copies may hit a row that another copy replaced. */
static void must_be_found(const fault *f, double share)
{
    for (unsigned i = 0; i < 3; i++)
        part_copy(&faulty[i], &clean[i]);
    size_t planted = f->plant(share);
    heed_check *check = faulty_check();
    const heed_finding *found = NULL;
    for (size_t i = 0; i < heed_check_describe(check)->finding_count && found == NULL; i++) {
        const heed_finding *one = heed_check_finding(check, i);
        if (strcmp(one->kind, f->kind) == 0 && one->part == f->part && one->other_part == f->other &&
            strstr(one->text, f->piece) != NULL)
            found = one;
    }
    if (found == NULL) {
        fail_msg("%s, %g%%: not found", f->name, 100 * share);
    }
    if (found->serious != f->serious)
        fail_msg("%s, %g%%: serious is %d, expected %d", f->name, 100 * share, found->serious, f->serious);
    if (f->counted && ((double)found->rows < 0.9 * (double)planted || (double)found->rows > 1.02 * (double)planted))
        fail_msg("%s, %g%%: found %d rows, expected %d", f->name, 100 * share, (int)found->rows, (int)planted);
    for (size_t i = 0; i < heed_check_describe(check)->finding_count; i++)
        if (heed_check_finding(check, i)->serious && !f->serious)
            fail_msg("%s, %g%%: serious: %s", f->name, 100 * share, heed_check_finding(check, i)->text);
    heed_check_free(check);
    for (unsigned i = 0; i < 3; i++)
        part_free(&faulty[i]);
}

static void every_fault_is_found(double share)
{
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        must_be_found(&faults[i], share);
}

static void every_fault_is_found_in_5_percent(void **state)
{
    (void)state;
    every_fault_is_found(0.05);
}

static void every_fault_is_found_in_20_percent(void **state)
{
    (void)state;
    every_fault_is_found(0.2);
}

static void nothing_is_found_in_clean_rows(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        part_copy(&faulty[i], &clean[i]);
    heed_check *check = faulty_check();
    for (size_t i = 0; i < heed_check_describe(check)->finding_count; i++)
        if (strcmp(heed_check_finding(check, i)->kind, "giveaway") != 0)
            fail_msg("found: %s", heed_check_finding(check, i)->text);
    heed_check_free(check);
    for (unsigned i = 0; i < 3; i++)
        part_free(&faulty[i]);
}

static int clean_make(void **state)
{
    (void)state;
    part_make(&clean[0], "train");
    part_make(&clean[1], "validation");
    part_make(&clean[2], "test");
    return 0;
}

static int clean_free(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 3; i++)
        part_free(&clean[i]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_found_in_clean_rows),
        cmocka_unit_test(every_fault_is_found_in_5_percent),
        cmocka_unit_test(every_fault_is_found_in_20_percent),
    };
    return cmocka_run_group_tests(tests, clean_make, clean_free);
}
