import createClient from 'openapi-fetch';
import { authorisedFetch } from '../session/session.ts';
import type { paths } from './schema.d.ts';

/** The typed client: signs every call, refreshes the token once, never leaves our own origin. */
export const api = createClient<paths>({ baseUrl: '/', fetch: authorisedFetch });
