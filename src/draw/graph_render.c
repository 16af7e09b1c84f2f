/* Pictures of graphs through Graphviz, if HEED_GRAPHVIZ says that its headers are here. */
#include <string.h>

#include "base/names.h"
#include "base/status.h"
#include "model/graph.h"

#ifdef HEED_GRAPHVIZ

#include "base/late_library.h"

#include <graphviz/gvc.h>
#include <pthread.h>

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

static heed_status render(writer *out, const char *dot, const char *format, heed_error *error)
{
    /* Graphviz has global state: one drawing at a time, and one context for all of them, since its text plugin goes on
     * reading the name of the last font of a context that was freed. */
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
    static GVC_t *context;
    graphviz_calls c;
    if (!calls_load(&c))
        return fail(error, HEED_USAGE,
                    "graph: pictures are drawn by Graphviz, and %s is not here: install it (Debian: libgvc6) or ask "
                    "for .dot",
                    LIBRARY);
    pthread_mutex_lock(&one_at_a_time);
    agerrlevel_t before = c.agseterr(AGMAX); /* it would print its warnings */
    context = context != NULL ? context : c.gvContext();
    heed_status status = draw(&c, context, out, dot, format, error);
    c.agseterr(before);
    pthread_mutex_unlock(&one_at_a_time);
    return status;
}

#else

static heed_status render(writer *out, const char *dot, const char *format, heed_error *error)
{
    (void)out, (void)dot;
    return fail(error, HEED_USAGE,
                "graph: %s is drawn by Graphviz, and heed was built without it: build it with Graphviz's headers "
                "(Debian: libgraphviz-dev) or ask for .dot",
                format);
}

#endif

static const names formats = NAMES("dot", "svg", "png", "pdf");

heed_status heed_model_graph(const heed_model *model, const char *format, char **out, size_t *size, heed_error *error)
{
    unsigned kind;
    *out = NULL;
    *size = 0;
    if (!names_find(&kind, &formats, format))
        return fail(error, HEED_USAGE, "graph: found the format '%.40s', expected dot, svg, png or pdf", format);
    layer_graph g;
    writer dot = {0}, picture = {0};
    char *text = NULL;
    heed_status status;
    TRY(layer_graph_init(&g, model, error));
    graph_print(&dot, &g);
    if (strcmp(format, "dot") == 0) {
        status = writer_take(&dot, out, size, error);
        goto done;
    }
    TRY(writer_take(&dot, &text, NULL, error));
    TRY(render(&picture, text, format, error));
    TRY(writer_take(&picture, out, size, error));
done:
    heed_free(text);
    layer_graph_release(&g);
    writer_release(&dot);
    writer_release(&picture);
    return status;
}
