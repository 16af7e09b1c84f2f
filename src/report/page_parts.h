/* Common parts of the sections of the report page. Text from outside is escaped by escape_markup. */
#ifndef REPORT_PAGE_PARTS_H
#define REPORT_PAGE_PARTS_H

#include "report/report.h"

/* All before the header of a page, and all after its last section. */
void page_open(writer *w, const char *title);
void page_close(writer *w);
/* <section> with its heading, and its end. */
void page_begin(writer *w, const char *id, const char *title);
void page_end(writer *w);
/* A table of facts: its beginning and end; between them are rows of a name and a value. */
void page_facts_begin(writer *w);
void page_facts_end(writer *w);
/* A row whose value the caller writes between these two. */
void page_fact_begin(writer *w, const char *name);
void page_fact_end(writer *w);
/* A row whose value is any text, and one whose value is formatted and contains no markup. */
void page_fact_text(writer *w, const char *name, const char *text);
#define page_fact(w, name, ...) (page_fact_begin(w, name), writer_print(w, __VA_ARGS__), page_fact_end(w))
/* 12506 as 12,506. */
void page_count(writer *w, uint64_t count);
/* With four decimals; a dash if it is not defined. */
void page_number(writer *w, double value);
/* " [low, high]"; nothing without a bootstrap or if it is not defined. */
void page_interval(writer *w, const heed_evaluation *e, interval range);
/* Text from outside, which cannot change the direction of the text around it. */
void page_outside(writer *w, const char *text);
/* A name, with its direction kept apart from the text around it. */
void page_name(writer *w, heed_bytes name);
void page_label(writer *w, const heed_report *r, size_t label);
/* The picture in a <figure> if there is one. */
void page_picture(writer *w, const heed_report *r, report_picture picture);

#endif
