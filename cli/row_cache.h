/* --cache: a folder of corpora, so that the same rows are cleaned once. */
#ifndef CLI_ROW_CACHE_H
#define CLI_ROW_CACHE_H

#include "progress.h"
#include "settings.h"

/* Whether the corpus was filled from the cache. Where not, *path is where row_cache_keep puts it, or NULL where it is
 * not to be kept, about which a line is told; heed_free() releases it. */
bool row_cache_restore(char **path, heed_corpus *corpus, const settings *s, const heed_corpus_files *files,
                       size_t count, progress *p);
/* Keeps the corpus, unless rows were skipped as bad (they are to be told of every time) or the files have changed
 * since. The eight corpora used last stay in the folder. A failure is told, and is none of the command's. */
void row_cache_keep(const char *path, heed_corpus *corpus, const settings *s, const heed_corpus_files *files,
                    size_t count, progress *p);

#endif
