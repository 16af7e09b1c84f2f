#include "rows/tutorial.h"

#include "base/writer.h"

typedef struct known_file {
    const char *names[6]; /* ends with NULL */
    heed_rows_options reads;
} known_file;

static const known_file known_files[] = {
    /* pd.read_csv('labeledTrainData.tsv', delimiter="\t"): \" is not known there, so reviews contain backslashes */
    {{"id", "sentiment", "review", NULL},
     {.quoting = HEED_QUOTING_MINIMAL, .text_columns = "review", .label_column = "sentiment"}},
    /* pd.read_csv('imdb_master.csv', encoding="latin-1"), without unsup: a windows-1252 file, so quotes become controls
     */
    {{"", "type", "review", "label", "file", NULL},
     {.encoding = HEED_LATIN_1,
      .quoting = HEED_QUOTING_MINIMAL,
      .text_columns = "review",
      .label_column = "label",
      .label_map = "pos=1,neg=0",
      .drop_labels = "unsup"}},
    /* pd.read_csv("testData.tsv", delimiter="\t", quoting=3), labelled by the rating in the id */
    {{"id", "review", NULL}, {.quoting = HEED_QUOTING_NONE, .text_columns = "review", .label_from = "id:rating>=5"}},
};

static bool matches(const known_file *known, const heed_bytes *names, size_t count)
{
    size_t i = 0;
    for (; known->names[i] != NULL && i < count; i++)
        if (!bytes_same(names[i], bytes_of(known->names[i])))
            return false;
    return known->names[i] == NULL && i == count;
}

static void complete(heed_rows_options *options, const heed_rows_options *reads)
{
    bool labelled = options->label_column != NULL || options->label_from != NULL;
    if (options->encoding == HEED_UTF8)
        options->encoding = reads->encoding;
    if (options->quoting == HEED_QUOTING_AUTO)
        options->quoting = reads->quoting;
    if (options->text_columns == NULL)
        options->text_columns = reads->text_columns;
    if (options->drop_labels == NULL)
        options->drop_labels = reads->drop_labels;
    if (options->label_map == NULL)
        options->label_map = reads->label_map;
    if (!labelled) {
        options->label_column = reads->label_column;
        options->label_from = reads->label_from;
    }
}

void tutorial_complete(heed_rows_options *options, const heed_bytes *names, size_t count)
{
    for (size_t i = 0; i < sizeof known_files / sizeof *known_files; i++)
        if (matches(&known_files[i], names, count))
            complete(options, &known_files[i].reads);
}
