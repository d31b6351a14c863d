/** Tests of one file whose full names begin so; each beginning must be met, and each test pass. */
export type TestProof = { readonly file: string; readonly titles: readonly string[] };

/**
 * What the proof of one control consists of, reviewed by a person. A control without an entry is
 * missing, however many tests carry its id.
 */
export type ControlProof = {
  readonly control: string;
  /** What the control demands and this proof does not show: it can't pass as long as it stands here. */
  readonly partly?: string;
  /** How many live checks of rooms name this control. */
  readonly live?: number;
  /** Checks of the host that the installer makes, by name. */
  readonly host?: readonly string[];
  readonly tests?: readonly TestProof[];
  /** Gates of `scripts/test/gates.ts`. */
  readonly gates?: readonly string[];
  /** Pages of the documentation, from the root of the checkout. */
  readonly pages?: readonly string[];
  /** The rule by which a live check may answer `not_applicable`; without it that is missing. */
  readonly notApplicable?: string;
};
