/* heed vectors train: from files of texts to a file of word vectors. */
#include "vectors_train.h"

#include <inttypes.h>
#include <string.h>

#include "base/clock.h"
#include "base/status.h"
#include "operands.h"
#include "options/option_checks.h"
#include "output.h"
#include "paths.h"
#include "progress.h"
#include "settings.h"

static heed_status options_check(const settings *s, heed_error *error)
{
    static const char *const others[] = {"vectors", "top-k", "json"};
    if (s->vectors_file == NULL)
        return fail(error, HEED_USAGE,
                    "vectors: --output is missing, expected heed vectors train FILE... --output OUT");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (settings_named(s, others[i]))
            return fail(error, HEED_USAGE, "vectors train does not take option --%s; vectors near does", others[i]);
    path_guard g = path_guard_begin(error);
    path_guard_output(&g, "--output", s->vectors_file);
    path_guard_input(&g, "--stop-words", stop_words_file(s->text.stop_words));
    path_guard_input(&g, "--tokens", s->text.tokenizer);
    path_guard_inputs(&g, "FILE", s->operands.items + 1, s->operands.count - 1);
    return path_guard_end(&g);
}

/* The text of every row counts, whatever its label: "" also overrides the rules for the tutorial's files. */
static void labels_ignore(heed_rows_options *rows)
{
    rows->label_column = rows->label_map = rows->drop_labels = "";
    rows->label_from = NULL;
}

static bool binary_wanted(const settings *s)
{
    size_t size = strlen(s->vectors_file);
    bool named = size > 4 && strcmp(s->vectors_file + size - 4, ".bin") == 0;
    return s->vectors_format == VECTORS_BINARY || (s->vectors_format == VECTORS_AUTO && named);
}

static void written_tell(progress *p, const settings *s, const heed_vectors *vectors, double seconds)
{
    const heed_vectors_info *info = heed_vectors_describe(vectors);
    double tokens = (double)info->tokens * s->learn.epochs;
    progress_line(p,
                  "%s written: %" PRIu64 " words, %u dimensions; %" PRIu64 " tokens, %u epoch%s in %.1fs, %.0f words/s",
                  s->vectors_file, info->found, info->dimensions, info->tokens, s->learn.epochs,
                  s->learn.epochs == 1 ? "" : "s", seconds, tokens / seconds);
}

heed_status vectors_train(settings *s, heed_error *error)
{
    progress p;
    heed_reader *reader = NULL;
    heed_vectors *vectors = NULL;
    heed_status status = options_check(s, error);
    if (status != HEED_OK)
        return status;
    progress_init(&p, "reading", s->quiet, true);
    progress_watch_signals();
    labels_ignore(&s->rows);
    s->learn.seed = s->train.seed;
    s->learn.threads = s->train.threads;
    double began = clock_seconds();
    for (size_t i = 1; i < s->operands.count; i++)
        terminal_tell(s, s->operands.items[i]);
    TRY(heed_reader_open(&reader, s->operands.items + 1, s->operands.count - 1, &s->rows, error));
    status = heed_vectors_train(&vectors, reader, &s->text, &s->learn, &p.listener, error);
    progress_clear(&p);
    progress_skipped(&p, reader);
    TRY(status);
    TRY(heed_vectors_save(vectors, s->vectors_file, binary_wanted(s), error));
    written_tell(&p, s, vectors, clock_seconds() - began);
done:
    heed_vectors_free(vectors);
    heed_reader_free(reader);
    return status;
}
