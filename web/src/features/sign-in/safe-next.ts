/** The place to go on to after sign-in: a path of this dashboard, never another site. */
export function safeNext(next: string | null): string {
  if (next === null || !next.startsWith('/') || /^\/[/\\]/.test(next)) return '/';
  try {
    const here = 'https://casemate.invalid';
    const url = new URL(next, here);
    return url.origin === here ? url.pathname + url.search + url.hash : '/';
  } catch {
    return '/';
  }
}
