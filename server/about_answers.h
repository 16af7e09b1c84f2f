/* Answers about the server and its models. */
#ifndef SERVER_ABOUT_ANSWERS_H
#define SERVER_ABOUT_ANSWERS_H

#include "serving.h"

/* Answers a route that needs no texts. m, v: the model that the path names; NULL: none. */
void about_answer(serving *s, const served_model *m, const model_version *v, route route, const http_request *request,
                  http_answer *answer);

#endif
