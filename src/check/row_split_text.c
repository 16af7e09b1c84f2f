/* A split for people and for programs. */
#include "base/escape.h"
#include "base/json.h"
#include "check/row_split.h"

enum {
    MOST_COLUMNS = 6, /* of labels; with more of them, or longer names, the table says how many a part has */
    LONGEST_NAME = 16,
    NUMBER_WIDTH = 9
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* What names a part: its file, once it is written. */
static heed_bytes title_of(const heed_split_part *part)
{
    return bytes_of(part->path != NULL ? part->path : part->name);
}

static bool has_columns(const heed_split_info *info)
{
    bool fits = info->label_count <= MOST_COLUMNS;
    for (size_t i = 0; i < info->label_count && fits; i++)
        fits = escape_columns(bytes_of(info->labels[i])) <= LONGEST_NAME;
    return fits;
}

static void write_cell(writer *w, heed_bytes text, size_t width)
{
    size_t own = escape_columns(text);
    writer_repeat(w, ' ', 2 + (own < width ? width - own : 0));
    escape_terminal_line(w, text);
}

static void write_count(writer *w, uint64_t count, size_t width)
{
    writer_print(w, "  %*llu", (int)width, (unsigned long long)count);
}

static size_t width_of(const heed_split_info *info, size_t label)
{
    return larger(NUMBER_WIDTH, escape_columns(bytes_of(info->labels[label])));
}

static void heading_write(writer *w, const heed_split_info *info, size_t widest)
{
    writer_text(w, "part");
    writer_repeat(w, ' ', widest - 4);
    write_cell(w, bytes_of("rows"), NUMBER_WIDTH);
    write_cell(w, bytes_of("share"), NUMBER_WIDTH);
    write_cell(w, bytes_of("groups"), NUMBER_WIDTH);
    for (size_t i = 0; i < info->label_count && has_columns(info); i++)
        write_cell(w, bytes_of(info->labels[i]), width_of(info, i));
    if (!has_columns(info))
        write_cell(w, bytes_of("labels"), NUMBER_WIDTH);
    writer_byte(w, '\n');
}

static void part_write(writer *w, const heed_split_info *info, const heed_split_part *part, size_t widest)
{
    heed_bytes title = title_of(part);
    size_t present = 0;
    escape_terminal_line(w, title);
    writer_repeat(w, ' ', widest - escape_columns(title));
    write_count(w, part->rows, NUMBER_WIDTH);
    writer_print(w, "  %*.1f%%", NUMBER_WIDTH - 1, 100 * (double)part->rows / (double)info->rows);
    write_count(w, part->groups, NUMBER_WIDTH);
    for (size_t i = 0; i < info->label_count; i++) {
        present += part->label_rows[i] > 0;
        if (has_columns(info))
            write_count(w, part->label_rows[i], width_of(info, i));
    }
    if (!has_columns(info))
        write_count(w, present, NUMBER_WIDTH);
    writer_byte(w, '\n');
}

heed_status heed_split_report(char **out, const heed_split *split, heed_error *error)
{
    const heed_split_info *info = &split->info;
    writer w = {0};
    size_t widest = 4;
    for (size_t p = 0; p < info->part_count; p++)
        widest = larger(widest, escape_columns(title_of(&info->parts[p])));
    heading_write(&w, info, widest);
    for (size_t p = 0; p < info->part_count; p++)
        part_write(&w, info, &info->parts[p], widest);
    return writer_take(&w, out, NULL, error);
}

heed_status heed_split_json(char **out, const heed_split *split, heed_error *error)
{
    const heed_split_info *info = &split->info;
    json_builder j = {0};
    json_open_object(&j, NULL);
    json_put_count(&j, "rows", info->rows);
    json_put_count(&j, "groups", info->groups);
    json_open_list(&j, "parts");
    for (size_t p = 0; p < info->part_count; p++) {
        const heed_split_part *part = &info->parts[p];
        json_open_object(&j, NULL);
        json_put_text(&j, "name", part->name);
        json_put_text(&j, "file", part->path);
        json_put_count(&j, "rows", part->rows);
        json_put_count(&j, "groups", part->groups);
        json_open_object(&j, "labels");
        for (size_t i = 0; i < info->label_count; i++)
            json_put_count(&j, info->labels[i], part->label_rows[i]);
        json_close(&j);
        json_close(&j);
    }
    json_close(&j);
    json_close(&j);
    return json_take(&j, out, "a split", error);
}
