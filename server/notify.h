/* Telling systemd how a service is doing: sd_notify(3), the datagram protocol. */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

/* Sends state, such as "READY=1", where NOTIFY_SOCKET names a socket; else does nothing. */
void notify_send(const char *state);
/* Seconds between two signs of life that systemd asks for (half of WATCHDOG_USEC); 0: none. */
double notify_interval(void);

#endif
