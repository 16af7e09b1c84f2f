/* Steps of AdamW with weights that decay (Loshchilov & Hutter 2019), a warm-up and a linear fall to 0 (Devlin et al.
 * 2019, appendix A.2), and the gradient's norm at most 1. Few rows are read more often: epochs fall with the rows, and
 * the weights after the last step are kept, as the rate is 0 by then. Targets are smoothed (Szegedy et al. 2016,
 * section 7): an encoder learns few rows by heart, and would be too sure of the others. */
#include "train/fine_tuning.h"

#include <math.h>

/* For so many rows and more; between two lines along the logarithm of the rows. */
typedef struct line {
    double rows, epochs, smoothing;
} line;

static const line lines[] = {{200, 15, 0}, {1000, 10, 0.1}, {4000, 6, 0.1}, {20000, 4, 0.1}, {100000, 3, 0.1}};
enum { LINES = sizeof lines / sizeof *lines, ROWS_PER_STEP = 16, HEAD_RATE = 10 };
static const double usual_rate = 1.5e-4, warmup_share = 0.1, decay = 0.01, longest_gradient = 1;

static line line_for(double rows)
{
    size_t i = 0;
    if (rows <= lines[0].rows)
        return lines[0];
    while (i + 1 < LINES && rows > lines[i + 1].rows)
        i++;
    if (i + 1 == LINES)
        return lines[i];
    const line *low = &lines[i], *high = low + 1;
    double share = log(rows / low->rows) / log(high->rows / low->rows);
    return (line){rows, low->epochs + share * (high->epochs - low->epochs),
                  low->smoothing + share * (high->smoothing - low->smoothing)};
}

fine_tuning fine_tuning_of(const heed_train_options *options, uint32_t rows)
{
    fine_tuning f = {.options = *options, .encoder_rate = options->encoder_rate};
    heed_train_options *o = &f.options;
    const line usual = line_for((double)rows);
    if (f.encoder_rate == 0)
        f.encoder_rate = usual_rate;
    o->epochs = options->encoder_epochs > 0 ? options->encoder_epochs : (unsigned)lround(usual.epochs);
    o->learning_rate = HEAD_RATE * f.encoder_rate;
    o->batch_size = ROWS_PER_STEP;
    o->optimizer = HEED_OPTIMIZER_ADAMW;
    o->weight_decay = decay;
    o->clip_norm = longest_gradient;
    if (o->label_smoothing == 0)
        o->label_smoothing = usual.smoothing;
    o->schedule = HEED_SCHEDULE_LINEAR;
    o->warmup = warmup_share * (double)o->epochs;
    o->keep = HEED_KEEP_LAST;
    o->patience = 0;
    o->average_weights = 0;
    return f;
}

double fine_tuning_work(const heed_train_options *options, const encoder_config *c, uint32_t rows, double tokens)
{
    enum { PASSES = 3 }; /* the backward pass has twice the products of the forward pass */
    const double width = c->width, length = rows == 0 ? 0 : tokens / (double)rows;
    const double block = 4 * width * width + 2 * width * (double)c->feed + 2 * length * width;
    return PASSES * tokens * (double)c->layers * block * (double)fine_tuning_of(options, rows).options.epochs;
}
