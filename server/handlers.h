/* Answers requests: finds the route, reads the body, runs the model. */
#ifndef SERVER_HANDLERS_H
#define SERVER_HANDLERS_H

#include "serving.h"

/* Called by many threads at once; user is the serving. */
/* Whether a request may go on, before its body is read. */
bool request_admit(void *user, const http_request *request, http_answer *answer);
/* Answers one request. */
void request_answer(void *user, const http_request *request, http_answer *answer);
/* Counts an answer, tells browsers which pages may read it, and logs it unless quiet: one line on standard error,
 * without the texts. */
void request_answered(void *user, const http_request *request, http_answer *answer);

#endif
