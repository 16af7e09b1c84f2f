/* The section of the report page on the most confident errors, each with its text coloured by the explanation. */
#ifndef REPORT_PAGE_MISTAKES_H
#define REPORT_PAGE_MISTAKES_H

#include "report/report.h"

void page_mistakes(writer *w, const heed_report *r);

#endif
