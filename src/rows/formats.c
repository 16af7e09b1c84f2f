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
/* What a format without extensions is written to: no format has it. */
static const char plain_text[] = ".txt";

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

/* Bytes of the extension with which the path ends, of these; 0: with none. */
static size_t extension_size(const char *path, size_t size, const char *extensions)
{
    for (const char *at = extensions; *at != '\0'; at += strspn(at, " ")) {
        heed_bytes extension = {at, strcspn(at, " ")};
        if (source_has_extension(path, size, extension))
            return extension.size;
        at += extension.size;
    }
    return 0;
}

heed_format format_of_path(const char *path)
{
    size_t size = strlen(path), packed;
    bool folder = is_folder(path);
    packing_of_name(&packed, path, size);
    size -= packed;
    for (unsigned i = HEED_FORMAT_AUTO + 1; i < FORMATS; i++)
        if (folder ? formats[i].class->is_folder : extension_size(path, size, formats[i].extensions) > 0)
            return (heed_format)i;
    return HEED_FORMAT_LINES;
}

heed_bytes format_extension(heed_format format, const char *path)
{
    const listed_format *f = &formats[format];
    size_t size = strlen(path), packed;
    if (f->class->is_folder)
        return (heed_bytes){"", 0};
    packing_of_name(&packed, path, size);
    size -= packed;
    size_t own = extension_size(path, size, *f->extensions != '\0' ? f->extensions : plain_text);
    if (own > 0)
        return (heed_bytes){path + size - own, own};
    return *f->extensions != '\0' ? (heed_bytes){f->extensions, strcspn(f->extensions, " ")} : bytes_of(plain_text);
}
