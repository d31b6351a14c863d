/** What can be wrong with a document, each with the advice that fits when nothing better is known. */
export const PARSE_ADVICE = {
  encrypted: 'The document is protected by a password. Save a copy without one and upload that.',
  broken: 'The document is damaged or incomplete. Open it, save it again, and upload the new copy.',
  empty: 'The document holds no text. Upload one that does.',
  no_text: 'The pages are images without text. Run text recognition (OCR) and upload the result.',
  too_large: 'The document is too large. Split it into parts and upload those.',
  zip_bomb:
    'The document unpacks to far more than it should. Save it again and upload the new copy.',
  wrong_type:
    'The content does not match the file name. Give it the right ending, or save it again.',
  timeout: 'Reading the document took too long. Split it into parts and upload those.',
  out_of_memory: 'Reading the document took too much memory. Split it into parts and upload those.',
  unsupported:
    'This type is not supported. Save it as txt, md, html, pdf, docx, csv, xlsx or pptx.',
} as const;

export type ParseErrorCode = keyof typeof PARSE_ADVICE;

/** A document that can't be taken. `detail` is safe to show and says what to do. */
export class ParseError extends Error {
  readonly code: ParseErrorCode;
  readonly detail: string;

  constructor(code: ParseErrorCode, detail: string = PARSE_ADVICE[code], options?: ErrorOptions) {
    super(`${code}: ${detail}`, options);
    this.name = 'ParseError';
    this.code = code;
    this.detail = detail;
  }
}
