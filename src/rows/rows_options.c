#include "rows/rows_options.h"

#include "base/status.h"
#include "options/choices.h"
#include "options/option_checks.h"
#include "options/option_structs.h"

#define FORMAT_WORD(name, word, extensions, meaning) , #word
const names format_names = NAMES("auto" HEED_FORMATS(FORMAT_WORD));
#undef FORMAT_WORD
const names encoding_names = NAMES("utf-8", "windows-1252", "latin-1");
const names quoting_names = NAMES("auto", "minimal", "backslash", "none");
const names on_bad_row_names = NAMES("fail", "skip");

heed_status rows_options_copy(heed_rows_options *out, const heed_rows_options *options, heed_error *error)
{
    if (options->label_separator != NULL && *options->label_separator == '\0')
        return fail(error, HEED_USAGE, "label separator: found an empty text, expected one such as ','");
    heed_status status = options->delimiter == NULL ? HEED_OK : check_delimiter(options->delimiter, error);
    if (status == HEED_OK)
        status = options_check(HEED_OPTIONS_ROWS, options, error);
    return status == HEED_OK ? options_copy(HEED_OPTIONS_ROWS, out, options, error) : status;
}
