/* PNG and PDF through librsvg and the cairo that comes with it, if HEED_RSVG says that their headers are here. */
#include "svg_render.h"

#include <string.h>

#include "base/status.h"

#ifdef HEED_RSVG

#include <cairo-pdf.h>
#include <librsvg/rsvg.h>
#include <math.h>

#include "late_library.h"

#define LIBRARY "librsvg-2.so.2"

/* X(name): what is used of librsvg, cairo and GObject */
#define CALLS(X)                                                                                                       \
    X(rsvg_handle_new_from_data)                                                                                       \
    X(rsvg_handle_render_document)                                                                                     \
    X(rsvg_handle_get_intrinsic_dimensions)                                                                            \
    X(cairo_create)                                                                                                    \
    X(cairo_destroy)                                                                                                   \
    X(cairo_scale)                                                                                                     \
    X(cairo_status)                                                                                                    \
    X(cairo_show_page)                                                                                                 \
    X(cairo_image_surface_create)                                                                                      \
    X(cairo_pdf_surface_create_for_stream)                                                                             \
    X(cairo_pdf_surface_set_metadata)                                                                                  \
    X(cairo_surface_write_to_png_stream)                                                                               \
    X(cairo_surface_finish)                                                                                            \
    X(cairo_surface_status)                                                                                            \
    X(cairo_surface_destroy)                                                                                           \
    X(g_object_unref)                                                                                                  \
    X(g_error_free)

typedef struct rsvg_calls {
    CALLS(LATE_FIELD)
} rsvg_calls;

static bool calls_load(rsvg_calls *c)
{
    static const char *const functions[] = {CALLS(LATE_NAME)};
    return late_load(c, LIBRARY, functions, sizeof functions / sizeof *functions);
}

static heed_status library_find(rsvg_calls *c, heed_error *error)
{
    if (calls_load(c))
        return HEED_OK;
    return fail(error, HEED_USAGE,
                "PNG and PDF are drawn by librsvg, and %s is not installed: install it (Debian: librsvg2-2) or use a "
                "name that ends in .svg",
                LIBRARY);
}

heed_status svg_render_check(heed_error *error)
{
    rsvg_calls c;
    return library_find(&c, error);
}

static cairo_status_t keep(void *user, const unsigned char *data, unsigned size)
{
    writer *out = user;
    writer_bytes(out, (const char *)data, size);
    return out->problem == 0 ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

/* page: the view box. A pixel of it is two dots of a PNG, and three quarters of a point in a PDF, as in CSS. */
static bool paint(const rsvg_calls *c, writer *out, bool png, RsvgHandle *svg, const RsvgRectangle *page)
{
    const double scale = png ? 2 : 0.75;
    const double width = page->width, height = page->height;
    cairo_surface_t *surface =
        png ? c->cairo_image_surface_create(CAIRO_FORMAT_ARGB32, (int)ceil(width * scale), (int)ceil(height * scale))
            : c->cairo_pdf_surface_create_for_stream(keep, out, width * scale, height * scale);
    if (!png) /* no time of day: the same picture is the same file */
        c->cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, "");
    cairo_t *context = c->cairo_create(surface);
    c->cairo_scale(context, scale, scale);
    bool fine = c->rsvg_handle_render_document(svg, context, page, NULL) != 0;
    if (!png)
        c->cairo_show_page(context);
    fine = fine && c->cairo_status(context) == CAIRO_STATUS_SUCCESS;
    c->cairo_destroy(context);
    if (fine && png)
        fine = c->cairo_surface_write_to_png_stream(surface, keep, out) == CAIRO_STATUS_SUCCESS;
    c->cairo_surface_finish(surface);
    fine = fine && c->cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
    c->cairo_surface_destroy(surface);
    return fine;
}

static heed_status open_svg(RsvgHandle **out, const rsvg_calls *c, const char *svg, heed_error *error)
{
    GError *problem = NULL;
    *out = c->rsvg_handle_new_from_data((const guint8 *)svg, strlen(svg), &problem);
    if (*out != NULL)
        return HEED_OK;
    heed_status status = fail(error, HEED_BAD_DATA, "a picture: librsvg cannot read it: %s",
                              problem != NULL ? problem->message : "no reason given");
    if (problem != NULL)
        c->g_error_free(problem);
    return status;
}

static heed_status paint_svg(writer *out, const rsvg_calls *c, bool png, RsvgHandle *handle, heed_error *error)
{
    gboolean has_width, has_height, has_box = FALSE;
    RsvgLength width, height;
    RsvgRectangle page = {0, 0, 0, 0};
    c->rsvg_handle_get_intrinsic_dimensions(handle, &has_width, &width, &has_height, &height, &has_box, &page);
    if (!has_box || !(page.width > 0 && page.width < 16000) || !(page.height > 0 && page.height < 16000))
        return fail(error, HEED_USAGE,
                    "a picture of %.0f x %.0f pixels: PNG and PDF go up to 16000, expected a name that ends in .svg",
                    page.width, page.height);
    return paint(c, out, png, handle, &page) ? HEED_OK
                                             : fail(error, HEED_FAILED, "a picture: librsvg could not draw it");
}

heed_status svg_render(writer *out, const char *svg, const char *format, heed_error *error)
{
    rsvg_calls c;
    RsvgHandle *handle = NULL;
    heed_status status;
    TRY(library_find(&c, error));
    TRY(open_svg(&handle, &c, svg, error));
    TRY(paint_svg(out, &c, strcmp(format, "png") == 0, handle, error));
done:
    if (handle != NULL)
        c.g_object_unref(handle);
    return status;
}

#else

heed_status svg_render_check(heed_error *error)
{
    return fail(error, HEED_USAGE,
                "PNG and PDF are drawn by librsvg, and heed was built without it: build it with librsvg's headers "
                "(Debian: librsvg2-dev) or use a name that ends in .svg");
}

heed_status svg_render(writer *out, const char *svg, const char *format, heed_error *error)
{
    (void)out, (void)svg, (void)format;
    return svg_render_check(error);
}

#endif
