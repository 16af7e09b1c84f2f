/* For tests: a folder with a small random encoder of golden/encoders, and with words: what told_rows (made_rows.h) has,
 * with numbers in pieces. It is made before a program's tests and removed after them. */
#ifndef UNIT_TINY_ENCODER_H
#define UNIT_TINY_ENCODER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char tiny_encoder[64]; /* its path */

static inline void tiny_encoder_link(const char *file)
{
    char from[200], full[PATH_MAX], to[200];
    snprintf(from, sizeof from, "golden/encoders/bert/%s", file);
    snprintf(to, sizeof to, "%s/%s", tiny_encoder, file);
    assert_non_null(realpath(from, full));
    assert_int_equal(symlink(full, to), 0);
}

static inline int tiny_encoder_make(void **state)
{
    (void)state;
    static const char words[] =
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\n[MASK]\nthe\nfilm\nn\n##1\n##2\n##3\n##4\n##5\nwas\nawful\n"
        "lovely\nusual\nweird\nto\n0\n1\n2\n3\n4\n";
    char path[200];
    snprintf(tiny_encoder, sizeof tiny_encoder, "/tmp/heed-states-XXXXXX");
    assert_non_null(mkdtemp(tiny_encoder));
    tiny_encoder_link("config.json");
    tiny_encoder_link("model.safetensors");
    snprintf(path, sizeof path, "%s/vocab.txt", tiny_encoder);
    FILE *out = fopen(path, "w");
    assert_non_null(out);
    assert_int_equal(fwrite(words, 1, sizeof words - 1, out), sizeof words - 1);
    fclose(out);
    return 0;
}

static inline int tiny_encoder_remove(void **state)
{
    (void)state;
    static const char *const files[] = {"config.json", "model.safetensors", "vocab.txt"};
    char path[200];
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        snprintf(path, sizeof path, "%s/%s", tiny_encoder, files[i]);
        unlink(path);
    }
    return rmdir(tiny_encoder) != 0;
}

#endif
