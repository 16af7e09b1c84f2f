#include "rows/record_draft.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/status.h"

void record_draft_release(record_draft *r)
{
    label_rules_release(&r->rules);
    writer_release(&r->text);
    writer_release(&r->label);
    writer_release(&r->composed);
}

void record_begin(record_draft *r, heed_bytes line)
{
    *r->out = (heed_record){
        .line = line, .weight = 1, .file = r->file, .row = r->row, .line_number = r->line, .line_end = r->line_end};
    r->outcome = RECORD_TAKEN;
    r->texts = r->part_count = 0;
    writer_clear(&r->text);
    writer_clear(&r->label);
}

record_outcome record_refuse(record_draft *r, const char *format, ...)
{
    if (r->outcome != RECORD_TAKEN)
        return r->outcome;
    char detail[640];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(detail, sizeof detail, format, arguments);
    va_end(arguments);
    fail(r->error, HEED_BAD_DATA, "%.300s:%" PRIu64 ": row %" PRIu64 ": %s", r->place, r->line, r->row, detail);
    return r->outcome = RECORD_BAD;
}

record_outcome record_fail(record_draft *r, heed_status status)
{
    r->status = status;
    return r->outcome = RECORD_FAILED;
}

int record_shown(heed_bytes b)
{
    size_t most = 60, size = b.size < most ? b.size : most;
    while (size > 0 && size < b.size && ((unsigned char)b.data[size] & 0xC0) == 0x80)
        size--;
    return (int)size;
}
