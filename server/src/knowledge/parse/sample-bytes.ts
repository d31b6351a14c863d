/** How much of both ends of a file the detection of its type looks at. */
export const HEAD_BYTES = 64 * 1024;
/** Holds the list of an archive's entries, which stands at its end. */
export const TAIL_BYTES = 1024 * 1024;
