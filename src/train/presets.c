/* The presets. One is the tutorial's, quirks included. The default masks padding, drops no word that could reverse
 * a sentence, keeps beginning and end of a long text, validates on rows of its own and keeps the best epoch; its sizes
 * were chosen on validation rows of IMDB, TREC and SST-2. The values are in the rows of options/option_table.c. */
#include "options/choices.h"

const names preset_names = NAMES("default", "tutorial", NULL, "recipe");
const names keep_names = NAMES("best", "last");
