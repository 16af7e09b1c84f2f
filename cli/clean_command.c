/* heed clean: texts as the network would read them, one per line. */
#include "base/status.h"
#include "operands.h"
#include "output.h"
#include "progress.h"
#include "settings.h"

typedef struct cleaning {
    output out;
    const settings *settings;
    heed_reader *reader;
    progress shown;
} cleaning;

/* A row that was skipped has no text, not an empty one. */
static void json_write_skipped(writer *o, const char *problem)
{
    writer_text(o, "{\"text\":null,\"clean\":null,\"tokens\":[],\"skipped\":");
    escape_json(o, bytes_of(problem));
    writer_byte(o, '}');
}

static void json_write(writer *o, const heed_record *record, heed_tokens *tokens)
{
    if (record->bad) {
        json_write_skipped(o, record->problem);
        return;
    }
    writer_text(o, "{\"text\":");
    escape_json(o, record->text);
    writer_text(o, ",\"clean\":");
    escape_json(o, heed_tokens_joined(tokens));
    writer_text(o, ",\"tokens\":[");
    for (size_t i = 0; i < heed_tokens_count(tokens); i++) {
        const heed_token *token = heed_tokens_item(tokens, i);
        writer_text(o, i == 0 ? "{\"text\":" : ",{\"text\":");
        escape_json(o, token->text);
        writer_print(o, ",\"begin\":%zu,\"end\":%zu}", token->begin, token->end);
    }
    writer_text(o, "]}");
}

static void spans_write(writer *o, const heed_tokens *tokens)
{
    for (size_t i = 0; i < heed_tokens_count(tokens); i++) {
        const heed_token *token = heed_tokens_item(tokens, i);
        writer_print(o, "%s%zu:%zu:", i == 0 ? "" : " ", token->begin, token->end);
        escape_column(o, token->text);
    }
}

static int cleaned(void *user, const heed_record *record, heed_tokens *tokens)
{
    cleaning *c = user;
    writer *o = &c->out.w;
    if (c->settings->json) {
        json_write(o, record, tokens);
    } else {
        if (c->settings->with_text) {
            escape_column(o, record->text);
            writer_byte(o, '\t');
        }
        if (c->settings->spans)
            spans_write(o, tokens);
        else if (c->settings->with_text)
            escape_column(o, heed_tokens_joined(tokens));
        else
            escape_line(o, heed_tokens_joined(tokens));
    }
    writer_byte(o, '\n');
    if (!heed_reader_ready(c->reader))
        output_flush(&c->out);
    progress_reading(&c->shown, c->reader);
    return o->problem != 0;
}

static heed_status run(settings *s, heed_error *error)
{
    static const char *const standard_input[] = {"-"};
    cleaning c = {.out = output_standard(), .settings = s};
    heed_reader *reader = NULL;
    heed_cleaner *cleaner = NULL;
    if (s->json && (s->with_text || s->spans))
        return fail(error, HEED_USAGE, "clean: --json contains text and spans; leave out --with-text and --spans");
    if (!s->rows.tutorial) /* whose rows are dropped by label */
        s->rows.label_column = "";
    s->rows.bad_rows_too = true; /* an empty line keeps the place of each */
    const char *const *paths = s->operands.count > 0 ? s->operands.items : standard_input;
    for (size_t i = 0; i < s->operands.count; i++)
        if (operand_kind_of(paths[i]) == OPERAND_TEXT)
            return operand_missing(s, paths[i], error);
    terminal_tell(s, paths[0]);
    heed_status status = heed_cleaner_new(&cleaner, &s->text, error);
    if (status == HEED_OK)
        status = heed_reader_open(&reader, paths, s->operands.count > 0 ? s->operands.count : 1, &s->rows, error);
    c.reader = reader;
    progress_init(&c.shown, "cleaning", false, !output_is_terminal(&c.out));
    if (status == HEED_OK)
        status = heed_clean_rows(reader, cleaner, s->train.threads, cleaned, &c, error);
    progress_clear(&c.shown);
    if (status != HEED_BAD_DATA && reader != NULL)
        progress_skipped(&c.shown, reader);
    if (status == HEED_OK || c.out.w.problem != 0)
        status = output_finish(&c.out, error);
    else /* texts cleaned before the failure are still written */
        output_flush(&c.out);
    heed_reader_free(reader);
    heed_cleaner_free(cleaner);
    return status;
}

const command clean_command = {
    .name = "clean",
    .run = run,
    .touches = TOUCHES_READING | TOUCHES_CLEANING | TOUCHES_THREADS,
    .max_arguments = ANY_NUMBER,
    .arguments = "[FILE...] [OPTION]...",
    .summary = "print texts as the network would read them",
    .about = "Writes one cleaned text per line. Texts are cleaned as the default preset says. If options of cleaning "
             "are given without --preset, only the steps that they name are done.",
    .examples = "heed clean --preset tutorial labeledTrainData.tsv\n"
                "heed clean --lemmas noun words.txt\n"
                "echo 'The cats were sleeping.' | heed clean --json",
};
