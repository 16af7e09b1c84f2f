/* The server of heed serve: answers over HTTP until a signal ends it. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "options/serve_options.h"

/* Loads the models, listens, prints the address on standard output, and serves until SIGTERM or SIGINT; then it answers
 * the requests that it has accepted and returns HEED_OK. SIGHUP loads all models again. It blocks these signals in the
 * whole process. */
heed_status server_run(const serve_options *options, heed_error *error);

#endif
