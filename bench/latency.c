/* How long one text takes, from its characters to its label: in a process that holds the model, and in a new one. And
 * from its characters to its explanation, in the former.
 *
 *     cc -O2 -Iinclude bench/latency.c -Lbuild/release -lheed -Wl,-rpath,build/release -o build/latency
 *     build/latency MODEL TEXTS [PROGRAM]
 *
 * TEXTS holds a text a line. Prints the median and the 99th percentile over all of them, in milliseconds; of
 * explanations over EXPLAINED of them at most, leave-one-out over the first 200 words of those that have as many; with
 * PROGRAM, such as build/release/heed, also of starts of `PROGRAM predict MODEL -` that each answer one text. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <fcntl.h>
#include <heed.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_TEXTS = 10000, MAX_LABELS = 4096, STARTS = 200, EXPLAINED = 200, WORDS = 200 };

extern char **environ;

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return 1e3 * (double)t.tv_sec + 1e-6 * (double)t.tv_nsec;
}

static void need(heed_status status, const heed_error *error)
{
    if (status != HEED_OK) {
        fprintf(stderr, "latency: %s\n", error->message);
        exit(1);
    }
}

static int compare(const void *a, const void *b)
{
    const double *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static void print(const char *what, double *times, size_t count)
{
    qsort(times, count, sizeof *times, compare);
    printf("%-24s median %7.3f  99%% %7.3f  least %7.3f ms, %zu times\n", what, times[count / 2],
           times[count - 1 - count / 100], times[0], count);
}

static size_t read_texts(char **texts, const char *path)
{
    FILE *file = fopen(path, "r");
    size_t count = 0, room = 0;
    char *line = NULL;
    if (file == NULL) {
        perror(path);
        exit(1);
    }
    while (count < MAX_TEXTS && getline(&line, &room, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        texts[count++] = line;
        line = NULL;
        room = 0;
    }
    free(line);
    fclose(file);
    return count;
}

static void answer_all(const char *path, char **texts, size_t count)
{
    static double times[MAX_TEXTS];
    static float probabilities[MAX_LABELS];
    heed_model *model;
    heed_predictor *predictor;
    heed_error error;
    double begin = now();
    need(heed_model_load(&model, path, &error), &error);
    printf("%-24s %7.3f ms\n", "loading the model", now() - begin);
    need(heed_predictor_new(&predictor, model, 0, &error), &error);
    for (size_t i = 0; i < count; i++) {
        heed_bytes text = {texts[i], strlen(texts[i])};
        begin = now();
        need(heed_predictor_run(probabilities, predictor, &text, 1, &error), &error);
        times[i] = now() - begin;
    }
    printf("%-24s %7.3f ms\n", "the first answer", times[0]);
    print("an answer", times, count);
    heed_predictor_free(predictor);
    heed_model_free(model);
}

/* Bytes of the text's first WORDS words; 0 where it has fewer. */
static size_t first_words(const char *text)
{
    size_t size = 0, words = 0;
    for (; text[size] != '\0'; size++) {
        bool ends = text[size] != ' ' && (text[size + 1] == ' ' || text[size + 1] == '\0');
        if (ends && ++words == WORDS)
            return size + 1;
    }
    return 0;
}

/* A method that the model does not have is passed over. */
static void explain_all(const heed_model *model, heed_method method, char **texts, size_t count)
{
    static double times[EXPLAINED];
    bool cut = method == HEED_METHOD_LEAVE_ONE_OUT;
    char what[64];
    size_t done = 0;
    heed_explainer *explainer;
    heed_explanation *explanation;
    heed_explain_options options;
    heed_error error;
    heed_explain_options_init(&options);
    options.method = method;
    if (heed_explainer_new(&explainer, model, &options, &error) != HEED_OK)
        return;
    for (size_t i = 0; i < count && done < EXPLAINED; i++) {
        heed_bytes text = {texts[i], cut ? first_words(texts[i]) : strlen(texts[i])};
        if (cut && text.size == 0)
            continue;
        double begin = now();
        need(heed_explainer_run(&explanation, explainer, text, &error), &error);
        times[done++] = now() - begin;
        heed_explanation_free(explanation);
    }
    snprintf(what, sizeof what, "%s%s", heed_method_name(method), cut ? ", 200 words" : "");
    if (done > 0)
        print(what, times, done);
    heed_explainer_free(explainer);
}

static void explain_ways(const char *path, char **texts, size_t count)
{
    static const heed_method methods[] = {HEED_METHOD_ATTENTION, HEED_METHOD_GRADIENT, HEED_METHOD_INTEGRATED,
                                          HEED_METHOD_LEAVE_ONE_OUT, HEED_METHOD_WEIGHTS};
    heed_model *model;
    heed_error error;
    need(heed_model_load(&model, path, &error), &error);
    for (size_t i = 0; i < sizeof methods / sizeof *methods; i++)
        explain_all(model, methods[i], texts, count);
    heed_model_free(model);
}

static void start_often(char *program, char *model, char **texts, size_t count)
{
    static double times[STARTS];
    char *arguments[] = {program, "predict", model, "-", NULL};
    for (size_t i = 0; i < STARTS; i++) {
        FILE *text = tmpfile();
        if (text == NULL || fprintf(text, "%s\n", texts[i % count]) < 0 || fflush(text) != 0 ||
            lseek(fileno(text), 0, SEEK_SET) != 0) {
            perror("a temporary file");
            exit(1);
        }
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, fileno(text), 0);
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
        double begin = now();
        pid_t child;
        int status = 0;
        if (posix_spawnp(&child, program, &actions, NULL, arguments, environ) != 0 ||
            waitpid(child, &status, 0) != child || status != 0) {
            fprintf(stderr, "latency: %s did not answer\n", program);
            exit(1);
        }
        times[i] = now() - begin;
        posix_spawn_file_actions_destroy(&actions);
        fclose(text);
    }
    print("a start with an answer", times, STARTS);
}

int main(int argc, char **argv)
{
    static char *texts[MAX_TEXTS];
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: latency MODEL TEXTS [PROGRAM]\n");
        return 2;
    }
    size_t count = read_texts(texts, argv[2]);
    if (count == 0) {
        fprintf(stderr, "latency: %s has no text\n", argv[2]);
        return 1;
    }
    answer_all(argv[1], texts, count);
    explain_ways(argv[1], texts, count);
    if (argc == 4)
        start_often(argv[3], argv[1], texts, count);
    for (size_t i = 0; i < count; i++)
        free(texts[i]);
    return 0;
}
