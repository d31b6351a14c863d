import type { Endpoint } from '../http/endpoint.ts';
import type { ShareName } from './shares.ts';

/** How a route uses the server; from this follow its deadline, its share, and whether it is shed. */
export type RouteKind = {
  readonly share: ShareName;
  /** Ends with the ordinary deadline. Streams last as long as they last; an upload as its line needs. */
  readonly bounded: boolean;
  /** Counted in flight, and refused while there is too much. */
  readonly shed: boolean;
};

/** Known from the route alone: nothing that a client sends can change it. */
export function kindOf({ limit, body, output }: Endpoint): RouteKind {
  if (limit === 'health') return { share: 'sign-in', bounded: true, shed: false };
  if (limit === 'sign-in' || limit === 'registration' || limit === 'refresh')
    return { share: 'sign-in', bounded: true, shed: true };
  if (output.kind === 'written' && output.mediaType === 'text/event-stream')
    return { share: 'stream', bounded: false, shed: false };
  return { share: 'request', bounded: body !== 'raw', shed: body !== 'raw' };
}
