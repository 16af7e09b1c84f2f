/* heed serve: answers over HTTP. The server itself is in server/. */
#include "settings.h"

heed_status serve_command(settings *s, heed_error *error)
{
    serve_options options = s->serve;
    options.models = s->operands.items;
    options.model_count = s->operands.count;
    options.threads = s->train.threads;
    options.storage = s->storage;
    options.weights = s->weights;
    options.quiet = s->quiet;
    return s->server(&options, error);
}
