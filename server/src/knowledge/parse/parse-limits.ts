const MIB = 1024 * 1024;

/** Bounds of one parse. The child enforces all of them; the parent again those it can see. */
export interface ParseLimits {
  /** Size of the document as uploaded, in bytes. */
  fileBytes: number;
  /** Everything unpacked from an archive, in bytes. */
  unpackedBytes: number;
  /** Unpacked over packed size of an archive, and of its entries above 1 MiB. */
  ratio: number;
  entries: number;
  /** Depth of elements inside each other. */
  depth: number;
  pages: number;
  /** Text kept, in UTF-16 code units. */
  textLength: number;
  blocks: number;
  /** Resident memory of the child, in bytes. */
  memoryBytes: number;
  timeMs: number;
  /** The child's answer, in bytes. */
  outputBytes: number;
}

/** Fits manuals of a few thousand pages; a text PDF of 500 pages needs a tenth of any of these. */
export const DEFAULT_PARSE_LIMITS: Readonly<ParseLimits> = {
  fileBytes: 64 * MIB,
  unpackedBytes: 256 * MIB,
  ratio: 200,
  entries: 10_000,
  depth: 256,
  pages: 5_000,
  textLength: 24_000_000,
  blocks: 250_000,
  memoryBytes: 1_024 * MIB,
  timeMs: 60_000,
  outputBytes: 96 * MIB,
};
