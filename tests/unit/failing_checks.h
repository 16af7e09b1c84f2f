/* For test_failures: the calls of heed_check and heed_split. */
#ifndef UNIT_FAILING_CHECKS_H
#define UNIT_FAILING_CHECKS_H

#include "unit/failing_world.h"

CALL(heed_check_new, heed_check_free(o->first), OUT(first), error)
TEXT_OF(heed_check_report, (w.check))
TEXT_OF(heed_check_json, (w.check))
TEXT_OF(heed_check_page, (w.check))
TEXT_OF(heed_split_report, (w.split))
TEXT_OF(heed_split_json, (w.split))
REFUSED(heed_split_check, "train=2")
REFUSED(heed_check_require, w.check)
REFUSED(heed_check_validate_last, w.check, 0.2)

static heed_check *new_check(void)
{
    heed_check *check = NULL;
    long kept = left;
    left = LONG_MAX;
    must(heed_check_new(&check, &made_error));
    left = kept;
    return check;
}

static heed_status call_heed_check_add(outputs *o, heed_error *error)
{
    (void)o;
    heed_check *check = new_check();
    heed_reader *reader = open_rows();
    heed_status status = heed_check_add(check, reader, HEED_PART_ANY, 1, NULL, error);
    heed_reader_free(reader);
    heed_check_free(check);
    return status;
}

static heed_status call_heed_check_finish(outputs *o, heed_error *error)
{
    (void)o;
    long kept = left;
    left = LONG_MAX;
    heed_check *check = made_check();
    left = kept;
    heed_status status = heed_check_finish(check, 1, NULL, error);
    heed_check_free(check);
    return status;
}

static heed_status call_heed_check_text(outputs *o, heed_error *error)
{
    o->size = 7;
    heed_status status = heed_check_text(OUT(first), &o->size, w.check, 1, error);
    if (status == HEED_OK)
        heed_free(o->first);
    return status;
}

/* The rows to train and to test on that the check has. */
static heed_status call_heed_check_write_clean(outputs *o, heed_error *error)
{
    (void)o;
    const heed_corpus_files files[] = {{&(const char *){w.rows}, 1, HEED_PART_TRAIN},
                                       {&(const char *){w.rows}, 1, HEED_PART_TEST}};
    return heed_check_write_clean(w.check, &w.rows_options, files, 2, w.folder, NULL, error);
}

static heed_status call_heed_split_new(outputs *o, heed_error *error)
{
    heed_reader *reader = open_rows();
    heed_status status = heed_split_new(OUT(first), reader, "one=0.5,two=0.5", 1, 1, NULL, error);
    if (status == HEED_OK)
        heed_split_free(o->first);
    heed_reader_free(reader);
    return status;
}

static heed_status call_heed_split_write(outputs *o, heed_error *error)
{
    (void)o;
    heed_reader *reader = open_rows();
    heed_status status = heed_split_write(w.split, reader, w.folder, NULL, error);
    heed_reader_free(reader);
    return status;
}

#endif
