import type { SessionKeeper } from './session-keeper.ts';

/** fetch that carries the access token; on 401 it refreshes once, then tries the call once more. */
export function createAuthorisedFetch(keeper: SessionKeeper, fetchNow: typeof fetch) {
  const send = (request: Request, token: string | null): Promise<Response> => {
    if (token !== null) request.headers.set('authorization', `Bearer ${token}`);
    return fetchNow(request);
  };
  return async (request: Request): Promise<Response> => {
    const token = keeper.token();
    const again = token === null ? null : request.clone();
    const response = await send(request, token);
    if (response.status !== 401 || again === null) return response;
    const renewed = await keeper.refresh(token);
    return renewed ? send(again, keeper.token()) : response;
  };
}
