#include "text/stop_words.h"

#include <stdlib.h>
#include <string.h>

#include "base/compose.h"
#include "base/file.h"
#include "base/status.h"
#include "base/utf8.h"
#include "base/writer.h"
#include "rows/line_scan.h"

/* NLTK's list of 179 words (public domain). */
static const char *const english[] = {
    "i",        "me",     "my",      "myself",   "we",      "our",     "ours",     "ourselves",  "you",
    "you're",   "you've", "you'll",  "you'd",    "your",    "yours",   "yourself", "yourselves", "he",
    "him",      "his",    "himself", "she",      "she's",   "her",     "hers",     "herself",    "it",
    "it's",     "its",    "itself",  "they",     "them",    "their",   "theirs",   "themselves", "what",
    "which",    "who",    "whom",    "this",     "that",    "that'll", "these",    "those",      "am",
    "is",       "are",    "was",     "were",     "be",      "been",    "being",    "have",       "has",
    "had",      "having", "do",      "does",     "did",     "doing",   "a",        "an",         "the",
    "and",      "but",    "if",      "or",       "because", "as",      "until",    "while",      "of",
    "at",       "by",     "for",     "with",     "about",   "against", "between",  "into",       "through",
    "during",   "before", "after",   "above",    "below",   "to",      "from",     "up",         "down",
    "in",       "out",    "on",      "off",      "over",    "under",   "again",    "further",    "then",
    "once",     "here",   "there",   "when",     "where",   "why",     "how",      "all",        "any",
    "both",     "each",   "few",     "more",     "most",    "other",   "some",     "such",       "no",
    "nor",      "not",    "only",    "own",      "same",    "so",      "than",     "too",        "very",
    "s",        "t",      "can",     "will",     "just",    "don",     "don't",    "should",     "should've",
    "now",      "d",      "ll",      "m",        "o",       "re",      "ve",       "y",          "ain",
    "aren",     "aren't", "couldn",  "couldn't", "didn",    "didn't",  "doesn",    "doesn't",    "hadn",
    "hadn't",   "hasn",   "hasn't",  "haven",    "haven't", "isn",     "isn't",    "ma",         "mightn",
    "mightn't", "mustn",  "mustn't", "needn",    "needn't", "shan",    "shan't",   "shouldn",    "shouldn't",
    "wasn",     "wasn't", "weren",   "weren't",  "won",     "won't",   "wouldn",   "wouldn't",
};

static heed_status add_english(intern *words, heed_error *error)
{
    heed_status status = HEED_OK;
    uint32_t number;
    for (size_t i = 0; i < sizeof english / sizeof *english; i++)
        TRY(intern_put(&number, words, bytes_of(english[i]), error));
done:
    return status;
}

heed_status stop_words_parse(intern *words, const char *name, heed_bytes text, heed_text_rules rules, heed_error *error)
{
    writer composed = {0};
    heed_status status = HEED_OK;
    text = utf8_unmarked(text);
    heed_bytes word;
    size_t next;
    char end = text_line_end(text.data, text.size);
    for (size_t line = 1; text_line_find(&word, &next, text.data, text.size, true, end); line++) {
        uint32_t number;
        text = (heed_bytes){text.data + next, text.size - next};
        if (utf8_check(word.data, word.size) != word.size)
            TRY(fail(error, HEED_BAD_DATA,
                     "%s:%zu: found bytes that are not UTF-8, expected one word per line in UTF-8", name, line));
        if (rules == HEED_TEXT_RULES_UNICODE)
            word = compose(&composed, word);
        TRY(writer_check(&composed, error));
        if (word.size > 0)
            TRY(intern_put(&number, words, word, error));
        writer_clear(&composed);
    }
done:
    writer_release(&composed);
    return status;
}

static heed_status add_file(intern *words, const char *name, heed_text_rules rules, heed_error *error)
{
    char *data = NULL;
    size_t size;
    heed_status status = file_read(&data, &size, name, STOP_WORDS_BYTES, error);
    if (status == HEED_OK)
        status = stop_words_parse(words, name, (heed_bytes){data, size}, rules, error);
    free(data);
    return status;
}

bool stop_words_are_in_file(const char *name)
{
    return name != NULL && strcmp(name, "none") != 0 && strcmp(name, "english") != 0;
}

heed_status stop_words_load(intern *words, const char *name, heed_text_rules rules, heed_error *error)
{
    heed_status status;
    TRY(intern_init(words, error));
    if (stop_words_are_in_file(name))
        TRY(add_file(words, name, rules, error));
    else if (name != NULL && strcmp(name, "english") == 0)
        TRY(add_english(words, error));
    return HEED_OK;
done:
    intern_release(words);
    return status;
}
