/* heed_check_json: the findings as one object. */
#include "base/json.h"
#include "check/check_state.h"
#include "check/wording.h"

enum { PAIRS_SHOWN = 1000 }; /* of a finding */

static void put_row(json_builder *j, const char *key, const heed_check *c, size_t number)
{
    const heed_checked_row *row = heed_check_row(c, number);
    json_open_object(j, key);
    json_put_text(j, "part", part_word((unsigned)row->part - HEED_PART_TRAIN));
    json_put_bytes(j, "file", bytes_of(row->file));
    json_put_count(j, "row", row->row);
    json_put_count(j, "line", row->line_number);
    json_put_text(j, "label", row->label);
    json_close(j);
}

static void put_pair(json_builder *j, const heed_check *c, const heed_checked_pair *pair)
{
    static const char *const words[] = {"exact", "normalised", "near"};
    json_open_object(j, NULL);
    json_put_text(j, "likeness", words[pair->likeness]);
    json_put_number(j, "similarity", pair->similarity);
    json_put_flag(j, "labels_differ", pair->labels_differ);
    put_row(j, "one", c, pair->one);
    put_row(j, "other", c, pair->other);
    json_close(j);
}

static void put_part(json_builder *j, const char *key, heed_part part)
{
    json_put_text(j, key, part == HEED_PART_ANY ? NULL : part_word((unsigned)part - HEED_PART_TRAIN));
}

static void put_finding(json_builder *j, const heed_check *c, const heed_finding *f)
{
    json_open_object(j, NULL);
    json_put_text(j, "kind", f->kind);
    json_put_flag(j, "serious", f->serious);
    json_put_text(j, "text", f->text);
    put_part(j, "part", f->part);
    put_part(j, "other_part", f->other_part);
    json_put_count(j, "rows", f->rows);
    json_put_count(j, "of", f->of);
    for (size_t i = 0; i < f->figure_count; i++)
        json_put_number(j, f->figures[i].name, f->figures[i].value);
    if (f->first < c->row_count)
        put_row(j, "first", c, f->first);
    else
        json_put_null(j, "first");
    json_put_count(j, "pair_count", f->pair_count);
    json_open_list(j, "pairs");
    for (size_t i = 0; i < f->pair_count && i < PAIRS_SHOWN; i++)
        put_pair(j, c, heed_check_pair(c, f->first_pair + i));
    json_close(j);
    json_close(j);
}

heed_status heed_check_json(char **out, const heed_check *check, heed_error *error)
{
    json_builder j = {0};
    json_open_object(&j, NULL);
    json_put_count(&j, "rows", check->info.rows);
    json_open_object(&j, "parts");
    for (unsigned part = 0; part < PARTS; part++)
        json_put_count(&j, part_word(part), check->rows_of[part]);
    json_close(&j);
    json_put_count(&j, "bad_rows", check->info.bad);
    json_put_count(&j, "dropped", check->info.dropped);
    json_put_count(&j, "serious", check->info.serious_count);
    json_open_list(&j, "findings");
    for (size_t i = 0; i < check->found.count; i++)
        put_finding(&j, check, &check->found.items[i].shown);
    json_close(&j);
    json_close(&j);
    return json_take(&j, out, "the check", error);
}
