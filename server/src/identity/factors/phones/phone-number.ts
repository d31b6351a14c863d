import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { AppError, type Config } from '../../../platform/index.ts';

/** Those that ring in a pocket. Premium numbers earn money for whoever has codes sent to them. */
const TAKEN: ReadonlySet<string | undefined> = new Set([
  'MOBILE',
  'FIXED_LINE_OR_MOBILE',
  'PERSONAL_NUMBER',
]);

/** In E.164, as it is kept. Throws invalid_input for what is no phone to which codes are sent. */
export function readPhoneNumber(
  text: string,
  { CASEMATE_SMS_COUNTRIES: countries }: Pick<Config, 'CASEMATE_SMS_COUNTRIES'>,
): string {
  const number = parsePhoneNumberFromString(text);
  if (!number?.isValid()) throw wrong('Write the number with its country, as +47 412 34 567');
  if (!TAKEN.has(number.getType())) throw wrong('Codes are sent to mobile phones alone');
  if (countries && (number.country === undefined || !countries.includes(number.country)))
    throw wrong('No codes are sent to this country here; ask an administrator');
  return number.number;
}

function wrong(message: string): AppError {
  return new AppError('invalid_input', message, { fields: [{ path: 'body.number', message }] });
}
