/* Sections of the report page on what was measured: the model, its data, its text pipeline, its layers, its training.
 */
#ifndef REPORT_PAGE_FACTS_H
#define REPORT_PAGE_FACTS_H

#include "report/report.h"

void page_model(writer *w, const heed_report *r);
void page_data(writer *w, const heed_report *r);
void page_text(writer *w, const heed_report *r);
void page_layers(writer *w, const heed_report *r);
void page_training(writer *w, const heed_report *r);

#endif
