/** The highest error rates that the judges may have with the smallest shipped embedding model. */
export const BOUNDS = {
  /** Unsupported sentences that were called supported. */
  falseSupported: 0.08,
  /** Supported sentences that were called unsupported. */
  falseUnsupported: 0.12,
  /** Answerable questions that were called "not in the documents". */
  falseAbsent: 0.1,
  /** Unanswerable questions that went on to the model. */
  falsePresent: 0.2,
};
