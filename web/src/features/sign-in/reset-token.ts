/** The token of an administrator's link; behind the `#`, so that it reaches no log. */
export function resetToken(hash: string): string | null {
  return /^#reset=([\w-]{43})$/.exec(hash)?.[1] ?? null;
}
