/* heed check: leaks and faults of rows, found before a training. */
#include "base/status.h"
#include "operands.h"
#include "output.h"
#include "paths.h"
#include "progress.h"
#include "settings.h"

enum { PART_LISTS = 3 };

static void lists_fill(heed_corpus_files out[PART_LISTS], const settings *s)
{
    const text_list *lists[] = {&s->train_files, &s->validation_files, &s->test_files};
    static const heed_part parts[] = {HEED_PART_ANY, /* a split column decides */
                                      HEED_PART_VALIDATION, HEED_PART_TEST};
    for (size_t i = 0; i < PART_LISTS; i++)
        out[i] = (heed_corpus_files){lists[i]->items, lists[i]->count, parts[i]};
}

/* All files are there before the first is read. */
static heed_status files_check(const heed_corpus_files lists[PART_LISTS], const settings *s, heed_error *error)
{
    heed_status status = HEED_OK;
    path_guard g = path_guard_begin(error);
    if (s->train_files.count == 0)
        return fail(error, HEED_USAGE, "check: --train is missing, expected --train FILE with the training rows");
    path_guard_output(&g, "--page", s->page_file);
    for (size_t i = 0; i < PART_LISTS; i++) {
        for (size_t k = 0; k < lists[i].count; k++)
            TRY((s->clean_folder != NULL ? path_check_twice : path_check_rows)(lists[i].paths[k], error));
        path_guard_inputs(&g, "the rows", lists[i].paths, lists[i].count);
    }
    status = path_guard_end(&g);
done:
    return status;
}

static heed_status files_add(heed_check *check, const heed_corpus_files *list, settings *s, progress *p,
                             heed_error *error)
{
    heed_reader *reader = NULL;
    heed_rows_options rows = s->rows;
    heed_status status;
    rows.need_columns = list->part == HEED_PART_ANY; /* others may lack labels, or a split column */
    for (size_t i = 0; i < list->count; i++)
        terminal_tell(s, list->paths[i]);
    TRY(heed_reader_open(&reader, list->paths, list->count, &rows, error));
    status = heed_check_add(check, reader, list->part, s->train.threads, &p->listener, error);
done:
    progress_clear(p);
    heed_reader_free(reader);
    return status;
}

static heed_status report_print(const heed_check *check, const settings *s, heed_error *error)
{
    char *text = NULL;
    heed_status made = s->json ? heed_check_json(&text, check, error) : heed_check_report(&text, check, error);
    return output_print_made(made, text, !s->json, error);
}

static heed_status page_write(const heed_check *check, const char *path, heed_error *error)
{
    char *page = NULL;
    heed_status made = heed_check_page(&page, check, error);
    return output_write_made(made, page, path, error);
}

/* What is written besides the report. */
static heed_status files_write(const heed_check *check, const heed_corpus_files lists[PART_LISTS], const settings *s,
                               progress *p, heed_error *error)
{
    heed_status status = HEED_OK;
    if (s->page_file != NULL)
        TRY(page_write(check, s->page_file, error));
    if (s->clean_folder != NULL)
        TRY(heed_check_write_clean(check, &s->rows, lists, PART_LISTS, s->clean_folder, &p->listener, error));
done:
    progress_clear(p);
    return status;
}

static heed_status run(settings *s, heed_error *error)
{
    progress p;
    heed_check *check = NULL;
    heed_corpus_files lists[PART_LISTS];
    heed_status status;
    lists_fill(lists, s);
    TRY(files_check(lists, s, error));
    progress_init(&p, "reading", s->quiet, true);
    progress_watch_signals();
    TRY(heed_check_new(&check, error));
    for (size_t i = 0; i < PART_LISTS; i++)
        if (lists[i].count > 0)
            TRY(files_add(check, &lists[i], s, &p, error));
    if (s->train.validation == HEED_VALIDATION_LAST)
        TRY(heed_check_validate_last(check, s->train.validation_fraction, error));
    status = heed_check_finish(check, s->train.threads, &p.listener, error);
    progress_clear(&p);
    TRY(status);
    TRY(files_write(check, lists, s, &p, error));
    TRY(report_print(check, s, error));
    status = heed_check_require(check, error);
done:
    heed_check_free(check);
    return status;
}

const command check_command = {
    .name = "check",
    .run = run,
    .touches = TOUCHES_READING | TOUCHES_LABELS | TOUCHES_ANSWERS | TOUCHES_PARTS | TOUCHES_HELD_OUT | TOUCHES_THREADS,
    .arguments = "--train FILE... [--test FILE]...",
    .summary = "find leaks and faults of rows before training",
    .about =
        "Reads the rows of all parts and says what would make a training or its figures worthless: rows of the "
        "validation or test part that are training rows too, equal or nearly; one text with two labels; parts that "
        "differ in their labels or their source; an order that makes the last rows a bad sample; labels that are "
        "rare, missing or spelt in two ways; rows that are broken, empty or in the wrong encoding; words that give "
        "the label away; blocks of wrong labels.\n\n"
        "The exit status is 4 if something serious was found: a validation or test row that is a training row, a "
        "label that training lacks, more than 1% of texts with two labels.",
    .examples = "heed check --train train.tsv --test test.tsv\n"
                "heed check --train rows.csv --split-column part --json\n"
                "heed check --train a.csv --test b.csv --page leaks.html --write-clean clean\n"
                "heed check --preset tutorial --train labeledTrainData.tsv \\\n"
                "    --train imdb_master.csv --test testData.tsv",
};
