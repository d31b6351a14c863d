import type { Verdict } from '../../lib/api/types.ts';

interface Shown {
  tone: 'good' | 'warn' | 'quiet';
  title: string;
  text: string;
}

/** What the check of an answer against its passages found, in words for people. */
export const verdicts: Record<Verdict, Shown> = {
  supported: {
    tone: 'good',
    title: 'Supported by the documents',
    text: 'Each sentence was matched with a passage, automatically. Open the sources to be sure.',
  },
  partly_supported: {
    tone: 'warn',
    title: 'Partly supported',
    text: 'The underlined sentences match no passage. Check them before you rely on them.',
  },
  quoted: {
    tone: 'warn',
    title: 'Quoted instead',
    text: 'The model’s own answer was not supported well enough, so these are the passages themselves.',
  },
  not_in_documents: {
    tone: 'quiet',
    title: 'Not in the documents',
    text: 'Ask in other words, or upload a document that says it.',
  },
};
