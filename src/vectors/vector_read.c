#include "vectors/vector_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Room for the numbers of a row; NULL if the input has failed. */
static float *row_values(const vectors *v, vector_input *in)
{
    vectors_check_width(v, in);
    float *values = memory_array(v->dimensions, sizeof *values);
    if (values == NULL)
        vector_input_fail_memory(in);
    return values;
}

void vector_rows_read_text(vectors *v, vector_input *in)
{
    heed_bytes line, word = {0};
    float *values = row_values(v, in);
    while (vector_input_line(in, &line)) {
        if (line.data != NULL && line.size == 0)
            continue;
        vector_row row = line.data == NULL ? VECTOR_ROW_BAD : vector_row_parse(&word, values, v->dimensions, line);
        vectors_take_row(v, in, row, word, values);
    }
    free(values);
}

/* The word of the next row and the space after it: its size in the window. False if no row follows. */
static bool find_word(size_t *size, vector_input *in)
{
    while (vector_input_fine(in)) {
        heed_bytes window = vector_input_window(in);
        size_t breaks = 0;
        while (breaks < window.size && window.data[breaks] == '\n') /* word2vec ends a row with one, gensim does not */
            breaks++;
        vector_input_take(in, breaks);
        window = vector_input_window(in);
        const char *space = memchr(window.data, ' ', window.size);
        if (space != NULL) {
            *size = (size_t)(space - window.data) + 1;
            return true;
        }
        if (in->ended && window.size == 0)
            return false;
        if (in->ended || window.size == VECTOR_WINDOW)
            vector_input_fail(in, HEED_BAD_DATA, "%s: found no end of a word; is it cut short?", in->name);
        vector_input_fill(in);
    }
    return false;
}

void vector_rows_read_binary(vectors *v, vector_input *in)
{
    size_t head = 0, body = (size_t)v->dimensions * 4;
    float *values = row_values(v, in);
    while (find_word(&head, in)) {
        vector_row row = VECTOR_ROW_BAD;
        heed_bytes word = {0};
        if (head > LONGEST_VECTOR_WORD + 1) { /* its numbers may not fit into the window together with it */
            vector_input_take(in, head);
            head = 0;
        }
        if (!vector_input_require(in, head + body, "a row"))
            break;
        const char *at = vector_input_window(in).data;
        if (head > 0) {
            word = (heed_bytes){at, head - 1};
            row = vector_row_decode(values, v->dimensions, word, at + head);
        }
        vector_input_take(in, head + body);
        vectors_take_row(v, in, row, word, values);
    }
    free(values);
}
