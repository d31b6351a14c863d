/** Languages whose words the checks know; others are read with the union of all lists. */
export type Language = 'en' | 'de' | 'no' | 'es' | 'fr';

const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));

/** Words that carry grammar rather than content. They also tell the language of a text. */
export const STOP_WORDS: Readonly<Record<Language, ReadonlySet<string>>> = {
  en: list(`a an the and or of to in on at by for from with as is are was were be been being am it its
    this that these those there here he she they them their his her you your we us our i me my one
    which who whom whose what when where why how do does did done have has had having will would shall
    should can could may might must if then than so such also into about over under up down out off
    again very just only own same too any all both each every some more most other another per via
    between during while because since until upon according within tell give please get gets got
    much many know let say says said let's it's that's what's`),
  de: list(`der die das den dem des ein eine einer eines einem einen und oder von vom zu zum zur im in am an
    auf aus bei mit nach für über unter vor durch um als wie ist sind war waren sein wird werden wurde
    wurden worden es er sie ihr ihre ihrer ihren ihrem wir uns unser ich mich mir mein man sich dass dies
    diese dieser dieses diesen diesem hier dort wer was wann wo warum welche welcher welches welchen hat
    haben hatte kann können konnte muss müssen soll sollen sollte darf dürfen durfte wenn dann so auch noch
    nur sehr mehr dazu dafür da ab bis seit zwischen während weil jede jeder jedes jeden alle allen
    beim sowie pro bitte viel viele gibt mich dich du`),
  no: list(`en ei et den det de og eller av til i på ved for fra med som er var være vært blir ble blitt bli
    han hun dem deres hans hennes hennes du deg din vi oss vår jeg meg min man seg sin sitt sine dette disse
    denne her der hvem hva når hvor hvorfor hvordan hvilken hvilke hvilket har hadde ha kan kunne må måtte
    skal skulle vil ville om da så også bare veldig mer enn etter under over mellom før siden fordi mens
    hver hvert alle noen noe at å hos inn ut opp ned mange mye finnes står`),
  es: list(`el la los las un una unos unas y o de del a al en por para con sin sobre entre es son era eran fue
    fueron ser sido está están estar que quien quién qué cuándo cuando dónde donde cómo como cuál cuáles
    cuánto cuántos se su sus lo le les me mi tu nos ha han había haber puede pueden más muy también esta
    este esto estos estas ese esa hay si cada todo todos toda todas desde hasta e`),
  fr: list(`le la les un une des du de d l et ou à au aux en dans par pour avec sans sur entre est sont était
    étaient être été ce cet cette ces qui que quoi quand où comment pourquoi quel quelle quels quelles il
    elle ils elles on nous vous je me mon ma se son sa ses leur leurs a ont avait avoir peut peuvent plus
    très aussi si chaque tout tous toute toutes depuis y ne`),
};

const everyStopWord = new Set(Object.values(STOP_WORDS).flatMap((words) => [...words]));

export function isStopWord(word: string, language: Language | null): boolean {
  return (language ? STOP_WORDS[language] : everyStopWord).has(word);
}
