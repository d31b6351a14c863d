import type { Language } from './stop-words.ts';

const words = (rows: string): ReadonlyMap<string, number> =>
  new Map(
    rows
      .trim()
      .split(/\s+/)
      .map((pair) => pair.split('='))
      .map(([word, value]): [string, number] => [word ?? '', Number(value)]),
  );

/** "One" is left out in each language: it is an article or a pronoun more often than a number. */
const NUMBER_WORDS: Partial<Record<Language, ReadonlyMap<string, number>>> = {
  en: words(`two=2 twice=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11
    twelve=12 thirteen=13 fourteen=14 fifteen=15 sixteen=16 seventeen=17 eighteen=18 nineteen=19
    twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100`),
  de: words(`zwei=2 zweimal=2 drei=3 dreimal=3 vier=4 fünf=5 sechs=6 sieben=7 acht=8 neun=9 zehn=10 elf=11
    zwölf=12 dreizehn=13 vierzehn=14 fünfzehn=15 sechzehn=16 siebzehn=17 achtzehn=18 neunzehn=19
    zwanzig=20 dreißig=30 vierzig=40 fünfzig=50 sechzig=60 siebzig=70 achtzig=80 neunzig=90 hundert=100`),
  no: words(`to=2 tre=3 fire=4 fem=5 seks=6 sju=7 syv=7 åtte=8 ni=9 ti=10 elleve=11 tolv=12 tretten=13
    fjorten=14 femten=15 seksten=16 sytten=17 atten=18 nitten=19 tjue=20 tretti=30 førti=40 femti=50
    seksti=60 sytti=70 åtti=80 nitti=90 hundre=100`),
};

const NUMERAL = /(?<![\p{L}\d-])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?!\d)|\d+(?:[.,:]\d+)*/gu;

/**
 * The numbers of a text, each as the set of values it may mean: 2.450 is 2450 in German and 2.45 in
 * English, and a check must not choose. Number words count when the language is known.
 */
export function numbersOf(text: string, language: Language | null): ReadonlySet<string>[] {
  const numerals = [...text.matchAll(NUMERAL)].map(([written]) => readings(written));
  const named = language ? NUMBER_WORDS[language] : undefined;
  if (!named) return numerals;
  const spelled = (text.toLowerCase().match(/\p{L}+/gu) ?? [])
    .map((word) => named.get(word))
    .filter((value) => value !== undefined)
    .map((value) => new Set([String(value)]));
  return [...numerals, ...spelled];
}

function readings(written: string): ReadonlySet<string> {
  if (written.includes(':')) return new Set([written.replace(/^0(?=\d)/, '').replace(/:00$/, '')]);
  const found = new Set<string>();
  if (/^\d{1,3}([., \u00a0\u202f]\d{3})+$/u.test(written))
    found.add(plain(written.replace(/\D/g, '')));
  if (/^\d+[.,]\d+$/.test(written)) found.add(plain(written.replace(',', '.')));
  if (/^\d+$/.test(written)) found.add(plain(written));
  if (found.size === 0) found.add(written);
  return found;
}

function plain(digits: string): string {
  return digits.length > 15 ? digits : String(Number(digits));
}

/** Whether some number of `among` can mean the same. */
export function holdsNumber(
  among: readonly ReadonlySet<string>[],
  number: ReadonlySet<string>,
): boolean {
  return among.some((candidate) => [...number].some((value) => candidate.has(value)));
}
