/* heed split: rows of files to parts of them, as files of their own. */
#include <stdio.h>
#include <string.h>

#include "base/status.h"
#include "output.h"
#include "paths.h"
#include "progress.h"
#include "settings.h"

static heed_status options_check(const settings *s, heed_error *error)
{
    heed_status status = HEED_OK;
    if (!settings_named(s, "output"))
        return fail(error, HEED_USAGE, "split: --output is missing, expected a folder for the parts");
    TRY(heed_split_check(s->parts, error));
    for (size_t i = 0; i < s->operands.count; i++)
        TRY(path_check_twice(s->operands.items[i], error));
done:
    return status;
}

static heed_status parts_write(heed_split *split, const settings *s, progress *p, heed_error *error)
{
    heed_reader *again = NULL;
    heed_status status;
    TRY(heed_reader_open(&again, s->operands.items, s->operands.count, &s->rows, error));
    status = heed_split_write(split, again, s->output_folder, &p->listener, error);
done:
    heed_reader_free(again);
    return status;
}

static heed_status report_print(const heed_split *split, const settings *s, heed_error *error)
{
    char *text = NULL;
    heed_status made = s->json ? heed_split_json(&text, split, error) : heed_split_report(&text, split, error);
    return output_print_made(made, text, !s->json, error);
}

static heed_status run(settings *s, heed_error *error)
{
    progress p;
    heed_reader *reader = NULL;
    heed_split *split = NULL;
    heed_status status;
    progress_init(&p, "splitting", s->quiet, true);
    progress_watch_signals();
    TRY(options_check(s, error));
    s->rows.need_label = !s->no_labels;
    s->rows.need_columns = true;
    if (s->no_labels)
        s->rows.label_column = "";
    TRY(heed_reader_open(&reader, s->operands.items, s->operands.count, &s->rows, error));
    TRY(heed_split_new(&split, reader, s->parts, s->train.seed, s->train.threads, &p.listener, error));
    progress_clear(&p);
    progress_skipped(&p, reader);
    TRY(parts_write(split, s, &p, error));
    progress_clear(&p);
    status = report_print(split, s, error);
done:
    progress_clear(&p);
    heed_split_free(split);
    heed_reader_free(reader);
    return status;
}

static const char *const without[] = {"split-column", NULL};

const command split_command = {
    .name = "split",
    .run = run,
    .touches = TOUCHES_READING | TOUCHES_LABELS | TOUCHES_ANSWERS | TOUCHES_PARTS | TOUCHES_SEED | TOUCHES_THREADS,
    .without = without,
    .min_arguments = 1,
    .max_arguments = ANY_NUMBER,
    .arguments = "FILE... --output FOLDER [OPTION]...",
    .summary = "divide rows into training, validation and test files without leaks",
    .about =
        "Writes a file for each part, such as FOLDER/train.csv. Its rows are as they were: all columns, the header, "
        "delimiter, quotes and encoding of the file, so that the same options read it. Compressed files are written "
        "plain; of a folder of texts a part is a folder, too. Each part is read back before it gets its name.\n\n"
        "Every label is divided by the shares, and the part with the largest share has all labels. Rows stay together "
        "if their texts are equal but for case, punctuation, spacing, entities and Unicode form, if they are nearly "
        "equal, and if they have the same value in --group-column, so that no part leaks into another.\n\n"
        "Files are read twice, so that pipes cannot be divided. Several files become one file for each part; they need "
        "the same columns.",
    .examples = "heed split reviews.csv --output parts\n"
                "heed split reviews.csv --parts train=0.9,test=0.1 --output parts\n"
                "heed split reviews.csv --group-column film --output parts\n"
                "heed train --train parts/train.csv --validation-file parts/validation.csv \\\n"
                "    --model reviews.safetensors",
};
