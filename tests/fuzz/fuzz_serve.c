/* Fuzz entry over what the server reads: a whole HTTP request. Besides not falling over, a head must be found at the
 * same place in pieces as at once, and what passes the guard must have one end that everyone agrees on. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "head.h"
#include "request_body.h"
#include "route.h"

enum { BODY_MOST = 1 << 20, TEXTS_MOST = 100 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool fine)
{
    if (!fine)
        abort();
}

static bool within(heed_bytes part, heed_bytes whole)
{
    return part.size == 0 || (part.data >= whole.data && part.size <= whole.size &&
                              (size_t)(part.data - whole.data) <= whole.size - part.size);
}

/* Lines of a head that passed end in CR LF, and nothing in them can be taken for an end. */
static void head_check(const request_head *head, heed_bytes bytes)
{
    require(within(head->method, bytes) && within(head->path, bytes) && within(head->version, bytes));
    require(head->guard.lengths <= 1 && !head->guard.transfer && head->guard.length <= BODY_MOST);
    for (size_t i = 0; i < bytes.size; i++) {
        require((bytes.data[i] == '\n') == (i > 0 && bytes.data[i - 1] == '\r'));
        require(bytes.data[i] != '\0');
    }
}

static void fuzz_body(route route, heed_bytes body, size_t json_size)
{
    request_body a;
    heed_error error = {""};
    const body_limits limits = {TEXTS_MOST, json_size};
    unsigned status = request_body_read(&a, route, body, &limits, &error);
    for (size_t i = 0; status == 0 && i < a.count; i++)
        require(utf8_check(a.texts[i].data, a.texts[i].size) == a.texts[i].size);
    require(status != 0 || a.count <= TEXTS_MOST);
    require(status == 0 || error.message[0] != '\0');
    request_body_release(&a);
}

static size_t fuzz_head(heed_bytes request)
{
    size_t size = head_size(request, 0), pieces = 0;
    for (size_t held = 0; held < request.size && pieces == 0; held++)
        pieces = head_size((heed_bytes){request.data, held + 1}, held);
    require(pieces == size && size <= request.size);
    request_head head;
    const char *why = NULL;
    heed_bytes bytes = {request.data, size};
    unsigned status = size > 0 ? head_read(&head, bytes, BODY_MOST, &why) : 400;
    if (size > 0)
        require((status == 0) == (why == NULL));
    if (status != 0)
        return size;
    head_check(&head, bytes);
    routed to;
    char *room = malloc(head.path.size + 1);
    require(room != NULL);
    unsigned found = route_find(&to, head.method, head.path, room);
    const heed_bytes decoded = {room, head.path.size};
    require(within(to.model, decoded) && within(to.version, decoded) && (found == 405) == (to.allow != NULL));
    const heed_bytes body = {request.data + size, request.size - size};
    if (found == 200 && to.route >= ROUTE_INFER)
        fuzz_body(to.route, body, head.guard.json_lengths > 0 ? (size_t)head.guard.json_length : body.size);
    free(room);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const route routes[] = {ROUTE_INFER,       ROUTE_TFSERVING, ROUTE_EXPLAIN,
                                   ROUTE_HUGGINGFACE, ROUTE_HUB,       ROUTE_CLASSIFY};
    heed_bytes request = {(const char *)data, size};
    if (size == 0)
        return 0;
    size_t head = fuzz_head(request);
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        fuzz_body(routes[i], (heed_bytes){request.data + head, size - head}, size - head);
    for (size_t json = 0; json < size - head && json < 200; json += 7)
        fuzz_body(ROUTE_INFER, (heed_bytes){request.data + head, size - head}, json);
    uint64_t length;
    require(!guard_length(&length, request) || length < 1000000000000000000);
    return 0;
}
