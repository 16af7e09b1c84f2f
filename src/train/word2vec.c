/* Rounds instead of threads that overwrite each other ("Hogwild"), so that the same seed gives the same bits: in a
 * round every lane descends, word by word, on private copies of the rows that its block of the text needs; then the
 * moves of the copies are added to the shared rows, in the order of the lanes. All neighbours in a window share their
 * negative words (Ji et al. 2016, "Parallelizing word2vec in shared and distributed memory"). */
#include "train/word2vec.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"
#include "base/status.h"

#define NOT_TOUCHED UINT32_MAX
#define HASTE 0.5f /* measured: 0.2 to 2 learn equally well, 0 can diverge, infinity moves a row by the lanes' mean */

enum { DRAW_START, DRAW_WINDOW, DRAW_NEGATIVE, DRAW_OF_NEGATIVES }; /* what random numbers are for */
enum { INPUT, OUTPUT, MATRICES }; /* the words' vectors, and their vectors as what is predicted */

/* A lane's copies of the rows of one matrix in this round. */
typedef struct copies {
    uint32_t *place; /* [words]: the place of a word's copy, or NOT_TOUCHED */
    uint32_t *words; /* [room]: whose the copies are */
    float *steps;    /* [room]: how many each has taken */
    float *rows;     /* [room][stride] */
    uint32_t count;
} copies;

/* Of a shared row while the moves of its copies are added up. */
typedef struct merging {
    float steps; /* of all lanes */
    float ways;  /* the sum of how far each lane went */
} merging;

typedef struct lane {
    copies copies[MATRICES];
    uint32_t words[BLOCK_WORDS]; /* of the current row, without those that are passed over */
    uint32_t at[BLOCK_WORDS];    /* their places in the block */
    uint32_t negatives[BLOCK_NEGATIVES];
    float *hidden, *error; /* [stride] */
} lane;

struct word2vec {
    heed_vectors_options options;
    const kernels *k;
    uint32_t words;
    size_t dimensions, stride; /* of a row in floats; of a copied one */
    float *shared[MATRICES];   /* [words][dimensions] */
    merging *merging;          /* [words] */
    float *keep;               /* [words]: probability not to be passed over */
    alias_table negatives;
    pool *pool;
    lane lanes[ROUND_LANES];
    const uint32_t *text; /* of this round */
    size_t count;
    unsigned epoch;
    uint32_t round;
    float rate;
};

/* ---- a step */

static float sigmoid(float x)
{
    return 1 / (1 + expf(-x));
}

void word2vec_step(const kernels *k, int targets, size_t n, float rate, const float *hidden, float *const *target,
                   float *dhidden)
{
    float g[MAX_NEGATIVE + 1];
    for (int i = 0; i < targets; i++)
        g[i] = rate * ((i == 0) - sigmoid(k->dot(n, hidden, target[i])));
    k->exchange(targets, n, g, hidden, target, dhidden);
}

/* ---- rows */

/* The lane's copy of a row, for one more step. */
static float *touch(const word2vec *w, lane *l, int matrix, uint32_t word)
{
    copies *c = &l->copies[matrix];
    if (c->place[word] == NOT_TOUCHED) {
        c->place[word] = c->count;
        c->words[c->count] = word;
        c->steps[c->count] = 0;
        memcpy(c->rows + c->count * w->stride, w->shared[matrix] + word * w->dimensions,
               w->dimensions * sizeof *c->rows);
        c->count++;
    }
    c->steps[c->place[word]]++;
    return c->rows + c->place[word] * w->stride;
}

/* Replaces the copies by how far they moved. */
static void copies_to_moves(const word2vec *w, lane *l, int matrix)
{
    copies *c = &l->copies[matrix];
    for (uint32_t i = 0; i < c->count; i++) {
        w->k->axpy(w->dimensions, -1, w->shared[matrix] + c->words[i] * w->dimensions, c->rows + i * w->stride);
        c->place[c->words[i]] = NOT_TOUCHED;
    }
}

/* ---- a block */

static random_key key_of(const word2vec *w, uint32_t purpose, uint32_t row)
{
    return (random_key){w->options.seed, RANDOM_VECTORS, purpose, w->epoch, row};
}

