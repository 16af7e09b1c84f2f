#include "cost.h"

uint64_t request_cost(const model_version *v, const request_body *body, bool explains)
{
    uint64_t cost = 0;
    for (size_t i = 0; i < body->count; i++) {
        uint64_t tokens = body->texts[i].size;
        tokens = v->window > 0 && tokens > v->window ? v->window : tokens;
        const uint64_t passes = explains ? heed_explain_passes(v->model, &body->explain, (size_t)tokens) : 1;
        cost += (tokens > 0 ? tokens : 1) * passes;
    }
    return cost;
}
