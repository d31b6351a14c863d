/** What went wrong, with what is behind it: "fetch failed" alone helps nobody. */
export function messageOf(error: unknown): string {
  // Told by its shape, not by `instanceof`: what fetch throws may come from another realm.
  const { message, cause } = Object(error) as {
    message?: string;
    cause?: { message?: string; code?: string };
  };
  if (message === undefined) return String(error);
  const behind = cause?.message || cause?.code;
  return behind && !message.includes(behind) ? `${message} (${behind})` : message;
}
