/* Fuzz entry over texts that are divided into tokens, by six tokenizers. Besides not falling over: tokens are in the
 * text, a limit keeps the first of them, and the way of ASCII gives what the normalizer of whole texts gives, which a
 * tokenizer has to take that looks for a token in the normalized text. */
#include <stdlib.h>
#include <string.h>

#include "base/writer.h"
#include "tokenizer/subwords.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { KINDS = 6, BYTES = 4, PIECES = 5 };

/* A character without any property, which texts may not have. */
#define RARE "\xCD\xB8"

static const char *const normalizers[KINDS] = {
    "{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":true,\"lowercase\":true}",
    ("{\"type\":\"BertNormalizer\",\"clean_text\":true,\"handle_chinese_chars\":false,\"strip_accents\":false,"
     "\"lowercase\":true}"),
    "{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"NFD\"},{\"type\":\"StripAccents\"},{\"type\":\"Lowercase\"}]}",
    "null", "{\"type\":\"Lowercase\"}",
    /* U+0001 to ab, U+0002 to nothing, U+0009 to a space */
    ("{\"type\":\"Sequence\",\"normalizers\":[{\"type\":\"Precompiled\",\"precompiled_charsmap\":"
     "\"QAAAAAAgAAAJHQAAAAAAAAAAAAAAAACAAwAAgAQAAIAAAAAAAAAAAAE1AAACPQAAAAAAAAAAAAAAAAAAAAAAAAAAAABhYgAAIAA=\"},"
     "{\"type\":\"Strip\",\"strip_left\":false,\"strip_right\":true},"
     "{\"type\":\"Replace\",\"pattern\":{\"Regex\":\" {2,}\"},\"content\":\"\xE2\x96\x81\"}]}")};

/* Words and models of the last two. */
static const char *const rest[] = {
    [BYTES] = "\"pre_tokenizer\":{\"type\":\"ByteLevel\",\"add_prefix_space\":true,\"trim_offsets\":true},"
              "\"post_processor\":{\"type\":\"RobertaProcessing\",\"cls\":[\"<s>\",0],\"sep\":[\"</s>\",1],"
              "\"trim_offsets\":true,\"add_prefix_space\":true},"
              "\"model\":{\"type\":\"BPE\",\"unk_token\":\"<s>\",\"fuse_unk\":true,\"vocab\":{\"<s>\":0,\"</s>\":1,"
              "\"a\":2,\"b\":3,\"\xC4\xA0\":4,\"ab\":5,\"\xC4\xA0\xC4\xA0\":6,\"\xC4\xA0"
              "ab\":7,\"abab\":8,\"\xC3\x83\":9,"
              "\"\xC2\xA9\":10,\"'\":11,\"s\":12,\"'s\":13},\"merges\":[\"a b\",\"ab ab\",\"\xC4\xA0 "
              "\xC4\xA0\",\"\xC4\xA0 ab\","
              "\"' s\"]},",
    [PIECES] =
        "\"pre_tokenizer\":{\"type\":\"Sequence\",\"pretokenizers\":[{\"type\":\"WhitespaceSplit\"},{\"type\":"
        "\"Metaspace\",\"replacement\":\"\xE2\x96\x81\",\"prepend_scheme\":\"first\",\"split\":true}]},"
        "\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":[\"<s>\",0],\"sep\":[\"</s>\",1]},"
        "\"model\":{\"type\":\"Unigram\",\"unk_id\":0,\"vocab\":[[\"<s>\",0],[\"</s>\",0],[\"a\",-1.5],[\"b\",-2],"
        "[\"ab\",-3.25],[\"\xE2\x96\x81\",-2],[\"\xE2\x96\x81"
        "ab\",-4.1],[\"\xC3\xA9\",-5],[\"xy\",-40]]},"};

static void require(bool fine)
{
    if (!fine)
        abort();
}

static void write_added(writer *json, unsigned id, const char *content, bool strips, bool normalized)
{
    const char *flag = strips ? "true" : "false";
    writer_print(json,
                 "{\"id\":%u,\"content\":\"%s\",\"single_word\":%s,\"lstrip\":%s,\"rstrip\":%s,\"normalized\":%s,"
                 "\"special\":false}",
                 id, content, flag, flag, flag, normalized ? "true" : "false");
}

/* Words and model of BERT; returns how many tokens it has. */
static unsigned write_bert(writer *json)
{
    static const char *const words[] = {"[UNK]",        "[CLS]",    "a",        "the", "un",
                                        "able",         "\xC3\xA9", "\xCC\x81", "e",   "\xE4\xB8\xAD",
                                        "\xE1\x84\x80", "\xD0\xB0", "0"};
    unsigned count = 0;
    writer_text(json, "\"pre_tokenizer\":{\"type\":\"BertPreTokenizer\"},"
                      "\"post_processor\":{\"type\":\"BertProcessing\",\"cls\":[\"[CLS]\",1],\"sep\":[\"[UNK]\",0]},"
                      "\"model\":{\"type\":\"WordPiece\",\"unk_token\":\"[UNK]\",\"continuing_subword_prefix\":\"##\","
                      "\"max_input_chars_per_word\":20,\"vocab\":{");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        writer_print(json, "%s\"%s\":%u,\"##%s\":%u", count > 0 ? "," : "", words[i], count, words[i], count + 1);
        count += 2;
    }
    writer_text(json, "}},");
    return count;
}

