# Drawing happens in a child process: whatever librsvg and Graphviz do there, the command ends with a picture or with one
# line. Libraries made here, which do as FAKE says, take their place.
. "$(dirname "$0")/lib.sh"

cp "$tests/models/tutorial.safetensors" m.safetensors
inspect() { "$HEED" inspect m.safetensors "$@"; }

# ---- the hidden command, which only heed itself calls
refuses 2 'only heed itself' "$HEED" draw-picture
refuses 2 'only heed itself' "$HEED" draw-picture svg
refuses 2 'only heed itself' "$HEED" draw-picture svg svg
refuses 2 'only heed itself' "$HEED" draw-picture dot svg:cairo
refuses 2 'only heed itself' "$HEED" draw-picture svg png more
"$HEED" --help | grep -q draw-picture && wrong "the help names a command that is not for people"

newline='
'
# ---- names that could break a drawing, by the real libraries
inspect --graph m.dot || exit 1
if inspect --graph m.svg 2> err; then
    for name in '&lt;/b&gt;&lt;/td&gt;&lt;script&gt;' 'a &amp; &quot;b&quot; \N' "line${newline}break" 'größer ŝ 字' "$(printf '%05000d' 0)"; do
        NAME=$name awk '{ at = index($0, ">attention (") } at { $0 = substr($0, 1, at) ENVIRON["NAME"] substr($0, at + 10) } 1' m.dot > named.dot
        "$HEED" draw-picture dot svg < named.dot > named.svg 2> err || wrong "not drawn: $name: $(head -c 300 named.svg err)"
        [ "$(grep -c 'class="node"' named.svg)" = "$(grep -c 'label=<<table' m.dot)" ] || wrong "nodes are missing: $name"
    done
    printf 'no graph {' | "$HEED" draw-picture dot svg > out 2> err
    [ $? = 1 ] && grep -q 'graph: Graphviz could not draw it' out || wrong "what is not DOT: $(cat out err)"
else
    grep -q 'built without it' err && built=no
fi
if inspect --picture m.png 2> err; then
    printf '<svg' | "$HEED" draw-picture svg png > out 2> err
    [ $? = 3 ] && grep -q 'a picture: librsvg cannot read it' out || wrong "what is not SVG: $(cat out err)"
    printf '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20000 10"/>' | "$HEED" draw-picture svg png > out 2> err
    [ $? = 2 ] && grep -q 'PNG and PDF go up to 16000' out || wrong "a wide picture: $(cat out err)"
else
    grep -q 'built without it' err && built=no
fi

# ---- libraries that fail
[ "${built-}" != no ] || { [ $failed = 0 ] && echo "skipped: built without librsvg or Graphviz" && exit 77; exit 1; }
command -v "${CC:=cc}" > /dev/null || { echo "skipped: libraries that fail, as $CC is not installed"; exit $failed; }
mkdir fake none
cat > fake.c <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
static void *fail(void)
{
    const char *fake = getenv("FAKE");
    if (strcmp(fake, "crash") == 0)
        abort();
    if (strcmp(fake, "exit") == 0)
        exit(3);
    if (strcmp(fake, "leave") == 0)
        exit(0);
    if (strcmp(fake, "talk") == 0)
        puts("a word of the library's own"), fflush(stdout);
    while (strcmp(fake, "busy") == 0)
        continue;
    if (strcmp(fake, "wait") == 0) {
        FILE *file = fopen("pid", "w");
        fprintf(file, "%d\n", (int)getpid());
        fclose(file);
        rename("pid", "waiting");
        pause();
    }
    return NULL;
}
void *rsvg_handle_new_from_data(void) { return fail(); }
void *agmemread(void) { return fail(); }
void *gvContext(void) { return gvContext; }
#define X(name) void *name(void) { return NULL; }
X(agseterr) X(agclose) X(gvLayout) X(gvRenderData) X(gvFreeRenderData) X(gvFreeLayout)
X(rsvg_handle_render_document) X(rsvg_handle_get_intrinsic_dimensions) X(cairo_create) X(cairo_destroy) X(cairo_scale)
X(cairo_status) X(cairo_show_page) X(cairo_image_surface_create) X(cairo_pdf_surface_create_for_stream)
X(cairo_pdf_surface_set_metadata) X(cairo_surface_write_to_png_stream) X(cairo_surface_finish) X(cairo_surface_status)
X(cairo_surface_destroy) X(g_object_unref) X(g_error_free)
END
"$CC" -shared -fPIC -w -o fake/libgvc.so.6 fake.c && cp fake/libgvc.so.6 fake/librsvg-2.so.2 || exit 1
echo 'int nothing;' > none.c
"$CC" -shared -fPIC -o none/libgvc.so.6 none.c && cp none/libgvc.so.6 none/librsvg-2.so.2 || exit 1

