/* Fuzz entry over HTML to text, by both rules. Besides not falling over, the pieces have to cover the result and follow
 * each other in the source; a piece that is not a copy begins with "<" or "&", and what became nothing with "&". */
#include <stdlib.h>
#include <string.h>

#include "text/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool fine)
{
    if (!fine)
        abort();
}

static bool is_copy(const trace_piece *piece, heed_bytes text, const writer *out)
{
    size_t size = piece->end - piece->begin;
    return piece->to - piece->from == size && memcmp(text.data + piece->from, out->data + piece->begin, size) == 0;
}

static void check_pieces(const trace *from, heed_bytes text, const writer *out)
{
    size_t written = 0, read = 0;
    for (size_t i = 0; i < from->count; i++) {
        const trace_piece *piece = &from->pieces[i];
        bool same = i > 0 && piece->from == piece[-1].from; /* the second character of an entity */
        require(piece->begin == written && piece->end > written && piece->to > piece->from && piece->to <= text.size);
        require(same ? text.data[piece->from] == '&' : piece->from >= read);
        require(same || piece->from == read || text.data[read] == '&');
        require(is_copy(piece, text, out) || strchr("<&", text.data[piece->from]) != NULL);
        written = piece->end;
        read = piece->to;
    }
    require(written == out->size && (read == text.size || text.data[read] == '&'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    heed_bytes text = {(const char *)data, size};
    for (int rule = 0; rule < 2; rule++) {
        writer out = {0};
        trace from = {0};
        trace_clear(&from, size);
        (rule == 0 ? html_strip_elements : html_strip_angles)(&out, &from, text);
        require(out.problem == 0 && !from.failed);
        check_pieces(&from, text, &out);
        writer_release(&out);
        trace_release(&from);
    }
    return 0;
}