/* The output rows of a step for the word at place `at` of the block: first its own, then the negatives. A negative that
 * is the word itself is left out. */
static int targets_touch(float **target, word2vec *w, lane *l, uint32_t word, random_key key, uint32_t at)
{
    uint32_t random[4], blocks = (w->options.negative + 3) / 4;
    int count = 0;
    target[count++] = touch(w, l, OUTPUT, word);
    for (uint32_t i = 0; i < w->options.negative; i++) {
        if (i % 4 == 0)
            random_block(random, key, at * blocks + i / 4);
        uint32_t other = l->negatives[(uint64_t)random[i % 4] * BLOCK_NEGATIVES >> 32];
        if (other != word)
            target[count++] = touch(w, l, OUTPUT, other);
    }
    return count;
}

/* Neighbours: l->words[begin] ... l->words[end - 1], except the word itself at `centre`. */
static void skipgram(word2vec *w, lane *l, uint32_t begin, uint32_t end, uint32_t centre, int targets,
                     float *const *target)
{
    for (uint32_t i = begin; i < end; i++) {
        if (i == centre)
            continue;
        float *hidden = touch(w, l, INPUT, l->words[i]);
        memset(l->error, 0, w->dimensions * sizeof *l->error);
        word2vec_step(w->k, targets, w->dimensions, w->rate, hidden, target, l->error);
        w->k->add(w->dimensions, l->error, hidden);
    }
}

/* Each neighbour moves by all of dhidden, which is for their mean, as in word2vec's source. */
static void cbow(word2vec *w, lane *l, uint32_t begin, uint32_t end, uint32_t centre, int targets, float *const *target)
{
    float *neighbour[2 * MAX_WINDOW], share = 1 / (float)(end - begin - 1);
    int count = 0;
    memset(l->hidden, 0, w->dimensions * sizeof *l->hidden);
    memset(l->error, 0, w->dimensions * sizeof *l->error);
    for (uint32_t i = begin; i < end; i++)
        if (i != centre) {
            neighbour[count] = touch(w, l, INPUT, l->words[i]);
            w->k->axpy(w->dimensions, share, neighbour[count++], l->hidden);
        }
    word2vec_step(w->k, targets, w->dimensions, w->rate, l->hidden, target, l->error);
    for (int i = 0; i < count; i++)
        w->k->add(w->dimensions, l->error, neighbour[i]);
}

static void row_pass(word2vec *w, lane *l, uint32_t count, uint32_t block)
{
    float *target[MAX_NEGATIVE + 1];
    random_key windows = key_of(w, DRAW_WINDOW, block), negatives = key_of(w, DRAW_NEGATIVE, block);
    for (uint32_t i = 0; i < count && count > 1; i++) {
        uint32_t random[4];
        random_block(random, windows, l->at[i]);
        uint32_t reach = 1 + (uint32_t)((uint64_t)random[0] * w->options.window >> 32);
        uint32_t begin = i > reach ? i - reach : 0, end = count - i > reach + 1 ? i + reach + 1 : count;
        int targets = targets_touch(target, w, l, l->words[i], negatives, l->at[i]);
        (w->options.method == HEED_WORD2VEC_CBOW ? cbow : skipgram)(w, l, begin, end, i, targets, target);
    }
}

static bool is_kept(const word2vec *w, uint32_t word, random_key key, uint32_t at)
{
    uint32_t random[4];
    if (word == WORD_PASSED || w->keep[word] >= 1)
        return word != WORD_PASSED;
    random_block(random, key, at);
    return random_unit(random[1]) < (double)w->keep[word];
}

static void negatives_draw(const word2vec *w, lane *l, random_key key)
{
    uint32_t random[4];
    for (uint32_t i = 0; i < BLOCK_NEGATIVES; i++) {
        if (i % 4 == 0)
            random_block(random, key, i / 4);
        l->negatives[i] = alias_draw(&w->negatives, random[i % 4]);
    }
}

