import { detectLanguage } from '../words/detect-language.ts';
import type { Language } from '../words/stop-words.ts';

type Phrases = {
  readonly notFound: string;
  readonly quoted: string;
  /** Behind `notFound`: documents that are still being read. */
  readonly unread: (documents: number) => string;
};

const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    notFound: 'Not in the documents: none of the passages found answers this question.',
    quoted: 'The model’s own wording was not supported by the documents, so here is what they say:',
    unread: (n) =>
      n === 1
        ? 'One document is still being read and was not searched: ask again in a moment.'
        : `${n} documents are still being read and were not searched: ask again in a moment.`,
  },
  de: {
    notFound:
      'Das steht nicht in den Dokumenten: keine der gefundenen Stellen beantwortet diese Frage.',
    quoted: 'Die Formulierung des Modells war durch die Dokumente nicht gedeckt; dort steht:',
    unread: (n) =>
      n === 1
        ? 'Ein Dokument wird noch gelesen und wurde nicht durchsucht: fragen Sie gleich noch einmal.'
        : `${n} Dokumente werden noch gelesen und wurden nicht durchsucht: fragen Sie gleich noch einmal.`,
  },
  no: {
    notFound:
      'Dette står ikke i dokumentene: ingen av avsnittene som ble funnet, svarer på spørsmålet.',
    quoted: 'Modellens egen formulering hadde ikke dekning i dokumentene; dette står der:',
    unread: (n) =>
      n === 1
        ? 'Ett dokument leses fortsatt og ble ikke gjennomsøkt: spør igjen om litt.'
        : `${n} dokumenter leses fortsatt og ble ikke gjennomsøkt: spør igjen om litt.`,
  },
  es: {
    notFound: 'No está en los documentos: ningún pasaje encontrado responde a esta pregunta.',
    quoted: 'Los documentos no respaldan la formulación del modelo; esto es lo que dicen:',
    unread: (n) =>
      n === 1
        ? 'Un documento se está leyendo todavía y no se ha buscado en él: pregunte de nuevo en un momento.'
        : `${n} documentos se están leyendo todavía y no se ha buscado en ellos: pregunte de nuevo en un momento.`,
  },
  fr: {
    notFound: 'Ce n’est pas dans les documents : aucun passage trouvé ne répond à cette question.',
    quoted: 'Les documents ne confirment pas la formulation du modèle ; voici ce qu’ils disent :',
    unread: (n) =>
      n === 1
        ? 'Un document est encore en cours de lecture et n’a pas été consulté : redemandez dans un instant.'
        : `${n} documents sont encore en cours de lecture et n’ont pas été consultés : redemandez dans un instant.`,
  },
};

/** What the product itself says, in the language of the question; English where that is unclear. */
export function phrasesFor(question: string): Phrases {
  return PHRASES[detectLanguage(question) ?? 'en'];
}
