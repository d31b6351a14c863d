/** A heading for the ways in which an answer can fail; the server's detail says what to do. */
export function problemTitle(code: string): string {
  if (code.startsWith('model_missing')) return 'The model is not installed';
  if (code.includes('timeout') || code.includes('slow')) return 'The model took too long';
  if (code.startsWith('model')) return 'The model stopped in the middle';
  if (code === 'search_rebuilding') return 'The search is being rebuilt';
  if (code === 'unreachable') return 'The connection was lost';
  return 'The answer could not be completed';
}
