/** The gateway will not take this message, however often it is sent. */
export class SmsRefused extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'SmsRefused';
  }
}
