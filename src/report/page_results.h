/* Sections of the report page on results: metrics, pictures, and the words with the largest effect. */
#ifndef REPORT_PAGE_RESULTS_H
#define REPORT_PAGE_RESULTS_H

#include "report/report.h"

void page_metrics(writer *w, const heed_report *r);
void page_pictures(writer *w, const heed_report *r);
void page_words(writer *w, const heed_report *r);

#endif
