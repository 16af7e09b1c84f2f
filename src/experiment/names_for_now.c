#include "options/choices.h"

const names format_names = NAMES("auto", "tsv", "csv", "jsonl", "fasttext", "folder", "lines");
const names encoding_names = NAMES("utf-8", "windows-1252", "latin-1");
const names quoting_names = NAMES("auto", "minimal", "backslash", "none");
const names on_bad_row_names = NAMES("fail", "skip");
const names html_names = NAMES("keep", "space");
const names punctuation_names = NAMES("keep", "first32", "all");
const names letters_names = NAMES("keep", "lower");
const names tokens_names = NAMES("none", "split", "words");
const names lemmas_names = NAMES("none", "noun", "noun,verb");
const names vocabulary_names = NAMES("counts", "keras");
const names cut_names = NAMES("front", "behind", "middle");
const names pad_names = NAMES("front", "behind");
