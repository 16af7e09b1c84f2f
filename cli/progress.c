#include "progress.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BAR_WIDTH = 24 };

static volatile sig_atomic_t interrupted; /* the one thing a signal handler may write */

static void interrupt_note(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* A signal that whoever started the program wants ignored, as nohup does, stays ignored. */
static void signal_watch(int signal_number)
{
    struct sigaction before, action = {.sa_handler = interrupt_note, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    if (sigaction(signal_number, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(signal_number, &action, NULL);
}

void progress_watch_signals(void)
{
    signal_watch(SIGINT);
    signal_watch(SIGTERM);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* ---------------------------------------------------------------- lines */

void progress_clear(progress *p)
{
    if (p->shown > 0)
        fprintf(stderr, "\r%*s\r", (int)p->shown, "");
    p->shown = 0;
}

static void line_print(progress *p, const char *format, va_list arguments)
{
    char text[2048];
    vsnprintf(text, sizeof text, format, arguments);
    for (char *c = text; *c != '\0'; c++) /* labels and names may hold anything, a terminal obeys escapes */
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    progress_clear(p);
    fprintf(stderr, "%s\n", text);
}

void progress_line(progress *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (!p->quiet)
        line_print(p, format, arguments);
    va_end(arguments);
}

void progress_warn(progress *p, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    line_print(p, format, arguments);
    va_end(arguments);
}

void progress_skipped(progress *p, const heed_reader *reader)
{
    const char *first = "";
    uint64_t skipped = heed_reader_skipped(reader, &first);
    if (skipped > 0)
        progress_warn(p, "heed: skipped %" PRIu64 " bad row%s, the first: %s", skipped, skipped == 1 ? "" : "s", first);
}

/* ---------------------------------------------------------------- the bar */

static void bar_draw(progress *p, const heed_event *event, const char *what)
{
    char bar[BAR_WIDTH + 1], text[200];
    double now = seconds_now();
    if (!p->bar || now - p->drawn < 0.1)
        return;
    p->drawn = now;
    int size = 0;
    if (event->total > 0 && event->stage != HEED_STAGE_PREDICT) { /* there, rows are done of so many bytes */
        double part = fmin(1, (double)event->done / (double)event->total);
        double left = part > 0 ? event->seconds * (1 - part) / part : 0;
        for (int i = 0; i < BAR_WIDTH; i++)
            bar[i] = i < (int)(part * BAR_WIDTH) ? '#' : '.';
        bar[BAR_WIDTH] = '\0';
        size = snprintf(text, sizeof text, "%s [%s] %3.0f%%  %d:%02d left", what, bar, 100 * part, (int)left / 60,
                        (int)left % 60);
    } else {
        size = snprintf(text, sizeof text, "%s %" PRIu64, what, event->done);
    }
    bool rows = event->stage == HEED_STAGE_TRAIN || event->stage == HEED_STAGE_VALIDATE;
    if (rows && event->seconds > 0)
        size += snprintf(text + size, sizeof text - (size_t)size, "  %.0f rows/s", (double)event->done / event->seconds);
    if (event->stage == HEED_STAGE_TRAIN)
        size += snprintf(text + size, sizeof text - (size_t)size, "  loss %.4f  accuracy %.4f", event->train.loss,
                         event->train.accuracy);
    fprintf(stderr, "\r%s", text);
    if ((size_t)size < p->shown)
        fprintf(stderr, "%*s", (int)(p->shown - (size_t)size), "");
    p->shown = (size_t)size;
}

/* ---------------------------------------------------------------- epochs */

/* "2/5", or in cross-validation "fold 1 2/5". */
static void epoch_name(char *out, size_t size, const heed_event *event)
{
    if (event->folds > 0)
        snprintf(out, size, "fold %u/%u %u/%u", event->fold, event->folds, event->epoch, event->epochs);
    else
        snprintf(out, size, "%u/%u", event->epoch, event->epochs);
}

static void figures_line(progress *p, const char *epoch, const char *part, bool best, const heed_figures *f,
                         const char *pace)
{
    progress_line(p, "%-6s %-4s %c %7.4f %7.0f %7.0f %7.0f %7.0f %8.4f %9.4f %7.4f %7.4f%s", epoch, part,
                  best ? '*' : ' ', f->loss, f->tp, f->fp, f->tn, f->fn, f->accuracy, f->precision, f->recall, f->auc,
                  pace);
}

/* Keras's figures in two rows an epoch, of the training rows as they passed and of the validation part. */
static void epoch_tell(progress *p, const heed_event *event)
{
    char epoch[48], pace[64];
    double now = seconds_now(), seconds = now - p->began;
    epoch_name(epoch, sizeof epoch, event);
    if (!p->titled)
        progress_line(p, "%-*s %-4s   %7s %7s %7s %7s %7s %8s %9s %7s %7s", (int)strlen(epoch) > 6 ? (int)strlen(epoch) : 6,
                      "epoch", "", "loss", "tp", "fp", "tn", "fn", "accuracy", "precision", "recall", "auc");
    snprintf(pace, sizeof pace, "  %.1fs", seconds);
    if (p->epoch_rows > 0 && seconds > 0)
        snprintf(pace, sizeof pace, "  %.1fs, %.0f rows/s", seconds, (double)p->epoch_rows / seconds);
    bool validated = !isnan(event->validation.loss);
    figures_line(p, epoch, "", event->best && !validated, &event->train, pace);
    if (validated)
        figures_line(p, epoch, "val_", event->best, &event->validation, "");
    p->titled = true;
    p->began = now;
    p->epoch_rows = 0;
    p->last_epoch = event->epoch;
    if (event->best)
        p->best_epoch = event->epoch;
}

static int progress_tell(void *user, const heed_event *event)
{
    progress *p = user;
    char what[64], epoch[48];
    switch (event->stage) {
    case HEED_STAGE_READ:
        bar_draw(p, event, "reading");
        break;
    case HEED_STAGE_TRAIN:
        if (p->began == 0)
            p->began = seconds_now() - event->seconds;
        p->epoch_rows = event->total;
        epoch_name(epoch, sizeof epoch, event);
        bar_draw(p, event, epoch);
        break;
    case HEED_STAGE_VALIDATE:
        epoch_name(epoch, sizeof epoch, event);
        snprintf(what, sizeof what, "%s validating", epoch);
        bar_draw(p, event, what);
        break;
    case HEED_STAGE_EPOCH:
        epoch_tell(p, event);
        break;
    case HEED_STAGE_PREDICT:
        bar_draw(p, event, "predicting row");
        break;
    case HEED_STAGE_NOTE:
        progress_line(p, "%s", event->note);
        break;
    }
    return interrupted != 0;
}

void progress_restart(progress *p)
{
    p->titled = false;
    p->began = 0;
    p->epoch_rows = 0;
    p->best_epoch = p->last_epoch = 0;
}

void progress_init(progress *p, bool quiet, bool bar)
{
    *p = (progress){.listener = {progress_tell, p}, .quiet = quiet};
    p->bar = bar && !quiet && isatty(STDERR_FILENO) == 1;
}
