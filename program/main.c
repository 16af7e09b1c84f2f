/* heed: the program over the library. Commands and server do not know each other; here they meet. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/escape.h"
#include "command_line.h"
#include "server.h"

/* A standard descriptor that was closed would be given to the next file opened, and be written over. */
static void descriptors_hold(void)
{
    int descriptor = 0;
    do
        descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (descriptor >= 0 && descriptor <= 2);
    if (descriptor > 2)
        close(descriptor);
}

/* What was found may contain anything. */
static void error_print(const char *message)
{
    writer out = {.file = stderr};
    writer_text(&out, "heed: ");
    escape_terminal_line(&out, bytes_of(message));
    writer_byte(&out, '\n');
}

int main(int count, char **arguments)
{
    heed_error error = {""};
    descriptors_hold();
    signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write, and told as one, */
    signal(SIGXFSZ, SIG_IGN); /* and so is a limit of the file size */
    heed_status status = command_line(count - 1, arguments + 1, server_run, &error);
    if (heed_status_exit(status) != 0 && error.message[0] != '\0')
        error_print(error.message);
    return heed_status_exit(status);
}
