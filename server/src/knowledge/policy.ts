/** What may be changed in which state; pure, so that routes, jobs and tests share one answer. */

export const DOCUMENT_STATES = ['queued', 'parsing', 'embedding', 'ready', 'failed'] as const;
export type DocumentState = (typeof DOCUMENT_STATES)[number];

/** The part of a document that decides what may happen to it. */
export type Progress = { readonly state: DocumentState; readonly total: number };

/** States in which the original is still needed; in every other it is a leftover (INP-05). */
export function needsOriginal(state: DocumentState): boolean {
  return state === 'queued' || state === 'parsing';
}

/**
 * Whether a failed document can go on by itself: only when its passages were stored, because the
 * original of a failed document is gone.
 */
export function canRetry({ state, total }: Progress): boolean {
  return state === 'failed' && total > 0;
}
