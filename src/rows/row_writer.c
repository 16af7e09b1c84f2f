#include "rows/row_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/path.h"
#include "base/status.h"
#include "base/utf8.h"
#include "options/choices.h"
#include "rows/encoding.h"
#include "rows/formats.h"
#include "rows/reader.h"

/* ---- what files have in common */

static bool has_columns(const row_writer *w)
{
    return format_class_of(w->format)->delimiter != '\0';
}

/* Delimiter, quoting and header. */
static void shape_write(writer *out, heed_reader *reader)
{
    const heed_reader_info *info = heed_reader_describe(reader);
    heed_bytes header = reader_header(reader);
    writer_print(out, "%c%d", info->delimiter, (int)info->quoting);
    writer_bytes(out, header.data, header.size);
}

static heed_status shape_check(const row_writer *w, heed_reader *reader, heed_error *error)
{
    writer shape = {0};
    const char *file = reader_place(reader);
    if (heed_reader_describe(reader)->format != w->format)
        return fail(error, HEED_BAD_DATA,
                    "%s: has another format than the first file, whose rows it cannot be written with", file);
    if (!has_columns(w))
        return HEED_OK;
    shape_write(&shape, reader);
    heed_status status = writer_check(&shape, error);
    bool same = bytes_same((heed_bytes){shape.data, shape.size}, (heed_bytes){w->shape.data, w->shape.size});
    writer_release(&shape);
    if (status == HEED_OK && !same)
        status = fail(error, HEED_BAD_DATA,
                      "%s: found other columns, quotes or another delimiter than in the first file, whose rows it "
                      "cannot be written with",
                      file);
    return status;
}

/* ---- rows */

/* Text in the encoding of its file, which a row beyond ASCII settles for all that is written. */
static heed_status text_write(row_writer *w, heed_reader *reader, heed_bytes text, const char *end, heed_error *error)
{
    heed_encoding encoding = heed_reader_describe(reader)->encoding;
    bool plain = utf8_ascii(text.data, text.size) == text.size;
    if (!plain && w->encoded && encoding != w->encoding)
        return fail(error, HEED_BAD_DATA, "%s: is read as %s, and a file before it as %s, expected one encoding",
                    reader_place(reader), names_of(&encoding_names, encoding), names_of(&encoding_names, w->encoding));
    if (!plain) {
        w->encoded = true;
        w->encoding = encoding;
    }
    writer_clear(&w->raw);
    bool fine = encoding_restore(&w->raw, plain ? HEED_UTF8 : encoding, text);
    writer_text(&w->raw, end);
    heed_status status = writer_check(&w->raw, error);
    if (status == HEED_OK && !fine)
        status = fail(error, HEED_BAD_DATA, "%s: found a character that %s does not have", reader_place(reader),
                      names_of(&encoding_names, encoding));
    if (status == HEED_OK && fwrite(w->raw.data, 1, w->raw.size, w->file.file) != w->raw.size)
        status = fail(error, HEED_FAILED, "%s: cannot be written: %s", w->path, strerror(errno));
    return status;
}

static void digest_bytes(XXH3_state_t *state, heed_bytes b)
{
    uint64_t size = b.size;
    XXH3_64bits_update(state, &size, sizeof size);
    XXH3_64bits_update(state, b.data, b.size);
}

/* Of all that is read of it. Digests of rows are added up: texts of several folders come in another order. */
static uint64_t row_digest(XXH3_state_t *state, const heed_record *record)
{
    const heed_bytes parts[] = {record->text, record->label, record->id, record->split, record->group};
    XXH3_64bits_reset(state);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        digest_bytes(state, parts[i]);
    for (size_t i = 0; i < record->field_count; i++)
        digest_bytes(state, record->fields[i]);
    XXH3_64bits_update(state, &record->weight, sizeof record->weight);
    return XXH3_64bits_digest(state);
}

heed_status row_writer_add(row_writer *w, heed_reader *reader, const heed_record *record, heed_error *error)
{
    heed_status status;
    size_t number = reader_path_number(reader);
    if (number != w->number)
        TRY(shape_check(w, reader, error));
    w->number = number;
    if (w->folder.path != NULL)
        TRY(folder_writer_add(&w->folder, reader_place(reader), error));
    else
        TRY(text_write(w, reader, record->line, *record->line_end != '\0' ? record->line_end : w->line_end, error));
    w->digest += row_digest(w->state, record);
    w->rows++;
done:
    return status;
}

/* ---- begin */

