#include "base/random.h"

#include <Random123/philox.h>

void random_words(uint32_t out[4], uint64_t seed, const uint32_t counter[4])
{
    philox4x32_ctr_t number = {{counter[0], counter[1], counter[2], counter[3]}};
    philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32)}};
    philox4x32_ctr_t words = philox4x32(number, key);
    for (int i = 0; i < 4; i++)
        out[i] = words.v[i];
}

void random_block(uint32_t out[4], random_key key, uint32_t block)
{
    uint32_t what = (uint32_t)key.purpose << 24 | (key.layer & 0xFF) << 16 | (key.epoch & 0xFFFF);
    random_words(out, key.seed, (const uint32_t[4]){what, key.row, block, 0});
}

uint32_t random_word(random_key key, uint32_t element)
{
    uint32_t words[4];
    random_block(words, key, element / 4);
    return words[element % 4];
}

void random_shuffle(uint32_t *numbers, uint32_t count, random_key key)
{
    for (uint32_t i = count; i > 1; i--) {
        uint32_t j = (uint32_t)((uint64_t)random_word(key, i) * i >> 32);
        uint32_t swapped = numbers[i - 1];
        numbers[i - 1] = numbers[j];
        numbers[j] = swapped;
    }
}
