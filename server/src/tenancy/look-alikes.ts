/**
 * Whether a text could be taken for another one: the rules of Unicode's UTS 39 (moderately restrictive
 * profile, section 5.2; whole-script confusables, section 5.1) for what people write names in.
 */

/** Takes no space on the screen, or only looks like some. */
const UNSEEN =
  /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** May stand beside Latin letters: nobody takes one for the other. */
const BESIDE_LATIN = [
  'Arabic',
  'Bengali',
  'Devanagari',
  'Ethiopic',
  'Gujarati',
  'Gurmukhi',
  'Hebrew',
  'Kannada',
  'Khmer',
  'Lao',
  'Malayalam',
  'Myanmar',
  'Oriya',
  'Sinhala',
  'Tamil',
  'Telugu',
  'Thaana',
  'Thai',
  'Tibetan',
];
const WRITTEN_TOGETHER = [
  ['Latin', 'Han', 'Hiragana', 'Katakana'],
  ['Latin', 'Han', 'Bopomofo'],
  ['Latin', 'Han', 'Hangul'],
  ...BESIDE_LATIN.map((script) => ['Latin', script]),
  ['Cyrillic'],
  ['Greek'],
  ['Armenian'],
  ['Georgian'],
];
const PROFILES = WRITTEN_TOGETHER.map((scripts) => {
  const classes = ['Zyyy', 'Zinh', ...scripts].map((script) => `\\p{Script_Extensions=${script}}`);
  // eslint-disable-next-line security/detect-non-literal-regexp -- of the names of scripts above
  return new RegExp(`^[${classes.join('')}]*$`, 'u');
});

/** Latin letters of phonetic alphabets, and small capitals: no language writes names in them. */
const PHONETIC = /[\u0250-\u02af\u1d00-\u1dbf\ua720-\ua7ff\uab30-\uab6f]/u;

/** Letters of the three scripts that have a twin among the Latin ones (confusables.txt). */
export const LATIN_TWINS: Readonly<Record<string, string>> = {
  // Cyrillic
  ...{ а: 'a', с: 'c', ԁ: 'd', е: 'e', һ: 'h', і: 'i', ј: 'j', ӏ: 'l', о: 'o', р: 'p', ԛ: 'q' },
  ...{ ѕ: 's', ѵ: 'v', ԝ: 'w', х: 'x', у: 'y', ү: 'y', г: 'r', А: 'A', В: 'B', С: 'C', Е: 'E' },
  ...{ Ԍ: 'G', Н: 'H', І: 'I', Ј: 'J', К: 'K', М: 'M', О: 'O', Р: 'P', Ԛ: 'Q', Ѕ: 'S', Т: 'T' },
  ...{ Ѵ: 'V', Ԝ: 'W', Х: 'X', У: 'Y', Ү: 'Y', Ӏ: 'I' },
  // Greek
  ...{ α: 'a', γ: 'y', ι: 'i', ν: 'v', ο: 'o', ρ: 'p', σ: 'o', υ: 'u', κ: 'k', Α: 'A', Β: 'B' },
  ...{ Ε: 'E', Ζ: 'Z', Η: 'H', Ι: 'I', Κ: 'K', Μ: 'M', Ν: 'N', Ο: 'O', Ρ: 'P', Τ: 'T', Υ: 'Y' },
  ...{ Χ: 'X', ϳ: 'j' },
  // Armenian
  ...{ հ: 'h', ո: 'n', օ: 'o', ս: 'u', ց: 'g', զ: 'q', յ: 'j', Ս: 'U', Օ: 'O', Լ: 'L', Տ: 'S' },
};

/** One line in one form: compatibility forms, such as wide letters, become the letters they are. */
export function plainForm(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\t\p{Zs}]+/gu, ' ')
    .trim();
}

/** What is wrong with a name in its plain form, as the end of a sentence; null when it is what it seems. */
export function deceitIn(name: string): string | null {
  if (UNSEEN.test(name)) return 'must be one line without invisible characters';
  if (PHONETIC.test(name)) return 'must not hold phonetic letters, which look like others';
  if (!PROFILES.some((profile) => profile.test(name)))
    return 'must not mix alphabets whose letters look alike, such as Latin and Cyrillic';
  const letters = Array.from(name).filter((sign) => /\p{L}/u.test(sign));
  if (letters.length > 0 && letters.every((sign) => sign.normalize('NFD').charAt(0) in LATIN_TWINS))
    return 'could be taken for another in Latin letters; write it so that one of its letters shows its alphabet';
  return null;
}
