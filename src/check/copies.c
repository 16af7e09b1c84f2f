#include "check/copies.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/status.h"
#include "check/copy_groups.h"
#include "check/wording.h"

#define TWO_LABELS_SERIOUS 0.01 /* of all texts */

/* Rows of the part `later` whose text is in the part `earlier`, too; of one part rows after the first with their text.
 */
typedef struct meeting {
    const copy_groups *groups;
    findings *found; /* gets their pairs; NULL: they are counted */
    unsigned later, earlier;
    uint64_t rows, exact;
    uint32_t first, its_copy;
} meeting;

static const checked *row_at(const meeting *m, uint32_t row)
{
    return &m->groups->check->rows[row];
}

static void put_pair(const meeting *m, heed_likeness likeness, double similarity, uint32_t one, uint32_t other)
{
    uint32_t a = row_at(m, one)->label, b = row_at(m, other)->label;
    finding_pair(m->found, (heed_checked_pair){.likeness = likeness,
                                               .similarity = similarity,
                                               .one = one,
                                               .other = other,
                                               .labels_differ = a != b && a != NO_LABEL && b != NO_LABEL});
}

static void note_first(meeting *m, uint32_t row, uint32_t copy)
{
    if (row < m->first) {
        m->first = row;
        m->its_copy = copy;
    }
}

/* ---- equal texts */

/* Rows of a group that are equal to the byte: rows [count], in the order of the input. */
static void meet_run(meeting *m, const copy_group *g, const uint32_t *rows, size_t count)
{
    uint64_t later = 0, earlier = 0;
    uint32_t first_later = NO_ROW;
    for (size_t i = 0; i < count; i++) {
        unsigned part = part_of(row_at(m, rows[i]));
        earlier += part == m->earlier;
        if (part == m->later && later++ == 0)
            first_later = rows[i];
    }
    if (m->later != m->earlier) {
        m->rows += later;
        m->exact += earlier > 0 ? later : 0;
    } else if (later > 0) {
        m->exact += later - 1;
        m->rows += later - (first_later == g->first[m->later]);
    }
    for (size_t i = 0; i < count && m->found != NULL; i++) {
        uint32_t one = first_later != NO_ROW && first_later != rows[i] ? first_later : g->first[m->later];
        bool exact = one == first_later;
        if (part_of(row_at(m, rows[i])) == m->earlier && one != rows[i])
            put_pair(m, exact ? HEED_LIKENESS_EXACT : HEED_LIKENESS_NORMALISED, 1, one, rows[i]);
    }
}

static void meet_group(meeting *m, uint32_t number)
{
    const row_groups *by = &m->groups->check->by_group;
    const copy_group *g = &m->groups->of[number];
    const uint32_t *rows = by->rows + by->first[number];
    size_t count = by->first[number + 1] - by->first[number];
    uint64_t before = m->rows;
    if (count < 2 || g->empty || g->first[m->later] == NO_ROW || g->first[m->earlier] == NO_ROW)
        return;
    for (size_t i = 0, size; i < count; i += size) {
        for (size = 1; i + size < count && row_at(m, rows[i + size])->exact == row_at(m, rows[i])->exact;)
            size++;
        meet_run(m, g, rows + i, size);
    }
    if (m->rows > before)
        note_first(m, g->first[m->later], g->first[m->earlier]);
}

static void meet_all(meeting *m)
{
    m->rows = m->exact = 0;
    m->first = NO_ROW;
    for (uint32_t g = 0; g < m->groups->check->groups.count; g++)
        meet_group(m, g);
}

static void say_kinds(writer *w, const meeting *m)
{
    writer_print(w, " (%" PRIu64 " exactly, %" PRIu64 " but for case, punctuation, spacing or entities)", m->exact,
                 m->rows - m->exact);
}

