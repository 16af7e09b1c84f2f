/* heed export: a model in the format of another program. */
#include "base/status.h"
#include "output.h"
#include "settings.h"

static heed_status run(settings *s, heed_error *error)
{
    heed_model *model = NULL;
    output out = output_standard();
    heed_status status;
    if (!settings_named(s, "output"))
        return fail(error, HEED_USAGE, "export: --output is missing, expected a folder for the files");
    TRY(heed_model_load(&model, s->operands.items[0], error));
    TRY(heed_model_export_huggingface(model, s->output_folder, error));
    writer_text(&out.w, "transformers opens it: AutoModelForSequenceClassification.from_pretrained(\"");
    escape_terminal_line(&out.w, bytes_of(s->output_folder));
    writer_text(&out.w, "\")\n");
    if (heed_model_describe(model)->text->cut == HEED_CUT_MIDDLE)
        writer_text(&out.w,
                    "Of a text that is too long transformers reads the beginning, heed the beginning and the end; "
                    "with heed train --cut post both read the same.\n");
    status = output_finish(&out, error);
done:
    heed_model_free(model);
    return status;
}

const command export_command = {
    .name = "export",
    .run = run,
    .min_arguments = 1,
    .max_arguments = 1,
    .arguments = "MODEL --output FOLDER [OPTION]...",
    .summary = "write a model in the format of another program",
    .about =
        "Writes a network on a pretrained encoder as a folder that the Python library transformers opens, with the "
        "same logits. It is for architectures that transformers has a class for: 'encoder trained | first | dense "
        "tanh E' on BERT, RoBERTa and XLM-R, 'encoder trained | first | dense E' on DistilBERT, with the "
        "encoder's width E and with dropout anywhere; others are refused.\n\n"
        "The folder has labels and tokenizer, too. Thresholds are not in it, and transformers reads HTML as text. A "
        "text that is too long loses its end there; here it loses its middle, unless the model was trained with "
        "--cut post.",
    .examples = "heed train --train train.tsv --encoder FOLDER --cut post \\\n"
                "    --architecture 'encoder trained | first | dense tanh 384' \\\n"
                "    --model m.safetensors\n"
                "heed export m.safetensors --output folder",
};
