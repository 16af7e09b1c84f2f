/* Who may ask the server: by which name (Host), from a page of which site (Origin), with which token. */
#ifndef SERVER_ACCESS_H
#define SERVER_ACCESS_H

#include "head.h"
#include "route.h"

typedef struct access_rules {
    const char *const *hosts; /* [host_count]: names besides localhost and addresses in digits */
    size_t host_count;
    const char *const *origins; /* [origin_count]: of other sites whose pages may ask */
    size_t origin_count;
    bool checks_host; /* false: a request may name the server in any way */
    char *token;      /* access_release frees it; NULL: none is asked for */
} access_rules;

/* address: that the server listens on; of a loopback address, or if there are hosts, the name is checked, so that a
 * page whose own name was made to mean this machine (DNS rebinding) cannot ask. token_file: its only line is the token;
 * NULL: none. Strings are borrowed. HEED_BAD_DATA: the file is not there, or is not such a line; HEED_USAGE: an origin
 * that is none. */
heed_status access_init(access_rules *out, const access_rules *given, const char *address, const char *token_file,
                        heed_error *error);
void access_release(access_rules *a);

/* 0, or the status to refuse a request with before its body is read, and why in error: 421 for a name, 403 for an
 * origin, 401 for a missing or wrong token. */
unsigned access_check(const access_rules *a, const request_head *head, route route, heed_error *error);
/* Whether the request comes from a page of another site that may ask, which its answer has to say (CORS). */
bool access_shares(const access_rules *a, const request_head *head);

#endif