fake() { # FAKE ARGUMENTS...
    fake=$1
    shift
    FAKE=$fake LD_LIBRARY_PATH=$work/fake "$HEED" inspect m.safetensors "$@"
}
echo old > p.png
echo old > g.pdf
for how in crash:crashed exit:'ended with status 3 and drew nothing' leave:'ended with status 0 and drew nothing'; do
    refuses 1 "^heed: a picture: librsvg ${how#*:}.*a name that ends in .svg" fake "${how%%:*}" --picture p.png
    refuses 1 "^heed: graph: Graphviz ${how#*:}.*ask for .dot" fake "${how%%:*}" --graph g.pdf
done
refuses 3 'a picture: librsvg cannot read it: no reason given' fake fine --picture p.png
refuses 1 'graph: Graphviz could not draw it as pdf' fake fine --graph g.pdf
fake talk --graph g.pdf > out 2> err
[ $? = 1 ] && [ ! -s out ] && [ "$(tail -n 1 err | cut -c 1-12)" = 'heed: graph:' ] || wrong "a library that prints: $(cat out err)"

# Processor time is the one limit that can be made shorter from outside; test_child.c has the others.
(ulimit -S -t 1 && fake busy --graph g.pdf > out 2> err)
[ $? = 1 ] && grep -q '^heed: graph: Graphviz was not done after 60 seconds' err || wrong "a library that runs on: $(cat out err)"

# ---- libraries that are not here
for kind in png pdf; do
    refuses 2 'librsvg-2.so.2 is not installed.*Debian: librsvg2-2' env LD_LIBRARY_PATH="$work/none" "$HEED" inspect m.safetensors --picture p.$kind
done
refuses 2 'libgvc.so.6 is not installed.*Debian: libgvc6' env LD_LIBRARY_PATH="$work/none" "$HEED" inspect m.safetensors --graph g.pdf
refuses 2 'librsvg-2.so.2 is not installed' env LD_LIBRARY_PATH="$work/none" \
    "$HEED" train --train nowhere.tsv --model n.safetensors --picture n.png
[ "$(cat p.png g.pdf)" = 'old
old' ] || wrong "a file was replaced by a drawing that failed"

# ---- a report has a graph, has none without Graphviz, and is refuses if Graphviz crashes
printf 'label\ttext\npos\ta lovely film\nneg\tan awful film\n' > rows.tsv
report() { # FOLDER VARIABLES...
    folder=$1
    shift
    env "$@" "$HEED" evaluate m.safetensors rows.tsv --report "$folder" --quiet
}
report absent LD_LIBRARY_PATH="$work/none" > out 2> err || wrong "a report without Graphviz: $(cat err)"
[ -s absent/report.html ] && [ ! -e absent/pictures/graph.svg ] || wrong "a report without Graphviz has a graph"
refuses 1 '^heed: graph: Graphviz crashed' report crashed FAKE=crash LD_LIBRARY_PATH="$work/fake"
if [ -e m.svg ]; then
    report whole > out 2> err || wrong "a report: $(cat err)"
    sed -n '/<svg/,$p' m.svg | cmp -s - whole/pictures/graph.svg || wrong "the report's graph is another one"
    grep -q 'DOCTYPE svg' whole/report.html && wrong "the page holds two document types"
fi

# ---- a command that is ended while it draws takes the child with it
FAKE=wait LD_LIBRARY_PATH=$work/fake "$HEED" inspect m.safetensors --graph g.pdf > out 2> err &
command=$!
tries=0
while [ ! -e waiting ] && [ $tries -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
child=$(cat waiting)
kill "$command"
wait "$command"
[ $? = 143 ] || wrong "the command was not ended: $(cat out err)"
tries=0
lives() { grep -qs '^State:.[^ZX]' "/proc/$child/status"; } # a zombie waits for whoever takes in orphans
while lives && [ $tries -lt 100 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
lives && wrong "the child that draws goes on"
exit $failed
