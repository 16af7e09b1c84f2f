/* Sections of a report's page on what came out: the figures, their pictures, the words with the most pull. */
#ifndef REPORT_PAGE_RESULTS_H
#define REPORT_PAGE_RESULTS_H

#include "report/report.h"

void page_figures(writer *w, const heed_report *r);
void page_pictures(writer *w, const heed_report *r);
void page_words(writer *w, const heed_report *r);

#endif
