import { contentWords, type Word } from './content-words.ts';
import { sameWord } from './stem.ts';
import type { Language } from './stop-words.ts';

const set = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));

const NEGATORS = set(`not no never none nobody cannot nor neither nicht kein keine keinen keinem
  keiner nie niemals ikke ingen aldri intet nunca ningún ninguna ne pas jamais aucun aucune`);
const IS_CONTRACTED = /n['’]t$/u;

/** Words that deny by themselves: "is prohibited" is "is not allowed". */
const DENYING = set(`prohibited forbidden banned disallowed impossible unable refused declined
   verboten untersagt unmöglich  
  ausgeschlossen forbudt umulig  prohibido prohibida interdit interdite`);

/** Pairs that run in opposite directions; a sentence that says one where its source says the other is wrong. */
const OPPOSITES: readonly (readonly [ReadonlySet<string>, ReadonlySet<string>])[] = [
  [
    set(
      'rose rise rises risen rising increase increased increases grew grown growth higher gestiegen stieg steigt økte steg vokste',
    ),
    set(
      'fell fall falls fallen falling decrease decreased decreases dropped declined shrank lower gesunken sank sinkt falt sank minket',
    ),
  ],
  [set('before vor vorher før antes avant'), set('after nach nachher etter después après')],
  [
    set('above over more exceeding über mehr mer oberhalb'),
    set('below under less fewer unter weniger mindre unterhalb'),
  ],
  [
    set(
      'enabled mandatory compulsory verpflichtend obligatorisch eingeschaltet påskrudd obligatorisk',
    ),
    set('disabled optional voluntary freiwillig ausgeschaltet avskrudd frivillig'),
  ],
  [
    set('open opens geöffnet åpen åpent abierto ouvert'),
    set('closed shut geschlossen stengt cerrado fermé'),
  ],
  [
    set('approved accepted genehmigt angenommen vedtok vedtatt godkjent'),
    set('rejected refused declined abgelehnt forkastet avslått'),
  ],
  [set('least minimum mindestens minst'), set('most maximum höchstens maximal høyst maksimalt')],
];

type Clause = { readonly words: readonly Word[]; readonly denied: boolean };

/**
 * Whether the text says the opposite of its source: the clause of the source that shares most words
 * with a clause of the text is denied where the text's is not, or runs the other way.
 */
export function contradicts(text: string, source: string, language: Language | null): boolean {
  const sourceClauses = clausesOf(source, language);
  const denied = clausesOf(text, language).some((clause) => {
    if (clause.words.length < 2) return false;
    const ranked = sourceClauses
      .map((candidate) => ({ candidate, shared: sharedWords(clause, candidate) }))
      .sort((a, b) => b.shared - a.shared);
    const [best] = ranked;
    if (!best || best.shared / clause.words.length < 0.5) return false;
    const equals = ranked.filter(({ shared }) => shared === best.shared);
    return equals.every(({ candidate }) => candidate.denied !== clause.denied);
  });
  return denied || runsOpposite(text, source);
}

function runsOpposite(text: string, source: string): boolean {
  const said = new Set(wordsOf(text));
  const found = new Set(wordsOf(source));
  const holds = (side: ReadonlySet<string>, words: ReadonlySet<string>): boolean =>
    [...side].some((word) => words.has(word));
  return OPPOSITES.some(
    ([one, other]) =>
      (holds(one, said) && !holds(other, said) && holds(other, found) && !holds(one, found)) ||
      (holds(other, said) && !holds(one, said) && holds(one, found) && !holds(other, found)),
  );
}

function clausesOf(text: string, language: Language | null): Clause[] {
  return text
    .split(
      /[,;:()–\n]|[.!?](?=\s|$)|\b(?:but|because|unless|although|provided|and|aber|weil|sondern|und|men|fordi|og|rather than)\b/iu,
    )
    .map((part) => {
      const negations = wordsOf(part).filter(
        (word) => NEGATORS.has(word) || DENYING.has(word) || IS_CONTRACTED.test(word),
      );
      const words = contentWords(part, language).filter(
        ({ text: word }) => !isDenial(word.toLowerCase()),
      );
      return { words, denied: negations.length % 2 === 1 };
    })
    .filter(({ words }) => words.length > 0);
}

function isDenial(word: string): boolean {
  return NEGATORS.has(word) || DENYING.has(word) || IS_CONTRACTED.test(word);
}

function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}’']+/gu) ?? []
  );
}

function sharedWords(clause: Clause, candidate: Clause): number {
  return clause.words.filter(({ stem }) =>
    candidate.words.some((other) => sameWord(stem, other.stem)),
  ).length;
}
