/* Encoders when memory runs out at each of their allocations in turn (--wrap of the linker, CMakeLists.txt): opened,
 * read from a part of a file, rounded, written, and passes through them. */
#include "unit/failing_memory.h"
#include "unit/golden_encoders.h"

typedef struct parts {
    const char *folder;
    char *data, *config;
    safetensors file;
    encoder *e;
    pool *workers;
} parts;

static heed_status open_folder(void *user)
{
    const parts *p = user;
    encoder *e = NULL;
    char path[100];
    snprintf(path, sizeof path, "golden/encoders/%s", p->folder);
    heed_status status = encoder_open(&e, path, &encoder_error);
    assert_true((status == HEED_OK) == (e != NULL));
    encoder_free(e);
    return status;
}

static heed_status read_tensors(void *user)
{
    const parts *p = user;
    encoder *e = NULL;
    heed_status status = encoder_from_tensors(&e, p->folder, bytes_of(p->config), &p->file, "", &encoder_error);
    assert_true((status == HEED_OK) == (e != NULL));
    encoder_free(e);
    return status;
}

static heed_status round_weights(void *user)
{
    const parts *p = user;
    encoder *e = NULL;
    heed_status status = encoder_rounded(&e, p->e, &encoder_error);
    assert_true((status == HEED_OK) == (e != NULL));
    encoder_free(e);
    return status;
}

static heed_status write_config(void *user)
{
    const parts *p = user;
    char *text = NULL;
    heed_status status = encoder_config_text(&text, p->e, &encoder_error);
    assert_true((status == HEED_OK) == (text != NULL));
    free(text);
    return status;
}

static heed_status make_pass(void *user)
{
    const parts *p = user;
    encoder_pass *made = NULL;
    heed_status status = encoder_pass_new(&made, p->e, p->workers, 100, true, &encoder_error);
    assert_true((status == HEED_OK) == (made != NULL));
    encoder_pass_free(made);
    return status;
}

static void all_is_released_when_memory_runs_out(void **state)
{
    (void)state;
    static const char *const folders[] = {"bert", "bert-bfloat16", "bert-float16", "distilbert", "static-int8"};
    static memory_call *const makers[] = {open_folder, read_tensors, round_weights, write_config, make_pass};
    for (size_t f = 0; f < sizeof folders / sizeof *folders; f++) {
        parts p = {.folder = folders[f]};
        char path[100];
        size_t size;
        snprintf(path, sizeof path, "golden/encoders/%s/model.safetensors", folders[f]);
        encoder_must(file_read(&p.data, &size, path, 1 << 20, &encoder_error));
        encoder_must(safetensors_parse_any(&p.file, p.data, size, &encoder_error));
        *strrchr(path, '/') = '\0';
        encoder_must(encoder_open(&p.e, path, &encoder_error));
        encoder_must(encoder_config_text(&p.config, p.e, &encoder_error));
        encoder_must(pool_new(&p.workers, 2, &encoder_error));
        for (size_t i = 0; i < sizeof makers / sizeof *makers; i++)
            fail_without_memory(makers[i], &p, &encoder_error, folders[f]);
        pool_free(p.workers);
        encoder_free(p.e);
        safetensors_release(&p.file);
        free(p.config);
        free(p.data);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_is_released_when_memory_runs_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
