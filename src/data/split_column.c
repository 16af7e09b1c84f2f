#include "data/split_column.h"

#include "base/status.h"
#include "base/writer.h"

heed_status split_column_part(heed_part *out, const heed_record *record, heed_error *error)
{
    static const struct {
        const char *word;
        heed_part part;
    } words[] = {{"train", HEED_PART_TRAIN},
                 {"training", HEED_PART_TRAIN},
                 {"0", HEED_PART_TRAIN},
                 {"valid", HEED_PART_VALIDATION},
                 {"validation", HEED_PART_VALIDATION},
                 {"val", HEED_PART_VALIDATION},
                 {"dev", HEED_PART_VALIDATION},
                 {"1", HEED_PART_VALIDATION},
                 {"test", HEED_PART_TEST},
                 {"2", HEED_PART_TEST}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (bytes_same(bytes_of(words[i].word), record->split)) {
            *out = words[i].part;
            return HEED_OK;
        }
    return fail(error, HEED_BAD_DATA,
                "%s:%llu: split column: found '%.*s', expected train, validation or test (or 0, 1, 2)", record->file,
                (unsigned long long)record->line_number, (int)(record->split.size < 60 ? record->split.size : 60),
                record->split.data);
}
