/**
 * Ways to begin a question, with a gap to fill. Documents are matched by their words, so a question
 * about a fact is answered well and one about "the main points" is not: these show the way.
 */
export const beginnings = [
  'How long is …?',
  'Who is responsible for …?',
  'What must be done before …?',
];

/** Where the gap of a beginning is, to be selected and typed over; null without one. */
export function gapIn(text: string): [start: number, end: number] | null {
  const start = text.indexOf('…');
  return start === -1 ? null : [start, start + 1];
}