/* A row of the text that continues in the next block ends here. */
static void lane_run(void *context, size_t task, unsigned worker)
{
    word2vec *w = context;
    lane *l = &w->lanes[task];
    size_t first = task * BLOCK_WORDS;
    uint32_t size = (uint32_t)(w->count - first < BLOCK_WORDS ? w->count - first : BLOCK_WORDS), count = 0;
    uint32_t block = w->round * ROUND_LANES + (uint32_t)task;
    random_key key = key_of(w, DRAW_WINDOW, block);
    (void)worker;
    negatives_draw(w, l, key_of(w, DRAW_OF_NEGATIVES, block));
    l->copies[INPUT].count = l->copies[OUTPUT].count = 0;
    for (uint32_t i = 0; i < size; i++) {
        uint32_t word = w->text[first + i];
        if (word == WORD_ROW_END) {
            row_pass(w, l, count, block);
            count = 0;
        } else if (is_kept(w, word, key, i)) {
            l->words[count] = word;
            l->at[count++] = i;
        }
    }
    row_pass(w, l, count, block);
    copies_to_moves(w, l, INPUT);
    copies_to_moves(w, l, OUTPUT);
}

/* ---- a round */

/* How far a number of steps leads, in steps: each covers the same share of what is left, about HASTE times the rate. */
static float way(const word2vec *w, float steps)
{
    return steps / (1 + HASTE * w->rate * steps);
}

static uint32_t blocks_of(size_t words)
{
    return (uint32_t)((words + BLOCK_WORDS - 1) / BLOCK_WORDS);
}

/* All lanes begin with the same rows, and their moves are added up. For a frequent row every lane goes most of the way
 * to the same place, so the plain sum would go far beyond it: it is scaled to how far all the steps would have led one
 * after the other. A row belongs to one part, and a part takes the lanes in their order, so the number of parts, a
 * power of 2, does not matter. */
static void moves_merge(word2vec *w, int matrix, uint32_t part, uint32_t parts)
{
    enum { WEIGH, ADD, CLEAR, PASSES };
    uint32_t lanes = blocks_of(w->count);
    for (int pass = WEIGH; pass < PASSES; pass++)
        for (uint32_t i = 0; i < lanes; i++) {
            const copies *c = &w->lanes[i].copies[matrix];
            for (uint32_t j = 0; j < c->count; j++) {
                merging *m = &w->merging[c->words[j]];
                if ((c->words[j] & (parts - 1)) != part)
                    continue;
                if (pass == WEIGH)
                    *m = (merging){m->steps + c->steps[j], m->ways + way(w, c->steps[j])};
                else if (pass == ADD)
                    w->k->axpy(w->dimensions, way(w, m->steps) / m->ways, c->rows + j * w->stride,
                               w->shared[matrix] + c->words[j] * w->dimensions);
                else
                    *m = (merging){0};
            }
        }
}

static uint32_t parts_of(const word2vec *w)
{
    uint32_t parts = 1;
    while (parts < pool_threads(w->pool))
        parts *= 2;
    return parts;
}

static void part_merge(void *context, size_t task, unsigned worker)
{
    word2vec *w = context;
    (void)worker;
    for (int matrix = 0; matrix < MATRICES; matrix++)
        moves_merge(w, matrix, (uint32_t)task, parts_of(w));
}

void word2vec_round(word2vec *w, const uint32_t *text, size_t count, unsigned epoch, uint32_t number, float rate)
{
    w->text = text;
    w->count = count;
    w->epoch = epoch;
    w->round = number;
    w->rate = rate;
    pool_run(w->pool, blocks_of(count), lane_run, w);
    pool_run(w->pool, parts_of(w), part_merge, w);
}

/* ---- from the beginning to the end */

static bool copies_new(copies *c, const word2vec *w, size_t max_rows)
{
    size_t room = max_rows < w->words ? max_rows : w->words;
    c->place = memory_array(w->words, sizeof *c->place);
    c->words = memory_array(room, sizeof *c->words);
    c->steps = memory_array(room, sizeof *c->steps);
    c->rows = memory_aligned(room, w->stride * sizeof *c->rows);
    if (c->place != NULL)
        memset(c->place, 0xFF, w->words * sizeof *c->place);
    return c->place != NULL && c->words != NULL && c->steps != NULL && c->rows != NULL;
}

