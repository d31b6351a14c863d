import type { Tenant } from '../../lib/api/types.ts';

/** The languages that full-text search knows, by the name people call them. */
export const languages: Record<Tenant['language'], string> = {
  en: 'English',
  de: 'German',
  no: 'Norwegian',
  es: 'Spanish',
  fr: 'French',
  simple: 'Mixed or another language',
};
