/* Charts on a drawing: axes with ticks, lines, bars, points with intervals, a legend, panels in a grid. */
#ifndef DRAW_CHART_H
#define DRAW_CHART_H

#include "draw/drawing.h"
#include "draw/ticks.h"

/* What an axis shows; {0}: nothing yet. */
typedef struct axis {
    const char *title; /* NULL: none */
    double low, high;
    bool known; /* low and high are set */
    bool whole; /* ticks only on whole numbers: epochs, counts */
} axis;

/* Widens the axis to contain a value; values that are not finite are ignored. */
void axis_take(axis *a, double value);
void axis_take_all(axis *a, const double *values, size_t count);

/* Axes with a place on the drawing. */
typedef struct plot {
    box area; /* of the data */
    axis x, y;
} plot;

/* Draws frame, grid, ticks and titles within `where` and leaves the plot ready to be drawn into: the title (NULL: none)
 * is at the top, the y axis's below it on the left, the x axis's at the bottom. An axis without values goes from 0 to
 * 1, one with a single value gets room around it; y is widened to whole ticks. */
void plot_open(drawing *d, plot *p, box where, const char *title, axis x, axis y);
/* The same with only an x axis, its title at the top and vertical grid lines, for rows of points that the caller
 * labels.
 */
void plot_open_across(drawing *d, plot *p, box where, axis x);
/* The place of a value, clamped to the area; NaN for one that is not finite. */
double plot_x(const plot *p, double value);
double plot_y(const plot *p, double value);
/* "no data" in the middle. */
void plot_say_empty(drawing *d, const plot *p);

/* A line of a series through its points, in units of the data. */
typedef struct data_line {
    const char *name; /* its tooltip */
    size_t series;
    const double *x, *y; /* [count] */
    size_t count;
    bool marked; /* with a mark at each point if there is room for them */
} data_line;

/* False if there was nothing finite to draw. */
bool plot_line(drawing *d, const plot *p, const data_line *line);
/* A bar of this many rows (0: not drawn), from left to right on the x axis. */
void plot_bar(drawing *d, const plot *p, double left, double right, uint64_t rows);
/* A value's interval: a line with caps from (x, low) to (x, high), or across from (low, y) to (high, y), where y is
 * pixels. */
void plot_interval(drawing *d, const plot *p, double x, double low, double high);
void plot_interval_across(drawing *d, const plot *p, double y, double low, double high);

enum { INTERVAL_TEXT = 160 };

/* "0.8800, from 0.8770 to 0.8830"; only the mean if the interval is not defined. */
void interval_write(char out[INTERVAL_TEXT], double mean, double low, double high);

/* The name of a series; note comes after it, in a column of its own. */
typedef struct legend_entry {
    heed_bytes name;
    char note[NUMBER_TEXT];
    size_t series;
    bool marked;
} legend_entry;

/* With as many columns as the names allow: its height at this width, and the legend itself. */
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
