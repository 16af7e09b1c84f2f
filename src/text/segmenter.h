/* Words of scripts without blanks, by the dictionaries of ICU (Thai, Lao, Khmer, Burmese, Chinese and Japanese). The
 * library is loaded where it is used: most models never need its 30 megabytes. */
#ifndef TEXT_SEGMENTER_H
#define TEXT_SEGMENTER_H

#include "heed.h"

enum { SEGMENTER_VERSION = 40 };

typedef struct segmenter segmenter; /* of one thread */

/* HEED_BAD_DATA: heed was built without ICU, or ICU is not here; the message names the package. */
heed_status segmenter_open(segmenter **out, heed_error *error);
void segmenter_close(segmenter *s);
/* "ICU 72.1" */
void segmenter_version(char out[SEGMENTER_VERSION], const segmenter *s);

/* Forgets the run of the text before. */
void segmenter_reset(segmenter *s);
/* The end of the word that begins at `begin`, in a run of letters that ends at run_end. Ask for the words of a run in
 * order. */
size_t segmenter_word_end(segmenter *s, heed_bytes text, size_t begin, size_t run_end);
/* The end of the run that holds `begin`, if words of it were asked for; else 0. */
size_t segmenter_run_end(const segmenter *s, size_t begin);
/* Whether ICU failed since it was opened: memory. */
bool segmenter_failed(const segmenter *s);

#endif
