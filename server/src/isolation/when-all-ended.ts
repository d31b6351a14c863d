/**
 * Like Promise.all, but fails only when all have ended: what is still being made then would be made
 * behind the back of whoever removes it.
 */
export async function whenAllEnded<T extends readonly Promise<unknown>[] | []>(
  works: T,
): Promise<{ -readonly [P in keyof T]: Awaited<T[P]> }> {
  await Promise.allSettled(works);
  return Promise.all(works);
}
