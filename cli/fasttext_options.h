/* What fastText's options are called here. */
#ifndef CLI_FASTTEXT_OPTIONS_H
#define CLI_FASTTEXT_OPTIONS_H

/* heed's equivalent of a fastText option such as "-epoch"; NULL: not a fastText option. */
const char *option_of_fasttext(const char *spelling);

#endif
