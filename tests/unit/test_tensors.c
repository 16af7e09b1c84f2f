/* Tensors of a model file: listed and written, read back, and one failure that stays. */
#include "unit/made_rows.h"

#include <math.h>

#include "model/tensor_reader.h"

static const float numbers[6] = {1, 2, 3, -4, 5, 6};
static const uint32_t whole[2] = {7, 8};

static const struct {
    tensor_spec spec;
    const void *data;
    size_t size;
} listed[] = {{{"matrix", TENSOR_F32, 2, 2, 3}, numbers, sizeof numbers},
              {{"vector", TENSOR_U32, 1, 1, 2}, whole, sizeof whole},
              {{"bytes", TENSOR_U8, 1, 1, 5}, "abcde", 5}};
enum { LISTED = sizeof listed / sizeof *listed };

/* The file of these tensors; bytes own what it borrows. */
static safetensors made_file_of_tensors(writer *bytes)
{
    tensor_list list = {.error = &made_error};
    safetensors file;
    for (size_t i = 0; i < LISTED; i++) {
        void *copy = tensor_list_memory(&list, listed[i].size, 1);
        assert_non_null(copy);
        memcpy(copy, listed[i].data, listed[i].size);
        tensor_list_add(&list, listed[i].spec, copy);
    }
    must(list.status);
    safetensors_write(bytes, &list.file);
    must(writer_check(bytes, &made_error));
    tensor_list_release(&list);
    must(safetensors_parse(&file, bytes->data, bytes->size, &made_error));
    return file;
}

static void what_is_listed_is_read(void **state)
{
    (void)state;
    writer bytes = {0};
    safetensors file = made_file_of_tensors(&bytes);
    tensor_reader r = {.file = &file, .error = &made_error};
    for (size_t i = 0; i < LISTED; i++) {
        const stored_tensor *t = tensor_reader_need(&r, listed[i].spec);
        assert_non_null(t);
        assert_int_equal(t->size, listed[i].size);
        assert_memory_equal(t->data, listed[i].data, t->size);
        assert_int_equal(r.taken, i + 1);
    }
    assert_null(tensor_reader_find(&r, "another")); /* which may be missing */
    assert_int_equal(r.taken, LISTED);
    must(r.status);
    safetensors_release(&file);
    writer_release(&bytes);
}

static void the_first_failure_stays(void **state)
{
    (void)state;
    static const struct {
        tensor_spec spec;
        const char *piece;
    } cases[] = {{{"another", TENSOR_F32, 1, 1, 3}, "tensor another is missing"},
                 {{"matrix", TENSOR_F32, 2, 3, 3},
                  "tensor matrix: its type or shape is not what the configuration says (3 x 3)"},
                 {{"matrix", TENSOR_F32, 2, 2, 2}, "(2 x 2)"},
                 {{"matrix", TENSOR_F32, 1, 1, 6}, "(1 x 6)"},
                 {{"matrix", TENSOR_U32, 2, 2, 3}, "(2 x 3)"},
                 {{"vector", TENSOR_U32, 1, 1, 3}, "(1 x 3)"}};
    writer bytes = {0};
    safetensors file = made_file_of_tensors(&bytes);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        tensor_reader r = {.file = &file, .error = &made_error};
        assert_null(tensor_reader_need(&r, cases[i].spec));
        tensor_reader_refuse(&r, "a later message");
        assert_null(tensor_reader_need(&r, listed[0].spec)); /* it is there */
        assert_null(tensor_reader_find(&r, "bytes"));
        assert_null(tensor_reader_memory(&r, 1, 1, "a later thing"));
        must_refuse(r.status, HEED_BAD_DATA, cases[i].piece, cases[i].piece);
    }
    safetensors_release(&file);
    writer_release(&bytes);
}

static void numbers_that_are_not_finite_are_refused(void **state)
{
    (void)state;
    const float values[] = {1, -INFINITY, NAN};
    const stored_tensor kernel = {.name = "kernel"};
    tensor_reader r = {.error = &made_error};
    tensor_reader_check_finite(&r, &kernel, values, 1);
    must(r.status);
    tensor_reader_check_finite(&r, &kernel, values, 3);
    must_refuse(r.status, HEED_BAD_DATA, "tensor kernel: element 1 is not a finite number", "an infinity");
}

static void a_list_without_memory_stays_so(void **state)
{
    (void)state;
    tensor_list list = {.error = &made_error};
    assert_null(tensor_list_memory(&list, SIZE_MAX, 8));
    tensor_list_add(&list, listed[0].spec, numbers);
    assert_null(tensor_list_memory(&list, 1, 1));
    assert_int_equal(list.file.count, 0);
    must_refuse(list.status, HEED_FAILED, "out of memory for a model file", "a huge tensor");
    tensor_list_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_listed_is_read),
        cmocka_unit_test(the_first_failure_stays),
        cmocka_unit_test(numbers_that_are_not_finite_are_refused),
        cmocka_unit_test(a_list_without_memory_stays_so),
    };
    return cmocka_run_group_tests_name("tensors", tests, NULL, NULL);
}
