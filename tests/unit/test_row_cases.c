/* Reading records: every format and dialect as the case files say, from a file and from a slow pipe. */
#include "unit/made_folder.h"

#include <fcntl.h>
#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/writer.h"
#include "options/choices.h"
#include "rows/rows_options.h"

typedef struct row_case {
    char name[160], file[32];
    heed_rows_options options;
    char *strings[16];
    size_t string_count;
    writer input, expected; /* expected: a transcript, see transcribe */
    char end[256];          /* "end", or a status and a piece of its message */
    bool go_on;             /* after bad rows */
    unsigned long long skipped;
} row_case;

static void unescape(writer *out, const char *text)
{
    while (*text != '\0') {
        char byte = *text++;
        unsigned value;
        if (byte == '\\') {
            switch (*text++) {
            case 'n':
                byte = '\n';
                break;
            case 'r':
                byte = '\r';
                break;
            case 't':
                byte = '\t';
                break;
            case '0':
                byte = '\0';
                break;
            case 'x':
                assert_int_equal(sscanf(text, "%2x", &value), 1);
                byte = (char)value;
                text += 2;
                break;
            default:
                byte = '\\';
                break;
            }
        }
        writer_byte(out, byte);
    }
}

static void set_option(row_case *c, char *line)
{
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
                 {"no_header", NULL, &o->no_header},
                 {"need_label", NULL, &o->need_label},
                 {"tutorial", NULL, &o->tutorial},
                 {"go_on", NULL, &c->go_on}};
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
    heed_reader *reader;
    heed_record record;
    *skipped = 0;
    heed_status status = heed_reader_open(&reader, &path, 1, &c->options, error);
    if (status != HEED_OK) {
        assert_null(reader);
        return status;
    }
    while ((status = heed_reader_next(reader, &record, error)) == HEED_OK || (status == HEED_BAD_DATA && c->go_on)) {
        if (status == HEED_BAD_DATA) {
            writer_print(out, "bad\n");
            continue;
        }
        assert_string_equal(record.file, path);
        writer_print(out, "%llu:%llu ", (unsigned long long)record.row, (unsigned long long)record.line_number);
        put_bytes(out, record.text);
        writer_byte(out, '|');
        put_label(out, c, &record);
        writer_byte(out, '|');
        put_bytes(out, record.id);
        if (c->options.weight_column != NULL)
            writer_print(out, " %g", record.weight);
        else
            assert_true(record.weight == 1);
        writer_byte(out, '\n');
    }
    *skipped = heed_reader_skipped(reader, NULL);
    if (status == HEED_END)
        assert_int_equal(heed_reader_next(reader, &record, NULL), HEED_END); /* the end stays the end */
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

static void check_case(const row_case *c, const char *path, const char *how)
{
    writer got = {0};
    heed_error error = {{0}};
    unsigned long long skipped;
    heed_status status = transcribe(c, path, &got, &skipped, &error);
    size_t length = strcspn(c->end, " ");
    bool fine = got.size == c->expected.size && (got.size == 0 || memcmp(got.data, c->expected.data, got.size) == 0);
    const char *name = status == HEED_END ? "end" : heed_status_name(status);
    fine = fine && strlen(name) == length && strncmp(name, c->end, length) == 0 && skipped == c->skipped;
    fine = fine && (status == HEED_END || strstr(error.message, c->end + length + 1) != NULL);
    if (!fine)
        print_error("case '%s' from a %s:\n%.*sexpected:\n%.*s%s, skipped %llu; ended with %s %s, skipped %llu\n",
                    c->name, how, (int)got.size, got.size > 0 ? got.data : "", (int)c->expected.size,
                    c->expected.size > 0 ? c->expected.data : "", c->end, c->skipped, name, error.message, skipped);
    assert_true(fine);
    writer_release(&got);
}

static void run_case(row_case *c)
{
    const char *path = path_of(c->file);
    write_bytes(path, c->input.data, c->input.size);
    check_case(c, path, "file");
    unlink(path);
    assert_int_equal(mkfifo(path, 0600), 0);
    pipe_writer w = {path, {c->input.data, c->input.size}};
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, write_slowly, &w), 0);
    check_case(c, path, "pipe");
    pthread_join(thread, NULL);
    unlink(path);
    for (size_t i = 0; i < c->string_count; i++)
        free(c->strings[i]);
    writer_release(&c->input);
    writer_release(&c->expected);
}

static size_t run_cases(const char *path)
{
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[4096];
    size_t count = 0;
    row_case c = {0};
    for (bool more = true; more;) {
        more = fgets(line, sizeof line, file) != NULL;
        size_t length = more ? strcspn(line, "\n") : 0;
        line[length] = '\0';
        if (length == 0 && c.name[0] != '\0') {
            run_case(&c);
            count++;
            c = (row_case){0};
        } else if (strncmp(line, "name: ", 6) == 0)
            snprintf(c.name, sizeof c.name, "%.150s", line + 6);
        else if (strncmp(line, "file: ", 6) == 0)
            snprintf(c.file, sizeof c.file, "%.20s", line + 6);
        else if (strncmp(line, "option: ", 8) == 0)
            set_option(&c, line + 8);
        else if (strncmp(line, "input: ", 7) == 0)
            unescape(&c.input, line + 7);
        else if (strncmp(line, "record: ", 8) == 0 || strcmp(line, "bad") == 0) {
            unescape(&c.expected, line[0] == 'r' ? line + 8 : line);
            writer_byte(&c.expected, '\n');
        } else if (strncmp(line, "skipped ", 8) == 0)
            c.skipped = strtoull(line + 8, NULL, 10);
        else if (strcmp(line, "end") == 0 || strncmp(line, "HEED_", 5) == 0)
            snprintf(c.end, sizeof c.end, "%.250s", line);
    }
    fclose(file);
    return count;
}

static void reads_delimited_files_as_the_cases_say(void **state)
{
    (void)state;
    assert_true(run_cases("cases/rows/delimited.txt") > 40);
}

static void reads_lines_as_the_cases_say(void **state)
{
    (void)state;
    assert_true(run_cases("cases/rows/lines.txt") > 20);
}

static void reads_labels_as_the_cases_say(void **state)
{
    (void)state;
    assert_true(run_cases("cases/rows/labels.txt") > 15);
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
        cmocka_unit_test(reads_delimited_files_as_the_cases_say),
        cmocka_unit_test(reads_lines_as_the_cases_say),
        cmocka_unit_test(reads_labels_as_the_cases_say),
        cmocka_unit_test(every_choice_has_a_word),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
