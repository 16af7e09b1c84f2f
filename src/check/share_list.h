/* Parts and their shares as text: "train=0.8,validation=0.1,test=0.1". */
#ifndef CHECK_SHARE_LIST_H
#define CHECK_SHARE_LIST_H

#include "heed.h"

enum { MOST_SHARES = 100 };

typedef struct share_list {
    char *text; /* the names, each with a NUL after it */
    size_t count;
    const char *name[MOST_SHARES];
    double share[MOST_SHARES]; /* in sum 1 */
} share_list;

/* HEED_USAGE: not of this form, names that no file can have or that are there twice, shares that are not more than 0 or
 * whose sum is not 1, but for rounding. Release it in any case. */
heed_status share_list_read(share_list *out, const char *text, heed_error *error);
void share_list_release(share_list *list);

#endif
