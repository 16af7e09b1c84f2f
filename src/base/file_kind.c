#include "base/file_kind.h"

#include <string.h>

#include "base/status.h"
#include "base/zstd.h"

struct file_kind {
    heed_bytes lead; /* the file begins with this */
    heed_bytes mark; /* and has this at byte `at` */
    size_t at;
    bool control;      /* and then a control character, which text does not have there */
    const char *name;  /* of what it is */
    const char *rows;  /* how to make rows of it */
    const char *other; /* how to get a model or vectors out of it; NULL: not this way */
};

#define B(text)                                                                                                        \
    {                                                                                                                  \
        text, sizeof(text) - 1                                                                                         \
    }
#define NOTHING                                                                                                        \
    {                                                                                                                  \
        "", 0                                                                                                          \
    }

static const char save[] = "save it as CSV UTF-8, or: libreoffice --convert-to csv FILE";
static const char unzip[] = "unpack it: unzip FILE";
static const char pandas[] = "write it as CSV: pandas.read_parquet(FILE).to_csv(NAME, index=False)";
static const char arrow[] = "write it as CSV: pandas.read_feather(FILE).to_csv(NAME, index=False)";
static const char pull[] = "get the file itself: git lfs pull";
static const char as_text[] = "name a file of text";

#ifdef HEED_ZSTD
static const char zstd_rows[] = "give the file a name ending in .zst, or use zstdcat";
#else
static const char zstd_rows[] = "this heed was built without libzstd; unpack it: unzstd FILE";
#endif
static const char zstd_other[] = "unpack it: unzstd FILE";

