#include "progress.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/number.h"

enum {
    DEFAULT_COLUMNS = 80,
    INTERRUPT = 2, /* columns of the ^C that a terminal shows after the bar */
    PATIENCE = 2   /* seconds of reading before a bar is shown */
};

static volatile sig_atomic_t interrupted; /* the only type that a signal handler may write */

static void interrupt_note(int signal_number)
{
    (void)signal_number;
    interrupted = 1;
}

/* A signal that is ignored at the start, as by nohup, stays ignored. */
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

/* ---------------------------------------------------------------- lines */

void progress_clear(progress *p)
{
    if (p->shown > 0)
        fprintf(stderr, "\r%*s\r", (int)p->shown + INTERRUPT, "");
    p->shown = 0;
}

static void line_print(progress *p, const char *format, ...)
{
    char text[2200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    progress_clear(p);
    writer out = {.file = stderr};
    escape_terminal_line(&out, bytes_of(text)); /* labels and names may contain anything */
    writer_byte(&out, '\n');
}

void progress_line(progress *p, const char *format, ...)
{
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    if (!p->quiet)
        line_print(p, "%s", text);
}

/* ---------------------------------------------------------------- warnings */

enum { MAX_WARNINGS = 10 };

static struct {
    int shown[MAX_WARNINGS]; /* their kinds */
    size_t count, hidden;
} warnings; /* of the whole run */

static bool warning_is_shown(int kind)
{
    for (size_t i = 0; i < warnings.count; i++)
        if (warnings.shown[i] == kind)
            return true;
    return false;
}

void progress_warn(progress *p, int kind, const char *format, ...)
{
    if (warning_is_shown(kind) || warnings.count == MAX_WARNINGS) {
        warnings.hidden++;
        return;
    }
    warnings.shown[warnings.count++] = kind;
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    line_print(p, "heed: warning: %s", text);
}

void progress_warnings_end(void)
{
    if (warnings.hidden > 0)
        fprintf(stderr, "heed: %zu more warning%s like these\n", warnings.hidden, warnings.hidden == 1 ? "" : "s");
}

void progress_skipped(progress *p, heed_reader *reader)
{
    const heed_reader_info *info = heed_reader_describe(reader);
    if (info->skipped > 0)
        progress_warn(p, HEED_WARNING_ROWS_SKIPPED, "skipped %" PRIu64 " bad row%s, the first: %s", info->skipped,
                      info->skipped == 1 ? "" : "s", info->first_skipped);
    if (info->misfits > 1)
        progress_warn(p, HEED_WARNING_ENCODING, "%s; and so in %" PRIu64 " more file%s", info->first_misfit,
                      info->misfits - 1, info->misfits == 2 ? "" : "s");
    else if (info->misfits > 0)
        progress_warn(p, HEED_WARNING_ENCODING, "%s", info->first_misfit);
    if (info->unlabelled > 0)
        progress_line(p, "%" PRIu64 " row%s without a label left out", info->unlabelled,
                      info->unlabelled == 1 ? "" : "s");
}

/* ---------------------------------------------------------------- the bar */

static size_t bar_columns(void)
{
    struct winsize size = {.ws_col = 0};
    bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known && size.ws_col > INTERRUPT ? size.ws_col - INTERRUPT : DEFAULT_COLUMNS - INTERRUPT;
}

/* Overwrites the bar, in one line of the terminal. */
static void bar_show(progress *p, char *text, size_t columns)
{
    size_t size = strlen(text);
    if (size >= columns)
        text[size = columns - 1] = '\0';
    fprintf(stderr, "\r%s", text);
    if (size < p->shown)
        fprintf(stderr, "%*s", (int)(p->shown - size), "");
    p->shown = size;
}

/* "33%  0:12 left  28807 rows/s  loss 0.4321  accuracy 0.8123" */
static void pace_describe(char *out, size_t size, const heed_event *event)
{
    double done = (double)event->done, left = 0;
    int used = 0;
    if (event->total > 0 && event->done > 0)
        left = event->seconds * fmax(0, (double)event->total - done) / done;
    if (event->total > 0)
        used += snprintf(out, size, "%3.0f%%  %d:%02d left", fmin(100, 100 * done / (double)event->total),
                         (int)left / 60, (int)left % 60);
    else
        used += snprintf(out, size, "%.1f MB", 1e-6 * done);
    bool rows =
        event->stage == HEED_STAGE_TRAIN || event->stage == HEED_STAGE_VALIDATE || event->stage == HEED_STAGE_ENCODE;
    if (rows && event->seconds > 0)
        used += snprintf(out + used, size - (size_t)used, "  %.0f rows/s", done / event->seconds);
    if (event->stage == HEED_STAGE_WORDS && event->seconds > 0)
        snprintf(out + used, size - (size_t)used, "  %.0f words/s", done / event->seconds);
    if (event->stage == HEED_STAGE_TRAIN && event->train != NULL)
        snprintf(out + used, size - (size_t)used, "  loss %.4f  accuracy %.4f", event->train->loss,
                 event->train->accuracy);
}

/* The bar takes the rest of the line. */
static void bar_draw(progress *p, const heed_event *event, const char *what)
{
    enum { LEAST = 6, MOST = 30, FRAME = 4 };
    char pace[160], text[300], bar[MOST + 1] = "";
    double now = clock_seconds();
    if (!p->bar || now - p->drawn < 0.1)
        return;
    p->drawn = now;
    pace_describe(pace, sizeof pace, event);
    size_t columns = bar_columns(), words = strlen(what) + strlen(pace) + FRAME;
    size_t room = columns > words + 1 ? columns - 1 - words : 0;
    size_t width = room < MOST ? room : MOST;
    if (width < LEAST || event->total == 0) {
        snprintf(text, sizeof text, "%.60s %s", what, pace);
    } else {
        double part = fmin(1, (double)event->done / (double)event->total);
        memset(bar, '.', width);
        memset(bar, '#', (size_t)(part * (double)width));
        snprintf(text, sizeof text, "%.60s [%s] %s", what, bar, pace);
    }
    bar_show(p, text, columns);
}

/* Reading is shown once it takes long. */
static void reading_draw(progress *p, const heed_event *event, const char *what)
{
    if (event->seconds > PATIENCE)
        bar_draw(p, event, what);
}

void progress_reading(progress *p, heed_reader *reader)
{
    heed_event event = {.stage = HEED_STAGE_READ};
    if (!p->bar)
        return;
    event.seconds = clock_seconds() - p->began;
    const heed_reader_info *info = heed_reader_describe(reader);
    event.done = info->done;
    event.total = info->total;
    reading_draw(p, &event, p->doing);
}

/* ---------------------------------------------------------------- epochs */

/* "2/5", in cross-validation "fold 1/3 2/5", in a comparison "trial 1/9 2/5". */
static void epoch_name(char *out, size_t size, const heed_event *event)
{
    if (event->trials > 0)
        snprintf(out, size, "trial %u/%u %u/%u", event->trial, event->trials, event->epoch, event->epochs);
    else if (event->folds > 0)
        snprintf(out, size, "fold %u/%u %u/%u", event->fold, event->folds, event->epoch, event->epochs);
    else
        snprintf(out, size, "%u/%u", event->epoch, event->epochs);
}

/* Which of several trainings it is, before a message: "fold 1/3: ", or nothing. */
static void training_name(char *out, size_t size, const heed_event *event)
{
    *out = '\0';
    if (event->trials > 0)
        snprintf(out, size, "trial %u/%u: ", event->trial, event->trials);
    else if (event->fold > 0)
        snprintf(out, size, "fold %u/%u: ", event->fold, event->folds);
}

/* pace: NULL if the time is not known. */
static void metrics_line(progress *p, const char *epoch, const char *part, bool best, const heed_keras_metrics *f,
                         const part_pace *pace)
{
    char time[30] = "", rate[40] = "", auc[NUMBER_TEXT];
    if (pace != NULL)
        snprintf(time, sizeof time, "  %.1fs", pace->seconds);
    if (pace != NULL && pace->seconds > 0 && p->fold == 0) /* folds need the room for their number */
        snprintf(rate, sizeof rate, ", %.0f rows/s", (double)pace->rows / pace->seconds);
    progress_line(p, "%-6s %-5s %c %7.4f %7.0f %7.0f %7.0f %7.0f %8.4f %9.4f %7.4f %7s%s%s", epoch, part,
                  best ? '*' : ' ', f->loss, f->tp, f->fp, f->tn, f->fn, f->accuracy, f->precision, f->recall,
                  number_fixed(auc, f->auc, 4), time, rate);
}

/* Keras's metrics in two lines per epoch: of the training rows while training, and of the validation part, or of the
 * rows that a cross-fit held out, whose fits are part of the training; a star marks the best epoch so far. */
static void epoch_tell(progress *p, const heed_event *event)
{
    char epoch[48];
    epoch_name(epoch, sizeof epoch, event);
    if (!p->titled)
        progress_line(p, "%-*s %-5s   %7s %7s %7s %7s %7s %8s %9s %7s %7s",
                      (int)strlen(epoch) > 6 ? (int)strlen(epoch) : 6, "epoch", "", "loss", "tp", "fp", "tn", "fn",
                      "accuracy", "precision", "recall", "auc");
    bool validated = !isnan(event->validation->loss);
    p->fold = event->fold;
    metrics_line(p, epoch, "train", false, event->train, &p->training);
    if (validated)
        metrics_line(p, epoch, event->held_out ? "held" : "val", event->best, event->validation,
                     event->held_out ? NULL : &p->validation);
    p->titled = true;
    p->last_epoch = event->epoch;
    p->epochs = event->epochs;
    if (event->best && validated)
        p->best_epoch = event->epoch;
}

static int progress_tell(void *user, const heed_event *event)
{
    progress *p = user;
    char what[64], epoch[48];
    epoch_name(epoch, sizeof epoch, event);
    switch (event->stage) {
    case HEED_STAGE_READ:
    case HEED_STAGE_PREDICT:
        reading_draw(p, event, p->doing);
        break;
    case HEED_STAGE_MEASURE:
        reading_draw(p, event, p->doing);
        break;
    case HEED_STAGE_EXPLAIN:
        reading_draw(p, event, "measuring");
        break;
    case HEED_STAGE_ENCODE:
        bar_draw(p, event, "encoding texts");
        break;
    case HEED_STAGE_WORDS:
        snprintf(what, sizeof what, "vectors %s", epoch);
        bar_draw(p, event, what);
        break;
    case HEED_STAGE_TRAIN:
        p->training = (part_pace){event->done, event->seconds};
        bar_draw(p, event, epoch);
        break;
    case HEED_STAGE_VALIDATE:
        p->validation = (part_pace){event->done, event->seconds};
        snprintf(what, sizeof what, "%s validating", epoch);
        bar_draw(p, event, what);
        break;
    case HEED_STAGE_EPOCH:
        if (event->trials == 0) /* of a comparison's trials only the end is reported */
            epoch_tell(p, event);
        break;
    case HEED_STAGE_TRIAL:
        progress_line(p, "trial %u/%u  %s", event->trial, event->trials, event->note);
        break;
    case HEED_STAGE_NOTE:
        progress_line(p, "%s", event->note);
        break;
    case HEED_STAGE_WARNING:
        training_name(what, sizeof what, event);
        progress_warn(p, (int)event->warning, "%s%s", what, event->note);
        break;
    }
    return interrupted != 0;
}

void progress_restart(progress *p)
{
    p->titled = false;
    p->best_epoch = p->last_epoch = 0;
}

void progress_init(progress *p, const char *doing, bool quiet, bool bar)
{
    *p = (progress){.listener = {progress_tell, p}, .doing = doing, .quiet = quiet, .began = clock_seconds()};
    p->bar = bar && !quiet && isatty(STDERR_FILENO) == 1;
}
