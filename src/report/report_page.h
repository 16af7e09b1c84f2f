/* The page of a report: sections, and what all of them write alike. Text from outside goes through pen_markup. */
#ifndef REPORT_REPORT_PAGE_H
#define REPORT_REPORT_PAGE_H

#include "report/report.h"

/* <section> with its heading, and its end. */
void page_begin(pen *p, const char *id, const char *title);
void page_end(pen *p);
/* A table of facts: begun, a row of a name and a formatted value (up to 511 bytes, no markup in them), ended. */
void page_facts_begin(pen *p);
void page_fact(pen *p, const char *name, const char *format, ...) __attribute__((format(printf, 3, 4)));
/* A row whose value the caller writes, between the two. */
void page_fact_begin(pen *p, const char *name);
void page_fact_end(pen *p);
void page_facts_end(pen *p);
/* 12506 as 12,506. */
void page_count(pen *p, uint64_t count);
/* With four decimals; a dash where it is not defined. */
void page_number(pen *p, double value);
/* " [low, high]"; nothing without a bootstrap or where it is not defined. */
void page_interval(pen *p, const heed_evaluation *e, interval range);
/* Text from outside, kept from turning the text around it. */
void page_outside(pen *p, const char *text);
void page_label(pen *p, const heed_report *r, size_t label);
/* The picture in a <figure> where there is one. */
void page_picture(pen *p, const heed_report *r, report_picture picture);

/* The sections (report_results.c, report_mistakes.c, report_facts.c). */
void page_figures(pen *p, const heed_report *r);
void page_pictures(pen *p, const heed_report *r);
void page_mistakes(pen *p, const heed_report *r);
void page_words(pen *p, const heed_report *r);
void page_model(pen *p, const heed_report *r);
void page_data(pen *p, const heed_report *r);
void page_text(pen *p, const heed_report *r);
void page_layers(pen *p, const heed_report *r);
void page_training(pen *p, const heed_report *r);

#endif
