/* Pictures of graphs through Graphviz, if HEED_GRAPHVIZ says that its headers are here. */
#include "graph_render.h"

#include "base/status.h"

#ifdef HEED_GRAPHVIZ

#include <graphviz/gvc.h>

#include "late_library.h"

#define LIBRARY "libgvc.so.6"

/* X(name): what is used of Graphviz */
#define CALLS(X)                                                                                                       \
    X(agseterr)                                                                                                        \
    X(agmemread)                                                                                                       \
    X(agclose)                                                                                                         \
    X(gvContext)                                                                                                       \
    X(gvLayout)                                                                                                        \
    X(gvRenderData)                                                                                                    \
    X(gvFreeRenderData)                                                                                                \
    X(gvFreeLayout)

typedef struct graphviz_calls {
    CALLS(LATE_FIELD)
} graphviz_calls;

static bool calls_load(graphviz_calls *c)
{
    static const char *const functions[] = {CALLS(LATE_NAME)};
    return late_load(c, LIBRARY, functions, sizeof functions / sizeof *functions);
}

static heed_status draw(const graphviz_calls *c, GVC_t *context, writer *out, const char *dot, const char *format,
                        heed_error *error)
{
    char *data = NULL;
    unsigned size = 0;
    heed_status status = HEED_OK;
    Agraph_t *graph = context != NULL ? c->agmemread(dot) : NULL;
    bool placed = graph != NULL && c->gvLayout(context, graph, "dot") == 0;
    if (placed && c->gvRenderData(context, graph, format, &data, &size) == 0 && data != NULL && size > 0)
        writer_bytes(out, data, size);
    else
        status = fail(error, HEED_FAILED, "graph: Graphviz could not draw it as %s; is its plugin for that installed?",
                      format);
    if (data != NULL)
        c->gvFreeRenderData(data);
    if (placed)
        c->gvFreeLayout(context, graph);
    if (graph != NULL)
        c->agclose(graph);
    return status;
}

/* The context is not freed: the text plug-in goes on reading the name of its last font. */
heed_status graph_render(writer *out, const char *dot, const char *format, heed_error *error)
{
    graphviz_calls c;
    if (!calls_load(&c))
        return fail(
            error, HEED_USAGE,
            "graph: pictures are drawn by Graphviz, and %s is not installed: install it (Debian: libgvc6) or ask "
            "for .dot",
            LIBRARY);
    c.agseterr(AGMAX); /* it would print its warnings */
    return draw(&c, c.gvContext(), out, dot, format, error);
}

#else

heed_status graph_render(writer *out, const char *dot, const char *format, heed_error *error)
{
    (void)out, (void)dot;
    return fail(error, HEED_USAGE,
                "graph: %s is drawn by Graphviz, and heed was built without it: build it with Graphviz's headers "
                "(Debian: libgraphviz-dev) or ask for .dot",
                format);
}

#endif
