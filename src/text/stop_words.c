#include "text/stop_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/status.h"
#include "base/utf8.h"

enum { LARGEST_FILE = 64 << 20 };

/* NLTK's list of 179 words (public domain). */
static const char *const english[] = {
    "i", "me", "my", "myself", "we", "our", "ours", "ourselves", "you", "you're", "you've", "you'll", "you'd", "your",
    "yours", "yourself", "yourselves", "he", "him", "his", "himself", "she", "she's", "her", "hers", "herself", "it",
    "it's", "its", "itself", "they", "them", "their", "theirs", "themselves", "what", "which", "who", "whom", "this",
    "that", "that'll", "these", "those", "am", "is", "are", "was", "were", "be", "been", "being", "have", "has",
    "had", "having", "do", "does", "did", "doing", "a", "an", "the", "and", "but", "if", "or", "because", "as",
    "until", "while", "of", "at", "by", "for", "with", "about", "against", "between", "into", "through", "during",
    "before", "after", "above", "below", "to", "from", "up", "down", "in", "out", "on", "off", "over", "under",
    "again", "further", "then", "once", "here", "there", "when", "where", "why", "how", "all", "any", "both", "each",
    "few", "more", "most", "other", "some", "such", "no", "nor", "not", "only", "own", "same", "so", "than", "too",
    "very", "s", "t", "can", "will", "just", "don", "don't", "should", "should've", "now", "d", "ll", "m", "o", "re",
    "ve", "y", "ain", "aren", "aren't", "couldn", "couldn't", "didn", "didn't", "doesn", "doesn't", "hadn", "hadn't",
    "hasn", "hasn't", "haven", "haven't", "isn", "isn't", "ma", "mightn", "mightn't", "mustn", "mustn't", "needn",
    "needn't", "shan", "shan't", "shouldn", "shouldn't", "wasn", "wasn't", "weren", "weren't", "won", "won't",
    "wouldn", "wouldn't",
};

static heed_status add_english(intern *words, heed_error *error)
{
    heed_status status = HEED_OK;
    uint32_t number;
    for (size_t i = 0; status == HEED_OK && i < sizeof english / sizeof *english; i++)
        status = intern_put(&number, words, (heed_bytes){english[i], strlen(english[i])}, error);
    return status;
}

heed_status stop_words_parse(intern *words, const char *name, heed_bytes text, heed_error *error)
{
    const char *at = text.data, *end = text.data + text.size;
    if (text.size >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
        at += 3;
    for (size_t line = 1; at < end; line++) {
        const char *next = memchr(at, '\n', (size_t)(end - at));
        size_t size = (size_t)((next == NULL ? end : next) - at);
        heed_bytes word = {at, size > 0 && at[size - 1] == '\r' ? size - 1 : size};
        if (utf8_check(word.data, word.size) != word.size)
            return fail(error, HEED_BAD_DATA, "%s:%zu: found bytes that are not UTF-8, expected a word a line in UTF-8",
                        name, line);
        uint32_t number;
        heed_status status = word.size == 0 ? HEED_OK : intern_put(&number, words, word, error);
        if (status != HEED_OK)
            return status;
        at += next == NULL ? size : size + 1;
    }
    return HEED_OK;
}

heed_status stop_words_load(intern *words, const char *name, heed_error *error)
{
    heed_status status = intern_init(words, error);
    if (status != HEED_OK || name == NULL || strcmp(name, "none") == 0)
        return status;
    if (strcmp(name, "english") == 0) {
        status = add_english(words, error);
    } else {
        char *data = NULL;
        size_t size;
        status = file_read(&data, &size, name, LARGEST_FILE, error);
        if (status == HEED_OK)
            status = stop_words_parse(words, name, (heed_bytes){data, size}, error);
        free(data);
    }
    if (status != HEED_OK)
        intern_release(words);
    return status;
}
