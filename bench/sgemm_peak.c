/* The most that OpenBLAS's single-precision matrix products reach here: N x N by N x N, threads as OPENBLAS_NUM_THREADS
 * says. It may be far from what the processor can do (fma_peak.c), as OpenBLAS runs an older kernel on processors that
 * it does not know.
 *
 *   sgemm_peak [N]        tells its kernel, then answers lines of standard input:
 *   peak COUNT            {"gflops": the best of COUNT products}
 *   products COUNT        {"seconds": all of them, "rows": COUNT} */
#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void multiply(int n, const float *a, const float *b, float *c)
{
    cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, n, n, n, 1, a, n, b, n, 0, c, n);
}

/* Some processors are served wrongly by older versions: a peak of wrong results is none. */
static int is_right(int n, const float *a, const float *b, const float *c)
{
    for (int i = 0; i < n; i += 97) {
        int j = i * 31 % n;
        double sum = 0;
        for (int k = 0; k < n; k++)
            sum += (double)a[i * n + k] * (double)b[k * n + j];
        if (fabs(sum - (double)c[i * n + j]) > 1e-3)
            return 0;
    }
    return 1;
}

static double best(int n, int count, const float *a, const float *b, float *c)
{
    double least = INFINITY;
    for (int i = 0; i < count; i++) {
        double begin = seconds();
        multiply(n, a, b, c);
        least = fmin(least, seconds() - begin);
    }
    return 2e-9 * n * n * n / least;
}

static int answer(const char *line, int n, const float *a, const float *b, float *c)
{
    int count;
    if (sscanf(line, "peak %d", &count) == 1) {
        printf("{\"gflops\": %.3f}\n", best(n, count, a, b, c));
        return 1;
    }
    if (sscanf(line, "products %d", &count) != 1)
        return 0;
    double begin = seconds();
    for (int i = 0; i < count; i++)
        multiply(n, a, b, c);
    printf("{\"seconds\": %.9f, \"rows\": %d}\n", seconds() - begin, count);
    return 1;
}

int main(int words, char **word)
{
    int n = words > 1 ? atoi(word[1]) : 1024;
    size_t size = (size_t)n * (size_t)n;
    float *a = malloc(size * sizeof *a), *b = malloc(size * sizeof *b), *c = malloc(size * sizeof *c);
    char line[64];
    if (n < 1 || a == NULL || b == NULL || c == NULL)
        return 2;
    for (size_t i = 0; i < size; i++) {
        a[i] = (float)(i % 101) / 101 - 0.5f;
        b[i] = (float)(i % 103) / 103 - 0.5f;
    }
    multiply(n, a, b, c);
    if (!is_right(n, a, b, c)) {
        fprintf(stderr, "sgemm_peak: OpenBLAS computes wrong products here; set OPENBLAS_CORETYPE\n");
        return 1;
    }
    printf("{\"ready\": true, \"kernel\": \"%s\"}\n", openblas_get_corename());
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL && answer(line, n, a, b, c))
        fflush(stdout);
    free(a);
    free(b);
    free(c);
    return 0;
}
