#include "model/sum_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/blanks.h"
#include "base/memory.h"
#include "base/status.h"
#include "base/writer.h"
#include "model/part_table.h"
#include "network/architecture.h"

static heed_status add_part(sum_text *out, heed_bytes part, const char *text, heed_error *error)
{
    part = blanks_trim(part);
    if (part.size == 0)
        return fail(error, HEED_USAGE, "architecture: found an empty part in '%.100s', expected parts separated by %c",
                    text, PART_SEPARATOR);
    if (out->count == MOST_PARTS)
        return fail(error, HEED_USAGE, "architecture: found more than %d parts, expected fewer", MOST_PARTS);
    char *copy = memory_copy(part.data, part.size);
    if (copy == NULL)
        return fail_memory(error, "an architecture");
    heed_status status = part_class_of(copy)->canonical(&out->text[out->count], copy, error);
    out->count += status == HEED_OK;
    free(copy);
    return status;
}

heed_status sum_text_parse(sum_text *out, const char *text, heed_error *error)
{
    *out = (sum_text){.count = 0};
    heed_status status = HEED_OK;
    for (const char *part = text; part != NULL && status == HEED_OK;) {
        const char *end = strchr(part, PART_SEPARATOR);
        status = add_part(out, (heed_bytes){part, end == NULL ? strlen(part) : (size_t)(end - part)}, text, error);
        part = end == NULL ? NULL : end + 1;
    }
    return status;
}

void sum_text_release(sum_text *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        free(t->text[i]);
    *t = (sum_text){.count = 0};
}

bool sum_text_reads_words(const sum_text *t)
{
    for (uint32_t i = 0; i < t->count; i++)
        if (!part_class_of(t->text[i])->reads_subwords)
            return true;
    return false;
}

heed_status sum_text_join(char **out, const char *const *parts, uint32_t count, heed_error *error)
{
    writer text = {0};
    for (uint32_t i = 0; i < count; i++)
        writer_print(&text, "%s%s", i > 0 ? " ; " : "", parts[i]);
    heed_status status = writer_take(&text, out, NULL, error);
    writer_release(&text);
    return status;
}
