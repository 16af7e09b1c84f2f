#include "fasttext_options.h"

#include <stddef.h>
#include <string.h>

static const struct {
    const char *spelling, *answer;
} fasttext[] = {
    {"-input", "--train FILE"},
    {"-output", "--model OUT.safetensors"},
    {"-epoch", "--epochs N"},
    {"-lr", "--learning-rate RATE"},
    {"-dim", "--architecture 'embed N | ...'"},
    {"-thread", "--threads N"},
    {"-seed", "--seed N"},
    {"-minCount", "--min-count N"},
    {"-pretrainedVectors", "--vectors FILE"},
    {"-bucket", "--max-words N (words have ids, nothing is hashed)"},
    {"-verbose", "--quiet (prints no progress)"},
    {"-wordNgrams", "nothing (the network reads words in order)"},
    {"-minn", "nothing (words are whole; --lemmas reduces them)"},
    {"-maxn", "nothing (words are whole; --lemmas reduces them)"},
    {"-loss", "nothing (two labels: sigmoid, more: softmax; --label-separator: a sigmoid each)"},
    {"-label", "--format fasttext (labels begin with __label__)"},
    {"-autotune-validation", "--validation-file FILE with --keep best"},
};

const char *option_of_fasttext(const char *spelling)
{
    for (size_t i = 0; i < sizeof fasttext / sizeof *fasttext; i++)
        if (strcmp(fasttext[i].spelling, spelling) == 0)
            return fasttext[i].answer;
    return NULL;
}
