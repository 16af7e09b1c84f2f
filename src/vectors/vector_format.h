/* Recognises the kind of a vector file by its first bytes. */
#ifndef VECTORS_VECTOR_FORMAT_H
#define VECTORS_VECTOR_FORMAT_H

#include "heed.h"

enum { MAX_DIMENSIONS = 4096 };

/* X(kind, name, what reads its rows: vector_read.c or subword_model.c) */
#define VECTOR_KINDS(X)                                                                                                \
    X(VECTORS_GLOVE, "GloVe text", vector_rows_read_text)                                                              \
    /* the same after a line "rows dimensions"; fastText's .vec too */                                                 \
    X(VECTORS_WORD2VEC_TEXT, "word2vec text", vector_rows_read_text)                                                   \
    X(VECTORS_WORD2VEC_BINARY, "word2vec binary", vector_rows_read_binary)                                             \
    X(VECTORS_FASTTEXT, "fastText binary", subword_model_read)                                                         \
    X(VECTORS_LEARNED, "learned", NULL) /* not from a file: heed_vectors_train */

typedef enum vector_kind {
#define VECTOR_KIND(kind, name, read) kind,
    VECTOR_KINDS(VECTOR_KIND)
#undef VECTOR_KIND
} vector_kind;

typedef struct vector_format {
    vector_kind kind;
    uint32_t dimensions; /* 1 ... MAX_DIMENSIONS; VECTORS_FASTTEXT: 0, its header says */
    uint64_t declared;   /* number of rows in the header; 0: none */
    size_t header;       /* bytes before the first row */
} vector_format;

/* By content. data: the beginning of a file, the whole file if `whole`. name is for messages. */
heed_status vector_format_detect(vector_format *out, heed_bytes data, bool whole, const char *name, heed_error *error);
/* "GloVe text" and so on. */
const char *vector_kind_name(vector_kind kind);

#endif