/* A byte order mark, a line that says what separates fields, and the header, as they are in the reader's file. */
static heed_status head_write(row_writer *w, heed_reader *reader, heed_error *error)
{
    const heed_reader_info *info = heed_reader_describe(reader);
    heed_bytes header = reader_header(reader);
    const char *mark = info->byte_order_mark ? "\xEF\xBB\xBF" : "";
    heed_status status = HEED_OK;
    if (*info->line_end != '\0')
        w->line_end = info->line_end;
    if (fputs(mark, w->file.file) < 0 || fputs(info->separator_line, w->file.file) < 0)
        return fail(error, HEED_FAILED, "%s: cannot be written: %s", w->path, strerror(errno));
    if (has_columns(w))
        shape_write(&w->shape, reader);
    status = writer_check(&w->shape, error);
    if (status == HEED_OK && header.data != NULL)
        status = text_write(w, reader, header, w->line_end, error);
    return status;
}

heed_status row_writer_begin(row_writer *out, const char *folder, const char *name, heed_reader *reader,
                             heed_error *error)
{
    writer path = {0};
    heed_status status;
    *out = (row_writer){.line_end = "\n", .number = reader_path_number(reader), .state = XXH3_createState()};
    if (out->state == NULL)
        return fail_memory(error, name);
    out->format = heed_reader_describe(reader)->format;
    heed_bytes extension = format_extension(out->format, reader_path(reader));
    writer_print(&path, "%s/%s%.*s", folder, name, (int)extension.size, extension.data);
    status = writer_take(&path, &out->path, NULL, error);
    writer_release(&path);
    if (status != HEED_OK)
        return status;
    if (format_class_of(out->format)->is_folder)
        return folder_writer_begin(&out->folder, out->path, error);
    if (reader_reads(reader, out->path))
        return fail(error, HEED_USAGE, "%s: is one of the files that are read, expected another folder or name",
                    out->path);
    status = replacement_begin(&out->file, out->path, error);
    return status == HEED_OK ? head_write(out, reader, error) : status;
}

/* ---- end */

static heed_status fail_other(const row_writer *w, heed_reader *reader, heed_error *error)
{
    const heed_reader_info *info = heed_reader_describe(reader);
    heed_encoding encoding = w->encoded ? w->encoding : HEED_UTF8;
    const char delimiter[] = {info->delimiter, '\0'};
    if (has_columns(w))
        return fail(
            error, HEED_BAD_DATA,
            "%s: what was written reads back as other rows, since quotes, delimiter and encoding are found from "
            "the rows of a file; name them: --quoting %s --delimiter '%s' --encoding %s",
            w->path, names_of(&quoting_names, info->quoting), info->delimiter == '\t' ? "tab" : delimiter,
            names_of(&encoding_names, encoding));
    return fail(error, HEED_BAD_DATA,
                "%s: what was written reads back as other rows, since the encoding is found from the rows of a file; "
                "name it: --encoding %s",
                w->path, names_of(&encoding_names, encoding));
}

/* Whether the written file reads as the rows that were added. */
static heed_status read_back(bool *same, const row_writer *w, const heed_reader *reader, const char *path,
                             heed_error *error)
{
    heed_reader *back = NULL;
    heed_error problem;
    const heed_record *record;
    uint64_t rows = 0, digest = 0;
    heed_status status = reader_open_like(&back, reader, w->number, path, w->format, &problem);
    while (status == HEED_OK && (status = heed_reader_next(&record, back, &problem)) == HEED_OK) {
        digest += row_digest(w->state, record);
        rows++;
    }
    heed_reader_free(back);
    *same = status == HEED_END && rows == w->rows && digest == w->digest;
    return status == HEED_END || status == HEED_BAD_DATA ? HEED_OK : fail(error, status, "%s", problem.message);
}

heed_status row_writer_check(row_writer *w, heed_reader *reader, heed_error *error)
{
    bool same = true;
    heed_status status;
    if (w->folder.path == NULL && fflush(w->file.file) != 0)
        return fail(error, HEED_FAILED, "%s: cannot be written: %s", w->path, strerror(errno));
    const char *path = w->folder.path != NULL ? w->folder.aside : w->file.aside;
    if (w->rows > 0 && path != NULL) /* a file without rows is refused by readers that need labels */
        TRY(read_back(&same, w, reader, path, error));
    return same ? HEED_OK : fail_other(w, reader, error);
done:
    return status;
}

heed_status row_writer_commit(row_writer *w, heed_error *error)
{
    return w->folder.path != NULL ? folder_writer_commit(&w->folder, error) : replacement_commit(&w->file, error);
}

void row_writer_release(row_writer *w)
{
    folder_writer_release(&w->folder);
    replacement_abandon(&w->file);
    writer_release(&w->shape);
    writer_release(&w->raw);
    XXH3_freeState(w->state);
    free(w->path);
    *w = (row_writer){0};
}
