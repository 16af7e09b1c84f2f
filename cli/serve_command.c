/* heed serve: answers over HTTP. The server itself is in server/. */
#include "options.h"
#include "server.h"

heed_status serve_command(settings *s, heed_error *error)
{
    const server_options options = {.models = s->operands.items,
                                    .model_count = s->operands.count,
                                    .address = s->serve.address,
                                    .port = (uint16_t)s->serve.port,
                                    .threads = s->train.threads,
                                    .storage = s->storage,
                                    .weights = s->weights,
                                    .connections = s->serve.connections,
                                    .connections_each = s->serve.connections_each,
                                    .body_most = s->serve.body_most,
                                    .texts_most = s->serve.texts_most,
                                    .queue = s->serve.queue,
                                    .header_seconds = s->serve.header_seconds,
                                    .request_seconds = s->serve.request_seconds,
                                    .drain_seconds = s->serve.drain_seconds,
                                    .quiet = s->quiet};
    return server_run(&options, error);
}
