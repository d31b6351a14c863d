import { detectLanguage } from '../words/detect-language.ts';
import type { Language } from '../words/stop-words.ts';

type Phrases = { readonly notFound: string; readonly quoted: string };

const PHRASES: Readonly<Record<Language, Phrases>> = {
  en: {
    notFound: 'Not in the documents: none of the passages found answers this question.',
    quoted: 'The model’s own wording was not supported by the documents, so here is what they say:',
  },
  de: {
    notFound:
      'Das steht nicht in den Dokumenten: keine der gefundenen Stellen beantwortet diese Frage.',
    quoted: 'Die Formulierung des Modells war durch die Dokumente nicht gedeckt; dort steht:',
  },
  no: {
    notFound:
      'Dette står ikke i dokumentene: ingen av avsnittene som ble funnet, svarer på spørsmålet.',
    quoted: 'Modellens egen formulering hadde ikke dekning i dokumentene; dette står der:',
  },
  es: {
    notFound: 'No está en los documentos: ningún pasaje encontrado responde a esta pregunta.',
    quoted: 'Los documentos no respaldan la formulación del modelo; esto es lo que dicen:',
  },
  fr: {
    notFound: 'Ce n’est pas dans les documents : aucun passage trouvé ne répond à cette question.',
    quoted: 'Les documents ne confirment pas la formulation du modèle ; voici ce qu’ils disent :',
  },
};

/** What the product itself says, in the language of the question; English where that is unclear. */
export function phrasesFor(question: string): Phrases {
  return PHRASES[detectLanguage(question) ?? 'en'];
}
