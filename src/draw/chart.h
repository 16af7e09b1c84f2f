/* Charts on a drawing: axes with ticks, lines, bars, points with intervals, a legend, panels in a grid. */
#ifndef DRAW_CHART_H
#define DRAW_CHART_H

#include "draw/drawing.h"
#include "draw/ticks.h"

/* What an axis has to show. Begins as {0}: nothing yet. */
typedef struct axis {
    const char *title; /* NULL: none */
    double low, high;
    bool known;        /* low and high hold something */
    bool whole;        /* ticks on whole numbers alone: epochs, counts */
} axis;

/* Widens the axis to hold a value; one that is not finite is passed over. */
void axis_take(axis *a, double value);
void axis_take_all(axis *a, const double *values, size_t count);

/* Axes with a place on the drawing. */
typedef struct plot {
    box area; /* of the data */
    axis x, y;
} plot;

/* Draws frame, grid, ticks and titles within `where` and leaves the plot ready to be drawn into: the title (NULL: none)
 * stands above, the y axis's above it on the left, the x axis's below. Axes that nothing is known of go from 0 to 1, one
 * of a single value gets room around it; y is widened to whole ticks. */
void plot_open(drawing *d, plot *p, box where, const char *title, axis x, axis y);
/* The same with an x axis alone, its title above and upright grid lines, for rows of points that the caller names. */
void plot_open_across(drawing *d, plot *p, box where, axis x);
/* Where a value stands, clamped to the area; NaN for one that is not finite. */
double plot_x(const plot *p, double value);
double plot_y(const plot *p, double value);
/* "no data" in the middle. */
void plot_say_empty(drawing *d, const plot *p);

/* A line of a series, with a mark at each point where there is room for them. false: nothing finite to draw. */
bool plot_line(drawing *d, const plot *p, size_t series, const char *tooltip, const double *x, const double *y,
               size_t count, bool marked);
/* A bar from y = 0, from left to right on the x axis, with a tooltip. */
void plot_bar(drawing *d, const plot *p, size_t series, double left, double right, double value, const char *tooltip);
/* A value's interval: a line with caps from (x, low) to (x, high), or across from (low, y) to (high, y), where y is
 * pixels. */
void plot_interval(drawing *d, const plot *p, double x, double low, double high);
void plot_interval_across(drawing *d, const plot *p, double y, double low, double high);

/* A name that a series goes by; note stands behind it, in a column of its own. */
typedef struct legend_entry {
    heed_bytes name;
    char note[NUMBER_TEXT];
    size_t series;
    bool marked;
} legend_entry;

/* As many columns as the names allow. Height that it takes at this width, and the legend itself. */
double legend_height(const legend_entry *entries, size_t count, double width);
void legend_draw(drawing *d, box where, const legend_entry *entries, size_t count);

/* Panel i of a grid below `top`, filled row by row. */
typedef struct grid {
    double width, top, panel_height;
    size_t columns;
} grid;
box grid_panel(const grid *g, size_t i);
double grid_bottom(const grid *g, size_t count);

#endif
