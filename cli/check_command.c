/* heed check: leaks and faults of rows, found before a training. */
#include "base/status.h"
#include "operands.h"
#include "output.h"
#include "paths.h"
#include "progress.h"
#include "settings.h"

/* The files of a part, and the option that names them. */
typedef struct part_files {
    const text_list *files;
    heed_part part;
} part_files;

enum { PART_LISTS = 3 };

static void lists_fill(part_files out[PART_LISTS], const settings *s)
{
    out[0] = (part_files){&s->train_files, HEED_PART_ANY}; /* a split column decides */
    out[1] = (part_files){&s->validation_files, HEED_PART_VALIDATION};
    out[2] = (part_files){&s->test_files, HEED_PART_TEST};
}

/* All files are there before the first is read. */
static heed_status files_check(const settings *s, heed_error *error)
{
    part_files lists[PART_LISTS];
    heed_status status = HEED_OK;
    lists_fill(lists, s);
    if (s->train_files.count == 0)
        return fail(error, HEED_USAGE, "check: --train is missing, expected --train FILE with the training rows");
    for (size_t i = 0; i < PART_LISTS; i++)
        for (size_t k = 0; k < lists[i].files->count; k++)
            TRY(path_check_rows(lists[i].files->items[k], error));
done:
    return status;
}

static heed_status files_add(heed_check *check, const part_files *list, settings *s, progress *p, heed_error *error)
{
    heed_reader *reader = NULL;
    heed_rows_options rows = s->rows;
    heed_status status;
    rows.need_columns = list->part == HEED_PART_ANY; /* others may lack labels, or a split column */
    for (size_t i = 0; i < list->files->count; i++)
        terminal_tell(s, list->files->items[i]);
    TRY(heed_reader_open(&reader, list->files->items, list->files->count, &rows, error));
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

static heed_status run(settings *s, heed_error *error)
{
    progress p;
    heed_check *check = NULL;
    part_files lists[PART_LISTS];
    heed_status status;
    TRY(files_check(s, error));
    lists_fill(lists, s);
    progress_init(&p, "reading", s->quiet, true);
    progress_watch_signals();
    TRY(heed_check_new(&check, error));
    for (size_t i = 0; i < PART_LISTS; i++)
        if (lists[i].files->count > 0)
            TRY(files_add(check, &lists[i], s, &p, error));
    if (s->train.validation == HEED_VALIDATION_LAST)
        TRY(heed_check_validate_last(check, s->train.validation_fraction, error));
    status = heed_check_finish(check, s->train.threads, &p.listener, error);
    progress_clear(&p);
    TRY(status);
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
                "heed check --preset tutorial --train labeledTrainData.tsv \\\n"
                "    --train imdb_master.csv --test testData.tsv",
};
