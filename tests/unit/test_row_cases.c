/* Reading records: every format and dialect as the case files say, from a file and from a slow pipe. */
#include "unit/case_file.h"
#include "unit/made_folder.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "options/choices.h"
#include "rows/rows_options.h"

typedef struct row_case {
    char file[32];
    char encoding[32]; /* that the path says, with its colon; "" */
    char misfit[160];  /* a piece of what the reader finds about the encoding; "": nothing */
    heed_rows_options options;
    char *strings[16];
    size_t string_count;
    writer input, expected; /* expected: a transcript, see transcribe */
    const char *end;        /* "end", or a status and a piece of its message */
    bool go_on;             /* after bad rows */
    const char *from;       /* "file" or "pipe"; "": both */
    unsigned long long skipped;
} row_case;

/* "NAME" or "NAME VALUE" */
static void set_option(row_case *c, const char *text)
{
    char line[256];
    heed_rows_options *o = &c->options;
    const struct {
        const char *name;
        const char **text;
        bool *flag;
    } known[] = {{"text_columns", &o->text_columns, NULL},
                 {"label_column", &o->label_column, NULL},
                 {"label_from", &o->label_from, NULL},
                 {"label_map", &o->label_map, NULL},
                 {"drop_labels", &o->drop_labels, NULL},
                 {"id_column", &o->id_column, NULL},
                 {"label_separator", &o->label_separator, NULL},
                 {"weight_column", &o->weight_column, NULL},
                 {"delimiter", &o->delimiter, NULL},
                 {"no_header", NULL, &o->no_header},
                 {"need_label", NULL, &o->need_label},
                 {"need_columns", NULL, &o->need_columns},
                 {"tutorial", NULL, &o->tutorial},
                 {"keep_blanks", NULL, &o->keep_blanks},
                 {"keep_form", NULL, &o->keep_form},
                 {"go_on", NULL, &c->go_on}};
    snprintf(line, sizeof line, "%s", text);
    char *value = line + strcspn(line, " ");
    if (*value != '\0')
        *value++ = '\0';
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, line) != 0)
            continue;
        if (known[i].flag != NULL)
            *known[i].flag = true;
        else
            *known[i].text = c->strings[c->string_count++] = strdup(value);
        return;
    }
    unsigned choice;
    if (strcmp(line, "format") == 0 && names_find(&choice, &format_names, value))
        o->format = (heed_format)choice;
    else if (strcmp(line, "encoding") == 0 && names_find(&choice, &encoding_names, value))
        o->encoding = (heed_encoding)choice;
    else if (strcmp(line, "quoting") == 0 && names_find(&choice, &quoting_names, value))
        o->quoting = (heed_quoting)choice;
    else if (strcmp(line, "skip") == 0)
        o->on_bad_row = HEED_BAD_ROW_IS_SKIPPED;
    else
        fail_msg("tests/cases/rows: no option '%s %s'", line, value);
}

static void put_bytes(writer *out, heed_bytes bytes)
{
    if (bytes.data == NULL)
        writer_byte(out, '-');
    else
        writer_bytes(out, bytes.data, bytes.size);
}

/* The label, which its parts have to make up. */
static void put_label(writer *out, const row_case *c, const heed_record *record)
{
    const char *separator = c->options.label_separator;
    if (separator == NULL || record->label_count == 0) {
        put_bytes(out, record->label);
        assert_int_equal(record->label_count, record->label.data != NULL);
        if (record->label_count == 1)
            assert_true(record->labels[0].data == record->label.data && record->labels[0].size == record->label.size);
        return;
    }
    const char *at = record->label.data;
    for (size_t i = 0; i < record->label_count; i++) {
        assert_true(record->labels[i].data == at);
        at += record->labels[i].size;
        if (i + 1 < record->label_count)
            assert_memory_equal(at, separator, strlen(separator));
        at += i + 1 < record->label_count ? strlen(separator) : 0;
        writer_print(out, "[%.*s]", (int)record->labels[i].size, record->labels[i].data);
    }
    assert_true(at == record->label.data + record->label.size);
}

/* Reads everything: a line a record, "bad" for a bad row where reading goes on. */
static heed_status transcribe(const row_case *c, const char *path, writer *out, unsigned long long *skipped,
                              heed_error *error)
{
    char named[512];
    const char *const paths[] = {named};
    heed_reader *reader;
    const heed_record *record;
    *skipped = 0;
    snprintf(named, sizeof named, "%s%s", path, c->encoding);
    heed_status status = heed_reader_open(&reader, paths, 1, &c->options, error);
    if (status != HEED_OK) {
        assert_null(reader);
        return status;
    }
    while ((status = heed_reader_next(&record, reader, error)) == HEED_OK || (status == HEED_BAD_DATA && c->go_on)) {
        if (status == HEED_BAD_DATA) {
            writer_print(out, "bad\n");
            continue;
        }
        assert_string_equal(record->file, path);
        writer_print(out, "%llu:%llu ", (unsigned long long)record->row, (unsigned long long)record->line_number);
        put_bytes(out, record->text);
        writer_byte(out, '|');
        put_label(out, c, record);
        writer_byte(out, '|');
        put_bytes(out, record->id);
        if (c->options.weight_column != NULL)
            writer_print(out, " %g", record->weight);
        else
            assert_true(record->weight == 1);
        writer_byte(out, '\n');
    }
    const heed_reader_info *info = heed_reader_describe(reader);
    *skipped = info->skipped;
    if ((info->misfits > 0) != (c->misfit[0] != '\0') || strstr(info->first_misfit, c->misfit) == NULL)
        writer_print(out, "misfit: %s\n", info->first_misfit);
    if (status == HEED_END)
        assert_int_equal(heed_reader_next(&record, reader, NULL), HEED_END); /* the end stays the end */
    heed_reader_free(reader);
    return status;
}

