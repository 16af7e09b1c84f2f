/* What a request costs, known before it begins: the tokens of its texts, each as often as a pass goes over it. */
#ifndef SERVER_COST_H
#define SERVER_COST_H

#include "models.h"
#include "request_body.h"

/* Bytes of all texts of one request to explain: drawing takes a kilobyte for every word and every blank. */
enum { MOST_EXPLAINED_BYTES = 64 << 10 };

/* An upper bound: a text has at most as many tokens as bytes, and a model reads at most its window of them. */
uint64_t request_cost(const model_version *v, const request_body *body, bool explains);

#endif