/* The first that fits counts. */
static const file_kind kinds[] = {
    {B("PK\x03\x04"), B("mimetypeapplication/vnd.oasis."), 30, false, "an OpenDocument file", save, NULL},
    {B("PK\x03\x04"), NOTHING, 4, false, "a zip archive (an Excel workbook?)",
     "save it as CSV UTF-8; if it is not a workbook, unpack it: unzip FILE", unzip},
    {B("PK\x05\x06"), NOTHING, 4, false, "an empty zip archive", as_text, NULL},
    {B("PK\x07\x08"), NOTHING, 4, false, "a part of a zip archive", unzip, unzip},
    {B("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), NOTHING, 8, false, "an old Office file (an Excel workbook?)", save, NULL},
    {B("\x1F\x8B"), NOTHING, 2, false, "gzip data",
     "give the file a name ending in .gz, or use zcat; if it has one, it is packed twice", "unpack it: gunzip -k FILE"},
    {B("\x28\xB5\x2F\xFD"), NOTHING, 4, false, "zstd data", zstd_rows, zstd_other},
    {B("BZh"), B("1AY&SY"), 4, false, "bzip2 data", "unpack it: bunzip2 -k FILE", "unpack it: bunzip2 -k FILE"},
    {B("BZh"), B("\x17\x72\x45\x38\x50\x90"), 4, false, "empty bzip2 data", as_text, NULL},
    {B("\xFD"
       "7zXZ\0"),
     NOTHING, 6, false, "xz data", "unpack it: xz -dk FILE", "unpack it: xz -dk FILE"},
    {B("7z\xBC\xAF\x27\x1C"), NOTHING, 6, false, "a 7-Zip archive", "unpack it: 7z x FILE", "unpack it: 7z x FILE"},
    {B("Rar!\x1A\x07"), NOTHING, 6, false, "a RAR archive", "unpack it: unrar x FILE", "unpack it: unrar x FILE"},
    {B("\x04\x22\x4D\x18"), NOTHING, 4, false, "lz4 data", "unpack it: unlz4 FILE", "unpack it: unlz4 FILE"},
    {B("LZIP\x01"), NOTHING, 5, false, "lzip data", "unpack it: lzip -dk FILE", "unpack it: lzip -dk FILE"},
    {B("\x1F\x9D"), NOTHING, 2, false, "compress data", "unpack it: uncompress -k FILE",
     "unpack it: uncompress -k FILE"},
    {NOTHING, B("ustar"), 257, false, "a tar archive", "unpack it: tar -xf FILE", "unpack it: tar -xf FILE"},
    {B("PAR1"), NOTHING, 4, true, "a Parquet file", pandas, NULL},
    {B("PARE"), NOTHING, 4, true, "an encrypted Parquet file", pandas, NULL},
    {B("ARROW1\0\0"), NOTHING, 8, false, "an Arrow file (Feather)", arrow, NULL},
    {B("FEA1"), NOTHING, 4, true, "a Feather file", arrow, NULL},
    {B("ORC"), NOTHING, 3, true, "an ORC file", "write it as CSV: pandas.read_orc(FILE).to_csv(NAME, index=False)",
     NULL},
    {B("Obj\x01"), NOTHING, 4, false, "an Avro file", "write it as JSON lines: avro-tools tojson FILE", NULL},
    {B("SQLite format 3\0"), NOTHING, 16, false, "an SQLite database",
     "write a table as CSV: sqlite3 -header -csv FILE 'SELECT * FROM TABLE'", NULL},
    {B("\x89HDF\r\n\x1A\n"), NOTHING, 8, false, "an HDF5 file (of Keras or pandas?)", "write it as CSV with pandas",
     NULL},
    {B("\x93NUMPY"), NOTHING, 6, false, "a NumPy array", "write its rows as CSV with NumPy or pandas", NULL},
    {B("%PDF-1."), NOTHING, 7, false, "a PDF file", "write its text: pdftotext FILE", NULL},
    {B("%PDF-2."), NOTHING, 7, false, "a PDF file", "write its text: pdftotext FILE", NULL},
    {B("{\\rtf1"), NOTHING, 6, false, "an RTF document", "save it as plain text, or: libreoffice --convert-to txt FILE",
     NULL},
    {B("\x89PNG\r\n\x1A\n"), NOTHING, 8, false, "a PNG picture", as_text, NULL},
    {B("\xFF\xD8\xFF"), NOTHING, 3, false, "a JPEG picture", as_text, NULL},
    {B("\x7F"
       "ELF"),
     NOTHING, 4, false, "a program", as_text, NULL},
    {B("version https://git-lfs."), NOTHING, 24, false, "a pointer of git-lfs", pull, pull},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

static bool is_control(char byte)
{
    return (unsigned char)byte < 0x20 && memchr("\t\n\r\f", byte, 4) == NULL;
}

/* The bytes that decide. */
static size_t needed(const file_kind *k)
{
    return k->at + k->mark.size + k->control;
}

static bool fits(const file_kind *k, heed_bytes begin)
{
    return begin.size >= needed(k) && memcmp(begin.data, k->lead.data, k->lead.size) == 0 &&
           memcmp(begin.data + k->at, k->mark.data, k->mark.size) == 0 &&
           (!k->control || is_control(begin.data[k->at]));
}

const file_kind *file_kind_of(heed_bytes begin)
{
    for (size_t i = 0; i < KINDS; i++)
        if (fits(&kinds[i], begin))
            return &kinds[i];
    return NULL;
}

bool file_kind_is_open(heed_bytes begin)
{
    for (size_t i = 0; i < KINDS; i++) {
        const file_kind *k = &kinds[i];
        size_t size = begin.size < k->lead.size ? begin.size : k->lead.size;
        if (k->lead.size > 0 && begin.size < needed(k) && (size == 0 || memcmp(begin.data, k->lead.data, size) == 0))
            return true;
    }
    return false;
}

heed_status file_kind_refuse(const file_kind *kind, const char *name, file_use use, heed_error *error)
{
    static const char *const expected[] = {"text", "word vectors", "a model of heed", "weights of an encoder"};
    const char *remedy = use == FILE_OF_ROWS ? kind->rows : kind->other;
    return fail(error, HEED_BAD_DATA, "%s: found %s, expected %s%s%s", name, kind->name, expected[use],
                remedy == NULL ? "" : "; ", remedy == NULL ? "" : remedy);
}
