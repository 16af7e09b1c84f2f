/* The most single-precision operations that this machine's arithmetic reaches: fused multiply-adds that wait neither
 * for each other nor for memory, in the widest vectors that the processor has.
 *
 *   fma_peak [THREADS]    tells its vectors, then answers lines of standard input:
 *   peak COUNT            {"gflops": the best of COUNT runs, "each": of a second of processor time}; a multiply-add is
 *                         two operations */
#include <math.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_THREADS = 256 };

/* Every sum x begins between 0 and 1 and becomes x / 2 + 1 again and again, so that all of them end as 2. */
typedef double peak_loop(long rounds);

/* So many independent sums are enough for the latency of all pipes, and few enough for the registers. Each is a
 * variable of its own, as compilers leave an array in memory. */
/* clang-format off */
#define TWELVE(DO, name) \
    DO(0, name) DO(1, name) DO(2, name) DO(3, name) DO(4, name) DO(5, name) DO(6, name) DO(7, name) DO(8, name) \
    DO(9, name) DO(10, name) DO(11, name)
#define SIXTEEN(DO, name) TWELVE(DO, name) DO(12, name) DO(13, name) DO(14, name) DO(15, name)
/* clang-format on */

#define COUNT(i, name) +1
#define BEGIN(i, name) name##_vector x##i = name##_set((float)(i) / 16);
#define STEP(i, name) x##i = name##_fma(x##i, half, one);
#define KEEP(i, name) memcpy(lanes + (i) * (sizeof half / sizeof *lanes), &x##i, sizeof x##i);

/* The mean of the sums after so many rounds, with name_vector, name_set and name_fma. */
#define LOOP(name, SUMS, ATTRIBUTES)                                                                                   \
    enum { name##_lanes = (0 SUMS(COUNT, name)) * (int)(sizeof(name##_vector) / sizeof(float)) };                      \
    ATTRIBUTES static double name(long rounds)                                                                         \
    {                                                                                                                  \
        const name##_vector half = name##_set(0.5F), one = name##_set(1.0F);                                           \
        float lanes[name##_lanes];                                                                                     \
        double sum = 0;                                                                                                \
        SUMS(BEGIN, name)                                                                                              \
        for (long round = 0; round < rounds; round++) {                                                                \
            SUMS(STEP, name)                                                                                           \
        }                                                                                                              \
        SUMS(KEEP, name)                                                                                               \
        for (int i = 0; i < name##_lanes; i++)                                                                         \
            sum += (double)lanes[i];                                                                                   \
        return sum / name##_lanes;                                                                                     \
    }

typedef struct peak_kind {
    const char *name;
    peak_loop *loop;
    int lanes; /* multiply-adds of a round */
    bool runs; /* on this processor */
} peak_kind;

typedef float plain_vector __attribute__((vector_size(16)));
#define plain_set(value) ((plain_vector){(value), (value), (value), (value)})
#define plain_fma(x, factor, term) ((x) * (factor) + (term))
LOOP(plain, TWELVE, )

#if defined(__x86_64__)
#include <immintrin.h>

typedef __m512 avx512_vector;
#define avx512_set _mm512_set1_ps
#define avx512_fma _mm512_fmadd_ps
LOOP(avx512, SIXTEEN, __attribute__((target("avx512f"))))

typedef __m256 avx2_vector;
#define avx2_set _mm256_set1_ps
#define avx2_fma _mm256_fmadd_ps
LOOP(avx2, TWELVE, __attribute__((target("avx2,fma"))))

#elif defined(__aarch64__)
#include <arm_neon.h>

typedef float32x4_t neon_vector;
#define neon_set vdupq_n_f32
#define neon_fma(x, factor, term) vfmaq_f32(term, x, factor)
LOOP(neon, SIXTEEN, )
#endif

/* With the widest vectors. */
static peak_kind widest(void)
{
    const peak_kind kinds[] = {
#if defined(__x86_64__)
        {"avx512", avx512, avx512_lanes, __builtin_cpu_supports("avx512f")},
        {"avx2", avx2, avx2_lanes, __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")},
#elif defined(__aarch64__)
        {"neon", neon, neon_lanes, true},
#endif
        {"plain", plain, plain_lanes, true}
    };
    size_t i = 0;
    while (!kinds[i].runs)
        i++;
    return kinds[i];
}

/* ---- threads that work at the same time */

typedef struct worker {
    peak_loop *loop;
    long rounds;
    double mean;
} worker;

static void *work(void *context)
{
    worker *w = context;
    w->mean = w->loop(w->rounds);
    return NULL;
}

typedef struct timing {
    double wall, processor; /* seconds */
} timing;

static double seconds(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* All threads together; wall is less than 0: one could not be started, or a sum is not 2. */
static timing run(const peak_kind *kind, int threads, long rounds)
{
    pthread_t others[MAX_THREADS];
    worker workers[MAX_THREADS];
    int started = 1;
    bool right = true;
    const timing begin = {seconds(CLOCK_MONOTONIC), seconds(CLOCK_PROCESS_CPUTIME_ID)};
    for (int i = 0; i < threads; i++)
        workers[i] = (worker){kind->loop, rounds, 0};
    while (started < threads && pthread_create(&others[started], NULL, work, &workers[started]) == 0)
        started++;
    work(&workers[0]);
    for (int i = 1; i < started; i++)
        pthread_join(others[i], NULL);
    const timing took = {seconds(CLOCK_MONOTONIC) - begin.wall, seconds(CLOCK_PROCESS_CPUTIME_ID) - begin.processor};
    for (int i = 0; i < threads; i++)
        right = right && fabs(workers[i].mean - 2) < 1e-6;
    return right ? took : (timing){-1, -1};
}

/* Long enough that the start of a thread does not count. */
static long rounds_of(const peak_kind *kind, int threads)
{
    long rounds = 100000;
    for (double took = 0; took >= 0 && took < 0.01; rounds *= 2)
        took = run(kind, threads, rounds).wall;
    return rounds;
}

/* The least of each; less than 0: as run. */
static timing best(const peak_kind *kind, int threads, long rounds, int count)
{
    timing least = {INFINITY, INFINITY};
    for (int i = 0; i < count; i++) {
        const timing took = run(kind, threads, rounds);
        least = (timing){fmin(least.wall, took.wall), fmin(least.processor, took.processor)};
    }
    return least;
}

int main(int words, char **word)
{
    int count, threads = words > 1 ? atoi(word[1]) : 1;
    char line[64];
    const peak_kind kind = widest();
    if (threads < 1 || threads > MAX_THREADS) {
        fprintf(stderr, "fma_peak: found %s threads, expected 1 to %d\n", word[1], MAX_THREADS);
        return 2;
    }
    const long rounds = rounds_of(&kind, threads);
    const double operations = 2e-9 * kind.lanes * (double)threads * (double)rounds;
    printf("{\"ready\": true, \"vectors\": \"%s\"}\n", kind.name);
    fflush(stdout);
    while (fgets(line, sizeof line, stdin) != NULL && sscanf(line, "peak %d", &count) == 1) {
        const timing least = best(&kind, threads, rounds, count);
        if (least.wall < 0) {
            fprintf(stderr, "fma_peak: a thread did not start, or computed something else\n");
            return 1;
        }
        printf("{\"gflops\": %.3f, \"each\": %.3f}\n", operations / least.wall, operations / least.processor);
        fflush(stdout);
    }
    return 0;
}
