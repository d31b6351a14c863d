export const gibibyte = 1_073_741_824;

/** Bytes for people: one decimal below 10 GiB, none above. */
export function formatGibibytes(bytes: number): string {
  const size = bytes / gibibyte;
  return `${size < 10 ? size.toFixed(1) : String(Math.round(size))} GiB`;
}