static void say_between(writer *w, const meeting *m, bool near)
{
    const heed_check *c = m->groups->check;
    uint64_t of = c->rows_of[m->later];
    writer_print(w, "%" PRIu64 " of ", m->rows);
    say_rows(w, of, m->later);
    writer_text(w, m->rows == 1 ? " is " : " are ");
    writer_print(w, near ? "nearly equal to %s rows" : "in the %s part, too", part_word(m->earlier));
    if (!near)
        say_kinds(w, m);
    writer_text(w, "; the first: ");
    say_place(w, c, m->first);
    writer_text(w, " and ");
    say_place(w, c, m->its_copy);
    writer_print(w, "; take them out of the %s part (--write-clean)", part_word(m->earlier));
}

static void say_within(writer *w, const meeting *m, bool near)
{
    const heed_check *c = m->groups->check;
    say_rows(w, m->rows, m->later);
    if (near)
        writer_print(w, " %s nearly equal to an earlier one", m->rows == 1 ? "is" : "are");
    else
        writer_print(w, " %s an earlier one", m->rows == 1 ? "repeats" : "repeat");
    if (!near)
        say_kinds(w, m);
    writer_text(w, "; the first text: ");
    say_place(w, c, m->first);
    writer_text(w, m->later == 0 && !near ? "; one of each is enough (--write-clean)"
                                          : "; such texts count more than others");
}

static void equal_find(heed_check *c, const copy_groups *groups, unsigned later, unsigned earlier)
{
    meeting m = {.groups = groups, .later = later, .earlier = earlier};
    meet_all(&m);
    if (m.rows == 0)
        return;
    writer *w = finding_begin(&c->found, later == earlier ? "copies-within" : "copies-between", m.rows,
                              c->rows_of[later], m.first);
    if (later == earlier)
        say_within(w, &m, false);
    else
        say_between(w, &m, false);
    if (later != earlier && earlier == 0)
        finding_is_serious(&c->found);
    finding_parts(&c->found, later, earlier);
    finding_figure(&c->found, "exact", (double)m.exact);
    finding_figure(&c->found, "normalised", (double)(m.rows - m.exact));
    m.found = &c->found;
    meet_all(&m);
}

/* ---- nearly equal texts */

static uint64_t rows_in(const meeting *m, uint32_t group)
{
    const row_groups *by = &m->groups->check->by_group;
    uint64_t rows = 0;
    for (uint32_t i = by->first[group]; i < by->first[group + 1]; i++)
        rows += part_of(row_at(m, by->rows[i])) == m->later;
    return rows;
}

static bool meets_nearly(const meeting *m, const copy_group *g)
{
    if (g->first[m->later] == NO_ROW)
        return false;
    return m->later == m->earlier ? g->near_before[m->later] : g->near[m->earlier] && g->first[m->earlier] == NO_ROW;
}

/* The pair, seen from one of its texts. */
static void meet_near(meeting *m, uint32_t later, uint32_t earlier, double similarity)
{
    const copy_group *one = &m->groups->of[later], *other = &m->groups->of[earlier];
    if (!meets_nearly(m, one) || other->first[m->earlier] == NO_ROW || (m->later == m->earlier && later < earlier))
        return;
    note_first(m, one->first[m->later], other->first[m->earlier]);
    if (m->found != NULL && m->later != m->earlier)
        put_pair(m, HEED_LIKENESS_NEAR, similarity, one->first[m->later], other->first[m->earlier]);
    else if (m->found != NULL)
        put_pair(m, HEED_LIKENESS_NEAR, similarity, other->first[m->earlier], one->first[m->later]);
}

static void meet_all_near(meeting *m)
{
    m->rows = 0;
    m->first = NO_ROW;
    for (uint32_t g = 0; g < m->groups->check->groups.count; g++)
        if (meets_nearly(m, &m->groups->of[g]))
            m->rows += m->later == m->earlier ? 1 : rows_in(m, g);
    for (size_t i = 0; i < m->groups->near.count; i++) {
        near_pair pair = m->groups->near.items[i];
        meet_near(m, pair.one, pair.other, pair.similarity);
        meet_near(m, pair.other, pair.one, pair.similarity);
    }
}

