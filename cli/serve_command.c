/* heed serve: predictions over HTTP. The server itself is in server/. */
#include "settings.h"

static heed_status run(settings *s, heed_error *error)
{
    serve_options options = s->serve;
    options.models = s->operands.items;
    options.model_count = s->operands.count;
    options.threads = s->train.threads;
    options.storage = s->storage;
    options.weights = s->weights;
    options.quiet = s->quiet;
    options.allow_hosts = s->serve_hosts.items;
    options.allow_host_count = s->serve_hosts.count;
    options.origins = s->serve_origins.items;
    options.origin_count = s->serve_origins.count;
    return s->server(&options, error);
}

const command serve_command = {
    .name = "serve",
    .run = run,
    .touches = TOUCHES_THREADS,
    .min_arguments = 1,
    .max_arguments = 256,
    .arguments = "[NAME=]MODEL... [OPTION]...",
    .summary = "serve models over HTTP",
    .about = "Serves models until SIGTERM or Ctrl-C, and prints its address. The name of a model is NAME, or else its "
             "file name without .safetensors. A request without a model name is answered by the first model. Answers "
             "are the same as those of heed predict.\n\n"
             "POST / or /predict: {\"inputs\": TEXT or [TEXT, ...]}, as in Hugging Face's servers\n"
             "POST /models/NAME: the same, as in Hugging Face's hub\n"
             "POST /v2/models/NAME/infer: as in KServe and Triton\n"
             "POST /v1/models/NAME:predict: {\"instances\": [TEXT, ...]}, as in TensorFlow Serving\n"
             "POST /v1/models/NAME:explain: the same, with the score of each word\n"
             "POST /classify: {\"input\": TEXT or [TEXT, ...]}, as in vLLM\n"
             "GET /: a page to try texts on\n"
             "GET /openapi.json: all paths; /health, /metrics (Prometheus), /v2, /v2/models/NAME\n\n"
             "Pages of other sites may not ask, nor requests by another name than localhost or an address, unless an "
             "option allows it.\n\n"
             "SIGHUP loads the models again; if one cannot be loaded, the old one is kept. After SIGTERM the server "
             "answers the requests that it has accepted, then exits.",
    .examples = "heed serve m.safetensors\n"
                "heed serve reviews=m.safetensors topics=t.safetensors --port 9000\n"
                "curl -H 'Content-Type: application/json' \\\n"
                "    -d '{\"inputs\": \"what a film\"}' http://127.0.0.1:8080/",
};
