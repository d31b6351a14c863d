import type { StepUp } from './create-step-up.ts';

type Send = (request: Request) => Promise<Response>;

/** Another process of the server may remember the session as it was for so long. */
const REMEMBERED_MS = 2_200;

/** Sends a call again that was refused for want of a fresh second factor, once one was shown. */
export function stepUpFetch(stepUp: StepUp, send: Send, pause = REMEMBERED_MS): Send {
  return async (request) => {
    const again = [request.clone(), request.clone()];
    const response = await send(request);
    if (!(await needsFactor(response)) || !(await stepUp.ask())) return response;
    const [second, third] = again as [Request, Request];
    const repeated = await send(second);
    if (!(await needsFactor(repeated))) return repeated;
    await new Promise((resolve) => setTimeout(resolve, pause));
    return send(third);
  };
}

async function needsFactor(response: Response): Promise<boolean> {
  if (response.status !== 403) return false;
  const body = (await response
    .clone()
    .json()
    .catch(() => null)) as { code?: string } | null;
  return body?.code === 'step_up_required';
}
