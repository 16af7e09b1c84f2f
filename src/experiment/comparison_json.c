/* A comparison as one JSON object. */
#include "base/json.h"
#include "experiment/comparison.h"

static void put_spread(json_builder *j, const char *key, heed_spread s)
{
    json_open_object(j, key);
    json_put_number(j, "mean", s.mean);
    json_put_number(j, "deviation", s.deviation);
    json_close(j);
}

static void put_difference(json_builder *j, const char *key, heed_interval d)
{
    json_open_object(j, key);
    json_put_number(j, "mean", d.mean);
    json_put_number(j, "low", d.low);
    json_put_number(j, "high", d.high);
    json_close(j);
}

static void put_metrics(json_builder *j, const heed_trial *t, bool with_unseen)
{
    json_put_count(j, "epochs", t->epochs);
    json_put_count(j, "epoch_kept", t->epoch_kept);
    json_put_number(j, "seconds", t->seconds);
    json_put_count(j, "parameters", t->parameters);
    json_put_number(j, "accuracy", t->accuracy);
    json_put_number(j, "macro_f1", t->macro_f1);
    json_put_number(j, "auc", t->auc);
    json_put_number(j, "loss", t->loss);
    json_put_number(j, "validation_accuracy", t->validation->accuracy);
    json_put_number(j, "validation_loss", t->validation->loss);
    if (with_unseen) {
        json_open_object(j, "unseen");
        json_put_number(j, "accuracy", t->unseen_accuracy);
        json_put_number(j, "macro_f1", t->unseen_macro_f1);
        json_put_number(j, "auc", t->unseen_auc);
        json_put_number(j, "loss", t->unseen_loss);
        json_close(j);
    }
}

static void put_trial(json_builder *j, const heed_trial *t, bool with_unseen)
{
    json_open_object(j, NULL);
    json_put_text(j, "name", t->name);
    json_put_text(j, "architecture", t->architecture);
    json_put_count(j, "seed", t->seed);
    json_put_text(j, "status", heed_status_name(t->status));
    if (t->status == HEED_OK)
        put_metrics(j, t, with_unseen);
    else
        json_put_text(j, "problem", t->problem);
    json_close(j);
}

/* Of the rows that were not seen. */
static void put_unseen(json_builder *j, const heed_contender *k)
{
    json_open_object(j, "unseen");
    put_spread(j, "accuracy", k->unseen_accuracy);
    put_spread(j, "macro_f1", k->unseen_macro_f1);
    put_spread(j, "auc", k->unseen_auc);
    put_difference(j, "accuracy_difference", k->unseen_accuracy_difference);
    put_difference(j, "macro_f1_difference", k->unseen_macro_f1_difference);
    json_close(j);
}

static void put_contender(json_builder *j, const heed_comparison *c, const heed_contender *k)
{
    json_open_object(j, NULL);
    json_put_text(j, "name", k->name);
    json_put_text(j, "architecture", k->architecture);
    json_put_flag(j, "yardstick", k->baseline);
    json_put_count(j, "failed", k->failed);
    json_put_count(j, "parameters", k->parameters);
    put_spread(j, "accuracy", k->accuracy);
    put_spread(j, "macro_f1", k->macro_f1);
    put_spread(j, "auc", k->auc);
    put_spread(j, "seconds", k->seconds);
    put_difference(j, "accuracy_difference", k->accuracy_difference);
    put_difference(j, "macro_f1_difference", k->macro_f1_difference);
    if (c->info.seen > 0)
        put_unseen(j, k);
    json_open_list(j, "trials");
    for (size_t i = 0; i < k->trials; i++)
        put_trial(j, &c->trials[k->first + i], c->info.seen > 0);
    json_close(j);
    json_close(j);
}

heed_status heed_comparison_json(char **out, const heed_comparison *c, heed_error *error)
{
    json_builder j = {0};
    json_open_object(&j, NULL);
    json_put_count(&j, "rows", c->rows);
    json_put_count(&j, "seen", c->info.seen);
    json_put_text(&j, "measured", c->measured_validation ? "validation" : "test");
    json_put_count(&j, "seeds", c->seeds);
    json_put_count(&j, "resamples", c->resamples);
    json_open_list(&j, "contenders");
    for (size_t i = 0; i < c->contender_count; i++)
        put_contender(&j, c, &c->contenders[i]);
    json_close(&j);
    json_close(&j);
    return json_take(&j, out, "a comparison", error);
}