static bool lane_new(lane *l, const word2vec *w)
{
    l->hidden = memory_aligned(w->stride, sizeof *l->hidden);
    l->error = memory_aligned(w->stride, sizeof *l->error);
    return l->hidden != NULL && l->error != NULL && copies_new(&l->copies[INPUT], w, BLOCK_WORDS) &&
           copies_new(&l->copies[OUTPUT], w, BLOCK_WORDS + BLOCK_NEGATIVES);
}

static heed_status allocate(word2vec *w, heed_error *error)
{
    bool fine = (w->keep = memory_array(w->words, sizeof *w->keep)) != NULL &&
                (w->merging = memory_array(w->words, sizeof *w->merging)) != NULL;
    for (int i = 0; i < MATRICES && fine; i++)
        fine = (w->shared[i] = memory_aligned(w->words, w->dimensions * sizeof *w->shared[i])) != NULL;
    for (size_t i = 0; i < ROUND_LANES && fine; i++)
        fine = lane_new(&w->lanes[i], w);
    return fine ? HEED_OK : fail_memory(error, "word vectors");
}

/* Uniform in [-0.5, 0.5) / dimensions. The output matrix starts at 0. */
static void input_start(word2vec *w)
{
    for (uint32_t word = 0; word < w->words; word++)
        for (size_t i = 0; i < w->dimensions; i++) {
            double unit = random_unit(random_word(key_of(w, DRAW_START, word), (uint32_t)i));
            w->shared[INPUT][word * w->dimensions + i] = (float)((unit - 0.5) / (double)w->dimensions);
        }
}

/* A word that is a share f of the text is kept with probability sqrt(s / f) + s / f, as in word2vec's source (the paper
 * has only the first term), and is drawn as a negative in proportion to count^0.75 (2013b, sections 2.2 and 2.3). */
static heed_status draws_prepare(word2vec *w, const uint64_t *counts, heed_error *error)
{
    double *weights = memory_array(w->words, sizeof *weights), total = 0;
    if (weights == NULL)
        return fail_memory(error, "word vectors");
    for (uint32_t i = 0; i < w->words; i++)
        total += (double)counts[i];
    for (uint32_t i = 0; i < w->words; i++) {
        double ratio = w->options.sample * total / (double)counts[i];
        w->keep[i] = w->options.sample > 0 ? (float)(sqrt(ratio) + ratio) : 1;
        weights[i] = pow((double)counts[i], 0.75);
    }
    heed_status status = alias_table_init(&w->negatives, weights, w->words, error);
    free(weights);
    return status;
}

heed_status word2vec_new(word2vec **out, const uint64_t *counts, uint32_t words, const heed_vectors_options *options,
                         heed_error *error)
{
    *out = NULL;
    word2vec *w = memory_array(1, sizeof *w);
    if (w == NULL)
        return fail_memory(error, "word vectors");
    *w = (word2vec){.options = *options, .k = kernels_choose(), .words = words, .dimensions = options->dimensions};
    w->stride = (w->dimensions + 15) / 16 * 16; /* every copy begins with a cache line */
    heed_status status;
    TRY(allocate(w, error));
    TRY(draws_prepare(w, counts, error));
    TRY(pool_new(&w->pool, options->threads, error));
    input_start(w);
    *out = w;
    return HEED_OK;
done:
    word2vec_free(w);
    return status;
}

float *word2vec_take(word2vec *w)
{
    float *vectors = w->shared[INPUT];
    w->shared[INPUT] = NULL;
    return vectors;
}

static void copies_release(copies *c)
{
    free(c->place);
    free(c->words);
    free(c->steps);
    free(c->rows);
}

void word2vec_free(word2vec *w)
{
    if (w == NULL)
        return;
    for (size_t i = 0; i < ROUND_LANES; i++) {
        copies_release(&w->lanes[i].copies[INPUT]);
        copies_release(&w->lanes[i].copies[OUTPUT]);
        free(w->lanes[i].hidden);
        free(w->lanes[i].error);
    }
    alias_table_release(&w->negatives);
    pool_free(w->pool);
    free(w->shared[INPUT]);
    free(w->shared[OUTPUT]);
    free(w->merging);
    free(w->keep);
    free(w);
}
