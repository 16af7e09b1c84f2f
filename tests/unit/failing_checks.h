/* For test_failures: the calls of heed_check. */
#ifndef UNIT_FAILING_CHECKS_H
#define UNIT_FAILING_CHECKS_H

#include "unit/failing_world.h"

CALL(heed_check_new, heed_check_free(o->first), OUT(first), error)
TEXT_OF(heed_check_report, (w.check))
TEXT_OF(heed_check_json, (w.check))
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

#endif
