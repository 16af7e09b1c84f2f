#include "base/utf8.h"

#include <string.h>

size_t utf8_check(const char *data, size_t size)
{
    size_t i = 0;
    while (i < size) {
        uint64_t eight;
        while (size - i >= sizeof eight) { /* ASCII, eight bytes at a time */
            memcpy(&eight, data + i, sizeof eight);
            if (eight & 0x8080808080808080u)
                break;
            i += sizeof eight;
        }
        if (i == size)
            break;
        uint32_t point;
        size_t length = utf8_decode(data + i, size - i, &point);
        if (length == 0)
            return i;
        i += length;
    }
    return size;
}
