/** Shapes of an answer that every part of this room shares. */
export type Verdict = 'supported' | 'partly_supported' | 'quoted' | 'not_in_documents';

export type Sentence = {
  start: number;
  end: number;
  supported: boolean;
  citations: readonly number[];
};

export type Citation = {
  readonly n: number;
  readonly chunkId: string;
  readonly documentId: string;
  readonly documentName: string;
  readonly page: number | null;
  readonly headings: readonly string[];
  readonly quote: string;
  readonly deleted: boolean;
};

export type MessageState = 'streaming' | 'complete' | 'stopped' | 'failed';

export type Message = {
  readonly id: string;
  readonly role: 'user' | 'assistant';
  readonly content: string;
  readonly state: MessageState;
  readonly createdAt: string;
  readonly regenerates: string | null;
  readonly error: { code: string; detail: string } | null;
  readonly verdict: Verdict | null;
  readonly sentences: readonly Sentence[] | null;
  readonly citations: readonly Citation[];
};

/** What an answer came to, before it is written. */
export type Outcome = {
  readonly state: Exclude<MessageState, 'streaming'>;
  readonly content: string;
  readonly verdict: Verdict | null;
  readonly sentences: readonly Sentence[] | null;
  readonly citations: readonly Citation[];
  readonly error: { code: string; detail: string } | null;
  /** SHA-256 of what the model was sent and what it gave; null where it was not asked (AGT-07). */
  readonly model: { name: string; promptSha256: Buffer; responseSha256: Buffer } | null;
};

/** One event of an answer's stream; ids count from 1 within the answer. */
export type AnswerEvent = { readonly id: number; readonly kind: string; readonly data: object };
