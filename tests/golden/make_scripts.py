"""Writes scripts.tsv: texts in many scripts, and the words that ICU finds in them.

    make_scripts.py > scripts.tsv       with PyICU (Debian: python3-icu, ICU 72.1)

A line is the script, the text, its words where scripts without blanks are divided into user-perceived characters, and its
words by ICU's dictionaries, separated by |. ICU divides words as UAX #29 has them; blanks are left out. Of scripts without
blanks the words of the third column are ICU's grapheme clusters.
"""
import icu

TEXTS = {
    "Latin": "Łódź café naïve İstanbul Đặng straße l’été can't smørrebrød œuvre čeština",
    "Greek": "Όλοι οι άνθρωποι γεννιούνται ελεύθεροι και ίσοι στην αξιοπρέπεια ἀρχή ᾠδή",
    "Cyrillic": "Все люди рождаются свободными и равными ёлка Київ їжак њива",
    "Armenian": "Բոլոր մարդիկ ծնվում են ազատ ու հավասար իրենց արժանապատվությամբ և իրավունքներով",
    "Georgian": "ყველა ადამიანი იბადება თავისუფალი და თანასწორი თავისი ღირსებითა და უფლებებით",
    "Hebrew": "כָּל בְּנֵי הָאָדָם נוֹלְדוּ בְּנֵי חוֹרִין צה״ל ג'ירפה שָׁלוֹם עוֹלָם",
    "Arabic": "يُولَدُ جَمِيعُ النَّاسِ أَحْرَارًا مُتَسَاوِينَ فِي الكَرَامَةِ والحقوق می‌خواهم خانه‌ها پاکستان",
    "Syriac": "ܟܠ ܒܪܢܫܐ ܒܪܝܠܗ ܚܐܪܐ ܘܒܪܒܪ ܓܘ ܐܝܩܪܐ ܘܙܕܩܐ ܫܠܳܡܳܐ ܐܰܒܽܘܢ",
    "Thaana": "ހުރިހާ އިންސާނުން އުފަންވަނީ ދަރަޖަ އާއި ޙައްޤުތަކުގައި މިނިވަންކަމާއެކު ހަމަހަމަކަން ލިބިގެންވާ ބައެއްގެ ގޮތުގައެވެ",
    "NKo": "ߡߐ߱ ߓߍ߯ ߘߍ߬ ߟߊߥߘߋ߫ ߣߌ߫ ߞߵߊ߫ ߛߏ߯ ߞߍߟߐ ߟߊߟߐ߬ߣߍ߲߬ ߘߌ߫",
    "Ethiopic": "የሰው ልጅ ሁሉ ሲወለድ ነጻና በክብርና በመብትም እኩልነት ያለው ነው",
    "Devanagari": "सभी मनुष्यों को गौरव और अधिकारों के मामले में जन्मजात स्वतन्त्रता ज़रूर क्‍ष हिन्दी",
    "Bengali": "সমস্ত মানুষ স্বাধীনভাবে সমান মর্যাদা এবং অধিকার নিয়ে জন্মগ্রহণ করে বাংলা ড়",
    "Gurmukhi": "ਸਾਰਾ ਮਨੁੱਖੀ ਪਰਿਵਾਰ ਆਪਣੀ ਮਹਿਮਾ ਸ਼ਾਨ ਅਤੇ ਹੱਕਾਂ ਦੇ ਪੱਖੋਂ",
    "Gujarati": "પ્રતિષ્ઠા અને અધિકારોની દૃષ્ટિએ સર્વ માનવો જન્મથી સ્વતંત્ર અને સમાન",
    "Oriya": "ସମସ୍ତ ମଣିଷ ଜନ୍ମକାଳରୁ ସ୍ଵାଧୀନ ଏବଂ ମର୍ଯ୍ୟାଦା ଓ ଅଧିକାରରେ ସମାନ ଅଟନ୍ତି",
    "Tamil": "மனிதப் பிறவியினர் சகலரும் சுதந்திரமாகவே பிறக்கின்றனர் அவர்கள் மதிப்பிலும் உரிமைகளிலும் சமமானவர்கள் ஶ்ரீ கொ",
    "Telugu": "ప్రతిపత్తిస్వత్వముల విషయమున మానవులెల్లరును జన్మతః స్వతంత్రులును సమానులును నగుదురు తెలుగు భాష",
    "Kannada": "ಎಲ್ಲಾ ಮಾನವರೂ ಸ್ವತಂತ್ರರಾಗಿಯೇ ಜನಿಸಿದ್ದಾರೆ ಹಾಗೂ ಘನತೆ ಮತ್ತು ಹಕ್ಕುಗಳಲ್ಲಿ ಸಮಾನರಾಗಿದ್ದಾರೆ ಕನ್ನಡ",
    "Malayalam": "മനുഷ്യരെല്ലാവരും തുല്യാവകാശങ്ങളോടും അന്തസ്സോടും സ്വാതന്ത്ര്യത്തോടുംകൂടി ജനിച്ചിട്ടുള്ളവരാണ് അന്യോന്യം ഭ്രാതൃഭാവത്തോടെ മലയാളം അവൻ ക്ഷ",
    "Sinhala": "සියලු මනුෂ්‍යයෝ නිදහස්ව උපත ලබා ඇත ගරුත්වයෙන් හා අයිතිවාසිකම්වලින් සමාන",
    "Tibetan": "འགྲོ་བ་མིའི་རིགས་རྒྱུད་ཡོངས་ལ་སྐྱེས་ཙམ་ཉིད་ནས་ཆེ་མཐོངས་དང༌།",
    "Thai": "มนุษย์ทั้งหลายเกิดมามีอิสระและเสมอภาคกันในเกียรติศักดิ์และสิทธิ",
    "Lao": "ມະນຸດທຸກຄົນເກີດມາມີສິດເທົ່າທຽມກັນ",
    "Khmer": "មនុស្សទាំងអស់កើតមកមានសេរីភាពនិងសមភាព",
    "Burmese": "လူတိုင်းသည်တူညီလွတ်လပ်သောဂုဏ်သိက္ခာဖြင့်",
    "Han": "人人生而自由在尊严和权利上一律平等他们赋有理性和良心",
    "Hiragana": "すべてのにんげんはうまれながらにしてじゆうであり",
    "Katakana": "コンピューターのソフトウェアとﾃﾞｰﾀベース",
    "Japanese": "私は日本語を勉強しています東京タワーへ行きました",
    "Hangul": "모든 인간은 태어날 때부터 자유로우며 그 존엄과 권리에 있어 동등하다 한글",
    "Mongolian": "ᠬᠦᠮᠦᠨ ᠪᠦᠷ ᠲᠥᠷᠥᠵᠦ ᠮᠡᠨᠳᠡᠯᠡᠬᠦ ᠡᠷᠬᠡ ᠴᠢᠯᠥᠭᠡ ᠲᠡᠢ",
    "Cherokee": "ᏂᎦᏓ ᎠᏂᏴᏫ ᏂᎨᎫᏓᎸᎾ ᎠᎴ ᎤᏂᏠᏱ ᎤᎾᏕᎿ ᏚᏳᎧᏛ ᎨᏒᎢ",
    "Canadian Aboriginal": "ᐃᓅᔪᓕᒫᑦ ᐊᓂᖅᑎᕆᔪᑎᒃ ᐃᓅᓚᐅᕐᓂᖏᓐᓂ ᐊᑐᑎᑭᒌᒃᖢᑎᒃ ᐱᔪᓐᓇᐅᑎᖃᕐᓂᒃᑯᑦ",
    "Tifinagh": "ⵉⵎⴷⴰⵏⴻⵏ ⴰⴽⴽ ⵜⵜⵍⴰⵍⴻⵏ ⴷ ⵉⵍⴻⵍⵍⵉⵢⴻⵏ ⵎⵙⴰⵡⴰⵏ",
    "Javanese": "ꦱꦧꦼꦤ꧀ ꦮꦺꦴꦁ ꦏꦭꦲꦶꦂꦫꦏꦺ ꦏꦤ꧀ꦛꦶ ꦩꦂꦢꦶꦏ",
}
UNSPACED = ("THAI", "LAO", "KHMER", "MYANMAR", "CJK", "HIRAGANA", "KATAKANA")


def pieces(breaker, text):
    """ICU counts in UTF-16; all texts are of the basic plane."""
    breaker.setText(text)
    last, found = 0, []
    for at in breaker:
        found.append(text[last:at])
        last = at
    return [piece for piece in found if piece.strip()]


def is_unspaced(word):
    name = icu.Char.charName(word[0])
    return any(script in name for script in UNSPACED)


def main():
    words = icu.BreakIterator.createWordInstance(icu.Locale.getRoot())
    clusters = icu.BreakIterator.createCharacterInstance(icu.Locale.getRoot())
    total = 0
    for script, text in TEXTS.items():
        assert all(ord(character) < 0x10000 for character in text)
        by_dictionary = pieces(words, text)
        by_character = []
        for word in by_dictionary:
            by_character += pieces(clusters, word) if is_unspaced(word) else [word]
        total += len(by_dictionary)
        print(script, text, "|".join(by_character), "|".join(by_dictionary), sep="\t")
    assert total >= 300 and len(TEXTS) >= 30, total


if __name__ == "__main__":
    main()
