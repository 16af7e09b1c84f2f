#include "check/share_list.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/status.h"
#include "base/writer.h"

static const char example[] = "train=0.8,validation=0.1,test=0.1";

/* It becomes the name of a file or folder. */
static bool name_fits(const char *name)
{
    enum { LONGEST = 200 };
    size_t size = strlen(name);
    bool fits = size > 0 && size <= LONGEST && *name != '.' && *name != '-' && strchr(name, '/') == NULL;
    for (const char *at = name; *at != '\0'; at++)
        fits = fits && (unsigned char)*at >= ' ' && *at != '\x7F';
    return fits;
}

static heed_status name_check(const share_list *list, const char *name, heed_error *error)
{
    if (!name_fits(name))
        return fail(error, HEED_USAGE, "--parts: found the name '%.60s', expected one that a file can have", name);
    for (size_t i = 0; i < list->count; i++)
        if (strcmp(list->name[i], name) == 0)
            return fail(error, HEED_USAGE, "--parts: found '%s' twice, expected each part once", name);
    return HEED_OK;
}

/* NAME=SHARE, which is a text of its own; it is cut at the last =. */
static heed_status share_read(share_list *list, char *text, heed_error *error)
{
    char *equals = strrchr(text, '=');
    double share = 0;
    if (list->count == MOST_SHARES)
        return fail(error, HEED_USAGE, "--parts: found more than %d parts, which is the most", MOST_SHARES);
    if (equals == NULL || !number_parse(&share, bytes_of(equals + 1)) || !(share > 0))
        return fail(error, HEED_USAGE, "--parts: found '%.60s', expected a name and a share above 0, as in %s", text,
                    example);
    *equals = '\0';
    heed_status status = name_check(list, text, error);
    if (status != HEED_OK)
        return status;
    list->name[list->count] = text;
    list->share[list->count++] = share;
    return HEED_OK;
}

/* Thirds may be 0.333. */
static heed_status sum_check(share_list *list, heed_error *error)
{
    const double rounding = 0.005;
    double sum = 0;
    for (size_t i = 0; i < list->count; i++)
        sum += list->share[i];
    if (!(fabs(sum - 1) < rounding))
        return fail(error, HEED_USAGE, "--parts: found shares with the sum %g, expected 1, as in %s", sum, example);
    for (size_t i = 0; i < list->count; i++)
        list->share[i] /= sum;
    return HEED_OK;
}

heed_status share_list_read(share_list *out, const char *text, heed_error *error)
{
    heed_status status = HEED_OK;
    *out = (share_list){.text = memory_copy(text, strlen(text))};
    if (out->text == NULL)
        return fail_memory(error, "parts");
    for (char *at = out->text, *next; at != NULL; at = next) {
        next = strchr(at, ',');
        if (next != NULL)
            *next++ = '\0';
        TRY(share_read(out, at, error));
    }
    status = sum_check(out, error);
done:
    return status;
}

void share_list_release(share_list *list)
{
    free(list->text);
    *list = (share_list){0};
}

heed_status heed_split_check(const char *parts, heed_error *error)
{
    share_list list;
    heed_status status = share_list_read(&list, parts, error);
    share_list_release(&list);
    return status;
}
