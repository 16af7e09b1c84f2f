#include "rows/survey.h"

#include <string.h>

#include "base/utf8.h"

enum {
    ENOUGH = 4096, /* characters beyond ASCII, without an invalid byte */
    CROWD = 3,     /* one letter beyond ASCII after two others for so many of them is another alphabet */
    FEW = 20,      /* one character for so many invalid bytes is chance, one such byte for so many characters damage */
    WIDEST = 4     /* bytes of a character, at most */
};

static bool is_undefined(unsigned char byte)
{
    return byte != '\0' && memchr("\x81\x8D\x8F\x90\x9D", byte, 5) != NULL;
}

static void count_invalid(survey *s, uint64_t at, unsigned char byte)
{
    if (s->invalid++ == 0) {
        s->first = at;
        s->first_byte = byte;
    }
    s->not_text += is_undefined(byte);
    bool letter = byte >= 0xC0;
    s->run = !letter ? 0 : at == s->last ? s->run + 1 : 1;
    s->last = at + 1;
    s->letters += letter;
    s->crowded += s->run > 2;
}

/* Overlong forms and surrogates are what a program writes that means UTF-8. */
static bool is_malformed(const char *data, size_t size)
{
    unsigned char lead = (unsigned char)*data;
    size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC0 || lead > 0xF7 || size < length)
        return false;
    for (size_t i = 1; i < length; i++)
        if ((data[i] & 0xC0) != 0x80)
            return false;
    return true;
}

size_t survey_take(survey *s, heed_bytes bytes, bool at_end)
{
    size_t at = 0;
    while (at < bytes.size) {
        const char *data = bytes.data + at;
        size_t left = bytes.size - at;
        uint64_t eight;
        if (left >= sizeof eight) {
            memcpy(&eight, data, sizeof eight);
            uint64_t nul = (eight - 0x0101010101010101u) & ~eight;
            if (((eight | nul) & 0x8080808080808080u) == 0) { /* ASCII without NUL */
                at += sizeof eight;
                continue;
            }
        }
        uint32_t point;
        size_t length = utf8_decode(data, left, &point);
        if (length == 0 && left < WIDEST && !at_end)
            break;
        if (length == 0)
            count_invalid(s, s->size + at, (unsigned char)*data);
        s->characters += length > 1 || (length == 0 && is_malformed(data, left));
        s->not_text += *data == '\0';
        at += length > 0 ? length : 1;
    }
    s->size += at;
    return at;
}

bool survey_is_clear(const survey *s)
{
    return s->characters >= ENOUGH && s->invalid == 0;
}

bool survey_is_utf8(const survey *s)
{
    return s->characters > 0 && s->invalid <= s->characters / FEW;
}

/* A few bytes that look like UTF-8 are chance. */
static bool has_windows_1252_bytes(const survey *s)
{
    return s->invalid > 0 && s->not_text == 0 && s->characters <= s->invalid / FEW;
}

bool survey_is_mixed(const survey *s)
{
    return s->characters >= FEW && s->invalid > s->characters / FEW && !has_windows_1252_bytes(s);
}

bool survey_is_windows_1252(const survey *s)
{
    return has_windows_1252_bytes(s) && s->crowded <= s->letters / CROWD;
}
