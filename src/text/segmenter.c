#include "text/segmenter.h"

#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/status.h"

#ifdef HEED_ICU
#include <dlfcn.h>
#include <stdlib.h>
#include <unicode/ubrk.h>
#include <unicode/utext.h>
#include <unicode/uversion.h>

#define TEXT_OF(name) #name
#define SYMBOL(name) TEXT_OF(name) /* ICU's names end in its version, which a macro adds */
#define ICU_MAJOR SYMBOL(U_ICU_VERSION_MAJOR_NUM)

struct segmenter {
    void *library;
    __typeof__(&ubrk_open) open;
    __typeof__(&ubrk_close) close;
    __typeof__(&ubrk_setUText) set_text;
    __typeof__(&ubrk_next) next;
    __typeof__(&utext_openUTF8) open_text;
    __typeof__(&utext_close) close_text;
    __typeof__(&u_getVersion) version;
    UBreakIterator *words;
    UText text;
    size_t run_begin, run_end;
    bool failed;
};

static heed_status refuse(heed_error *error)
{
    return fail(error, HEED_BAD_DATA,
                "--segment dictionary: ICU " ICU_MAJOR " is not here, expected its library libicuuc.so." ICU_MAJOR
                "; install the package libicu" ICU_MAJOR);
}

/* ISO C has no conversion from an object pointer to a function pointer; POSIX has. */
static bool find_symbol(void *out, size_t size, void *library, const char *name)
{
    void *found = dlsym(library, name);
    memcpy(out, &found, size);
    return found != NULL;
}

#define FIND(s, field, name) find_symbol(&(s)->field, sizeof(s)->field, (s)->library, SYMBOL(name))

/* ICU keeps what it has read from its data for the next time, so it stays loaded once it is. */
static bool load(segmenter *s)
{
    s->library = dlopen("libicuuc.so." ICU_MAJOR, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    return s->library != NULL && FIND(s, open, ubrk_open) && FIND(s, close, ubrk_close) &&
           FIND(s, set_text, ubrk_setUText) && FIND(s, next, ubrk_next) && FIND(s, open_text, utext_openUTF8) &&
           FIND(s, close_text, utext_close) && FIND(s, version, u_getVersion);
}

heed_status segmenter_open(segmenter **out, heed_error *error)
{
    static const UText empty = UTEXT_INITIALIZER;
    segmenter *s = *out = memory_array(1, sizeof *s);
    if (s == NULL)
        return fail_memory(error, "a segmenter");
    UErrorCode problem = U_ZERO_ERROR;
    s->text = empty;
    if (load(s))
        s->words = s->open(UBRK_WORD, "", NULL, 0, &problem);
    if (s->words != NULL && U_SUCCESS(problem))
        return HEED_OK;
    segmenter_close(s);
    *out = NULL;
    return refuse(error);
}

void segmenter_close(segmenter *s)
{
    if (s == NULL)
        return;
    if (s->words != NULL)
        s->close(s->words);
    if (s->close_text != NULL)
        s->close_text(&s->text);
    if (s->library != NULL)
        dlclose(s->library);
    free(s);
}

void segmenter_version(char out[SEGMENTER_VERSION], const segmenter *s)
{
    UVersionInfo version;
    s->version(version);
    snprintf(out, SEGMENTER_VERSION, "ICU %u.%u", version[0], version[1]);
}

void segmenter_reset(segmenter *s)
{
    s->run_begin = s->run_end = 0;
}

size_t segmenter_run_end(const segmenter *s, size_t begin)
{
    return begin < s->run_end ? s->run_end : 0;
}

bool segmenter_failed(const segmenter *s)
{
    return s->failed;
}

/* Lets ICU read the run. */
static void begin_run(segmenter *s, heed_bytes text, size_t begin, size_t end)
{
    UErrorCode problem = U_ZERO_ERROR;
    s->run_begin = begin;
    s->run_end = end;
    s->open_text(&s->text, text.data + begin, (int64_t)(end - begin), &problem);
    s->set_text(s->words, &s->text, &problem);
    s->failed = s->failed || U_FAILURE(problem);
}

size_t segmenter_word_end(segmenter *s, heed_bytes text, size_t begin, size_t run_end)
{
    if (begin >= s->run_end)
        begin_run(s, text, begin, run_end);
    int32_t next = s->failed ? UBRK_DONE : s->next(s->words);
    return next == UBRK_DONE ? run_end : s->run_begin + (size_t)next;
}

#else

heed_status segmenter_open(segmenter **out, heed_error *error)
{
    *out = NULL;
    return fail(error, HEED_BAD_DATA,
                "--segment dictionary: this heed was built without ICU; build it where its headers are (Debian: "
                "libicu-dev)");
}

void segmenter_close(segmenter *s)
{
    (void)s;
}

void segmenter_version(char out[SEGMENTER_VERSION], const segmenter *s)
{
    (void)s;
    *out = '\0';
}

void segmenter_reset(segmenter *s)
{
    (void)s;
}

size_t segmenter_run_end(const segmenter *s, size_t begin)
{
    (void)s;
    (void)begin;
    return 0;
}

size_t segmenter_word_end(segmenter *s, heed_bytes text, size_t begin, size_t run_end)
{
    (void)s;
    (void)text;
    (void)begin;
    return run_end;
}

bool segmenter_failed(const segmenter *s)
{
    (void)s;
    return true;
}
#endif
