/* Tells systemd the state of the service, by the protocol of sd_notify(3). */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

/* Sends the state, such as "READY=1", if NOTIFY_SOCKET names a socket. */
void notify_send(const char *state);
/* Seconds between two WATCHDOG=1 (half of WATCHDOG_USEC); 0: systemd does not ask for them. */
double notify_interval(void);

#endif