static void near_find(heed_check *c, const copy_groups *groups, unsigned later, unsigned earlier)
{
    meeting m = {.groups = groups, .later = later, .earlier = earlier};
    meet_all_near(&m);
    if (m.rows == 0)
        return;
    writer *w = finding_begin(&c->found, later == earlier ? "near-copies-within" : "near-copies-between", m.rows,
                              c->rows_of[later], m.first);
    if (later == earlier)
        say_within(w, &m, true);
    else
        say_between(w, &m, true);
    finding_parts(&c->found, later, earlier);
    m.found = &c->found;
    meet_all_near(&m);
}

/* ---- one text, two labels */

static void two_labels_find(heed_check *c, const copy_groups *groups)
{
    uint64_t texts = 0, torn = 0;
    meeting m = {.groups = groups, .found = &c->found, .first = NO_ROW};
    for (uint32_t g = 0; g < c->groups.count; g++) {
        const copy_group *group = &groups->of[g];
        texts += !group->empty && group->labelled != NO_ROW;
        if (group->empty || group->other_label == NO_ROW)
            continue;
        torn++;
        note_first(&m, group->labelled, group->other_label);
    }
    if (torn == 0)
        return;
    writer *w = finding_begin(&c->found, "two-labels", torn, texts, m.first);
    writer_print(w, "%" PRIu64 " of %" PRIu64 " texts %s more than one label; the first: ", torn, texts,
                 torn == 1 ? "has" : "have");
    say_place(w, c, m.first);
    writer_text(w, " has ");
    say_label(w, bytes_of(c->set_names[row_at(&m, m.first)->label]));
    writer_text(w, ", ");
    say_place(w, c, m.its_copy);
    writer_text(w, " ");
    say_label(w, bytes_of(c->set_names[row_at(&m, m.its_copy)->label]));
    writer_text(w, "; no model can get both right: decide for one label, or leave them out (--write-clean)");
    if ((double)torn > TWO_LABELS_SERIOUS * (double)texts)
        finding_is_serious(&c->found);
    for (uint32_t g = 0; g < c->groups.count; g++) {
        uint32_t one = groups->of[g].labelled, other = groups->of[g].other_label;
        bool exact = other != NO_ROW && row_at(&m, one)->exact == row_at(&m, other)->exact;
        if (!groups->of[g].empty && other != NO_ROW)
            put_pair(&m, exact ? HEED_LIKENESS_EXACT : HEED_LIKENESS_NORMALISED, 1, one, other);
    }
}

/* ---- what clean parts do not have */

static bool is_dropped(const copy_group *g, unsigned part, uint32_t row)
{
    bool later = false;
    for (unsigned p = part + 1; p < PARTS; p++)
        later = later || g->first[p] != NO_ROW || g->near[p];
    return !g->empty && (later || (part == 0 && (g->other_label != NO_ROW || g->first[0] != row)));
}

static void rows_drop(heed_check *c, const copy_groups *groups)
{
    for (size_t i = 0; i < c->row_count; i++) {
        checked *row = &c->rows[i];
        row->shown.dropped = is_dropped(&groups->of[row->group], part_of(row), (uint32_t)i);
        c->info.dropped += row->shown.dropped;
    }
}

heed_status copies_find(heed_check *check, pool *workers, heed_error *error)
{
    static const unsigned meetings[][2] = {{2, 0}, {1, 0}, {2, 1}, {0, 0}, {1, 1}, {2, 2}};
    copy_groups groups;
    heed_status status;
    TRY(copy_groups_init(&groups, check, workers, error));
    for (size_t i = 0; i < sizeof meetings / sizeof *meetings; i++) {
        equal_find(check, &groups, meetings[i][0], meetings[i][1]);
        near_find(check, &groups, meetings[i][0], meetings[i][1]);
    }
    two_labels_find(check, &groups);
    rows_drop(check, &groups);
done:
    copy_groups_release(&groups);
    return status;
}
