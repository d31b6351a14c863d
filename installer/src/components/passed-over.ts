/** A source that has nothing to offer here. No fault: the next source is tried without a warning. */
export class PassedOver extends Error {
  override readonly name = 'PassedOver';
}
