/* The two ways: the tutorial's, quirks included, and the one that does it right: padding masked, no word dropped that
 * could turn a sentence round, beginning and end of a long text kept, an honest validation part, the best epoch. Its
 * sizes were chosen on validation rows of IMDB, TREC and SST-2. What they are is in the rows of options/option_table.c.
 */
#include "options/choices.h"
#include "options/option_table.h"

const names preset_names = NAMES("default", "tutorial");
const names keep_names = NAMES("best", "last");

void heed_preset_text(heed_text_options *options, heed_preset preset)
{
    options_preset(HOME_TEXT, options, preset);
}

void heed_preset_train(heed_train_options *options, heed_preset preset)
{
    options_preset(HOME_TRAIN, options, preset);
}