typedef struct pipe_writer {
    const char *path;
    heed_bytes bytes;
} pipe_writer;

static void *write_slowly(void *argument)
{
    const pipe_writer *w = argument;
    int fd = open(w->path, O_WRONLY);
    for (size_t i = 0; i < w->bytes.size && write(fd, w->bytes.data + i, 1) == 1; i++)
        ;
    close(fd);
    return NULL;
}

/* how: what it is read from. */
static bool check_reading(const test_case *c, const row_case *rows, const char *path, const char *how)
{
    writer got = {0};
    heed_error error = {{0}};
    unsigned long long skipped;
    heed_status status = transcribe(rows, path, &got, &skipped, &error);
    size_t length = strcspn(rows->end, " ");
    bool right =
        got.size == rows->expected.size && (got.size == 0 || memcmp(got.data, rows->expected.data, got.size) == 0);
    const char *name = status == HEED_END ? "end" : heed_status_name(status);
    right = right && strlen(name) == length && strncmp(name, rows->end, length) == 0 && skipped == rows->skipped;
    right =
        right && (status == HEED_END || strstr(error.message, rows->end + length + (rows->end[length] == ' ')) != NULL);
    if (!right)
        case_wrong(c, &c->lines[0], "from a %s:\n%.*send: %s %s, skipped %llu", how, (int)got.size,
                   got.size > 0 ? got.data : "", name, error.message, skipped);
    writer_release(&got);
    return right;
}

static void put_line(row_case *rows, const case_line *line)
{
    const char *value;
    if ((value = case_value(line, "file")) != NULL) {
        snprintf(rows->file, sizeof rows->file, "%.*s", (int)strcspn(value, ":"), value);
        snprintf(rows->encoding, sizeof rows->encoding, "%s", value + strcspn(value, ":"));
    } else if ((value = case_value(line, "misfit")) != NULL)
        snprintf(rows->misfit, sizeof rows->misfit, "%s", value);
    else if (strncmp(line->text, "from ", 5) == 0)
        rows->from = line->text + 5;
    else if ((value = case_value(line, "option")) != NULL)
        set_option(rows, value);
    else if ((value = case_value(line, "input")) != NULL)
        case_unescape(&rows->input, value);
    else if ((value = case_value(line, "record")) != NULL || strcmp(line->text, "bad") == 0) {
        case_unescape(&rows->expected, value == NULL ? "bad" : value);
        writer_byte(&rows->expected, '\n');
    } else if (strncmp(line->text, "skipped ", 8) == 0)
        rows->skipped = strtoull(line->text + 8, NULL, 10);
    else if (strcmp(line->text, "end") == 0 || strncmp(line->text, "HEED_", 5) == 0)
        rows->end = line->text;
    else if (case_value(line, "name") == NULL)
        fail_msg("tests/cases/rows: no line is like '%s'", line->text);
}

static bool check_pipe(const test_case *c, const row_case *rows, const char *path)
{
    assert_int_equal(mkfifo(path, 0600), 0);
    pipe_writer w = {path, {rows->input.data, rows->input.size}};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_slowly, &w), 0);
    bool right = check_reading(c, rows, path, "pipe");
    pthread_join(thread, NULL);
    unlink(path);
    return right;
}

/* From a file, then from a slow pipe in its place. */
static bool check_case(const test_case *c)
{
    row_case rows = {.end = "", .from = ""};
    heed_rows_options_init(&rows.options);
    for (size_t i = 0; i < c->count; i++)
        put_line(&rows, &c->lines[i]);
    const char *path = path_of(rows.file);
    write_bytes(path, rows.input.data, rows.input.size);
    bool right = strcmp(rows.from, "pipe") == 0 || check_reading(c, &rows, path, "file");
    unlink(path);
    if (strcmp(rows.from, "file") != 0)
        right = check_pipe(c, &rows, path) && right;
    for (size_t i = 0; i < rows.string_count; i++)
        free(rows.strings[i]);
    writer_release(&rows.input);
    writer_release(&rows.expected);
    return right;
}

static void rows_are_read_as_the_cases_say(void **state)
{
    (void)state;
    cases_run("cases/rows", check_case);
}

static void a_wrong_case_fails(void **state)
{
    (void)state;
    case_must_fail("file: a.csv\ninput: text\\nx\\n\nrecord: 1:2 y|-|-\nend\n", check_case);
    case_must_fail("file: a.csv\ninput: text\\nx\\n\nend\n", check_case);
    case_must_fail("file: a.csv\ninput: text\\nx\\n\nrecord: 1:2 x|-|-\n", check_case);
    case_must_fail("file: a.csv\ninput: text\\nx\\n\nrecord: 1:2 x|-|-\nskipped 1\nend\n", check_case);
    case_must_fail("file: a.csv\ninput: text\\nx\\n\nrecord: 1:2 x|-|-\nHEED_BAD_DATA a.csv\n", check_case);
    case_must_fail("file: a.csv\ninput:\nHEED_BAD_DATA b.csv\n", check_case);
}

static void every_choice_has_a_word(void **state)
{
    (void)state;
    assert_int_equal(encoding_names.count, HEED_LATIN_1 + 1);
    assert_int_equal(quoting_names.count, HEED_QUOTING_NONE + 1);
    assert_int_equal(on_bad_row_names.count, HEED_BAD_ROW_IS_SKIPPED + 1);
    assert_string_equal(names_of(&format_names, HEED_FORMAT_JSONL), "jsonl");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_as_the_cases_say),
        cmocka_unit_test(a_wrong_case_fails),
        cmocka_unit_test(every_choice_has_a_word),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
