#include "base/utf8.h"

size_t utf8_check(const char *data, size_t size)
{
    size_t i = 0;
    while (i < size) {
        if ((unsigned char)data[i] < 0x80) {
            i += utf8_ascii(data + i, size - i);
            continue;
        }
        uint32_t point;
        size_t length = utf8_decode(data + i, size - i, &point);
        if (length == 0)
            return i;
        i += length;
    }
    return size;
}