/* whole: it looks for a token in the normalized text. */
static tokenizer *make(unsigned kind, bool whole)
{
    static const unsigned tokens[KINDS] = {[BYTES] = 14, [PIECES] = 9};
    tokenizer *t = NULL;
    writer json = {0};
    writer_print(&json, "{\"version\":\"1.0\",\"normalizer\":%s,", normalizers[kind]);
    unsigned count = kind < BYTES ? write_bert(&json) : tokens[kind];
    if (kind >= BYTES)
        writer_text(&json, rest[kind]);
    writer_text(&json, "\"added_tokens\":[");
    write_added(&json, count, "[MASK]", false, false);
    writer_text(&json, ",");
    write_added(&json, count + 1, "<w>", true, false);
    writer_text(&json, whole ? "," : "]}");
    if (whole) {
        write_added(&json, count + 2, RARE, false, true);
        writer_text(&json, "]}");
    }
    require(json.problem == 0 && tokenizer_parse(&t, (heed_bytes){json.data, json.size}, "made", NULL) == HEED_OK);
    writer_release(&json);
    return t;
}

static void require_same(const subword *a, const subword *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        require(a[i].id == b[i].id && a[i].begin == b[i].begin && a[i].end == b[i].end);
}

static void require_inside(const subword *items, size_t count, const tokenizer *t, heed_bytes text)
{
    for (size_t i = 0; i < count; i++) {
        require(items[i].id < tokenizer_size(t) && items[i].begin <= items[i].end && items[i].end <= text.size);
        require(i == 0 || items[i].begin >= items[i - 1].begin);
        require(items[i].begin == text.size || ((unsigned char)text.data[items[i].begin] & 0xC0) != 0x80);
    }
}

/* Lists are kept over inputs, as a thread keeps them over texts. */
static void check(unsigned kind, heed_bytes text, size_t longest)
{
    static tokenizer *made[KINDS][2];
    static subwords *lists[KINDS][2];
    const subword *items[2];
    size_t count[2], kept;
    for (unsigned whole = 0; whole < 2; whole++) {
        if (made[kind][whole] == NULL) {
            made[kind][whole] = make(kind, whole == 1);
            require(subwords_new(&lists[kind][whole], made[kind][whole], NULL) == HEED_OK);
        }
        heed_status status = subwords_find(lists[kind][whole], text, 0, true, NULL);
        items[whole] = subwords_items(lists[kind][whole], &count[whole]);
        require(status == HEED_OK || (status == HEED_BAD_DATA && count[whole] == 0));
        require_inside(items[whole], count[whole], made[kind][whole], text);
    }
    require(count[0] == count[1]);
    require_same(items[0], items[1], count[0]);
    if (count[0] == 0 || longest < 2)
        return;
    require(subwords_find(lists[kind][0], text, longest, true, NULL) == HEED_OK);
    items[0] = subwords_items(lists[kind][0], &kept);
    require(kept == (longest < count[1] ? longest : count[1]));
    require(subwords_were_cut(lists[kind][0]) == (longest < count[1]));
    require_same(items[0], items[1], kept - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2)
        return 0;
    heed_bytes text = {(const char *)data + 2, size - 2};
    if (text.size == 0 || memmem(text.data, text.size, RARE, 2) == NULL)
        check(data[0] % KINDS, text, data[1]);
    return 0;
}
