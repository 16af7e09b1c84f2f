/* The server of heed serve: models behind HTTP, until a signal ends it. */
#ifndef SERVER_SERVER_H
#define SERVER_SERVER_H

#include "options/serve_options.h"

/* Loads the models, listens, prints the address on standard output, and serves until SIGTERM or SIGINT; then it answers
 * what it has accepted and is HEED_OK. SIGHUP loads all models again. Signals of the whole process are its own. */
heed_status server_run(const serve_options *options, heed_error *error);

#endif
