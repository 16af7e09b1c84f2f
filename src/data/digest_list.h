/* Texts by their digests (text_digest.h): sorted, each once. */
#ifndef DATA_DIGEST_LIST_H
#define DATA_DIGEST_LIST_H

#include "data/corpus.h"

typedef struct digest_list {
    uint64_t *of; /* [count], increasing */
    size_t count;
} digest_list;

/* Adds the texts of these rows of a corpus. */
heed_status digest_list_add_rows(digest_list *list, const heed_corpus *corpus, const uint32_t *rows, size_t count,
                                 heed_error *error);
heed_status digest_list_add(digest_list *list, const digest_list *other, heed_error *error);
bool digest_list_has(const digest_list *list, uint64_t digest);
/* How many of these rows of a corpus have one of the texts. */
size_t digest_list_count(const digest_list *list, const heed_corpus *corpus, const uint32_t *rows, size_t count);
void digest_list_release(digest_list *list);

#endif
