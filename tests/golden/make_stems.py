"""Writes stems.tsv: words and their stems by Snowball's own Python implementation, which shares no code with libstemmer.

    make_stems.py > stems.tsv           with snowballstemmer 2.2.0

A line is a language, a word in lower case, and its stem.
"""
import unicodedata

import snowballstemmer

WORDS = {
    "arabic": "يكتبون المدرسة والكتاب مدرسات استخدامات جميلة الأطفال تفاحات بالمعلمين",
    "armenian": "վազող տներում բարեկամություն երեխաների հնարավորություններ գեղեցկություն խնձորներ",
    "basque": "korrika etxeetan adiskidetasuna umeentzat aukerak edertasuna sagarrak",
    "catalan": "corrents cases amistats nens possibilitats bellesa pomes ràpidament cantàvem",
    "danish": "løbende husene venligheden farlige børnenes mulighederne indtil æblerne",
    "dutch": "lopende huizen vriendelijkheid gevaarlijke kinderen mogelijkheden lichamelijk gelopen",
    "english": "running flies happily generously nationalities arguing organization skies dying ties relational",
    "finnish": "juoksevat taloissa ystävällisyys edustajana lapsien mahdollisuuksista omenoiden",
    "french": "continuellement nationalité chevaux majestueusement finissions parlerions heureuses amitié",
    "german": "laufen gelaufen häuser schönen freundlichkeiten kategorischer aufeinander jährlich bücher größe",
    "greek": "τρέχοντας σπίτια φιλίας παιδιών δυνατότητες ομορφιά μήλα καλύτερος",
    "hindi": "दौड़ते घरों मित्रता बच्चों संभावनाएं सुंदरता लड़कियाँ किताबें",
    "hungarian": "futó házakban barátságosság gyerekeknek lehetőségekről almákat szépségének",
    "indonesian": "berlari rumahnya persahabatan kemungkinan kecantikan membaca dibelikan",
    "irish": "bhfuil tithe cairdeas leanaí féidearthachtaí áilleacht úlla ndéanfaidh",
    "italian": "correndo nazionalità velocemente parleremmo canzoni abbandonata bambini amichevole",
    "lithuanian": "bėgantys namuose draugystė vaikams galimybes grožis obuoliai skaitydamas",
    "nepali": "ओकारादि घरहरूमा साथीहरूले बच्चाहरूको सम्भावनाहरू सुन्दरता",
    "norwegian": "løpende husene vennligheten farlige barnas mulighetene havnedistriktene eplene",
    "portuguese": "correndo nacionalidade rapidamente falaríamos canções felicidade crianças lógica",
    "romanian": "alergând caselor prietenie copiilor posibilităților frumusețea merele adevărat",
    "russian": "бегущий дома важнейшими вместе детьми возможностями красота яблоками писали",
    "serbian": "trčanje kućama prijateljstvo deci mogućnosti lepota jabuke књигама девојчица",
    "spanish": "corriendo nacionalidades rápidamente habláramos canciones felicidades niños lógicamente",
    "swedish": "springande husen vänligheten farliga barnens möjligheterna jaktkarlarne äpplen",
    "tamil": "ஓடுகிறார்கள் வீடுகளில் நண்பர்கள் குழந்தைகளின் வாய்ப்புகள் அழகான",
    "turkish": "koşuyorlar evlerinde arkadaşlıkları çocukların olanaklardan elmaları güzelliğini",
    "yiddish": "לויפנדיק הייזער קינדערלעך מעגלעכקייטן שיינקייט",
}


def main():
    for language, words in WORDS.items():
        stemmer = snowballstemmer.stemmer(language)
        for word in unicodedata.normalize("NFC", words).split():
            print(language, word, stemmer.stemWord(word), sep="\t")


if __name__ == "__main__":
    main()
