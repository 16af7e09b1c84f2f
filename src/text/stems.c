#include "text/stems.h"

#include <inttypes.h>
#include <libstemmer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/memory.h"
#include "base/names.h"
#include "base/status.h"
#include "options/choices.h"

enum { REMEMBERED = 1 << 16 }; /* words; then the cache is emptied */

static heed_status open_stemmer(struct sb_stemmer **out, heed_stem language, heed_error *error)
{
    const char *name = names_of(&stem_names, language);
    *out = sb_stemmer_new(name, "UTF_8");
    return *out != NULL ? HEED_OK
                        : fail(error, HEED_BAD_DATA,
                               "--stem: libstemmer has no algorithm '%s'; the languages of this heed need libstemmer "
                               "2.2 (Debian: libstemmer0d)",
                               name);
}

void stem_cache_release(stem_cache *cache)
{
    sb_stemmer_delete(cache->stemmer);
    intern_release(&cache->words);
    intern_release(&cache->stems);
    free(cache->stem_of_word);
    free(cache->of_token);
    *cache = (stem_cache){0};
}

/* Begins anew for another language, and once many words were seen. */
static heed_status prepare(stem_cache *cache, heed_stem language, heed_error *error)
{
    heed_status status;
    if (cache->stemmer != NULL && cache->language == language && cache->words.count < REMEMBERED)
        return HEED_OK;
    stem_cache_release(cache);
    cache->language = language;
    TRY(open_stemmer(&cache->stemmer, language, error));
    TRY(intern_init(&cache->words, error));
    TRY(intern_init(&cache->stems, error));
    return HEED_OK;
done:
    stem_cache_release(cache);
    return status;
}

/* A stem of nothing is none: the word stays. */
static heed_bytes stem_of(struct sb_stemmer *stemmer, heed_bytes word)
{
    const sb_symbol *stem =
        word.size <= INT32_MAX ? sb_stemmer_stem(stemmer, (const sb_symbol *)word.data, (int)word.size) : NULL;
    int size = stem == NULL ? 0 : sb_stemmer_length(stemmer);
    return size > 0 ? (heed_bytes){(const char *)stem, (size_t)size} : word;
}

static heed_status find_stem(uint32_t *out, stem_cache *cache, heed_bytes word, heed_error *error)
{
    uint32_t number = intern_find(&cache->words, word);
    heed_status status;
    if (number == INTERN_NONE) {
        TRY(memory_grow(&cache->stem_of_word, &cache->stem_capacity, cache->words.count + (size_t)1,
                        sizeof *cache->stem_of_word, error));
        TRY(intern_put(out, &cache->stems, stem_of(cache->stemmer, word), error));
        TRY(intern_put(&number, &cache->words, word, error));
        cache->stem_of_word[number] = *out;
    }
    *out = cache->stem_of_word[number];
    return HEED_OK;
done:
    return status;
}

heed_status stems_replace(stem_cache *cache, heed_stem language, heed_token *tokens, size_t count, heed_error *error)
{
    heed_status status;
    TRY(prepare(cache, language, error));
    TRY(memory_grow(&cache->of_token, &cache->token_capacity, count, sizeof *cache->of_token, error));
    for (size_t i = 0; i < count; i++)
        TRY(find_stem(&cache->of_token[i], cache, tokens[i].text, error));
    for (size_t i = 0; i < count; i++) /* now that no stem moves any more */
        tokens[i].text = intern_word(&cache->stems, cache->of_token[i]);
    return HEED_OK;
done:
    stem_cache_release(cache);
    return status;
}

/* ---- which library it is */

/* Inflected words of each language that libstemmer knows. */
static const char *const sample[] = {
    "running flies happily generously nationalities arguing organization skies dying ties relational hopping",
    "laufen gelaufen häuser schönen freundlichkeiten kategorischer aufeinander jährlich größe füße mädchen bücher",
    "continuellement nationalité chevaux majestueusement finissions parlerions heureuses amitié généraux yeux",
    "corriendo nacionalidades rápidamente habláramos canciones felicidades niños lógicamente árboles",
    "correndo nacionalidade rapidamente falaríamos canções felicidade crianças lógica razões",
    "correndo nazionalità velocemente parleremmo canzoni abbandonata bambini amichevole città",
    "lopende huizen vriendelijkheid gevaarlijke kinderen mogelijkheden lichamelijk gelopen mannen",
    "springande husen vänligheten farliga barnens möjligheterna jaktkarlarne äpplen",
    "løbende husene venligheden farlige børnenes mulighederne indtil æblerne",
    "løpende husene vennligheten farlige barnas mulighetene havnedistriktene eplene",
    "juoksevat taloissa ystävällisyys edustajana lapsien mahdollisuuksista omenoiden",
    "futó házakban barátságosság gyerekeknek lehetőségekről almákat szépségének",
    "бегущий дома важнейшими вместе детьми возможностями красота яблоками писали",
    "koşuyorlar evlerinde arkadaşlıkları çocukların olanaklardan elmaları güzelliğini",
    "alergând caselor prietenie copiilor posibilităților frumusețea merele adevărat",
    "يكتبون المدرسة والكتاب مدرسات استخدامات جميلة الأطفال تفاحات",
    "τρέχοντας σπίτια φιλίας παιδιών δυνατότητες ομορφιά μήλα καλύτερος",
    "दौड़ते घरों मित्रता बच्चों संभावनाएं सुंदरता लड़कियाँ किताबें",
    "ओकारादि घरहरूमा साथीहरूले बच्चाहरूको सम्भावनाहरू सुन्दरता",
    "ஓடுகிறார்கள் வீடுகளில் நண்பர்கள் குழந்தைகளின் வாய்ப்புகள் அழகான",
    "berlari rumahnya persahabatan anakanak kemungkinan kecantikan membaca dibelikan",
    "bhfuil tithe cairdeas leanaí féidearthachtaí áilleacht úlla ndéanfaidh",
    "bėgantys namuose draugystė vaikams galimybes grožis obuoliai skaitydamas",
    "corrent cases amistat nens possibilitats bellesa pomes ràpidament",
    "korrika etxeetan adiskidetasuna umeentzat aukerak edertasuna sagarrak",
    "վազող տներում բարեկամություն երեխաների հնարավորություններ գեղեցկություն խնձորներ",
    "trčanje kućama prijateljstvo deci mogućnosti lepota jabuke књигама девојчица",
    "לויפנדיק הייזער פֿרײַנדשאַפֿט קינדערלעך מעגלעכקייטן שיינקייט",
};

static uint64_t digest_words(struct sb_stemmer *stemmer, const char *words, uint64_t digest)
{
    for (const char *end; *words != '\0'; words = *end == '\0' ? end : end + 1) {
        end = strchrnul(words, ' ');
        heed_bytes stem = stem_of(stemmer, (heed_bytes){words, (size_t)(end - words)});
        digest = XXH3_64bits_withSeed(stem.data, stem.size, digest);
    }
    return digest;
}

heed_status stems_version(char out[STEMS_VERSION], heed_stem language, heed_error *error)
{
    struct sb_stemmer *stemmer;
    uint64_t digest = 0;
    heed_status status = open_stemmer(&stemmer, language, error);
    *out = '\0';
    if (status != HEED_OK)
        return status;
    for (size_t i = 0; i < sizeof sample / sizeof *sample; i++)
        digest = digest_words(stemmer, sample[i], digest);
    sb_stemmer_delete(stemmer);
    snprintf(out, STEMS_VERSION, "libstemmer %s %016" PRIx64, HEED_STEMMER_VERSION, digest);
    return HEED_OK;
}
