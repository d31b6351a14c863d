import { safeNext } from './safe-next.ts';

const NAME = 'casemate.next';

/** A path of this dashboard, kept while the browser is at a provider. It is no secret. */
export function keepNext(next: string): void {
  try {
    window.sessionStorage.setItem(NAME, next);
  } catch {
    // Without storage one ends on the first page.
  }
}

export function takeNext(): string {
  try {
    const next = window.sessionStorage.getItem(NAME);
    window.sessionStorage.removeItem(NAME);
    return safeNext(next);
  } catch {
    return '/';
  }
}
