/* KServe's requests (https://github.com/kserve/open-inference-protocol, "Inference REST") with Triton's binary tensors:
 * after the JSON, of each text its length in four bytes, the least first, and the text. */
#ifndef SERVER_INFER_BODY_H
#define SERVER_INFER_BODY_H

#include "body_texts.h"

/* Takes the texts of out->root, and of the tensors after it. Returns as request_body_read. */
unsigned infer_body_read(request_body *out, heed_bytes tensors, size_t max_texts, heed_error *error);

#endif
