#include "rows/formats.h"

#include <string.h>
#include <sys/stat.h>

#include "rows/source.h"

typedef struct listed_format {
    const format_class *class;
    const char *extensions; /* separated by spaces */
} listed_format;

static const listed_format formats[] = {
#define FORMAT_LIST(name, word, extensions, meaning) [name] = {&word##_format, extensions},
    HEED_FORMATS(FORMAT_LIST)
#undef FORMAT_LIST
};
enum { FORMATS = sizeof formats / sizeof *formats };

const format_class *format_class_of(heed_format format)
{
    return formats[format].class;
}

static bool is_folder(const char *path)
{
    struct stat about;
    return strcmp(path, "-") != 0 && stat(path, &about) == 0 && S_ISDIR(about.st_mode);
}

static bool has_one_of(const char *path, size_t size, const char *extensions)
{
    for (const char *at = extensions; *at != '\0'; at += strspn(at, " ")) {
        heed_bytes extension = {at, strcspn(at, " ")};
        if (source_has_extension(path, size, extension))
            return true;
        at += extension.size;
    }
    return false;
}

heed_format format_of_path(const char *path)
{
    size_t size = strlen(path), packed;
    bool folder = is_folder(path);
    packing_of_name(&packed, path, size);
    size -= packed;
    for (unsigned i = HEED_FORMAT_AUTO + 1; i < FORMATS; i++)
        if (folder ? formats[i].class->is_folder : has_one_of(path, size, formats[i].extensions))
            return (heed_format)i;
    return HEED_FORMAT_LINES;
}
