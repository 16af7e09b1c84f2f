/* --cache: a folder of corpora, so that the same rows are cleaned only once. */
#ifndef CLI_ROW_CACHE_H
#define CLI_ROW_CACHE_H

#include "progress.h"
#include "settings.h"

/* Whether the corpus was filled from the cache. If not, *path is where row_cache_keep puts it, or NULL if it cannot be
 * cached, which is reported; heed_free() releases it. */
bool row_cache_restore(char **path, heed_corpus *corpus, const settings *s, const heed_corpus_files *files,
                       size_t count, progress *p);
/* Caches the corpus, unless rows were left out as bad or without a label (they must be reported every time) or the
 * files have changed since. The eight corpora used last stay in the folder. A failure is reported, but does not fail
 * the command. */
void row_cache_keep(const char *path, heed_corpus *corpus, const settings *s, const heed_corpus_files *files,
                    size_t count, progress *p);

#endif
