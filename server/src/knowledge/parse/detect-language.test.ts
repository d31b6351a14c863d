import { describe, expect, it } from '@jest/globals';
import { detectLanguage } from './detect-language.ts';
import type { Block } from './parsed-document.ts';

const detect = (text: string) =>
  detectLanguage([{ kind: 'paragraph', text, page: null, boxes: [] } satisfies Block]);

describe('detectLanguage', () => {
  it.each([
    [
      'Danish',
      'Det er en god idé, at alle medarbejdere også kan se deres egne tal, efter at rapporten er blevet udgivet af ledelsen.',
    ],
    [
      'Swedish',
      'Det är en bra idé att alla också kan se sina egna siffror, och inte bara de som har fått rapporten från ledningen.',
    ],
    [
      'Dutch',
      'Het is een goed idee dat alle medewerkers ook hun eigen cijfers kunnen zien, maar niet die van de anderen.',
    ],
    [
      'Portuguese',
      'É uma boa ideia que todos os funcionários também possam ver os seus números, mas não os dos outros.',
    ],
    ['numbers', '12 34 56 78 90 A-1 B-2 C-3'],
    ['one word', 'The'],
  ])('calls %s simple, because it has no dictionary here', (_, text) => {
    expect(detect(text)).toBe('simple');
  });

  it.each([
    [
      'en',
      'It is a good idea that all of the employees can see their own figures, but not those of the others.',
    ],
    [
      'de',
      'Es ist eine gute Idee, dass alle Mitarbeiter auch ihre eigenen Zahlen sehen, aber nicht die der anderen.',
    ],
    [
      'no',
      'Det er en god idé at alle ansatte også kan se sine egne tall etter at rapporten er blitt sendt fra ledelsen, og ikke bare noe av den.',
    ],
    [
      'es',
      'Es una buena idea que todos los empleados también puedan ver sus propias cifras, pero no las de los demás.',
    ],
    [
      'fr',
      "C'est une bonne idée que tous les employés puissent aussi voir leurs propres chiffres, mais pas ceux des autres.",
    ],
  ] as const)('knows %s', (language, text) => {
    expect(detect(text)).toBe(language);
  });
});
