/* For tests: a check of rows made on the spot, and its findings by their kind. */
#ifndef UNIT_MADE_CHECK_H
#define UNIT_MADE_CHECK_H

#include "unit/made_rows.h"

static inline heed_status check_add(heed_check *check, const char *rows, const char *ending, heed_part part,
                                    const heed_rows_options *options, unsigned threads)
{
    char path[64];
    heed_reader *reader = NULL;
    heed_rows_options usual = made_rows_options(NULL);
    made_file(path, ending, rows, strlen(rows));
    heed_status status =
        heed_reader_open(&reader, &(const char *){path}, 1, options != NULL ? options : &usual, &made_error);
    if (status == HEED_OK)
        status = heed_check_add(check, reader, part, threads, NULL, &made_error);
    heed_reader_free(reader);
    unlink(path);
    return status;
}

/* A finished check of tab-separated rows; parts that are NULL have none. */
static inline heed_check *made_check_with(const char *train, const char *validation, const char *test,
                                          const heed_rows_options *options, unsigned threads)
{
    const char *const parts[] = {train, validation, test};
    heed_check *check = NULL;
    must(heed_check_new(&check, &made_error));
    for (unsigned i = 0; i < 3; i++)
        if (parts[i] != NULL)
            must(check_add(check, parts[i], ".tsv", HEED_PART_TRAIN + i, options, threads));
    must(heed_check_finish(check, threads, NULL, &made_error));
    return check;
}

static inline heed_check *made_check(const char *train, const char *validation, const char *test)
{
    return made_check_with(train, validation, test, NULL, 2);
}

/* The first finding of this kind about these parts; NULL: there is none. */
static inline const heed_finding *finding_of(const heed_check *check, const char *kind, heed_part part, heed_part other)
{
    for (size_t i = 0; i < heed_check_describe(check)->finding_count; i++) {
        const heed_finding *f = heed_check_finding(check, i);
        if (strcmp(f->kind, kind) == 0 && f->part == part && f->other_part == other)
            return f;
    }
    return NULL;
}

/* The same, which is there. */
static inline const heed_finding *must_find(const heed_check *check, const char *kind, heed_part part, heed_part other)
{
    const heed_finding *f = finding_of(check, kind, part, other);
    if (f == NULL)
        fail_msg("no finding '%s' of parts %d and %d", kind, (int)part, (int)other);
    return f;
}

static inline double figure_of(const heed_finding *f, const char *name)
{
    for (size_t i = 0; i < f->figure_count; i++)
        if (strcmp(f->figures[i].name, name) == 0)
            return f->figures[i].value;
    fail_msg("no figure '%s' of '%s'", name, f->kind);
    return 0;
}

#endif
